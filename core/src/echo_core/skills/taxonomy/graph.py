"""The skills graph as plain data: skills, their labels, what is broader, what is related, and whose words they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from echo_core.skills.taxonomy.precedence import Precedence, by_precedence
from echo_core.skills.taxonomy.records import (
    GROUP,
    Label,
    Occupation,
    OccupationSkill,
    Skill,
    TaxonomyError,
    TaxonomySource,
)

Progress = Callable[[str, int], None]
"""Called by readers with (what is being read, rows read so far); the rows count starts again for every file."""

__all__ = [
    "GROUP",
    "Label",
    "Occupation",
    "OccupationSkill",
    "Progress",
    "Skill",
    "Taxonomy",
    "TaxonomyError",
    "TaxonomySource",
]


@dataclass(frozen=True)
class Taxonomy:
    """An immutable graph of skills, its sources (and skills) in order of precedence, see `precedence`.

    Sources describe the same skills: ESCO's "Python (computer programming)" is the starter's "Python". Whatever has
    its name from an earlier source *stands for* that skill, so that people and jobs meet whichever source named them:
    `standing_for` gives the one skill that is linked to and spotted, with the relations of all it stands for.
    """

    skills: Mapping[str, Skill]
    sources: tuple[TaxonomySource, ...] = ()
    occupations: Mapping[str, Occupation] = field(default_factory=dict)
    _children: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = by_precedence(self.sources)
        if ordered != self.sources:
            object.__setattr__(self, "sources", ordered)
        if len(ordered) > 1:
            rank = {source.key: at for at, source in enumerate(ordered)}
            skills = sorted(self.skills.values(), key=lambda skill: rank.get(skill.source, len(rank)))
            object.__setattr__(self, "skills", {skill.id: skill for skill in skills})

    @classmethod
    def of(cls, skills: Iterable[Skill], *sources: TaxonomySource, occupations: Iterable[Occupation] = ()) -> Taxonomy:
        """A taxonomy of these skills and occupations; two skills with one id are refused."""
        by_id: dict[str, Skill] = {}
        for skill in skills:
            if skill.id in by_id:
                raise TaxonomyError(f"two skills have the id {skill.id}: {by_id[skill.id].label!r} and {skill.label!r}")
            by_id[skill.id] = skill
        return cls(by_id, sources, {occupation.id: occupation for occupation in occupations})

    def __len__(self) -> int:
        return len(self.skills)

    def __iter__(self) -> Iterator[Skill]:
        return iter(self.skills.values())

    def __contains__(self, skill_id: object) -> bool:
        return skill_id in self.skills

    def get(self, skill_id: str) -> Skill | None:
        """The skill with this id, or None."""
        return self.skills.get(skill_id)

    @cached_property
    def precedence(self) -> Precedence:
        """Which skill a name belongs to when several have it, and which skills are one; worked out at first need."""
        return Precedence(self.skills.values(), self.sources)

    def standing_for(self, skill_id: str) -> str:
        """The id of the skill that this one is the same as in an earlier source, or the id itself."""
        return self.precedence.same.get(skill_id, skill_id)

    def broader(self, skill_id: str, levels: int = 2) -> list[tuple[str, int]]:
        """Broader skills up to so many levels above, nearest first, each with its shortest distance (1 = parent)."""
        seen = {skill_id, self.standing_for(skill_id)}
        broader: list[tuple[str, int]] = []
        frontier = [self.standing_for(skill_id)]
        for distance in range(1, levels + 1):
            above = dict.fromkeys(
                parent
                for below in frontier
                for skill in self._as_one(below)
                for parent in map(self.standing_for, skill.broader)
                if parent in self.skills and parent not in seen
            )
            broader.extend((parent, distance) for parent in above)
            seen.update(above)
            frontier = list(above)
        return broader

    def related(self, skill_id: str) -> tuple[str, ...]:
        """Skills that some source calls related to this one or to a skill it stands for, itself left out."""
        standing = self.standing_for(skill_id)
        beside = (self.standing_for(other) for skill in self._as_one(standing) for other in skill.related)
        return tuple(dict.fromkeys(other for other in beside if other in self.skills and other != standing))

    def _as_one(self, skill_id: str) -> list[Skill]:
        """The skill and those of later sources that it stands for."""
        return [self.skills[other] for other in (skill_id, *self.precedence.others(skill_id)) if other in self.skills]

    def narrower(self, skill_id: str) -> tuple[str, ...]:
        """The ids of the skills directly below, in the taxonomy's order."""
        if not self._children:
            children: dict[str, list[str]] = {}
            for skill in self.skills.values():
                for parent in skill.broader:
                    children.setdefault(parent, []).append(skill.id)
            self._children.update({parent: tuple(below) for parent, below in children.items()})
        return self._children.get(skill_id, ())

    def languages(self) -> frozenset[str]:
        """Every language that some skill has a label in."""
        return frozenset(label.language for skill in self for label in skill.labels)

    def credits(self) -> tuple[str, ...]:
        """The sentences to show wherever labels of this graph appear."""
        return tuple(source.credit_line for source in self.sources if source.credit)

    def merged(self, other: Taxonomy) -> Taxonomy:
        """Both graphs in one. Where both know an id the other's skill wins, so that an update can be laid over."""
        keys = {source.key: source for source in (*self.sources, *other.sources)}
        return Taxonomy(
            {**self.skills, **other.skills}, tuple(keys.values()), {**self.occupations, **other.occupations}
        )

    def problems(self) -> list[str]:
        """What is wrong with the graph, one sentence each: relations that lead nowhere, circles, empty labels."""
        problems: list[str] = []
        for skill in self:
            if not skill.label.strip() or any(not label.text.strip() for label in skill.labels):
                problems.append(f"{skill.id} has an empty label")
            problems.extend(
                f"{skill.id} names {other} as {relation}, which does not exist"
                for relation, others in (("broader", skill.broader), ("related", skill.related))
                for other in others
                if other not in self.skills
            )
        problems.extend(f"{skill_id} is in a circle of broader skills, or below one" for skill_id in self._in_circles())
        return problems

    def _in_circles(self) -> list[str]:
        """Ids whose way up never ends, found by taking away, again and again, what has no parent left."""
        waiting = {skill.id: sum(parent in self.skills for parent in skill.broader) for skill in self}
        ready = [skill_id for skill_id, count in waiting.items() if count == 0]
        while ready:
            done = ready.pop()
            del waiting[done]
            for child in self.narrower(done):
                if child in waiting:
                    waiting[child] -= 1
                    if waiting[child] == 0:
                        ready.append(child)
        return sorted(waiting)
