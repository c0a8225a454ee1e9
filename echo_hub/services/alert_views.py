"""What is shown of alerts."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from echo_hub.services.alert_messages import line_of
from echo_hub.services.views import Sentence, View
from echo_hub.store.alerts import Alert, AlertKind


class AlertView(View):
    """Something that is broken, or was until `closed_at`."""

    id: int
    kind: AlertKind
    connection: str
    stream: str | None = Field(description="Null for a connection that could not begin")
    field: str | None
    what: Sentence
    opened_at: datetime
    told_at: datetime | None = Field(description="Null while nobody was told: no channel is set, or it is muted")
    closed_at: datetime | None

    @classmethod
    def of(cls, alert: Alert) -> AlertView:
        """A stored alert as it is shown."""
        condition = alert.condition
        return cls(
            id=alert.id,
            kind=condition.kind,
            connection=condition.connection,
            stream=condition.stream or None,
            field=condition.field or None,
            what=Sentence(message=line_of("opened", alert)),
            opened_at=alert.opened_at,
            told_at=alert.told_at,
            closed_at=alert.closed_at,
        )


class AlertsView(View):
    """Alerts, the latest first, with the channels that are told and the connections that are muted."""

    alerts: tuple[AlertView, ...]
    channels: tuple[str, ...]
    connections: tuple[str, ...] = Field(description="What can be muted")
    muted: dict[str, datetime] = Field(description="Until when, by connection")


class ChannelTest(View):
    """What came of a test through a channel; `code` is what went wrong."""

    channel: str
    ok: bool
    outcome: str
    code: str | None
