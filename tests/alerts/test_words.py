"""Every alert has its words, and no value is missing in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from echo_hub.services.alert_messages import line_of, title_of
from echo_hub.store.alerts import Alert, AlertKind, Condition
from echo_hub.surfaces.messages.catalogue import catalogue

FACTS: dict[str, list[dict[str, Any]]] = {
    "failed": [{"run": "12345", "code": "x.y", "message": "It is down."}],
    "held": [{"hold": "3", "would_remove": 412, "live": 3_900}],
    "throttled": [{"runs": 3, "minutes": 15}],
    "stale": [{"since": "2026-11-02", "never": never, "missed": 3} for never in (0, 1)],
    "emptier": [{"percent": 55, "before": 90}],
}
NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize("kind", get_args(AlertKind))
@pytest.mark.parametrize("stream", ["workers", ""])
@pytest.mark.parametrize("event", ["opened", "closed"])
def test_every_kind_of_alert_is_said_with_its_values(kind: Any, stream: str, event: str) -> None:
    for facts in FACTS[kind]:
        alert = Alert(7, Condition(kind, "workday", stream, facts, "person.title"), NOW, None, None)
        for message in (title_of(event, [alert]), line_of(event, alert)):
            assert catalogue().problems(message) == ()
        assert catalogue().render(title_of(event, [alert])).startswith("workday: ")
        assert catalogue().render(line_of(event, alert)).startswith(f"{stream or 'The connection'}: ")
