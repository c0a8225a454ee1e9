"""Alerts as rows: one for a condition, open from when it came until it goes, told about when it does either."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import Row, delete, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.alert_tables import ALERT, ALERT_MUTE
from echo_hub.store.database import Database, Transaction

AlertKind = Literal["failed", "held", "throttled", "stale", "emptier"]
"""failed: the last run did. held: removals wait for a person. throttled: the source made the last runs wait. stale: not
completed for several of its moments. emptier: a field is filled less often than it was."""


class AlertError(HubError):
    """There is no such alert or channel, or nothing to send."""

    code: ClassVar[str] = "alert.unknown"
    who: ClassVar[str] = "the person who asked"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong now. `facts` say more of it and may change while it lasts."""

    kind: AlertKind
    connection: str
    stream: str
    facts: Mapping[str, str | int | float]
    field: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others."""
        return self.kind, self.connection, self.stream, self.field


@dataclass(frozen=True, slots=True)
class Alert:
    """A condition with when it came and when it went; `told_at` is None while nobody was told that it came."""

    id: int
    condition: Condition
    opened_at: datetime
    told_at: datetime | None
    closed_at: datetime | None


def lock_alerts(transaction: Transaction) -> None:
    """Keeps other processes from changing alerts until the transaction ends, also those that look at old runs."""
    if not transaction.sqlite:  # there, one transaction writes at a time
        transaction.run("LOCK TABLE alert IN EXCLUSIVE MODE")


def open_alerts(transaction: Transaction, kind: AlertKind | None = None) -> list[Alert]:
    """What is broken as far as is known, the oldest first; of one kind where it is given."""
    wanted = select(ALERT).where(ALERT.c.closed_at.is_(None)).order_by(ALERT.c.id)
    if kind is not None:
        wanted = wanted.where(ALERT.c.kind == kind)
    return [_alert(row) for row in transaction.all(wanted)]


def open_alert(transaction: Transaction, condition: Condition, at: datetime) -> Alert:
    """Stores that a condition came. The caller holds `lock_alerts` and knows that it has no open alert."""
    values = {
        **dict(zip(("kind", "connection", "stream", "field"), condition.key, strict=True)),
        "facts": _facts(condition),
        "opened_at": at,
    }
    row = transaction.first(transaction.insert(ALERT).values(values).returning(ALERT))
    assert row is not None
    return _alert(row)


def update_facts(transaction: Transaction, alert: Alert, condition: Condition) -> None:
    """Stores what is known of a condition by now."""
    transaction.execute(update(ALERT).where(ALERT.c.id == alert.id).values(facts=_facts(condition)))


def mark_told(transaction: Transaction, alerts: Collection[Alert], at: datetime) -> None:
    """Stores that messages are under way which say that these conditions came."""
    transaction.execute(update(ALERT).where(ALERT.c.id.in_([alert.id for alert in alerts])).values(told_at=at))


def close_alert(transaction: Transaction, alert: Alert, at: datetime) -> None:
    """Stores that a condition went."""
    transaction.execute(update(ALERT).where(ALERT.c.id == alert.id).values(closed_at=at))


def read_alerts(transaction: Transaction, alert_ids: Collection[int]) -> list[Alert]:
    """The alerts with these numbers that there are."""
    rows = transaction.all(select(ALERT).where(ALERT.c.id.in_(alert_ids)).order_by(ALERT.c.id))
    return [_alert(row) for row in rows]


def list_alerts(database: Database, *, closed: bool = False, limit: int = 100) -> list[Alert]:
    """Open alerts, with `closed` those that are over too; the latest first."""
    wanted = select(ALERT).order_by(ALERT.c.id.desc()).limit(limit)
    if not closed:
        wanted = wanted.where(ALERT.c.closed_at.is_(None))
    with database.reading() as transaction:
        return [_alert(row) for row in transaction.all(wanted)]


def mute(transaction: Transaction, connection: str, until: datetime) -> None:
    """Has nobody told of a connection's alerts until then; takes the place of what was said before."""
    new = transaction.insert(ALERT_MUTE).values(connection=connection, until=until)
    transaction.execute(new.on_conflict_do_update(index_elements=["connection"], set_={"until": until}))


def unmute(transaction: Transaction, connection: str) -> None:
    """Has people told of a connection's alerts again."""
    transaction.execute(delete(ALERT_MUTE).where(ALERT_MUTE.c.connection == connection))


def muted(transaction: Transaction, now: datetime) -> dict[str, datetime]:
    """Which connections are muted, and until when."""
    rows = transaction.all(select(ALERT_MUTE).where(ALERT_MUTE.c.until > now).order_by(ALERT_MUTE.c.connection))
    return {row.connection: row.until for row in rows}


def _facts(condition: Condition) -> str:
    return json.dumps(dict(condition.facts), ensure_ascii=False, sort_keys=True)


def _alert(row: Row[Any]) -> Alert:
    condition = Condition(row.kind, row.connection, row.stream, json.loads(row.facts), row.field)
    return Alert(row.id, condition, row.opened_at, row.told_at, row.closed_at)
