"""The tables of alerts: what is broken or was, and what nobody wants to hear about."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from echo_hub.store.columns import identity, moment, owned_by, text
from echo_hub.store.tables import KEPT, table_of

OPEN = "closed_at IS NULL"
"""Which alerts are open: of these, there is one for each condition."""


class AlertRow(SQLModel, table=True):
    """A condition that came, and that is open until it goes."""

    __tablename__: ClassVar[str] = "alert"
    __table_args__ = owned_by(
        "the operator",
        KEPT,
        Index(
            "alert_open",
            *("kind", "connection", "stream", "field"),
            unique=True,
            sqlite_where=sql(OPEN),
            postgresql_where=sql(OPEN),
        ),
    )

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    kind: str = text("what is wrong: failed, held, throttled, stale or emptier")
    connection: str = text("the connection")
    stream: str = text("the stream; empty for a connection that could not begin", default="")
    field: str = text("the field that is filled less often, where it is about one", default="")
    facts: str = text("what is known of it, as JSON: codes, counts and the run's own sentence")
    opened_at: datetime = moment("since when it is known")
    told_at: datetime | None = moment("when messages were enqueued that it is broken", default=None)
    closed_at: datetime | None = moment("when it was over", default=None)


class AlertMuteRow(SQLModel, table=True):
    """A connection whose alerts are kept and told to nobody for a while."""

    __tablename__: ClassVar[str] = "alert_mute"
    __table_args__ = owned_by("the operator", "until it is over")

    connection: str = text("the connection", primary_key=True)
    until: datetime = moment("until when nobody is told")


ALERT = table_of(AlertRow)
ALERT_MUTE = table_of(AlertMuteRow)
