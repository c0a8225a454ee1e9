"""Which skill a name belongs to when several sources have it, and which skills of different sources are one.

The one rule, the same for names that are linked and texts that are read, in whatever order sources were imported:

1. A company's own sources come first, in the order they were added; then the starter taxonomy; then the public
   classifications, ESCO before O*NET.
2. A name belongs to a company's own sources and the starter before it belongs to a public classification; then to a
   skill that has it as its preferred name before one that has it as an alias; then to one that is called exactly so
   before one that is in another number or form; then to the earlier source.
3. An abbreviation is another name than the word of the same letters: LESS and LeSS, SPARK and Spark.
4. A skill whose preferred name belongs to a skill of an earlier source is that skill; so is one that the earlier one
   says it is, or that says so itself, whatever their names are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from echo_core.skills.taxonomy.records import GROUP, Label, Skill, TaxonomySource
from echo_core.text.wording import key, singular, without_brackets

STARTER = "starter"
CLASSIFICATIONS = ("esco", "onet")
"""Keys of the large public classifications, in order of precedence."""

Claim = tuple[bool, bool, bool, int]
"""A skill's right to a name, the best first: public, only an alias, only another form, place of the source."""


def by_precedence(sources: Sequence[TaxonomySource]) -> tuple[TaxonomySource, ...]:
    """Sources in order of precedence, see the rule above."""
    later = {name: at for at, name in enumerate((STARTER, *CLASSIFICATIONS), start=1)}
    return tuple(sorted(sources, key=lambda source: later.get(source.key, 0)))


def as_form(claim: Claim) -> Claim:
    """The right to another number or form of a name, from the right to the name itself."""
    public, alias, _, place = claim
    return public, alias, True, place


class Precedence:
    """The rule applied to the skills of one taxonomy.

    `same` leads from every skill that is another one, of an earlier source, to that one.
    """

    def __init__(self, skills: Iterable[Skill], sources: Sequence[TaxonomySource]) -> None:
        self._rank = {source.key: at for at, source in enumerate(by_precedence(sources))}
        self._claims: dict[tuple[str, bool], Claim] = {}
        self.same: dict[str, str] = self._equals(skills) if len(sources) > 1 else {}
        self._others: dict[str, list[str]] = {}
        for skill_id, first in self.same.items():
            self._others.setdefault(first, []).append(skill_id)

    def claim(self, skill: Skill, *, preferred: bool) -> Claim:
        """The right of a skill to one of its names; the smallest claim has the name."""
        claim = self._claims.get((skill.source, preferred))
        if claim is None:
            claim = skill.source in CLASSIFICATIONS, not preferred, False, self._place(skill)
            self._claims[skill.source, preferred] = claim
        return claim

    def others(self, skill_id: str) -> Sequence[str]:
        """The skills of later sources that are this one."""
        return self._others.get(skill_id, ())

    def _place(self, skill: Skill) -> int:
        return self._rank.get(skill.source, len(self._rank))

    def _equals(self, everything: Iterable[Skill]) -> dict[str, str]:
        skills = [(skill, _main_label(skill)) for skill in everything if skill.kind != GROUP]
        languages = {main.language for _, main in skills}
        owners: dict[tuple[str, str], list[tuple[Claim, Skill, Label]]] = {}
        for skill, main in skills:
            for label in skill.labels or (main,):
                # An alias of a public classification takes no name from a preferred one, so it need not be known.
                if label.language in languages and (label.preferred or skill.source not in CLASSIFICATIONS):
                    claim = self.claim(skill, preferred=label.preferred)
                    for form, _ in _forms(skill, label):
                        owners.setdefault((label.language, form), []).append((claim, skill, label))
        same: dict[str, str] = {}
        for skill, main in skills:
            if (earlier := self._owner(skill, main, owners)) is not None:
                same[skill.id] = earlier
        same |= self._declared({skill.id: skill for skill, _ in skills})
        for skill_id, first in same.items():
            while first in same:
                first = same[first]
            same[skill_id] = first
        return same

    def _declared(self, skills: Mapping[str, Skill]) -> dict[str, str]:
        """From every skill that a source says is one of another source, to the one of the earlier source."""
        declared: dict[str, str] = {}
        for skill in skills.values():
            for other in filter(None, map(skills.get, skill.same)):
                first, later = sorted((skill, other), key=self._place)
                if self._place(first) < self._place(later):
                    declared.setdefault(later.id, first.id)
        return declared

    def _owner(
        self, skill: Skill, label: Label, owners: dict[tuple[str, str], list[tuple[Claim, Skill, Label]]]
    ) -> str | None:
        """The skill of an earlier source that a skill's preferred name belongs to."""
        for form, bare in _forms(skill, label):
            claims = [
                (claim, holder)
                for claim, holder, name in owners.get((label.language, form), ())
                if (name.preferred or not bare) and same_case(name.text, label.text)
            ]
            best = min((claim for claim, _ in claims), default=None)
            holders = {holder.id: holder for claim, holder in claims if claim == best}
            if len(holders) == 1:
                (holder,) = holders.values()
                if self._place(holder) < self._place(skill):
                    return holder.id
        return None


def _main_label(skill: Skill) -> Label:
    named = (label for label in skill.labels if label.preferred and label.text == skill.label)
    return next(named, Label(skill.label, "en", preferred=True))


def _forms(skill: Skill, label: Label) -> Iterator[tuple[str, bool]]:
    """The forms of a name in which it is the same name: as it is, in one number, and, if preferred, without brackets.

    With each whether it is the one without brackets: that is the same as another preferred name only.
    """
    strict = key(label.text)
    yield strict, False
    bare = key(without_brackets(label.text))
    if bare != strict:
        if label.preferred:
            yield bare, True
    elif skill.kind != "technology":
        first, _, last = strict.rpartition(" ")
        if (form := singular(last)) != last:
            yield f"{first} {form}".lstrip(), False


def same_case(text: str, other: str) -> bool:
    """False for an abbreviation and another word of the same letters; small letters and several words are as either."""
    names = without_brackets(text), without_brackets(other)
    both_upper = names[0].isupper() == names[1].isupper()
    return both_upper or any(name.islower() or " " in name for name in names)
