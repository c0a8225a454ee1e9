"""Holds what is wrong against the alerts that are open: opens, closes, and enqueues what is to be told of it.

Alert and deliveries are stored in one transaction. Nothing is told twice: not by two processes that look at once, and
not for a run that fails as the one before did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

from echo_hub.services.actor import SCHEDULER
from echo_hub.services.alert_conditions import conditions
from echo_hub.services.hub import Hub
from echo_hub.store.alerts import (
    Alert,
    Condition,
    close_alert,
    lock_alerts,
    mark_told,
    muted,
    open_alert,
    open_alerts,
    update_facts,
)
from echo_hub.store.database import Transaction
from echo_hub.store.tasks import enqueue

ALERT = "alert"
"""The kind of task that tells of alerts through one channel."""
MOST_ATTEMPTS = 12
"""How often a channel is tried: for about eight hours."""
Event = Literal["opened", "closed", "test"]


@dataclass(frozen=True, slots=True)
class _Difference:
    """What the alerts that are open do not say yet. `untold` are those nobody was told of, and should be by now."""

    came: list[Condition]
    gone: list[Alert]
    changed: list[tuple[Alert, Condition]]
    untold: list[Alert]

    def __bool__(self) -> bool:
        return bool(self.came or self.gone or self.changed or self.untold)


def look(hub: Hub) -> None:
    """Opens and closes alerts as things stand now, and enqueues the deliveries."""
    now = hub.now()
    with hub.database.reading() as transaction:  # most looks find nothing, and need no lock to see that
        if not _difference(transaction, hub, now):
            return
    with hub.database.writing() as transaction:
        lock_alerts(transaction)
        difference = _difference(transaction, hub, now)
        quiet = muted(transaction, now)
        for alert, condition in difference.changed:
            update_facts(transaction, alert, condition)
        opened = [open_alert(transaction, condition, now) for condition in difference.came]
        opened = [alert for alert in opened if alert.condition.connection not in quiet] + difference.untold
        if hub.settings.alerts.channels and opened:
            mark_told(transaction, opened, now)
            _tell(transaction, hub, "opened", opened)
        for alert in difference.gone:
            close_alert(transaction, alert, now)
        _tell(transaction, hub, "closed", (alert for alert in difference.gone if _is_told(hub, alert, quiet)))


def enqueue_delivery(transaction: Transaction, channel: str, event: Event, alerts: Iterable[Alert], by: str) -> None:
    """Has alerts told through one channel, in one message whose id stays the same in all attempts."""
    numbers = sorted(alert.id for alert in alerts)
    message_id = f"msg_{uuid4().hex}"
    key = f"{channel} {event} {','.join(map(str, numbers)) or message_id}"
    payload = {"channel": channel, "event": event, "alerts": numbers, "message_id": message_id}
    enqueue(transaction, ALERT, key, payload, requested_by=by, most_attempts=MOST_ATTEMPTS)


def _difference(transaction: Transaction, hub: Hub, now: datetime) -> _Difference:
    wrong = {condition.key: condition for condition in conditions(transaction, hub, now)}
    known = {alert.condition.key: alert for alert in open_alerts(transaction)}
    quiet = muted(transaction, now)
    tellable = bool(hub.settings.alerts.channels)
    return _Difference(
        came=[condition for key, condition in wrong.items() if key not in known],
        gone=[alert for key, alert in known.items() if key not in wrong],
        changed=[
            (alert, wrong[key])
            for key, alert in known.items()
            if key in wrong and wrong[key].facts != alert.condition.facts
        ],
        untold=[
            alert
            for key, alert in known.items()
            if tellable and key in wrong and alert.told_at is None and alert.condition.connection not in quiet
        ],
    )


def _is_told(hub: Hub, alert: Alert, quiet: Iterable[str]) -> bool:
    """Whether people hear that a condition went: who heard that it came, of a connection that is still there."""
    connection = alert.condition.connection
    return alert.told_at is not None and connection in hub.settings.names and connection not in quiet


def _tell(transaction: Transaction, hub: Hub, event: Event, alerts: Iterable[Alert]) -> None:
    """One message for what happened at once to a connection's streams in one way."""
    together: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts:
        together.setdefault((alert.condition.connection, alert.condition.kind), []).append(alert)
    for group in together.values():
        for channel in hub.settings.alerts.channels:
            enqueue_delivery(transaction, channel, event, group, SCHEDULER.key)
