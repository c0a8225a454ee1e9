"""Alerts: what is broken, whether people can be told of it, and what nobody wants to hear about for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from echo_core.connectors.errors import HubError
from echo_hub.channels import Notice, send
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.alert_delivery import Say
from echo_hub.services.alert_messages import title_of
from echo_hub.services.alert_views import AlertsView, AlertView, ChannelTest
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.refusals import AlertError
from echo_hub.settings.problems import choice
from echo_hub.store import alerts as stored

__all__ = ["LONGEST_HOURS", "AlertError", "AlertsView", "ChannelTest", "alerts", "mute", "try_channels"]

LONGEST_HOURS = 24 * 31
"""For how long a connection can be muted."""


def alerts(actor: Actor, hub: Hub, *, closed: bool = False, limit: int = 100) -> AlertsView:
    """What is broken, the latest first; with `closed` also what was."""
    allow(actor, "alert.read")
    with hub.database.reading() as transaction:
        muted = stored.muted(transaction, hub.now())
    listed = stored.list_alerts(hub.database, closed=closed, limit=limit)
    return AlertsView(
        alerts=tuple(AlertView.of(alert) for alert in listed),
        channels=hub.settings.alerts.channels,
        connections=hub.settings.names,
        muted=muted,
    )


def try_channels(actor: Actor, hub: Hub, say: Say, channel: str | None = None) -> list[ChannelTest]:
    """Sends a test through a channel, through all of them where none is named, and waits for what comes of it.

    Raises:
        AlertError: there is no such channel (code "alert.unknown"), or none at all (code "alert.no_channel").
    """
    permit = allow(actor, "alert.test")
    channels = hub.settings.alerts.channels
    if not channels:
        raise AlertError("No channel is set, so there is nothing to test; see [alerts].", code="alert.no_channel")
    if channel is not None and channel not in channels:
        raise AlertError(f"There is no channel {channel[:100]!r}; {choice(channel, channels)}.")
    notice = Notice(f"msg_{uuid4().hex}", "alert.test", hub.now(), say(title_of("test", ())), (), {"alerts": []})
    with recorded(hub, permit, "channel", channel or ""):
        pass  # that it was tried is kept whatever comes of it
    return [_tried(hub, name, notice) for name in channels if channel in (None, name)]


def _tried(hub: Hub, channel: str, notice: Notice) -> ChannelTest:
    try:
        outcome = send(hub.settings.alerts, channel, notice, hub.now())
    except HubError as error:
        return ChannelTest(channel=channel, ok=False, outcome=error.message, code=error.error_code)
    return ChannelTest(channel=channel, ok=True, outcome=outcome, code=None)


def mute(actor: Actor, hub: Hub, connection: str, hours: int) -> datetime | None:
    """Has nobody told of a connection's alerts for so many hours; 0 ends that. Answers until when.

    What is still broken then is told.

    Raises:
        AlertError: no such connection is configured.
    """
    permit = allow(actor, "alert.mute")
    if connection not in hub.settings.names:
        raise AlertError(f"There is no connection {connection[:100]!r}; {choice(connection, hub.settings.names)}.")
    until = hub.now() + timedelta(hours=hours) if hours else None
    with (
        recorded(hub, permit, "connection", connection, muted_hours=hours),
        hub.database.writing() as transaction,
    ):
        if until is None:
            stored.unmute(transaction, connection)
        else:
            stored.mute(transaction, connection, until)
    return until
