"""Probes, metrics and request ids: who may ask what, what is answered, and that nobody can be told from it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from echo_hub.log_context import logged_under
from echo_hub.settings.serve import ServeSettings
from echo_hub.store.errors import DatabaseUnreachableError
from echo_hub.store.tasks import enqueue
from echo_hub.surfaces.cli.log_lines import JsonFormatter, LineFormatter
from echo_hub.surfaces.forwarded import source_address

PROXY = ip_network("10.0.0.10")


@pytest.fixture
def hub(fresh_hub: Any) -> Any:
    """A hub with a run, an open quarantine, a hold and an overdue schedule."""
    now = fresh_hub.now()
    with fresh_hub.database.writing() as transaction:
        stamp = transaction.moment(now - timedelta(hours=1))
        transaction.run(
            "INSERT INTO stream (id, connection, name, restarts, cursor_version) VALUES (1, 'hr', 'people', 0, 1)"
        )
        for outcome in ("done", "done", "failed"):
            transaction.run(
                "INSERT INTO run (connection, stream, complete, started_at, ended_at, window_until, outcome, read,"
                " written, unchanged, quarantined, excluded, removed, held, requests, retries, throttled_s, bytes)"
                " VALUES ('hr', 'people', ?, ?, ?, ?, ?, 7, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0)",
                (True, stamp, stamp, stamp, outcome),
            )
        transaction.run(
            "INSERT INTO quarantine (stream_id, source_key, code, field, value_type, message, run_id, first_seen_at,"
            " last_seen_at) VALUES (1, 'E4711', 'x', 'name', 'text', 'no', 1, ?, ?)",
            (stamp, stamp),
        )
        transaction.run(
            "INSERT INTO hold (run_id, stream_id, would_remove, live, sample, state, opened_at)"
            " VALUES (1, 1, 3, 9, '[]', 'open', ?)",
            (stamp,),
        )
        transaction.run(
            "INSERT INTO schedule (connection, interval_s, time_zone, paused, next_run_at)"
            " VALUES ('hr', 3600, 'UTC', ?, ?)",
            (False, stamp),
        )
        enqueue(transaction, "mail", "a", requested_by="E4711", not_before=now - timedelta(minutes=5))
        enqueue(transaction, "mail", "b", requested_by="E4711", not_before=now)
    return fresh_hub


def served(hub: Any, browse: Callable[..., Any], *, client: str = "127.0.0.1", **settings: Any) -> Any:
    """A client at an address, nobody signed in."""
    hub.settings = replace(hub.settings, serve=ServeSettings(**settings))
    found = browse(hub, as_=None)
    found._transport.client = (client, 50_000)
    return found


def values(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by name and label values, these in the order of their labels' names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_process_that_answers_is_alive_whatever_it_is_called(hub: Any, browse: Callable[..., Any]) -> None:
    asked = served(hub, browse, client="10.2.3.4")
    answer = asked.get("/healthz", headers={"Host": "10.1.1.1:8080"})
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert asked.head("/healthz").status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_hub_is_ready_while_its_first_snapshot_is_made_and_after(hub: Any, browse: Callable[..., Any]) -> None:
    asked = served(hub, browse)
    first = asked.get("/readyz")
    assert (first.status_code, first.json()["ready"]) == (200, True)
    hub.snapshots.wait(20)
    assert hub.snapshots.latest() is not None
    assert asked.get("/readyz").json()["checks"] == [
        {"name": "database", "ok": True, "reason": None},
        {"name": "snapshot", "ok": True, "reason": None},
    ]


@pytest.mark.parametrize(("version", "ready"), [("0009", False), ("9999", True)])
def test_a_database_that_lacks_migrations_is_not_ready_and_one_ahead_is(
    hub: Any, browse: Callable[..., Any], version: str, ready: bool
) -> None:
    with hub.database.writing() as transaction:
        transaction.run("UPDATE alembic_version SET version_num = ?", (version,))
    answer = served(hub, browse).get("/readyz")
    assert answer.status_code == (200 if ready else 503)
    assert ready or "stands at migration 0009" in answer.json()["checks"][0]["reason"]


def test_a_database_out_of_reach_is_not_ready_and_metrics_say_so(
    hub: Any, browse: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise DatabaseUnreachableError("The database server does not answer.")

    monkeypatch.setattr(hub.database, "reading", gone)
    asked = served(hub, browse)
    answer = asked.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][0] == {
        "name": "database",
        "ok": False,
        "reason": "The database server does not answer.",
    }
    assert asked.get("/healthz").status_code == 200
    assert values(asked.get("/metrics").text)["echo_hub_database_up",] == 0


def test_a_snapshot_that_cannot_be_made_is_not_ready(hub: Any, browse: Callable[..., Any]) -> None:
    def broken(_: Any) -> Any:
        raise ValueError("a person's name")

    hub.snapshots._build = broken
    hub.snapshots.prepare()
    hub.snapshots.wait(20)
    answer = served(hub, browse).get("/readyz")
    assert answer.status_code == 503
    assert "ValueError" in answer.json()["checks"][1]["reason"]
    assert "name" not in answer.json()["checks"][1]["reason"]


def test_metrics_say_what_is_stored_and_how_requests_went(hub: Any, browse: Callable[..., Any]) -> None:
    hub.snapshots.refresh()
    asked = served(hub, browse)
    asked.get("/opportunities/nothing:like:this", headers={"X-Echo-Hub-As": "E1"})
    asked.get("/static/echo.css")
    asked.get("/no/such/page/E4711")
    found = values(asked.get("/metrics").text)
    assert found["echo_hub_runs_total", "hr", "done", "people"] == 2
    assert found["echo_hub_runs_total", "hr", "failed", "people"] == 1
    assert found["echo_hub_records_total", "hr", "read", "people"] == 21
    assert found["echo_hub_quarantine_open", "hr", "people"] == 1
    assert found["echo_hub_holds_open", "hr", "people"] == 1
    assert found["echo_hub_schedule_lag_seconds", "hr"] == 3600
    assert found["echo_hub_tasks", "mail", "waiting"] == 2
    assert found["echo_hub_task_lag_seconds",] == 300
    assert found["echo_hub_snapshot_age_seconds",] >= 0
    assert found["echo_hub_snapshot_build_seconds",] >= 0
    assert found["echo_hub_snapshot_revision",] == hub.snapshots.latest().revision
    assert found["echo_hub_request_seconds_count", "GET", "/opportunities/{opportunity_id:path}", "404"] == 1
    assert found["echo_hub_request_seconds_count", "GET", "/static", "200"] == 1
    assert found["echo_hub_request_seconds_count", "GET", "none", "404"] == 1


def test_no_label_of_a_metric_names_a_person_or_an_id(hub: Any, browse: Callable[..., Any]) -> None:
    asked = served(hub, browse)
    for path in (
        "/for-you?person=E1",
        "/opportunities/hr:person:E1",
        "/people?q=Ada",
        "/E4711",
        "/api/v1/people?q=Ada",
    ):
        asked.get(path, headers={"X-Echo-Hub-As": "E1"})
    asked.request("MOVE", "/x")
    text = asked.get("/metrics").text
    assert [word for word in ("E1", "Ada", "E4711", "MOVE", "person=") if word in text] == []
    assert 'method="other"' in text


@pytest.mark.parametrize(
    ("client", "headers", "settings", "status"),
    [
        ("127.0.0.1", {}, {}, 200),
        ("::1", {}, {}, 200),
        ("10.0.0.20", {}, {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.20"}, {}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, {}, 403),
        ("10.0.0.20", {}, {"metrics_from": ["10.0.0.0/24"]}, 200),
        ("10.0.1.20", {}, {"metrics_from": ["10.0.0.0/24"]}, 403),
        ("10.0.1.20", {"X-Forwarded-For": "10.0.0.20"}, {"metrics_from": ["10.0.0.0/24"]}, 403),
        (
            "10.9.9.9",
            {"X-Forwarded-For": "10.0.0.20"},
            {"metrics_from": ["10.0.0.0/24"], "proxies": ["10.9.9.9"]},
            200,
        ),
        ("10.0.0.20", {"Authorization": "Bearer sixteen-characters"}, {"metrics_token": "sixteen-characters"}, 200),
        ("10.0.0.20", {"Authorization": "Bearer sixteen-character"}, {"metrics_token": "sixteen-characters"}, 403),
        ("10.0.0.20", {"Authorization": "Bearer "}, {}, 403),
    ],
)
def test_metrics_are_for_this_machine_named_addresses_and_a_token(
    hub: Any, browse: Callable[..., Any], client: str, headers: dict[str, str], settings: dict[str, Any], status: int
) -> None:
    if "metrics_token" in settings:
        settings = settings | {"metrics_token": SecretStr(settings["metrics_token"])}
    assert served(hub, browse, client=client, **settings).get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("10.0.0.99", "1.2.3.4", "10.0.0.99"),
        ("10.0.0.10", None, "10.0.0.10"),
        ("10.0.0.10", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.10", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.10", "1.2.3.4, 10.0.0.10", "1.2.3.4"),
        ("10.0.0.10", "nonsense", "10.0.0.10"),
        ("::ffff:10.0.0.10", "1.2.3.4", "1.2.3.4"),
    ],
)
def test_only_a_named_proxy_says_where_a_request_comes_from(peer: str, forwarded: str | None, source: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert source_address({"type": "http", "client": (peer, 1), "headers": headers}, [PROXY]) == source


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("req-0123456789", True),
        ("short", False),
        ("x" * 65, False),
        ("evil id with blanks", False),
        ("a\tb\tc\td\te", False),
    ],
)
def test_a_request_has_an_id_and_keeps_a_well_formed_one(web: Any, given: str, kept: bool) -> None:
    answer = web.get("/explore", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert len(answer.headers["x-request-id"]) >= 8
    assert web.get("/no/such", headers={"Host": "evil.example"}).headers["x-request-id"]


def test_log_lines_of_a_request_carry_its_id_and_its_route_and_no_address(
    web: Any, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, logger = Kept(), logging.getLogger("echo_hub.surfaces.requests")
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        web.get("/explore?q=Ada", headers={"X-Request-Id": "req-0123456789"})
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    (line,) = map(json.loads, lines)
    assert (line["request_id"], line["level"]) == ("req-0123456789", "info")
    assert line["message"].startswith("GET /explore 200 ")
    assert "Ada" not in lines[0]


def test_both_forms_of_a_log_line_hold_run_and_task_and_one_line_each() -> None:
    record = logging.LogRecord("echo_hub.sync", logging.ERROR, "x.py", 1, "broke\nforged \u202etext", (), None)
    with logged_under("run_id", 12), logged_under("task_id", 7), logged_under("request_id", None):
        plain, packed = LineFormatter("%(levelname)s %(message)s").format(record), JsonFormatter().format(record)
    assert plain.endswith("[run_id=12 task_id=7]")
    assert "\n" not in plain + packed
    assert "\u202e" not in plain + packed
    assert json.loads(packed) | {"time": ""} == {
        "time": "",
        "level": "error",
        "logger": "echo_hub.sync",
        "message": "broke\nforged \u202etext",
        "run_id": "12",
        "task_id": "7",
    }
