"""The tables of mentoring. A live pair holds a place of its mentor, and the database knows no place beyond them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as condition
from sqlmodel import SQLModel

from echo_hub.store.columns import identity, inferred, moment, owned_by, text
from echo_hub.store.tables import KEPT, table_of

_PLACE = ("mentor_place.mentor", "mentor_place.number")
_LIVE = condition("place IS NOT NULL")
_UNTIL_ERASED = "until the person is erased (`echo-hub erase`)"


class MentoringRoundRow(SQLModel, table=True):
    """A round of pairing. `state`: draft, published or withdrawn. `settings` is JSON, `scorer` its weights' version."""

    __tablename__: ClassVar[str] = "mentoring_round"
    __table_args__ = owned_by("HR operations", KEPT)

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    title: str = text("what it is called")
    state: str = text("whether it is a draft, published or withdrawn")
    settings: str = text("how it was paired")
    scorer: str = text("the version of the weights")
    created_by: str = text("who drafted it", erasure="key")
    created_at: datetime = moment("when that was")
    decided_by: str | None = text("who published or withdrew it", erasure="key", default=None)
    decided_at: datetime | None = moment("when that was", default=None)


class MentorPlaceRow(SQLModel, table=True):
    """One place of one mentor, numbered from 1. There are as many rows as places."""

    __tablename__: ClassVar[str] = "mentor_place"
    __table_args__ = owned_by(
        "HR operations",
        f"until the mentor has fewer places, or {_UNTIL_ERASED}",
        CheckConstraint("number >= 1", name="mentor_place_number"),
        sqlite_with_rowid=False,
    )

    mentor: str = text("the mentor", erasure="row", primary_key=True)
    number: int = inferred(
        "one of the mentor's places, so that none is given away twice",
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
    )


class MentorCapacityRow(SQLModel, table=True):
    """How many mentees a mentor takes through the hub, where a person decided that; otherwise the records say."""

    __tablename__: ClassVar[str] = "mentor_capacity"
    __table_args__ = owned_by("HR operations", _UNTIL_ERASED)

    mentor: str = text("the mentor", erasure="row", primary_key=True)
    places: int = inferred("how many mentees they take")
    set_by: str = text("who decided that", erasure="key")
    set_at: datetime = moment("when that was")


class MentoringPairRow(SQLModel, table=True):
    """A mentor and a mentee of one round. `state`: proposed, removed, active or ended; only an active pair is live.

    A live pair holds a `place` of its mentor and a `slot` of its mentee, and no other pair can hold the same: no code
    can give a place away twice, or one that does not exist. `offer` is the opportunity it came from.
    """

    __tablename__: ClassVar[str] = "mentoring_pair"
    __table_args__ = owned_by(
        "HR operations",
        f"a proposal until its draft is run again; else {_UNTIL_ERASED}",
        ForeignKeyConstraint(("mentor", "place"), _PLACE, name="pair_has_place"),
        UniqueConstraint("mentor", "place", name="pair_of_place"),
        UniqueConstraint("mentee", "slot", name="pair_of_slot"),
        UniqueConstraint("round_id", "mentor", "mentee", name="pair_key"),
        CheckConstraint("(state = 'active') = (place IS NOT NULL)", name="pair_live_place"),
        CheckConstraint("(state = 'active') = (slot IS NOT NULL)", name="pair_live_slot"),
        CheckConstraint("slot >= 1", name="pair_slot"),
        Index("pair_live", "mentor", "mentee", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    round_id: int = identity("the round it belongs to", of="mentoring_round.id")
    mentor: str = text("the mentor", erasure="row")
    mentee: str = text("the mentee", erasure="row")
    offer: str = text("the mentor's offer it came from")
    score: float = inferred("how well both fit")
    reasons: str = text("why, for both of them and HR operations")
    pinned: bool = inferred("whether the pair stays when the draft is run again", default=False)
    state: str = text("whether it is proposed, removed, active or ended")
    place: int | None = inferred("the mentor's place it holds", default=None)
    slot: int | None = inferred("the mentee's place it holds", default=None)
    decided_by: str | None = text("who decided that", erasure="key", default=None)
    decided_at: datetime | None = moment("when that was", default=None)


class MentoringUnassignedRow(SQLModel, table=True):
    """A mentee of a round who got no mentor, and why."""

    __tablename__: ClassVar[str] = "mentoring_unassigned"
    __table_args__ = owned_by(
        "HR operations", f"until the draft is run again, or {_UNTIL_ERASED}", sqlite_with_rowid=False
    )

    round_id: int = identity("the round", of="mentoring_round.id", primary_key=True)
    mentee: str = text("the mentee", erasure="row", primary_key=True)
    reason: str = text("why they got no mentor")


MENTORING_ROUND = table_of(MentoringRoundRow)
MENTOR_PLACE = table_of(MentorPlaceRow)
MENTOR_CAPACITY = table_of(MentorCapacityRow)
MENTORING_PAIR = table_of(MentoringPairRow)
MENTORING_UNASSIGNED = table_of(MentoringUnassignedRow)
