"""The skills graph at rest: imported per source as a difference to what is stored, loaded whole with local edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from echo_core.skills.taxonomy.crosswalk import Match, crossed
from echo_core.skills.taxonomy.graph import Taxonomy, TaxonomySource
from echo_core.skills.taxonomy.precedence import by_precedence
from echo_hub.store.concepts import OCCUPATIONS, SHELVES, SKILLS, Concept, Shelf
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment
from echo_hub.store.taxonomy_changes import Changes, Comparison
from echo_hub.store.taxonomy_edits import conflicts_with, edited, edited_sources, graph_moved, stored_edits

_LOADED: WeakKeyDictionary[Database, tuple[int, Taxonomy]] = WeakKeyDictionary()
"""By open database, the graph as last loaded and the revision it was loaded at."""


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
    strays = sorted({one.source for one in concepts} - keys)
    if strays:
        raise ValueError(f"skills from sources that are not listed: {', '.join(strays)}")
    at = now or datetime.now(UTC)
    with database.reading() if dry_run else database.writing() as transaction:
        before = {source.key: source for source in _sources(transaction)}
        edits = stored_edits(transaction)
        found = []
        for source in taxonomy.sources:
            if not dry_run:
                _put_source(transaction, source)
            shelves = (
                _compared(transaction, SKILLS, source.key, taxonomy.skills.values()),
                _compared(transaction, OCCUPATIONS, source.key, taxonomy.occupations.values()),
            )
            conflicts = [one for compared in shelves for one in conflicts_with(edits, compared)]
            changes = Changes.of(source, before.get(source.key), shelves, conflicts)
            found.append(changes)
            if not dry_run:
                for compared in shelves:
                    _write(transaction, compared, transaction.moment(at))
                _log(transaction, changes, transaction.moment(at), by)
        if not dry_run and any(changes.matters for changes in found):
            graph_moved(transaction)
    return tuple(found)


def remove_taxonomy(database: Database, key: str) -> None:
    """Removes one source with its skills, its occupations and what was edited in them; the log of imports stays."""
    with database.writing() as transaction:
        for shelf in SHELVES:
            transaction.run(
                f"DELETE FROM taxonomy_edit WHERE subject IN (SELECT id FROM {shelf.table} WHERE source = ?)",  # noqa: S608, our own names
                (key,),
            )
            transaction.run(f"DELETE FROM {shelf.table} WHERE source = ?", (key,))  # noqa: S608, our own names
        transaction.run("DELETE FROM taxonomy_source WHERE key = ?", (key,))
        graph_moved(transaction)


def taxonomy_sources(database: Database) -> tuple[TaxonomySource, ...]:
    """What is imported, in order of precedence."""
    with database.reading() as transaction:
        return by_precedence(_sources(transaction))


def load_taxonomy(database: Database) -> Taxonomy | None:
    """Every stored source as one taxonomy with local edits and the crosswalk; None when nothing is imported.

    As long as nothing of it changes the same object is answered again: reading all of ESCO takes a second.
    """
    with database.reading() as transaction:
        revision = transaction.count("SELECT value FROM revision WHERE id = 2")
        known = _LOADED.get(database)
        if known is not None and known[0] == revision:
            return known[1]
        sources = _sources(transaction)
        if not sources:
            return None
        edits = stored_edits(transaction)
        skills = _live(transaction, SKILLS)
        occupations = _live(transaction, OCCUPATIONS)
        matches = [Match(*row) for row in transaction.rows("SELECT onet_id, esco_id, kind FROM occupation_match")]
    taxonomy = Taxonomy(
        {one.id: edited(one, edits) for one in skills}, sources, {one.id: edited(one, edits) for one in occupations}
    )
    if matches:
        taxonomy = crossed(taxonomy, matches)
    _LOADED[database] = revision, taxonomy
    return taxonomy


def save_crosswalk(database: Database, matches: Iterable[Match]) -> int:
    """Stores a crosswalk in place of the one before; answers how many pairs it has. Works before either import."""
    rows = {(one.onet_id, one.esco_id): (one.onet_id, one.esco_id, one.kind) for one in matches}
    with database.writing() as transaction:
        transaction.run("DELETE FROM occupation_match")
        transaction.many("INSERT INTO occupation_match (onet_id, esco_id, kind) VALUES (?, ?, ?)", list(rows.values()))
        graph_moved(transaction)
    return len(rows)


def retired_concept(database: Database, concept_id: str) -> tuple[Concept, datetime] | None:
    """A skill or occupation that a later import no longer named, and since when; None when there is no such one."""
    with database.reading() as transaction:
        for shelf in SHELVES:
            row = transaction.one(
                f"SELECT retired_at, id, {shelf.columns} FROM {shelf.table}"  # noqa: S608, our own names
                " WHERE id = ? AND retired_at IS NOT NULL",
                (concept_id,),
            )
            if row is not None:
                return shelf.concept(row[1:]), as_moment(row[0])
    return None


def _compared(transaction: Transaction, shelf: Shelf, key: str, concepts: Iterable[Concept]) -> Comparison:
    stored = {
        row[0]: (row[1] is not None, row[2:])
        for row in transaction.rows(
            f"SELECT id, retired_at, {shelf.columns} FROM {shelf.table} WHERE source = ?",  # noqa: S608, our own names
            (key,),
        )
    }
    return Comparison.of(shelf, stored, [one for one in concepts if one.source == key])


def _write(transaction: Transaction, compared: Comparison, at: Any) -> None:
    shelf = compared.shelf
    after = transaction.count(f"SELECT COALESCE(MAX(position), -1) + 1 FROM {shelf.table}")  # noqa: S608, our own names
    marks = ", ".join("?" * (len(shelf.fields) + 2))
    taken_over = ", ".join(f"{field} = excluded.{field}" for field in shelf.fields)
    transaction.many(
        f"INSERT INTO {shelf.table} (id, position, {shelf.columns}) VALUES ({marks})"  # noqa: S608, our own names
        f" ON CONFLICT (id) DO UPDATE SET {taken_over}, retired_at = NULL",
        [(identity, after + place, *row) for place, (identity, row) in enumerate(compared.to_write())],
    )
    transaction.many(
        f"UPDATE {shelf.table} SET retired_at = ? WHERE id = ?",  # noqa: S608, our own names
        [(at, identity) for identity in compared.removed],
    )


def _put_source(transaction: Transaction, source: TaxonomySource) -> None:
    after = transaction.count("SELECT COALESCE(MAX(position), -1) + 1 FROM taxonomy_source")
    transaction.run(
        "INSERT INTO taxonomy_source (key, position, title, version, licence, credit, url, imported_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET title = excluded.title,"
        " version = excluded.version, licence = excluded.licence, credit = excluded.credit, url = excluded.url,"
        " imported_at = excluded.imported_at",
        (
            *(source.key, after, source.title, source.version, source.licence, source.credit, source.url),
            transaction.moment(source.imported_at),
        ),
    )


def _log(transaction: Transaction, changes: Changes, at: Any, by: str) -> None:
    transaction.run(
        "INSERT INTO taxonomy_import (source, version, imported_at, imported_by, added, changed, removed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (changes.source, changes.version, at, by, changes.added, changes.changed, changes.removed),
    )


def _live(transaction: Transaction, shelf: Shelf) -> Sequence[Any]:
    rows = transaction.rows(
        f"SELECT c.id, {', '.join(f'c.{field}' for field in shelf.fields)} FROM {shelf.table} c"  # noqa: S608, our own names
        " JOIN taxonomy_source s ON s.key = c.source WHERE c.retired_at IS NULL ORDER BY s.position, c.position, c.id"
    )
    return [shelf.concept(row) for row in rows]


def _sources(transaction: Transaction) -> tuple[TaxonomySource, ...]:
    changed = edited_sources(transaction)
    return tuple(
        TaxonomySource(key, title, version, licence, credit, url, None if at is None else as_moment(at), key in changed)
        for key, title, version, licence, credit, url, at in transaction.rows(
            "SELECT key, title, version, licence, credit, url, imported_at FROM taxonomy_source ORDER BY position, key"
        )
    )
