"""The skills graph at rest: imported per source as a difference to what is stored, loaded whole with local edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update

from echo_core.skills.taxonomy.crosswalk import KINDS, Match, crossed
from echo_core.skills.taxonomy.graph import Taxonomy, TaxonomySource
from echo_core.skills.taxonomy.precedence import by_precedence
from echo_hub.store.aside import SetAside, UnusableError, each
from echo_hub.store.concepts import OCCUPATIONS, SHELVES, SKILLS, Concept, Shelf
from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import REVISION
from echo_hub.store.taxonomy_changes import Changes, Comparison
from echo_hub.store.taxonomy_edits import conflicts_with, edited, edited_sources, graph_moved, stored_edits
from echo_hub.store.taxonomy_tables import OCCUPATION_MATCH, TAXONOMY_IMPORT, TAXONOMY_SOURCE

_LOADED: WeakKeyDictionary[Database, tuple[int, Taxonomy, SetAside]] = WeakKeyDictionary()
"""By open database, the graph as last loaded, the revision it was loaded at, and what was left out."""


def save_taxonomy(
    database: Database, taxonomy: Taxonomy, *, by: str = "echo-hub", now: datetime | None = None, dry_run: bool = False
) -> tuple[Changes, ...]:
    """Imports every source the taxonomy names; answers what that changed, per source. One transaction.

    Only what differs is written. What the new release no longer names is retired: its row stays for those who refer to
    it, and it is in no loaded graph. Local edits are laid over the import and stay. A source keeps its place, a new one
    comes after those already stored. Places count among a company's own sources only; how they, the starter and public
    classifications precede each other: `echo_core.skills.taxonomy.precedence`.

    Args:
        database: where to.
        taxonomy: its skills name their source by key; a relation may point to a skill of another source.
        by: who imports, for the log.
        now: time-zone aware; the moment of the import.
        dry_run: work out the answer and write nothing.

    Raises:
        ValueError: a skill or occupation names a source that the taxonomy does not list.
    """
    keys = {source.key for source in taxonomy.sources}
    concepts: list[Concept] = [*taxonomy.skills.values(), *taxonomy.occupations.values()]
    strays = sorted({concept.source for concept in concepts} - keys)
    if strays:
        raise ValueError(f"skills from sources that are not listed: {', '.join(strays)}")
    at = now or datetime.now(UTC)
    with database.reading() if dry_run else database.writing() as transaction:
        before = {source.key: source for source in _sources(transaction)}
        edits = stored_edits(transaction)
        differences = []
        for source in taxonomy.sources:
            if not dry_run:
                _put_source(transaction, source)
            shelves = (
                _compared(transaction, SKILLS, source.key, taxonomy.skills.values()),
                _compared(transaction, OCCUPATIONS, source.key, taxonomy.occupations.values()),
            )
            conflicts = [conflict for compared in shelves for conflict in conflicts_with(edits, compared)]
            changes = Changes.of(source, before.get(source.key), shelves, conflicts)
            differences.append(changes)
            if not dry_run:
                for compared in shelves:
                    _write(transaction, compared, at)
                _log(transaction, changes, at, by)
        if not dry_run and any(changes.matters for changes in differences):
            graph_moved(transaction)
    return tuple(differences)


def taxonomy_sources(database: Database) -> tuple[TaxonomySource, ...]:
    """What is imported, in order of precedence."""
    with database.reading() as transaction:
        return by_precedence(_sources(transaction))


def load_taxonomy(database: Database, aside: SetAside | None = None) -> Taxonomy | None:
    """Every stored source as one taxonomy with local edits and the crosswalk; None when nothing is imported.

    A concept, an edit or a match that cannot be read is left out; `aside` takes it.

    As long as nothing of it changes the same object is answered again: reading all of ESCO takes a second.
    """
    with database.reading() as transaction:
        revision = transaction.scalar(select(REVISION.c.value).where(REVISION.c.id == 2))
        known = _LOADED.get(database)
        if known is not None and known[0] == revision:
            if aside is not None:
                aside.take(known[2])
            return known[1]
        left_out = SetAside()
        sources = _sources(transaction)
        if not sources:
            return None
        edits = stored_edits(transaction, left_out)
        skills = _live(transaction, SKILLS, left_out)
        occupations = _live(transaction, OCCUPATIONS, left_out)
        pairs = transaction.all(select(OCCUPATION_MATCH))
        matches = list(each(pairs, _match, "crosswalk", lambda row: f"{row.onet_id} {row.esco_id}", left_out))
    taxonomy = Taxonomy(
        {skill.id: edited(skill, edits) for skill in skills},
        sources,
        {occupation.id: edited(occupation, edits) for occupation in occupations},
    )
    if matches:
        taxonomy = crossed(taxonomy, matches)
    _LOADED[database] = revision, taxonomy, left_out
    if aside is not None:
        aside.take(left_out)
    return taxonomy


def save_crosswalk(database: Database, matches: Iterable[Match]) -> int:
    """Stores a crosswalk in place of the one before; answers how many pairs it has. Works before either import."""
    rows = {(match.onet_id, match.esco_id): asdict(match) for match in matches}
    with database.writing() as transaction:
        transaction.execute(delete(OCCUPATION_MATCH))
        if rows:
            transaction.execute(insert(OCCUPATION_MATCH), list(rows.values()))
        graph_moved(transaction)
    return len(rows)


def retired_concept(database: Database, concept_id: str) -> tuple[Concept, datetime] | None:
    """A skill or occupation that a later import no longer named, and since when; None when there is no such one."""
    with database.reading() as transaction:
        for shelf in SHELVES:
            concept = shelf.table.c
            query = shelf.select(concept.retired_at).where(concept.id == concept_id, concept.retired_at.is_not(None))
            row = transaction.first(query)
            if row is not None:
                for readable in shelf.readable([row[1:]]):
                    return readable, row.retired_at
    return None


def _compared(transaction: Transaction, shelf: Shelf, key: str, concepts: Iterable[Concept]) -> Comparison:
    query = shelf.select(shelf.table.c.retired_at).where(shelf.table.c.source == key)
    stored = {row.id: (row.retired_at is not None, row[2:]) for row in transaction.all(query)}
    return Comparison.of(shelf, stored, [concept for concept in concepts if concept.source == key])


def _write(transaction: Transaction, compared: Comparison, at: datetime) -> None:
    shelf = compared.shelf
    after = _next_position(transaction, shelf.table)
    rows = [
        {"id": identity, "position": position, **dict(zip(shelf.fields, row, strict=True))}
        for position, (identity, row) in enumerate(compared.to_write(), start=after)
    ]
    if rows:
        new = transaction.insert(shelf.table)
        moved = {name: new.excluded[name] for name in shelf.fields}
        transaction.execute(new.on_conflict_do_update(index_elements=["id"], set_={**moved, "retired_at": None}), rows)
    if compared.removed:
        retire = update(shelf.table).where(shelf.table.c.id == bindparam("identity")).values(retired_at=at)
        transaction.execute(retire, [{"identity": identity} for identity in compared.removed])


def _next_position(transaction: Transaction, table: Table) -> int:
    last: int | None = transaction.scalar(select(func.max(table.c.position)))
    return 0 if last is None else last + 1


def _put_source(transaction: Transaction, source: TaxonomySource) -> None:
    state = {
        "title": source.title,
        "version": source.version,
        "licence": source.licence,
        "credit": source.credit,
        "url": source.url,
        "imported_at": source.imported_at,
    }
    after = _next_position(transaction, TAXONOMY_SOURCE)
    new = transaction.insert(TAXONOMY_SOURCE).values(key=source.key, position=after, **state)
    transaction.execute(new.on_conflict_do_update(index_elements=["key"], set_=state))


def _log(transaction: Transaction, changes: Changes, at: datetime, by: str) -> None:
    transaction.execute(
        insert(TAXONOMY_IMPORT).values(
            source=changes.source,
            version=changes.version,
            imported_at=at,
            imported_by=by,
            added=changes.added,
            changed=changes.changed,
            removed=changes.removed,
        )
    )


def _match(row: Row[Any]) -> Match:
    if row.kind not in KINDS:
        raise UnusableError(f"{row.kind!r} is no kind of match; valid: {', '.join(KINDS)}.")
    return Match(**row._mapping)


def _live(transaction: Transaction, shelf: Shelf, aside: SetAside) -> Sequence[Any]:
    concept, source = shelf.table.c, TAXONOMY_SOURCE.c
    query = (
        shelf.select()
        .join(TAXONOMY_SOURCE, source.key == concept.source)
        .where(concept.retired_at.is_(None))
        .order_by(source.position, concept.position, concept.id)
    )
    return list(shelf.readable(transaction.all(query), aside))


def _sources(transaction: Transaction) -> tuple[TaxonomySource, ...]:
    changed = edited_sources(transaction)
    source = TAXONOMY_SOURCE.c
    return tuple(
        TaxonomySource(
            row.key, row.title, row.version, row.licence, row.credit, row.url, row.imported_at, row.key in changed
        )
        for row in transaction.all(select(TAXONOMY_SOURCE).order_by(source.position, source.key))
    )
