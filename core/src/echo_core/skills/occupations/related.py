"""Occupations near a given one, with the reasons: for roles near yours, and for what a title has in common with others.

Each kind of evidence gives a cosine with every other occupation of the same source. It is set against how alike the
others are (a z-score within the query), weighed (`related.toml`) and added, so the contributions sum to the score.
Lists of related occupations that somebody published are never read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from echo_core.model.message import Message
from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.occupations.related_pool import Pool
from echo_core.skills.taxonomy.graph import Taxonomy, TaxonomyError
from echo_core.skills.taxonomy.records import GROUP

Evidence = Literal["all", "skills"]

_NAMED, _NAMED_ABOVE = 4, 2
_LEAST_SPREAD = 1e-12
_WORTH_SAYING = 1.0
"""Standard deviations above the ordinary occupation from which a kind of evidence is given as a reason."""


@dataclass(frozen=True, slots=True)
class Near:
    """An occupation near another. `contributions` are by kind of evidence, see `related.toml`, and sum to `score`."""

    occupation_id: str
    score: float
    contributions: Mapping[str, float]
    reasons: tuple[Message, ...]


class RelatedOccupations:
    """Ranks the occupations of a taxonomy by how near they are to one of them; what it needs is made at first need.

    Args:
        taxonomy: groups of occupations are left out, and only occupations of one source are held against each other.
        encoder: vectors for skills and tasks; without it there are none.
        evidence: "skills" leaves out titles, descriptions, tasks and interests.
        weights: per kind of evidence; what they do not name does not count. Those of `related.toml` when not given.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        encoder: Encoder | None = None,
        evidence: Evidence = "all",
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self.taxonomy = taxonomy
        self.encoder = encoder
        self._given = weights
        self._learned = _learned(evidence, vectors=encoder is not None)
        self._pools: dict[str, Pool] = {}

    def near(self, occupation_id: str, top: int = 20) -> list[Near]:
        """The nearest occupations, best first, with what each kind of evidence contributes.

        Raises:
            TaxonomyError: the taxonomy has no such occupation, or it is a group.
        """
        pool, row = self._found(occupation_id)
        others, parts, total, order = self._ranked(pool, row)
        neighbours = []
        for at in order[:top]:
            contributions = {kind: float(part[at]) for kind, part in parts.items()}
            reasons = tuple(self._reasons(pool, row, int(others[at]), contributions))
            neighbours.append(Near(pool.occupations[others[at]].id, float(total[at]), contributions, reasons))
        return neighbours

    def ranked(self, occupation_id: str) -> dict[str, float]:
        """The score of every other occupation of the source, best first; `near` says why.

        Raises:
            TaxonomyError: the taxonomy has no such occupation, or it is a group.
        """
        pool, row = self._found(occupation_id)
        others, _, total, order = self._ranked(pool, row)
        return {pool.occupations[others[at]].id: float(total[at]) for at in order}

    def _ranked(self, pool: Pool, row: int) -> tuple[Any, dict[str, Any], Any, Any]:
        """Rows of the others, their parts of the score by kind, the score, and the order, best first."""
        import numpy as np

        others = np.delete(np.arange(len(pool.occupations)), row)
        weights = self._weights(pool)
        parts = {kind: weights[kind] * _standard(rows.likeness(row)[others]) for kind, rows in pool.rows.items()}
        total = np.sum([np.zeros(len(others)), *parts.values()], axis=0)
        return others, parts, total, np.argsort(-np.round(total, 9), kind="stable")

    def _weights(self, pool: Pool) -> Mapping[str, float]:
        """The given or learned ones; where a source rates nothing, every kind of evidence counts the same."""
        if self._given is not None:
            return self._given
        return self._learned if pool.rated else dict.fromkeys(self._learned, 1.0)

    def likeness(self, occupation: str, other: str) -> dict[str, float]:
        """Cosine of two occupations of one source by kind of evidence, whichever of the two is named first.

        Raises:
            TaxonomyError: one of them is not in the taxonomy, is a group, or they are of different sources.
        """
        (pool, row), (same, column) = self._found(occupation), self._found(other)
        if pool is not same:
            raise TaxonomyError(f"{occupation} and {other} are of different sources, whose evidence cannot be compared")
        return {kind: float(rows.likeness(row)[column]) for kind, rows in pool.rows.items()}

    def _found(self, occupation_id: str) -> tuple[Pool, int]:
        occupation = self.taxonomy.occupations.get(occupation_id)
        if occupation is None or occupation.kind == GROUP:
            raise TaxonomyError(f"{occupation_id} is no occupation of this taxonomy; name one that it lists")
        pool = self._pools.get(occupation.source)
        if pool is None:
            kinds = self._learned if self._given is None else self._given
            pool = self._pools[occupation.source] = Pool(self.taxonomy, occupation.source, self.encoder, kinds)
        return pool, pool.at[occupation_id]

    def _reasons(self, pool: Pool, row: int, other: int, contributions: Mapping[str, float]) -> list[Message]:
        reasons = _shared_reasons(pool, row, other) if "shared" in contributions else []
        weights = self._weights(pool)
        for kind, part in sorted(contributions.items(), key=lambda item: -item[1]):
            if kind != "shared" and part >= _WORTH_SAYING * weights[kind] > 0:
                reasons.append(Message("related-alike", {"evidence": kind}))
        zone, other_zone = pool.occupations[row].zone, pool.occupations[other].zone
        if zone is not None and other_zone is not None:
            reasons.append(Message("related-preparation", {"levels": abs(zone - other_zone)}))
        return reasons


def _shared_reasons(pool: Pool, row: int, other: int) -> list[Message]:
    """What both ask for by name, the rare ones first, then what only meets above."""
    parts = [name for name, _ in pool.shared.shared(row, other)]
    names, other_names = pool.labels[row], pool.labels[other]
    both = [name for name in parts if name in names and name in other_names]
    rare = [name for name in both if name in pool.rare]
    above = [name for name in parts if name not in both and name in pool.taxonomy]
    reasons = []
    if both:
        reasons.append(
            _naming("related-shared-rare" if rare else "related-shared", [names[name] for name in rare or both], _NAMED)
        )
    if above:
        reasons.append(_naming("related-above", [pool.taxonomy.skills[name].label for name in above], _NAMED_ABOVE))
    return reasons


def _naming(reason: str, skills: Sequence[str], most: int) -> Message:
    """How many skills there are, the first of them by name."""
    named = tuple(skills[:most])
    return Message(reason, {"count": len(skills), "skills": named, "more": len(skills) - len(named)})


def _standard(likeness: Any) -> Any:
    """Standard deviations above the mean; nothing where all are alike."""
    spread = likeness.std() if len(likeness) else 0.0
    return (likeness - likeness.mean()) / spread if spread > _LEAST_SPREAD else 0.0 * likeness


def _learned(evidence: Evidence, *, vectors: bool) -> dict[str, float]:
    table = tomllib.loads(resources.files(__package__).joinpath("related.toml").read_text(encoding="utf-8"))
    return {kind: float(weight) for kind, weight in table[f"{evidence}-vectors" if vectors else evidence].items()}
