"""From a sync that fails to the mail and the webhook, through clock, worker and real receivers."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from echo_hub.application import Background, Hub
from echo_hub.jobs import set_schedule
from echo_hub.services.alerting import enqueue_delivery, look
from echo_hub.store.task_list import list_tasks
from echo_hub.surfaces.messages.wording import saying

SECRET = "whsec_aW52ZW50ZWQtaW52ZW50ZWQtaW52ZW50ZWQtaW52ZW4="
WORKERS = 'workers = { "columns"'
UNSHARED = 'workers = { "report" = "Nobody_Shared", "columns"'


@pytest.fixture
def settings_file(new_demo: Callable[[], Any], receiver: Any, mailbox: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a demo company that tells a mailbox and a webhook."""
    monkeypatch.setenv("OPS_URL", receiver.url)
    monkeypatch.setenv("OPS_SECRET", SECRET)
    file: Path = new_demo().file
    table = f"""
[alerts]
webhooks = [{{ name = "ops", url = "env:OPS_URL", secret = "env:OPS_SECRET" }}]
[alerts.mail]
host = "127.0.0.1"
port = {mailbox.port}
security = "none"
sender = "hub@company.example"
to = ["ops@company.example"]
"""
    file.write_text(file.read_text(encoding="utf-8") + table, encoding="utf-8")
    return file


def change(file: Path, before: str, after: str) -> None:
    """Changes the settings file in one place."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def run_until(file: Path, is_over: Callable[[Hub], bool], *, due: bool = False) -> None:
    """Has clock and worker run until something is so; with `due`, Workday is to be synced now."""
    with Hub.open(file) as hub:
        if due:
            set_schedule(hub.database, "workday", now=hub.now() - timedelta(days=1), every="12h")
        background = Background(hub, saying("en"))
        background.start()
        for _ in range(600):
            if is_over(hub):
                break
            time.sleep(0.1)
        assert is_over(hub)
        background.stop()


def test_a_failed_sync_is_told_by_mail_and_webhook_in_the_log_and_so_is_its_recovery(
    settings_file: Path, receiver: Any, mailbox: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def delivered(count: int) -> Callable[[Hub], bool]:
        return lambda hub: [task.state for task in list_tasks(hub.database, kind="alert")] == ["done"] * count

    change(settings_file, WORKERS, UNSHARED)
    run_until(settings_file, delivered(2), due=True)
    assert [line for line in caplog.messages if "workday/workers: failed [auth.report_not_shared]" in line]
    change(settings_file, UNSHARED, WORKERS)
    run_until(settings_file, delivered(4), due=True)
    told = [Webhook(SECRET).verify(*pair) for pair in zip(receiver.bodies, receiver.headers, strict=True)]
    assert [(notice["type"], notice["data"]["title"]) for notice in told] == [
        ("alert.opened", "workday: a sync failed"),
        ("alert.closed", "workday: syncs work again"),
    ]
    (alert,) = told[0]["data"]["alerts"]
    assert (alert["stream"], alert["facts"]["code"], alert["closed_at"]) == ("workers", "auth.report_not_shared", None)
    mails = [email.message_from_bytes(envelope.content, policy=email.policy.default) for envelope in mailbox.mails]
    assert [mail["Subject"] for mail in mails] == [
        "Echo Hub: workday: a sync failed",
        "Echo Hub: workday: syncs work again",
    ]
    assert "auth.report_not_shared" in mails[0].get_content()
    for secret in (SECRET, receiver.url, "very-secret-path"):
        assert secret not in caplog.text


def test_a_receiver_that_is_gone_is_a_dead_letter_at_once_and_one_that_fails_is_tried_again(
    settings_file: Path, receiver: Any
) -> None:
    receiver.answers += [(410, {}), (503, {"retry-after": "0"})]
    with Hub.open(settings_file) as hub:
        for _ in range(2):
            with hub.database.writing() as transaction:
                enqueue_delivery(transaction, "ops", "test", (), "operator")
    run_until(settings_file, lambda _: len(receiver.bodies) == 2)
    with Hub.open(settings_file) as hub:
        states = {(task.state, task.attempts, task.error_code) for task in list_tasks(hub.database, kind="alert")}
        told = " ".join(task.error_message or "" for task in list_tasks(hub.database, kind="alert"))
    assert states == {("failed", 1, "webhook.refused"), ("waiting", 1, "webhook.unavailable")}
    assert "very-secret-path" not in told


def test_a_worker_that_is_killed_after_sending_sends_again_under_the_same_id(
    settings_file: Path, receiver: Any
) -> None:
    with Hub.open(settings_file) as hub, hub.database.writing() as transaction:
        enqueue_delivery(transaction, "ops", "test", (), "operator")
    script = str(Path(__file__).with_name("killed_delivery.py"))
    killed = subprocess.run([sys.executable, script, str(settings_file)], env=dict(os.environ), check=False)
    assert killed.returncode == -9
    assert len(receiver.bodies) == 1
    with Hub.open(settings_file) as hub:
        assert [task.state for task in list_tasks(hub.database, kind="alert")] == ["leased"]
        time.sleep(1.1)
    run_until(settings_file, lambda hub: [task.state for task in list_tasks(hub.database, kind="alert")] == ["done"])
    first, second = receiver.headers
    assert first["webhook-id"] == second["webhook-id"]
    for body, headers in zip(receiver.bodies, receiver.headers, strict=True):
        assert Webhook(SECRET).verify(body, headers)["type"] == "alert.test"


def test_an_alert_and_its_deliveries_are_stored_together_or_not_at_all(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from echo_hub.services import alerting
    from echo_hub.store.alerts import list_alerts
    from echo_hub.store.runs import RunReport, open_run

    with Hub.open(settings_file) as hub:
        now = hub.now()
        with hub.database.writing() as transaction:
            failed = RunReport("workday", "workers", now, now, outcome="failed", ended_at=now, error_code="x")
            open_run(transaction, failed)

        def refuse(*_: Any, **__: Any) -> None:
            raise OSError("No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(alerting, "enqueue", refuse)
            with pytest.raises(OSError, match="No space"):
                look(hub)
        assert list_alerts(hub.database) == []
        look(hub)
        assert [alert.told_at is not None for alert in list_alerts(hub.database)] == [True]
        assert len(list_tasks(hub.database, kind="alert")) == 2
