"""What an import changes: concepts of a new release held against the stored ones, counted and sampled for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from echo_core.skills.taxonomy.graph import TaxonomySource
from echo_hub.store.concepts import Concept, Row, Shelf
from echo_hub.store.former_labels import ReleaseNames

T = TypeVar("T")
SAMPLE = 10
"""How many concepts of each kind of change are named."""


@dataclass(frozen=True, slots=True)
class Change:
    """One concept that an import adds, changes or removes. `was` is its label before, where that is another one."""

    id: str
    label: str
    fields: tuple[str, ...] = ()
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that was edited here and that the new release changes too; the edit stays in force."""

    id: str
    field: str
    here: str
    before: str
    now: str


@dataclass
class Comparison:
    """The concepts of one source in one table: what is stored against what a release says. Ids lead to rows."""

    shelf: Shelf
    stored: Mapping[str, tuple[bool, Row]]
    added: dict[str, Row] = field(default_factory=dict)
    changed: dict[str, Row] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0

    @classmethod
    def of(cls, shelf: Shelf, stored: Mapping[str, tuple[bool, Row]], concepts: Iterable[Concept]) -> Comparison:
        """Compares; `stored` leads from an id to (retired, row). What comes back from retirement counts as added."""
        comparison = cls(shelf, stored)
        concepts = list(concepts)
        labels = shelf.fields.index("labels")
        names: ReleaseNames | None = None
        named = set()
        for concept in concepts:
            named.add(concept.id)
            row = shelf.row(concept)
            retired, before = stored.get(concept.id, (True, ()))
            if before and before[labels] != row[labels]:
                names = names or ReleaseNames(concepts)  # reads every label: only when one differs
                kept = names.with_former(before[labels], row[labels], concept.id)
                row = (*row[:labels], kept, *row[labels + 1 :])
            if retired:
                comparison.added[concept.id] = row
            elif before != row:
                comparison.changed[concept.id] = row
            else:
                comparison.unchanged += 1
        comparison.removed = [
            concept_id for concept_id, (retired, _) in stored.items() if not retired and concept_id not in named
        ]
        return comparison

    def to_write(self) -> Iterator[tuple[str, Row]]:
        """Every row that must be written, with its id."""
        yield from self.added.items()
        yield from self.changed.items()

    def label(self, row: Row) -> str:
        """The label in a row of this table."""
        return str(row[self.shelf.fields.index("label")])

    def change(self, identity: str) -> Change:
        """A changed concept with the fields that differ."""
        before, now = self.stored[identity][1], self.changed[identity]
        fields = tuple(name for name, old, new in zip(self.shelf.fields, before, now, strict=True) if old != new)
        was = self.label(before)
        return Change(identity, self.label(now), fields, was if was != self.label(now) else None)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import of one source changes, skills and occupations together; `samples` names the first of each kind.

    `before` is the version it replaces, None for a source that was not there. `changed_ids` and `removed_ids` are
    all concepts of that kind.
    """

    source: str
    version: str
    before: str | None
    added: int
    changed: int
    removed: int
    unchanged: int
    samples: Mapping[str, Sequence[Change]]
    conflicts: Sequence[Conflict]
    credited_otherwise: bool = False
    changed_ids: frozenset[str] = frozenset()
    removed_ids: frozenset[str] = frozenset()

    @property
    def matters(self) -> bool:
        """Whether anything that people see is another than before."""
        return bool(self.before is None or self.added or self.changed or self.removed or self.credited_otherwise)

    @classmethod
    def of(
        cls,
        source: TaxonomySource,
        before: TaxonomySource | None,
        shelves: Sequence[Comparison],
        conflicts: Sequence[Conflict],
    ) -> Changes:
        """Counts and samples the comparisons of one source."""
        added = [
            Change(concept_id, shelf.label(row)) for shelf in shelves for concept_id, row in _first(shelf.added.items())
        ]
        changed = [shelf.change(concept_id) for shelf in shelves for concept_id in _first(shelf.changed)]
        removed = [
            Change(concept_id, shelf.label(shelf.stored[concept_id][1]))
            for shelf in shelves
            for concept_id in _first(shelf.removed)
        ]
        return cls(
            source.key,
            source.version,
            before.version if before else None,
            sum(len(shelf.added) for shelf in shelves),
            sum(len(shelf.changed) for shelf in shelves),
            sum(len(shelf.removed) for shelf in shelves),
            sum(shelf.unchanged for shelf in shelves),
            {"added": added[:SAMPLE], "changed": changed[:SAMPLE], "removed": removed[:SAMPLE]},
            conflicts,
            before is not None and _shown(before) != _shown(source),
            frozenset(concept_id for shelf in shelves for concept_id in shelf.changed),
            frozenset(concept_id for shelf in shelves for concept_id in shelf.removed),
        )


def _shown(source: TaxonomySource) -> tuple[str, ...]:
    return source.title, source.version, source.licence, source.credit, source.url or ""


def _first(many: Iterable[T]) -> Iterator[T]:
    for at, item in enumerate(many):
        if at == SAMPLE:
            return
        yield item
