"""The tables of the skills graph. Lists inside a concept are JSON: a concept is read and written whole."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import SQLModel

from echo_hub.store.columns import identity, inferred, moment, owned_by, tally, text
from echo_hub.store.tables import KEPT, table_of

_RETIRED = "kept; marked as retired when an import does not name it any more"


class TaxonomySourceRow(SQLModel, table=True):
    """Where skills came from, with the credit line its licence asks for. `position` is its precedence."""

    __tablename__: ClassVar[str] = "taxonomy_source"
    __table_args__ = owned_by("HR operations", KEPT)

    key: str = text("the taxonomy", primary_key=True)
    position: int = inferred("which taxonomy comes first")
    title: str = text("its name")
    version: str = text("the release that is imported")
    licence: str = text("under which licence it may be used")
    credit: str = text("the credit its licence asks for")
    url: str | None = text("where it comes from", default=None)
    imported_at: datetime | None = moment("when it was imported", default=None)


class _Concept(SQLModel):
    """What skills and occupations have in common. `position` keeps the source's order.

    `labels` is [[text, language, 0 or 1 for preferred], …]. `retired_at` says since when an import has not named it.
    """

    id: str = text("its id", primary_key=True)
    position: int = inferred("its place in the source's order")
    label: str = text("its name")
    kind: str | None = text("what kind of concept the source says it is", default=None)
    description: str = text("what the source says it is")
    uri: str | None = text("its address at the source", default=None)
    labels: str = text("its names in every language")
    broader: str = text("what is above it")
    same: str = text("what is the same in other taxonomies")
    retired_at: datetime | None = moment("since when no import names it", default=None)


class SkillRow(_Concept, table=True):
    """A skill of one taxonomy source."""

    __tablename__: ClassVar[str] = "skill"
    __table_args__ = owned_by("HR operations", _RETIRED)

    source: str = text("the taxonomy", of="taxonomy_source.key", cascade=False, index=True)
    related: str = text("what is beside it")


class OccupationRow(_Concept, table=True):
    """An occupation of one source. `skills` is [[skill id, 0 or 1 for essential, level, importance], …]."""

    __tablename__: ClassVar[str] = "occupation"
    __table_args__ = owned_by("HR operations", _RETIRED)

    source: str = text("the taxonomy", of="taxonomy_source.key", cascade=False, index=True)
    code: str | None = text("its code at the source", default=None)
    zone: int | None = inferred("how much preparation it takes, as O*NET says", default=None)
    skills: str = text("the skills it usually takes")
    tasks: str = text("what is done in it")
    traits: str = text("what else the source says of it")


class OccupationMatchRow(SQLModel, table=True):
    """One pair of the crosswalk between O*NET and ESCO. Kept apart, so that it survives imports of either."""

    __tablename__: ClassVar[str] = "occupation_match"
    __table_args__ = owned_by("HR operations", "until the next import of a crosswalk", sqlite_with_rowid=False)

    onet_id: str = text("the occupation of O*NET", primary_key=True)
    esco_id: str = text("the occupation of ESCO", primary_key=True)
    kind: str = text("how near the two are")


class TaxonomyImportRow(SQLModel, table=True):
    """One import of one source: what it changed, and by whose hand."""

    __tablename__: ClassVar[str] = "taxonomy_import"
    __table_args__ = owned_by("HR operations", KEPT)

    id: int | None = identity("row number", default=None, primary_key=True)
    source: str = text("the taxonomy")
    version: str = text("the release")
    imported_at: datetime = moment("when it was imported")
    imported_by: str = text("who imported it", erasure="key")
    added: int = tally("concepts that came")
    changed: int = tally("concepts that changed")
    removed: int = tally("concepts that were retired")


class TaxonomyEditRow(SQLModel, table=True):
    """A change made here to one field of an imported skill or occupation, laid over it when the graph is loaded.

    `base` is what the import said when the edit was made: a later import that says something else is a conflict.
    """

    __tablename__: ClassVar[str] = "taxonomy_edit"
    __table_args__ = owned_by("HR operations", "until the edit is undone", sqlite_with_rowid=False)

    subject: str = text("the skill or occupation that was edited", primary_key=True)
    field: str = text("what of it", primary_key=True)
    value: str = text("what it says now")
    base: str = text("what the import said, so that a conflict is noticed")
    edited_at: datetime = moment("when it was edited")
    edited_by: str = text("who edited it", erasure="key")


TAXONOMY_SOURCE = table_of(TaxonomySourceRow)
SKILL = table_of(SkillRow)
OCCUPATION = table_of(OccupationRow)
OCCUPATION_MATCH = table_of(OccupationMatchRow)
TAXONOMY_IMPORT = table_of(TaxonomyImportRow)
TAXONOMY_EDIT = table_of(TaxonomyEditRow)
