"""A score taken apart, before and after its reasons are found: pairs of people and opportunities, and breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from echo_core.matching.arrays import FloatArray
from echo_core.matching.messages import Speaks
from echo_core.matching.profile import Profile
from echo_core.matching.required_skills import Column, RequiredSkills
from echo_core.matching.scorer import Person, Scores
from echo_core.model.message import Message


class Contribution(NamedTuple):
    """One part of a score. `skill` is a row of the skill space; `via` the skill it counts through, where not itself.

    A contribution may be worth something and still not speak for the opportunity: `speaks` says which sign to show.
    """

    feature: str
    message: Message
    contribution: float
    skill: int | None = None
    has_level: int | None = None
    required_level: int | None = None
    via: int | None = None
    speaks: Speaks = "for"


class Missing(NamedTuple):
    """A skill that is asked for and not covered in full."""

    skill: int
    importance: Literal["essential", "desired"]
    has_level: int | None
    required_level: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A score and all it is made of. Contributions sum to `score` within 1e-9; only those that are not 0 are listed."""

    score: float
    contributions: tuple[Contribution, ...]
    gaps: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a person and an opportunity while they are explained: `listed` and `gaps` are filled, a list for each.

    `profiles` are one for all pairs, or one for each. By pair, `people` is whose it is and `stated` has the levels that
    person states, by skill, 0 where none is.
    """

    people: Sequence[Person]
    profiles: Sequence[Profile]
    stated: Sequence[dict[int, int]]
    required: RequiredSkills
    nouns: Sequence[str]
    points: FloatArray
    listed: list[list[Contribution]]
    gaps: list[list[Missing]]

    @classmethod
    def of(cls, people: Sequence[Person], required: RequiredSkills, nouns: Sequence[str], scores: Scores) -> Pairs:
        """With nothing listed yet."""
        profiles = [person.profile for person in people]
        stated = [dict(zip(each.skills.has.tolist(), each.skills.level.tolist(), strict=True)) for each in profiles]
        if len(people) == 1:
            people, stated = [*people] * len(nouns), stated * len(nouns)
        listed: list[list[Contribution]] = [[] for _ in nouns]
        gaps: list[list[Missing]] = [[] for _ in nouns]
        return cls(people, profiles, stated, required, nouns, scores.contributions, listed, gaps)

    def has(self, table: Callable[[Profile], Column]) -> Column:
        """By requirement, what the person has of its skill; `table` is of a profile, over skills."""
        return self.required.has([table(profile) for profile in self.profiles])

    def has_at_level(self, table: Callable[[Profile], Column]) -> Column:
        """By requirement, what the person has of its skill at its level; `table` is over (skill, level)."""
        return self.required.has_at_level([table(profile) for profile in self.profiles])
