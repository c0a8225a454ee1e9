"""What a task of kind "alert" does: puts alerts into a notice and sends it through one channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from echo_core.model.message import Message
from echo_hub.channels import Notice, send
from echo_hub.jobs import Attempt
from echo_hub.services.alert_messages import line_of, title_of
from echo_hub.services.hub import Hub
from echo_hub.store.alerts import Alert, read_alerts

Say = Callable[[Message], str]
"""Puts a message into words; the words are the surfaces'."""


def deliver(hub: Hub, attempt: Attempt, say: Say) -> None:
    """Sends what a task names, and ends the task.

    Where the process dies in between, it is sent again under the same id.

    Raises:
        ConfigError, TransientError: as `echo_hub.channels.send`.
    """
    task = attempt.task
    with hub.database.reading() as transaction:
        alerts = read_alerts(transaction, task.payload["alerts"])
    event: str = task.payload["event"]
    notice = Notice(
        id=task.payload["message_id"],
        kind=f"alert.{event}",
        at=task.created_at,
        title=say(title_of(event, alerts)),
        lines=_lines(hub, event, alerts, say),
        data={"alerts": [_values(alert) for alert in alerts]},
    )
    outcome = send(hub.settings.alerts, task.payload["channel"], notice, hub.now())
    with attempt.finishing(outcome):
        pass


def _lines(hub: Hub, event: str, alerts: Sequence[Alert], say: Say) -> tuple[str, ...]:
    lines = [say(line_of(event, alert)) for alert in alerts]
    if public := hub.settings.sign_in.public_url:
        lines.append(f"{public}{hub.settings.serve.base_path}/alerts")
    return tuple(lines)


def _values(alert: Alert) -> dict[str, Any]:
    condition = alert.condition
    return {
        "id": alert.id,
        "kind": condition.kind,
        "connection": condition.connection,
        "stream": condition.stream or None,
        "field": condition.field or None,
        "facts": dict(condition.facts),
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": None if alert.closed_at is None else alert.closed_at.isoformat(),
    }
