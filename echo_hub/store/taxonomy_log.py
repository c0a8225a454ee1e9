"""What is imported and how it came: every import of every source, and each source as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from echo_core.skills.taxonomy.graph import TaxonomySource
from echo_hub.store.concepts import SHELVES
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment
from echo_hub.store.taxonomy import taxonomy_sources


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import: which release of which source, when, by whom, and how many concepts it changed."""

    source: str
    version: str
    imported_at: datetime
    imported_by: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """One imported source: how much of it is in force, how much retired, how many fields were edited here."""

    source: TaxonomySource
    skills: int
    occupations: int
    retired: int
    edits: int


def list_imports(database: Database, source: str | None = None) -> list[ImportRecord]:
    """Every import, or those of one source, the latest first."""
    with database.reading() as transaction:
        rows = transaction.rows(
            "SELECT source, version, imported_at, imported_by, added, changed, removed FROM taxonomy_import"
            " WHERE source = ? OR ? = '' ORDER BY id DESC",
            (source or "", source or ""),
        )
    return [ImportRecord(key, version, as_moment(at), *rest) for key, version, at, *rest in rows]


def list_sources(database: Database) -> list[SourceState]:
    """Every imported source, in order of precedence."""
    sources = taxonomy_sources(database)
    with database.reading() as transaction:
        counts = {shelf.table: _counts(transaction, shelf.table) for shelf in SHELVES}
        edits: dict[str, int] = {}
        for shelf in SHELVES:
            for key, count in transaction.rows(
                f"SELECT c.source, COUNT(*) FROM taxonomy_edit e JOIN {shelf.table} c ON c.id = e.subject"  # noqa: S608, our own names
                " GROUP BY c.source"
            ):
                edits[key] = edits.get(key, 0) + count
    none = (0, 0)
    return [
        SourceState(
            source,
            counts["skill"].get(source.key, none)[0],
            counts["occupation"].get(source.key, none)[0],
            sum(table.get(source.key, none)[1] for table in counts.values()),
            edits.get(source.key, 0),
        )
        for source in sources
    ]


def _counts(transaction: Transaction, table: str) -> dict[str, tuple[int, int]]:
    """By source: (in force, retired)."""
    return {
        key: (int(live), int(every) - int(live))
        for key, live, every in transaction.rows(
            f"SELECT source, SUM(CASE WHEN retired_at IS NULL THEN 1 ELSE 0 END), COUNT(*) FROM {table} GROUP BY source"  # noqa: S608, our own names
        )
    }
