"""What a receiver gets, and what the hub makes of its answer."""

from __future__ import annotations

import email
import email.policy
import json
import socket
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook

from echo_core.connectors.errors import AuthError, ConfigError, RateLimited, TransientError
from echo_hub.channels import Notice, post, send
from echo_hub.settings.alerts import AlertSettings

SECRET = "whsec_aW52ZW50ZWQtaW52ZW50ZWQtaW52ZW50ZWQtaW52ZW4="
HOSTILE = "Ops <!channel> & <@U1>\r\nBcc: all@company.example \u202egnp.exe"
NOTICE = Notice("msg_1", "alert.opened", datetime.now(UTC), HOSTILE, ("workers: ü 5 < 6",), {"alerts": [{"id": 7}]})


def webhook(url: str) -> AlertSettings:
    """Settings with one webhook."""
    return AlertSettings.model_validate({"webhooks": [{"name": "ops", "url": url, "secret": SECRET}]})


def mail(port: int, *to: str, **more: Any) -> AlertSettings:
    """Settings with a mail server on this machine."""
    table = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "hub@company.example", "to": to, **more}
    return AlertSettings.model_validate({"mail": table})


def test_the_receiver_can_verify_what_it_gets_and_nothing_that_was_changed(receiver: Any) -> None:
    assert send(webhook(receiver.url), "ops", NOTICE, datetime.now(UTC)) == "answer 204"
    (body,), (headers,) = receiver.bodies, receiver.headers
    told = Webhook(SECRET).verify(body, headers)
    assert (told["type"], told["data"]["alerts"], headers["webhook-id"]) == ("alert.opened", [{"id": 7}], "msg_1")
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(SECRET).verify(body.replace(b"7", b"8"), headers)


@pytest.mark.parametrize(
    ("status", "headers", "kind", "code"),
    [
        (500, {}, TransientError, "webhook.unavailable"),
        (408, {}, TransientError, "webhook.unavailable"),
        (429, {"retry-after": "90"}, RateLimited, "webhook.unavailable"),
        (410, {}, ConfigError, "webhook.refused"),
        (401, {}, ConfigError, "webhook.refused"),
        (302, {"location": "http://169.254.169.254/latest"}, ConfigError, "webhook.refused"),
    ],
)
@pytest.mark.parametrize("channel", ["ops", "slack"])
def test_an_answer_says_whether_it_is_tried_again_and_the_address_is_in_no_error(
    receiver: Any, channel: str, status: int, headers: dict[str, str], kind: type, code: str
) -> None:
    receiver.answers.append((status, headers))
    settings = webhook(receiver.url).model_copy(update={"slack": webhook(receiver.url).webhooks[0].url})
    with pytest.raises(kind) as raised:
        send(settings, channel, NOTICE, datetime.now(UTC))
    assert raised.value.error_code == code
    assert isinstance(raised.value, RateLimited) is (status == 429)
    assert "very-secret-path" not in str(raised.value)
    assert len(receiver.bodies) == 1
    if status == 429:
        assert raised.value.retry_after_s == 90


def test_a_slow_receiver_and_one_that_is_not_there_are_tried_again(
    receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "PATIENCE", httpx2.Timeout(0.2))
    receiver.waits_s = 1.0
    with pytest.raises(TransientError, match="does not answer") as raised:
        send(webhook(receiver.url), "ops", NOTICE, datetime.now(UTC))
    assert "very-secret-path" not in str(raised.value)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for settings, channel in ((webhook(f"http://127.0.0.1:{port}/"), "ops"), (mail(port, "a@b.example"), "mail")):
        with pytest.raises(TransientError):
            send(settings, channel, NOTICE, datetime.now(UTC))


def test_slack_is_told_without_pinging_anybody(receiver: Any) -> None:
    settings = webhook(receiver.url).model_copy(update={"slack": webhook(receiver.url).webhooks[0].url})
    send(settings, "slack", NOTICE, datetime.now(UTC))
    told = json.loads(receiver.bodies[0])
    assert "Ops &lt;!channel&gt; &amp; &lt;@U1&gt;" in told["text"]
    assert "\u202e" not in told["text"]
    assert told["mrkdwn"] is False


def test_mail_comes_whole_to_each_recipient_and_nobody_can_add_a_header(mailbox: Any) -> None:
    assert send(mail(mailbox.port, "a@b.example", "c@d.example"), "mail", NOTICE, datetime.now(UTC)) == (
        "2 of 2 recipients"
    )
    (envelope,) = mailbox.mails
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert envelope.rcpt_tos == ["a@b.example", "c@d.example"]
    assert not message.defects
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Echo Hub: Ops <!channel> & <@U1> Bcc:")
    assert (message["Message-ID"], message["Auto-Submitted"]) == ("<msg_1@company.example>", "auto-generated")
    assert "workers: ü 5 < 6" in message.get_content()


def test_a_recipient_that_is_refused_keeps_nobody_else_from_the_mail(mailbox: Any) -> None:
    mailbox.refused["a@b.example"] = "550 no such mailbox"
    settings = mail(mailbox.port, "a@b.example", "c@d.example")
    assert send(settings, "mail", NOTICE, datetime.now(UTC)) == "1 of 2 recipients"
    assert [envelope.rcpt_tos for envelope in mailbox.mails] == [["c@d.example"]]


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [("451 later", TransientError, "mail.unavailable"), ("554 spam", ConfigError, "mail.refused")],
)
def test_a_mail_server_says_whether_it_is_tried_again(mailbox: Any, answer: str, kind: type, code: str) -> None:
    mailbox.answer = answer
    with pytest.raises(kind) as raised:
        send(mail(mailbox.port, "a@b.example"), "mail", NOTICE, datetime.now(UTC))
    assert (raised.value.error_code, isinstance(raised.value, AuthError)) == (code, False)
    mailbox.answer, mailbox.refused["a@b.example"] = "250 OK", answer
    with pytest.raises(kind) as raised:
        send(mail(mailbox.port, "a@b.example"), "mail", NOTICE, datetime.now(UTC))
    assert raised.value.error_code == code


def test_without_the_encryption_that_was_asked_for_nothing_is_sent(mailbox: Any) -> None:
    settings = mail(mailbox.port, "a@b.example", security="starttls", user="hub", password="invented-password")
    with pytest.raises(ConfigError) as raised:
        send(settings, "mail", NOTICE, datetime.now(UTC))
    assert raised.value.error_code == "mail.tls"
    assert mailbox.mails == []


def test_a_channel_that_was_taken_out_of_the_settings_is_told_as_that() -> None:
    with pytest.raises(ConfigError) as raised:
        send(AlertSettings(), "ops", NOTICE, datetime.now(UTC))
    assert raised.value.error_code == "channel.unknown"
