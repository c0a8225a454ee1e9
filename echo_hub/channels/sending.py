"""Sends a notice through a channel that the settings name."""

from __future__ import annotations

from datetime import datetime

from echo_core.connectors.errors import ConfigError
from echo_hub.channels.notice import Notice
from echo_hub.settings.alerts import MAIL, SLACK, AlertSettings


def send(settings: AlertSettings, channel: str, notice: Notice, now: datetime) -> str:
    """Sends the notice once and says in a few words what came of it.

    Raises:
        ConfigError: there is no such channel any more, or the receiver refuses for good; a person must act.
        TransientError: the receiver does not answer now, or asks to wait.
    """
    if channel == MAIL and settings.mail is not None:
        from echo_hub.channels.mail import send_mail

        return send_mail(settings.mail, notice)
    from echo_hub.channels.post import post_signed, post_to_slack  # httpx2: only when something is sent

    if channel == SLACK and settings.slack is not None:
        return post_to_slack(settings.slack, notice)
    for webhook in settings.webhooks:
        if webhook.name == channel:
            return post_signed(webhook, notice, now)
    raise ConfigError(
        f"The settings have no channel {channel!r} any more, so nothing was sent through it.", code="channel.unknown"
    )
