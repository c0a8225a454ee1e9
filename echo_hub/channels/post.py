"""Posts a notice to an address: signed as Standard Webhooks says, or as a Slack incoming webhook takes it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import httpx2
from pydantic import SecretStr
from standardwebhooks import Webhook

from echo_core.connectors.errors import ConfigError, RateLimited, TransientError
from echo_core.connectors.redaction import guard_http_loggers
from echo_core.http.quota import retry_after_s
from echo_hub.channels.notice import Notice
from echo_hub.settings.alerts import SLACK, WebhookSettings

PATIENCE = httpx2.Timeout(20.0, connect=5.0)
"""Seconds; Standard Webhooks ("Deliverability and reliability") gives a receiver 15 to 30."""
LONGEST_SLACK = 3_000
"""Characters of a message to Slack, which cuts longer ones into several."""
LATER = frozenset({408, 425, 429})
"""Refusals of this moment; any other 4xx is one for good. From 500 on the receiver is at fault."""


@cache
def certificates() -> ssl.SSLContext:
    """Whom we believe to be a receiver; reading the list takes longer than any request."""
    return httpx2.create_ssl_context()


def post_signed(webhook: WebhookSettings, notice: Notice, now: datetime) -> str:
    """Posts JSON with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.

    The form is https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: the id
    stays the same when it is sent again, the time is this attempt's.

    Raises:
        ConfigError, TransientError: as `send`.
    """
    body = json.dumps(
        {
            "type": notice.kind,
            "timestamp": notice.at.astimezone(UTC).isoformat(),
            "data": {**notice.data, "title": notice.title, "lines": list(notice.lines)},
        },
        ensure_ascii=False,
    )
    now = now.astimezone(UTC)
    headers = {
        "webhook-id": notice.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(webhook.secret.get_secret_value()).sign(notice.id, now, body),
    }
    return _post(webhook.name, webhook.url, body, headers)


def post_to_slack(address: SecretStr, notice: Notice) -> str:
    """Posts text that pings nobody: what Slack takes for its marks is escaped, and marks are off.

    Raises:
        ConfigError, TransientError: as `send`.
    """
    text = notice.text
    if len(text) > LONGEST_SLACK:
        text = f"{text[:LONGEST_SLACK].rpartition(' ')[0]} …"
    for mark, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, escaped)
    body = {"text": text, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}
    return _post(SLACK, address, json.dumps(body, ensure_ascii=False), {})


def _post(channel: str, address: SecretStr, body: str, headers: Mapping[str, str]) -> str:
    """Sends it once, follows no redirect, reads no answer beyond its head. The address is in no error."""
    guard_http_loggers()
    sent = {"content-type": "application/json", "user-agent": "echo-hub", **headers}
    try:
        with (
            httpx2.Client(timeout=PATIENCE, verify=certificates(), follow_redirects=False) as client,
            client.stream("POST", address.get_secret_value(), content=body.encode(), headers=sent) as answer,
        ):
            status, told = answer.status_code, dict(answer.headers)
    except httpx2.HTTPError as error:
        raise TransientError(
            f"The receiver of {channel} does not answer ({type(error).__name__}).", code="webhook.unavailable"
        ) from None
    if 200 <= status < 300:
        return f"answer {status}"
    if status == 410:
        why = "says that it is gone for good; take it out of [alerts], or give its new address"
    elif 300 <= status < 400:
        why = "points to another address, which is not followed; give the right one in [alerts]"
    elif status >= 500 or status in LATER:
        wait = retry_after_s(told, datetime.now(UTC), status=status)
        what = f"The receiver of {channel} cannot take it now (answer {status})."
        if wait is not None:
            raise RateLimited(what, retry_after_s=wait, code="webhook.unavailable")
        raise TransientError(what, code="webhook.unavailable")
    else:
        why = f"refuses it (answer {status}); look at its address and secret in [alerts]"
    raise ConfigError(f"The receiver of {channel} {why}.", code="webhook.refused")
