"""From what a person wants done with a name to a decision that can be stored, or a sentence that says why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from echo_core.skills.taxonomy.graph import GROUP, Skill
from echo_core.text.letters import has_letters_or_digits
from echo_hub.services.errors import ChoiceError, UnknownSkillError
from echo_hub.services.queue import spellings, waiting
from echo_hub.snapshot.skill_graph.decisions import local_id
from echo_hub.snapshot.skill_graph.names import UnlinkedName
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.name_decisions import Action, NameChoice, NameId

ACTIONS: tuple[Action, ...] = ("accept", "map", "create", "reject")
LEAST_CONFIDENCE = 0.55
"""From here the first candidate is worth a look in bulk; what is surer than the linker's threshold is linked anyway."""
_ITEM = re.compile(r"[0-9a-f]{12}")


class Deciding:
    """Makes choices against one snapshot. Every method raises `ChoiceError` or `UnknownSkillError` for what cannot be.

    A name is given as a queue id or as it is written; a name as written means every source's name of that spelling,
    and where no source uses it, the bare name, for the day one does.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._waiting = {item.name: item for item in waiting(snapshot)}

    def choices(
        self,
        action: str,
        name: str,
        *,
        skill: str | None = None,
        broader: str | None = None,
        language: str | None = None,
        note: str = "",
    ) -> list[NameChoice]:
        """What deciding about a name comes to, one choice for every spelling it means.

        Args:
            skill: for map a skill's id or name; for create the new skill's label (the name itself when left out).
            broader: for create, the id or name of a skill above it.
            language: decide for this language only.
        """
        names = spellings(self._snapshot, name)
        if not names:
            if _ITEM.fullmatch(name.strip()):
                raise ChoiceError(f"No name in the queue has the id {name.strip()}. See: echo-hub skills queue list")
            names = [(NameId.of(name), " ".join(name.split()))]
        if language:
            names = [
                (name_id if name_id.external_id else NameId(name_id.name, language), label) for name_id, label in names
            ]
        return [
            self.choice(action, *name_and_label, skill=skill, broader=broader, note=note) for name_and_label in names
        ]

    def choice(
        self, action: str, name: NameId, label: str, *, skill: str | None, broader: str | None, note: str
    ) -> NameChoice:
        """What deciding about one spelling comes to."""
        if action == "accept":
            return self._accept(name, label, note)
        if action == "map":
            if not skill:
                raise ChoiceError(f"Say which skill {label!r} means.")
            chosen = self.skill(skill)
            return NameChoice(name, label, "map", chosen.id, chosen.label, note=note)
        if action == "create":
            return self._create(name, label, skill or label, broader, note)
        if action == "reject":
            return NameChoice(name, label, "reject", note=note)
        raise ChoiceError(f"{action!r} is no decision; valid: {', '.join(ACTIONS)}.")

    def sure_enough(self, names: Iterable[UnlinkedName], least: float) -> list[NameChoice]:
        """Acceptance of every waiting name whose first candidate is at least so sure."""
        return [
            self._accept(item.name, item.label, "")
            for item in names
            if item.candidates and item.candidates[0][2] >= least
        ]

    def skill(self, text: str) -> Skill:
        """The skill with this id, or the only one with this preferred name; a group of skills counts as none."""
        text, taxonomy = text.strip(), self._snapshot.taxonomy
        skill = taxonomy.get(text)
        if skill is not None and skill.kind != GROUP:
            return taxonomy.skills[taxonomy.standing_for(skill.id)]
        named = self._named.get(text.casefold(), ())
        if len(named) > 1:
            raise UnknownSkillError(f"Several skills are called {text!r}: {', '.join(named)}. Give an id.")
        if not named:
            raise UnknownSkillError(f"There is no skill {text!r}. Find one with: echo-hub skills link {text!r}")
        return taxonomy.skills[named[0]]

    @cached_property
    def _named(self) -> dict[str, tuple[str, ...]]:
        """Ids of skills by preferred name in any language; of skills that are one, the one that stands for them."""
        taxonomy = self._snapshot.taxonomy
        ids_by_name: dict[str, dict[str, None]] = {}
        for skill in taxonomy:
            if skill.kind != GROUP:
                for name in (skill.label, *(label.text for label in skill.labels if label.preferred)):
                    ids_by_name.setdefault(name.casefold(), {})[taxonomy.standing_for(skill.id)] = None
        return {name: tuple(ids) for name, ids in ids_by_name.items()}

    def _accept(self, name: NameId, label: str, note: str) -> NameChoice:
        item = self._waiting.get(name) or self._waiting.get(NameId(name.name))
        if item is None:
            raise ChoiceError(f"{label!r} does not wait in the queue, so there is no candidate to accept.")
        if not item.candidates:
            raise ChoiceError(f"{label!r} has no candidate to accept; map it to a skill, create one, or reject it.")
        skill_id, skill, confidence = item.candidates[0]
        return NameChoice(name, label, "accept", skill_id, skill, confidence=confidence, note=note)

    def _create(self, name: NameId, label: str, skill: str, broader: str | None, note: str) -> NameChoice:
        skill = " ".join(skill.split())
        if not has_letters_or_digits(skill):
            raise ChoiceError(
                f"{skill!r} cannot name a skill: it has no letter or digit that is seen. Give it a name in words,"
                " map it to a skill, or reject it."
            )
        skill_id = local_id(skill)
        there = self._named.get(skill.casefold(), (skill_id,))
        if skill_id not in there:
            raise ChoiceError(f"There is a skill {skill!r} already: map {label!r} to {there[0]}.")
        above = self.skill(broader).id if broader else None
        return NameChoice(name, label, "create", skill_id, skill, broader=above, note=note)
