"""Which of several skills of one name is meant, by what stands beside the name: its category, its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.text.wording import loose_key

_LEVELS = 3
"""How far above a skill its category may lie."""


class Surroundings:
    """Holds candidates against the skills and groups that the names around them mean."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._known: dict[str, frozenset[str]] = {}

    def choose(self, candidates: Iterable[str], context: Sequence[str]) -> tuple[str, str] | None:
        """The one candidate that most names around speak for, and the first such name; None where none stands out.

        A name speaks for a candidate that is below what it means, related to it, or has its parent. It speaks for
        none that it means itself, and not at all when it could speak for all.
        """
        spoken: dict[str, list[str]] = {candidate: [] for candidate in candidates}
        for name in dict.fromkeys(context):
            meant = self._named.get(loose_key(name), frozenset())
            near = [candidate for candidate in spoken if candidate not in meant and meant & self._around(candidate)]
            if len(near) < len(spoken):
                for candidate in near:
                    spoken[candidate].append(name)
        most = max(map(len, spoken.values()), default=0)
        winners = [candidate for candidate, names in spoken.items() if names and len(names) == most]
        return (winners[0], spoken[winners[0]][0]) if len(winners) == 1 else None

    def speakers(self, candidates: Iterable[str]) -> frozenset[str]:
        """Every skill or group that could speak for one of these."""
        return frozenset().union(*map(self._around, candidates))

    def _around(self, skill_id: str) -> frozenset[str]:
        around = self._known.get(skill_id)
        if around is None:
            around = self._known[skill_id] = self._find_around(skill_id)
        return around

    def _find_around(self, skill_id: str) -> frozenset[str]:
        above = self._taxonomy.broader(skill_id, _LEVELS)
        beside = (child for parent, distance in above if distance == 1 for child in self._taxonomy.narrower(parent))
        return frozenset([*(parent for parent, _ in above), *self._taxonomy.related(skill_id), *beside])

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        """Skills and groups by their preferred names."""
        named: dict[str, set[str]] = {}
        for skill in self._taxonomy:
            texts = {label.text for label in skill.labels if label.preferred} or {skill.label}
            for text in texts:
                named.setdefault(loose_key(text), set()).update((skill.id, self._taxonomy.standing_for(skill.id)))
        return {name: frozenset(ids) for name, ids in named.items()}
