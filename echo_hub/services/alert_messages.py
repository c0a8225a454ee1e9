"""What is said of alerts, as messages without words."""

from __future__ import annotations

from collections.abc import Sequence

from echo_core.model.message import Message, Value
from echo_hub.store.alerts import Alert


def title_of(event: str, alerts: Sequence[Alert]) -> Message:
    """What a notice says in a line; its alerts are of one kind and connection."""
    if not alerts:
        return Message("alert-test")
    condition = alerts[0].condition
    return Message(f"alert-{condition.kind}-{event}", {"connection": condition.connection})


def line_of(event: str, alert: Alert) -> Message:
    """What is said of one alert; `event` is "opened" for what is known of it, or "closed"."""
    condition = alert.condition
    about: dict[str, Value] = {
        "stream": condition.stream,
        "whole": int(not condition.stream),
        "field": condition.field,
        "id": str(alert.id),
    }
    if event == "closed":
        return Message("alert-over", {**about, "day": alert.opened_at.date().isoformat()})
    return Message(f"alert-{condition.kind}", {**condition.facts, **about})
