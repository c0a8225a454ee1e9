"""The tables of mentoring. A live pair holds a place of its mentor, and the database knows no place beyond them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from echo_hub.store.instant import Instant
from echo_hub.store.tables import BIG, TEXT, table_of

_PLACE = ("mentor_place.mentor", "mentor_place.number")
_LIVE = text("place IS NOT NULL")


def _text(**more: Any) -> Any:
    return Field(sa_type=TEXT, **more)


def _moment(**more: Any) -> Any:
    return Field(sa_type=Instant, **more)


def _round(**more: Any) -> Any:
    return Field(sa_type=BIG, sa_column_args=[ForeignKey("mentoring_round.id", ondelete="CASCADE")], **more)


class MentoringRoundRow(SQLModel, table=True):
    """A round of pairing. `state`: draft, published or withdrawn. `settings` is JSON, `scorer` its weights' version."""

    __tablename__: ClassVar[str] = "mentoring_round"

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    title: str = _text()
    state: str = _text()
    settings: str = _text()
    scorer: str = _text()
    created_by: str = _text()
    created_at: datetime = _moment()
    decided_by: str | None = _text(default=None)
    decided_at: datetime | None = _moment(default=None)


class MentorPlaceRow(SQLModel, table=True):
    """One place of one mentor, numbered from 1. There are as many rows as places."""

    __tablename__: ClassVar[str] = "mentor_place"
    __table_args__ = (CheckConstraint("number >= 1", name="mentor_place_number"), {"sqlite_with_rowid": False})

    mentor: str = _text(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class MentorCapacityRow(SQLModel, table=True):
    """How many mentees a mentor takes through the hub, where a person decided that; otherwise the records say."""

    __tablename__: ClassVar[str] = "mentor_capacity"

    mentor: str = _text(primary_key=True)
    places: int
    set_by: str = _text()
    set_at: datetime = _moment()


class MentoringPairRow(SQLModel, table=True):
    """A mentor and a mentee of one round. `state`: proposed, removed, active or ended; only an active pair is live.

    A live pair holds a `place` of its mentor and a `slot` of its mentee, and no other pair can hold the same: no code
    can give a place away twice, or one that does not exist. `offer` is the opportunity it came from.
    """

    __tablename__: ClassVar[str] = "mentoring_pair"
    __table_args__ = (
        ForeignKeyConstraint(("mentor", "place"), _PLACE, name="pair_has_place"),
        UniqueConstraint("mentor", "place", name="pair_of_place"),
        UniqueConstraint("mentee", "slot", name="pair_of_slot"),
        UniqueConstraint("round_id", "mentor", "mentee", name="pair_key"),
        CheckConstraint("(state = 'active') = (place IS NOT NULL)", name="pair_live_place"),
        CheckConstraint("(state = 'active') = (slot IS NOT NULL)", name="pair_live_slot"),
        CheckConstraint("slot >= 1", name="pair_slot"),
        Index("pair_live", "mentor", "mentee", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    round_id: int = _round()
    mentor: str = _text()
    mentee: str = _text()
    offer: str = _text()
    score: float
    reasons: str = _text()
    pinned: bool = False
    state: str = _text()
    place: int | None = None
    slot: int | None = None
    decided_by: str | None = _text(default=None)
    decided_at: datetime | None = _moment(default=None)


class MentoringUnassignedRow(SQLModel, table=True):
    """A mentee of a round who got no mentor, and why."""

    __tablename__: ClassVar[str] = "mentoring_unassigned"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    round_id: int = _round(primary_key=True)
    mentee: str = _text(primary_key=True)
    reason: str = _text()


MENTORING_ROUND = table_of(MentoringRoundRow)
MENTOR_PLACE = table_of(MentorPlaceRow)
MENTOR_CAPACITY = table_of(MentorCapacityRow)
MENTORING_PAIR = table_of(MentoringPairRow)
MENTORING_UNASSIGNED = table_of(MentoringUnassignedRow)
