"""The occupations of one source, set up to be held against each other by every kind of evidence."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.occupations import related_evidence as evidence_of
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import GROUP

if TYPE_CHECKING:
    from echo_core.skills.occupations.related_rows import Rows, Weighed

RARE_SHARE = 0.1
"""A skill that at most this share of occupations asks for is rare."""


class Pool:
    """The occupations of one source, and their rows by kind of evidence."""

    def __init__(self, taxonomy: Taxonomy, source: str, encoder: Encoder | None, kinds: Collection[str]) -> None:
        self.taxonomy = taxonomy
        self.occupations = sorted(
            (
                occupation
                for occupation in taxonomy.occupations.values()
                if occupation.source == source and occupation.kind != GROUP
            ),
            key=lambda occupation: occupation.id,
        )
        self.at = {occupation.id: row for row, occupation in enumerate(self.occupations)}
        self.items = [evidence_of.items_of(taxonomy, occupation) for occupation in self.occupations]
        self.labels = [{item.id: item.label for item in items} for items in self.items]
        self._encoder = encoder
        self._kinds = kinds

    @cached_property
    def rated(self) -> bool:
        """True when the source says at what level occupations need what they need."""
        return any(skill.level is not None for occupation in self.occupations for skill in occupation.skills)

    @cached_property
    def shared(self) -> Weighed:
        from echo_core.skills.occupations.related_rows import Weighed

        return Weighed([evidence_of.widened(self.taxonomy, items) for items in self.items])

    @cached_property
    def rare(self) -> frozenset[str]:
        counts: dict[str, int] = {}
        for labels in self.labels:
            for item in labels:
                counts[item] = counts.get(item, 0) + 1
        ceiling = max(2.0, RARE_SHARE * len(self.occupations))
        return frozenset(item for item, count in counts.items() if count <= ceiling)

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """By kind of evidence; kinds that this source has nothing of, or that do not count, are left out."""
        from echo_core.skills.occupations.related_rows import Measured, Weighed

        occupations, taxonomy = self.occupations, self.taxonomy
        words = {
            "skill_words": [evidence_of.skill_words(items) for items in self.items],
            "activity_words": [evidence_of.activity_words(items) for items in self.items],
            "tasks": [evidence_of.text_words(occupation) for occupation in occupations],
            "titles": [evidence_of.title_words(occupation) for occupation in occupations],
        }
        levels = {
            "skill_levels": [evidence_of.rated(taxonomy, occupation, knowledge=False) for occupation in occupations],
            "knowledge_levels": [evidence_of.rated(taxonomy, occupation, knowledge=True) for occupation in occupations],
            "interests": [evidence_of.interests(occupation) for occupation in occupations],
        }
        rows: dict[str, Rows] = {"shared": self.shared} if "shared" in self._kinds and any(self.items) else {}
        rows |= {kind: Weighed(bags) for kind, bags in words.items() if kind in self._kinds and any(bags)}
        rows |= {kind: Measured(bags) for kind, bags in levels.items() if kind in self._kinds and any(bags)}
        return rows | (self._vectors(self._encoder) if self._encoder else {})

    def _vectors(self, encoder: Encoder) -> dict[str, Rows]:
        from echo_core.skills.occupations.related_rows import Vectors

        items = [[item for item in items if not item.id.startswith("tool:")] for items in self.items]
        tasks = "task_vectors" in self._kinds
        texts = [
            [f"{occupation.label}. {occupation.description}", *occupation.tasks] if tasks else []
            for occupation in self.occupations
        ]
        vectors = Vectors(encoder, items, texts)
        encoded: dict[str, Rows] = {}
        if "skill_vectors" in self._kinds and any(items):
            encoded["skill_vectors"] = vectors.of_skills(dict(zip(self.shared.names, self.shared.idf, strict=True)))
        if tasks:
            encoded["task_vectors"] = vectors.of_tasks()
        return encoded
