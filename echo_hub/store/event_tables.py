"""The tables of the timeline: every act in a chain of hashes, and the keys under which people stand in it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import SQLModel

from echo_hub.store.columns import identity, moment, owned_by, text
from echo_hub.store.tables import table_of


class EventRow(SQLModel, table=True):
    """One act. Written once, never changed; `hash` covers every other column, `before` is the hash of the event before.

    `actor` is a service's name or a person's key (`person_key`), `other` the key of the person whom the object belongs
    to where that is not the actor. What follows each is how they stood at that moment, so that no later change of unit
    or country rewrites a figure.
    """

    __tablename__: ClassVar[str] = "event"
    __table_args__ = owned_by(
        "HR operations",
        "kept: the log of what was done here; nobody can tell whose an event is once that person is erased",
        Index("event_actor", "actor"),
        Index("event_other", "other"),
    )

    id: int = identity("its place in the chain", primary_key=True)
    at: datetime = moment("when it was done")
    actor_kind: str = text("whether a person or a service acted")
    actor: str = text("who acted: a service, or a person's random key")
    came_by: str = text("how they came in")
    intent: str = text("what was done")
    object_kind: str = text("what it was done to")
    object_id: str = text("which one that is; of a person the random key")
    details: str = text("a few numbers and words on what was done; names nobody")
    actor_unit: str | None = text("the actor's unit at that moment, for figures by unit", default=None)
    actor_location: str | None = text("the actor's location at that moment, for figures by location", default=None)
    actor_country: str | None = text("the actor's country at that moment, for figures by country", default=None)
    actor_status: str | None = text("the actor's employment status at that moment", default=None)
    other: str | None = text("the random key of the person it was done to, where that is not the actor", default=None)
    other_unit: str | None = text("that person's unit at that moment", default=None)
    other_location: str | None = text("that person's location at that moment", default=None)
    other_country: str | None = text("that person's country at that moment", default=None)
    other_status: str | None = text("that person's employment status at that moment", default=None)
    before: str = text("hash of the event before, so that a change is noticed")
    hash: str = text("hash of this one")


class EventHeadRow(SQLModel, table=True):
    """The end of the chain, in one row that each writer locks: two writers never follow the same event."""

    __tablename__: ClassVar[str] = "event_head"
    __table_args__ = owned_by("the operator", "kept: one row")

    id: int = identity("row number", primary_key=True)
    last_id: int = identity("the last event")
    last_hash: str = text("its hash")


class PersonKeyRow(SQLModel, table=True):
    """Under which random key a person stands in events and decisions. Without the row they are nobody's."""

    __tablename__: ClassVar[str] = "person_key"
    __table_args__ = owned_by("HR operations", "until `echo-hub erase`")

    person_id: str = text("the person", erasure="row", primary_key=True)
    key: str = text("the random key under which they stand in the timeline and in decisions", unique=True)
    employee_id: str | None = text("their employee id, should the id of the record change", erasure="row", default=None)


EVENT = table_of(EventRow)
EVENT_HEAD = table_of(EventHeadRow)
PERSON_KEY = table_of(PersonKeyRow)
