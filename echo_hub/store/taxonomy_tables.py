"""The tables of the skills graph. Lists inside a concept are JSON: a concept is read and written whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey
from sqlmodel import Field, SQLModel

from echo_hub.store.instant import Instant
from echo_hub.store.tables import BIG, TEXT, table_of


def _text(**more: Any) -> Any:
    return Field(sa_type=TEXT, **more)


def _source() -> Any:
    return Field(sa_type=TEXT, sa_column_args=[ForeignKey("taxonomy_source.key")], index=True)


class TaxonomySourceRow(SQLModel, table=True):
    """Where skills came from, with the credit line its licence asks for. `position` is its precedence."""

    __tablename__: ClassVar[str] = "taxonomy_source"

    key: str = _text(primary_key=True)
    position: int
    title: str = _text()
    version: str = _text()
    licence: str = _text()
    credit: str = _text()
    url: str | None = _text(default=None)
    imported_at: datetime | None = Field(default=None, sa_type=Instant)


class _Concept(SQLModel):
    """What skills and occupations have in common. `position` keeps the source's order.

    `labels` is [[text, language, 0 or 1 for preferred], …]. `retired_at` says since when an import has not named it.
    """

    id: str = _text(primary_key=True)
    position: int
    label: str = _text()
    kind: str | None = _text(default=None)
    description: str = _text()
    uri: str | None = _text(default=None)
    labels: str = _text()
    broader: str = _text()
    same: str = _text()
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class SkillRow(_Concept, table=True):
    """A skill of one taxonomy source."""

    __tablename__: ClassVar[str] = "skill"

    source: str = _source()
    related: str = _text()


class OccupationRow(_Concept, table=True):
    """An occupation of one source. `skills` is [[skill id, 0 or 1 for essential, level, importance], …]."""

    __tablename__: ClassVar[str] = "occupation"

    source: str = _source()
    code: str | None = _text(default=None)
    zone: int | None = None
    skills: str = _text()
    tasks: str = _text()
    traits: str = _text()


class OccupationMatchRow(SQLModel, table=True):
    """One pair of the crosswalk between O*NET and ESCO. Kept apart, so that it survives imports of either."""

    __tablename__: ClassVar[str] = "occupation_match"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    onet_id: str = _text(primary_key=True)
    esco_id: str = _text(primary_key=True)
    kind: str = _text()


class TaxonomyImportRow(SQLModel, table=True):
    """One import of one source: what it changed, and by whose hand."""

    __tablename__: ClassVar[str] = "taxonomy_import"

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    source: str = _text()
    version: str = _text()
    imported_at: datetime = Field(sa_type=Instant)
    imported_by: str = _text()
    added: int = Field(sa_type=BigInteger)
    changed: int = Field(sa_type=BigInteger)
    removed: int = Field(sa_type=BigInteger)


class TaxonomyEditRow(SQLModel, table=True):
    """A change made here to one field of an imported skill or occupation, laid over it when the graph is loaded.

    `base` is what the import said when the edit was made: a later import that says something else is a conflict.
    """

    __tablename__: ClassVar[str] = "taxonomy_edit"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    subject: str = _text(primary_key=True)
    field: str = _text(primary_key=True)
    value: str = _text()
    base: str = _text()
    edited_at: datetime = Field(sa_type=Instant)
    edited_by: str = _text()


TAXONOMY_SOURCE = table_of(TaxonomySourceRow)
SKILL = table_of(SkillRow)
OCCUPATION = table_of(OccupationRow)
OCCUPATION_MATCH = table_of(OccupationMatchRow)
TAXONOMY_IMPORT = table_of(TaxonomyImportRow)
TAXONOMY_EDIT = table_of(TaxonomyEditRow)
