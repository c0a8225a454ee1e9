"""The tables of the timeline: every act in a chain of hashes, and the keys under which people stand in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from echo_hub.store.instant import Instant
from echo_hub.store.tables import BIG, TEXT, table_of


def _text(**more: Any) -> Any:
    return Field(sa_type=TEXT, **more)


class EventRow(SQLModel, table=True):
    """One act. Written once, never changed; `hash` covers every other column, `before` is the hash of the event before.

    `actor` is a service's name or a person's key (`person_key`), `other` the key of the person whom the object belongs
    to where that is not the actor. What follows each is how they stood at that moment, so that no later change of unit
    or country rewrites a figure.
    """

    __tablename__: ClassVar[str] = "event"
    __table_args__ = (Index("event_actor", "actor"), Index("event_other", "other"))

    id: int = Field(sa_type=BIG, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    actor_kind: str = _text()
    actor: str = _text()
    came_by: str = _text()
    intent: str = _text()
    object_kind: str = _text()
    object_id: str = _text()
    details: str = _text()
    actor_unit: str | None = _text(default=None)
    actor_location: str | None = _text(default=None)
    actor_country: str | None = _text(default=None)
    actor_status: str | None = _text(default=None)
    other: str | None = _text(default=None)
    other_unit: str | None = _text(default=None)
    other_location: str | None = _text(default=None)
    other_country: str | None = _text(default=None)
    other_status: str | None = _text(default=None)
    before: str = _text()
    hash: str = _text()


class EventHeadRow(SQLModel, table=True):
    """The end of the chain, in one row that each writer locks: two writers never follow the same event."""

    __tablename__: ClassVar[str] = "event_head"

    id: int = Field(sa_type=BIG, primary_key=True)
    last_id: int = Field(sa_type=BIG)
    last_hash: str = _text()


class PersonKeyRow(SQLModel, table=True):
    """Under which random key a person stands in events. Without the row nobody can tell whose the events are."""

    __tablename__: ClassVar[str] = "person_key"

    person_id: str = _text(primary_key=True)
    key: str = _text(unique=True)


EVENT = table_of(EventRow)
EVENT_HEAD = table_of(EventHeadRow)
PERSON_KEY = table_of(PersonKeyRow)
