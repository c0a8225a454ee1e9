"""What people decided, laid over what sources say: on names, own skills, requirements, "not me", and saying no."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from echo_core.model.message import Message, Value
from echo_core.skills.linking.linker import Link
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomySource
from echo_core.text.letters import has_letters_or_digits
from echo_core.text.wording import key
from echo_hub.snapshot.directory.identity import Directory
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.rows import NameKey
from echo_hub.store.aside import SetAside, UnusableError, each
from echo_hub.store.corrections import CORRECTIONS, Correction
from echo_hub.store.name_decisions import NAMES, NameChoice, NameDecision, NameId
from echo_hub.store.policy import OPT_OUTS, SWITCHES, OptOutDecision, SwitchDecision
from echo_hub.store.requirement_decisions import REQUIREMENTS, RequirementDecision

if TYPE_CHECKING:
    from echo_hub.store.database import Database

LOCAL = "local"
"""The source of skills that were added here."""
_SOURCE = TaxonomySource(LOCAL, "Added here", "", "", "")
_NO_WORD = re.compile(r"[^\w+#.]+")
_TEACHES_TOO = {"teaches": "has"}


@dataclass(frozen=True)
class Decisions:
    """Every decision that counts. Two of equal value lead to the same snapshot of the same records."""

    names: tuple[NameDecision, ...] = ()
    corrections: tuple[Correction, ...] = ()
    requirements: tuple[RequirementDecision, ...] = ()
    switches: tuple[SwitchDecision, ...] = ()
    opt_outs: tuple[OptOutDecision, ...] = ()
    _by_name: dict[NameId, NameDecision] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_opportunity: dict[str, list[RequirementDecision]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._by_name.update({decision.choice.name: decision for decision in self.names})
        for decision in self.requirements:
            self._by_opportunity.setdefault(decision.choice.opportunity, []).append(decision)

    @classmethod
    def read(cls, database: Database, aside: SetAside | None = None) -> Decisions:
        """The decisions of the store as it is now; `aside` takes those that cannot be used."""
        return cls(
            tuple(
                each(
                    NAMES.standing(database, aside), _usable, "name decision", lambda decision: str(decision.id), aside
                )
            ),
            CORRECTIONS.standing(database, aside),
            REQUIREMENTS.standing(database, aside),
            SWITCHES.standing(database, aside),
            OPT_OUTS.standing(database, aside),
        )

    def of(self, name: NameKey) -> NameDecision | None:
        """The decision about a name as a source wrote it: about its language rather than about every language."""
        if not self._by_name:
            return None
        name_id = NameId.of(name.label, name.language, name.scheme, name.external_id)
        return self._by_name.get(name_id) or self._by_name.get(NameId(name_id.name) if name_id.language else name_id)

    def about(self, opportunity: str) -> Sequence[RequirementDecision]:
        """The decisions about the skills of an opportunity, by its public id, in the order they were made."""
        return self._by_opportunity.get(opportunity, ())

    def link(self, name: NameKey, link: Link, taxonomy: Taxonomy) -> Link:
        """What was decided about a name, else what was found. A decision whose skill is gone leaves the name open."""
        decision = self.of(name)
        if decision is None:
            return link
        choice = decision.choice
        decided: dict[str, Value] = {"by": decision.decided_by, "day": decision.decided_at.date().isoformat()}
        if choice.action == "reject":
            return Link(None, "decided", 1.0, Message("link-rejected", decided), link.candidates)
        if choice.skill_id is None or taxonomy.get(choice.skill_id) is None:
            reason = Message("link-gone", {**decided, "skill": choice.skill or choice.label})
            return Link(None, "none", link.confidence, reason, link.candidates)
        return Link(
            taxonomy.standing_for(choice.skill_id), "decided", 1.0, Message("link-decided", decided), link.candidates
        )

    def onto(self, taxonomy: Taxonomy) -> Taxonomy:
        """The taxonomy with the skills that were added here."""
        skills: dict[str, Skill] = {}
        for decision in self.names:
            choice = decision.choice
            if choice.action == "create" and choice.skill_id is not None and choice.skill_id not in skills:
                skills[choice.skill_id] = _created(choice, taxonomy)
        return taxonomy.merged(Taxonomy(skills, (_SOURCE,))) if skills else taxonomy


NO_DECISIONS = Decisions()


def local_id(label: str) -> str:
    """The id of a skill added here, made of its name: "local:yodelling-for-two"."""
    return f"{LOCAL}:{_NO_WORD.sub('-', key(label) or label.casefold()).strip('-')}"


def _usable(decision: NameDecision) -> NameDecision:
    """The decision, unless it adds a skill that nobody could ask for: such ones were let in once."""
    choice = decision.choice
    if choice.action == "create" and not has_letters_or_digits(choice.skill or choice.label):
        raise UnusableError(
            f"{choice.skill or choice.label!r} names no skill: it has no letter or digit that is seen."
            f" Take it back with: echo-hub skills queue undo {decision.id}"
        )
    return decision


def _created(choice: NameChoice, taxonomy: Taxonomy) -> Skill:
    label = choice.skill or choice.label
    language = choice.name.language or "en"
    labels = [Label(label, language, True)]
    if has_letters_or_digits(choice.label) and key(choice.label) != key(label):
        labels.append(Label(choice.label, language, False))
    broader = (choice.broader,) if choice.broader and choice.broader in taxonomy else ()
    return Skill(choice.skill_id or "", label, tuple(labels), broader=broader, source=LOCAL)


class Corrections:
    """Corrections among the people and skills of today.

    Args:
        corrections: in the order they were made.
        directory: finds a person whose public id is gone by employee id.
        meaning: the skill a name means, or None.
    """

    def __init__(
        self,
        corrections: Sequence[Correction],
        people: Sequence[DirectoryPerson],
        directory: Directory,
        taxonomy: Taxonomy,
        meaning: Callable[[str], str | None],
    ) -> None:
        self._by: dict[tuple[int, str, str], Correction] = {}
        self._names: dict[tuple[int, str, str], Correction] = {}
        self.people: dict[int, list[Correction]] = {}
        self.skills: dict[int, str | None] = {}
        rows = {public: person.row for person in people for public in person.ids} if corrections else {}
        for correction in corrections:
            about = correction.choice
            row = rows.get(about.person_id, -1)
            if row < 0 and about.employee_id:
                same = directory.all("employee_id", about.employee_id)
                row = same[0] if len(same) == 1 else -1
            if row < 0:
                continue
            ids = (about.skill_id, about.standing_id)
            skill_id = self.skills[correction.id] = skill_now(ids, about.skill, taxonomy, meaning)
            before = self._by.pop((row, skill_id, about.stance), None) if skill_id else None
            named = [(row, _spelling(name), about.stance) for name in (about.skill, *about.names)]
            before = before or (None if skill_id else self._names.get(named[0]))
            if before is not None:
                self.people[row].remove(before)
                self._names = {at: other for at, other in self._names.items() if other is not before}
            if skill_id is not None:
                self._by[row, skill_id, about.stance] = correction
            self._names.update(dict.fromkeys(named, correction))
            self.people.setdefault(row, []).append(correction)

    def of(self, row: int, skill_id: str | None, label: str, stance: str) -> Correction | None:
        """The correction a claim falls under. A name that means nothing falls under what its person said of it."""
        stance = _TEACHES_TOO.get(stance, stance)
        if skill_id is not None and (correction := self._by.get((row, skill_id, stance))) is not None:
            return correction
        correction = self._names.get((row, _spelling(label), stance))
        # What was said of an unknown name still holds when the name gets a meaning; what was said of a skill does not
        # hold for another skill that the name is found to mean.
        return (
            correction if correction is not None and (skill_id is None or correction.choice.skill_id is None) else None
        )


def _spelling(name: str) -> str:
    """What two names have in common that are one; "???" and "—" are not."""
    return key(name) or name.strip().casefold()


NO_CORRECTIONS = Corrections((), (), Directory((), (), None), Taxonomy({}), lambda _: None)


def skill_now(
    ids: Sequence[str | None], label: str, taxonomy: Taxonomy, meaning: Callable[[str], str | None]
) -> str | None:
    """The skill a decision was about, by the first id that is there.

    By name only where no source of these ids is there any more, as when an import took the place of the starter: a
    source that is there and no longer has the skill has retired it, and the decision waits rather than moves.
    """
    known = [skill_id for skill_id in ids if skill_id is not None]
    for skill_id in known:
        if skill_id in taxonomy:
            return taxonomy.standing_for(skill_id)
    sources = {source.key for source in taxonomy.sources}
    retired = any(skill_id.partition(":")[0] in sources for skill_id in known)
    return meaning(label) if known and not retired else None
