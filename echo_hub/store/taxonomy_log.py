"""What is imported and how it came: every import of every source, and each source as it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Table, func, select

from echo_core.skills.taxonomy.graph import TaxonomySource
from echo_hub.store.concepts import SHELVES
from echo_hub.store.database import Database, Transaction
from echo_hub.store.taxonomy import taxonomy_sources
from echo_hub.store.taxonomy_tables import TAXONOMY_EDIT, TAXONOMY_IMPORT


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
    columns = (TAXONOMY_IMPORT.c[field.name] for field in fields(ImportRecord))
    query = select(*columns).order_by(TAXONOMY_IMPORT.c.id.desc())
    if source:
        query = query.where(TAXONOMY_IMPORT.c.source == source)
    with database.reading() as transaction:
        return [ImportRecord(**row._mapping) for row in transaction.all(query)]


def list_sources(database: Database) -> list[SourceState]:
    """Every imported source, in order of precedence."""
    sources = taxonomy_sources(database)
    with database.reading() as transaction:
        counts = {shelf.table.name: _counts(transaction, shelf.table) for shelf in SHELVES}
        edits: Counter[str] = Counter()
        for shelf in SHELVES:
            of_source = shelf.table.c.source
            is_edited = TAXONOMY_EDIT.c.subject == shelf.table.c.id
            query = select(of_source, func.count().label("edits")).join(TAXONOMY_EDIT, is_edited).group_by(of_source)
            edits.update({row.source: row.edits for row in transaction.all(query)})
    none = (0, 0)
    return [
        SourceState(
            source,
            counts["skill"].get(source.key, none)[0],
            counts["occupation"].get(source.key, none)[0],
            sum(table.get(source.key, none)[1] for table in counts.values()),
            edits[source.key],
        )
        for source in sources
    ]


def _counts(transaction: Transaction, table: Table) -> dict[str, tuple[int, int]]:
    """By source: (in force, retired)."""
    retired = func.count(table.c.retired_at).label("retired")
    query = select(table.c.source, func.count().label("total"), retired).group_by(table.c.source)
    return {row.source: (row.total - row.retired, row.retired) for row in transaction.all(query)}
