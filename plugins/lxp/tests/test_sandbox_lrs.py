"""A learning record store end to end over real HTTP: windows, more, voiding, rules of the specification."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from echo_core.connectors import AuthError, ResumeExpired, TransientError
from echo_core.testing.company import Company
from echo_core.testing.sandbox import Faults
from echo_hub_lxp.sandbox import LrsSandbox, PercipioSandbox
from echo_hub_lxp.sandbox.lrs import PASSWORD, USER, VOIDED

Serve = Callable[..., Any]
Open = Callable[..., Any]


def done(number: int, stored: str) -> dict[str, Any]:
    return {
        "id": f"s{number:03d}",
        "actor": {"mbox": f"mailto:p{number}@fjord.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": "https://lms.example/7", "definition": {"type": "http://adlnet.gov/expapi/activities/course"}},
        "timestamp": "2026-01-01T00:00:00Z",
        "stored": stored,
    }


def day(number: int) -> str:
    return (datetime(2026, 2, 1, tzinfo=UTC) + timedelta(hours=number)).isoformat().replace("+00:00", "Z")


def test_the_companys_statements_match_its_catalogue(company: Company, serve: Serve, open_connection: Open) -> None:
    run = open_connection(serve(LrsSandbox.from_company(company)).connection).run("completions")
    catalogue = open_connection(serve(PercipioSandbox.from_company(company)).connection).run("catalogue")
    known = {activity for record in catalogue.records for activity in record.activity_ids}
    assert run.quarantined == {}
    assert {record.object_id for record in run.records} <= known
    assert sorted((one.person.scheme, one.person.value, one.state, one.is_skill_evidence) for one in run.records) == [
        ("employee_id", "E1", "completed", False),
        ("employee_id", "E1", "completed", True),
        ("employee_id", "E2", "completed", True),
        ("employee_id", "E2", "failed", False),
    ]


def test_every_page_is_read_oldest_first_also_on_a_bad_day(serve: Serve, open_connection: Open) -> None:
    statements = [done(number, day(number)) for number in range(25)]
    server = serve(LrsSandbox(statements, page=10), Faults.bad_day(5, hang_s=0.2))
    run = open_connection(server.connection, read_timeout_s=0.1).run("completions")
    assert [record.source_id for record in run.records] == [f"s{number:03d}" for number in range(25)]
    assert len(run.pages) == 3


def test_windows_go_by_the_stored_time_without_the_lower_bound_itself(serve: Serve, open_connection: Open) -> None:
    statements = [done(number, day(number)) for number in range(4)]
    connection = open_connection(serve(LrsSandbox(statements)).connection)
    found = connection.run("completions", since=datetime.fromisoformat(day(1)))
    assert [record.source_id for record in found.records] == ["s002", "s003"]
    assert connection.stream("completions").overlap == timedelta(days=1)
    assert connection.stream("completions").lag == timedelta(minutes=15)


def test_a_statement_voided_later_is_reported_as_removed(serve: Serve, open_connection: Open) -> None:
    sandbox = LrsSandbox([done(1, day(1)), done(2, day(2))])
    connection = open_connection(serve(sandbox).connection)
    assert len(connection.run("completions").records) == 2
    voiding = {**done(9, day(9)), "verb": {"id": VOIDED}, "object": {"objectType": "StatementRef", "id": "s001"}}
    sandbox.store(voiding)
    run = connection.run("completions")
    assert [record.source_id for record in run.records] == ["s002"]
    assert run.removed == ["s001"]
    assert run.rules == {"s009": "voiding"}


def test_a_list_no_longer_held_restarts_the_window(serve: Serve, open_connection: Open, clock: Any) -> None:
    sandbox = LrsSandbox([done(number, day(number)) for number in range(25)], page=10, clock=clock)
    connection = open_connection(serve(sandbox).connection)
    first = next(connection.pages("completions"))
    clock.seconds += 3600
    with pytest.raises(ResumeExpired):
        connection.run("completions", resume=first.resume)
    assert len(connection.run("completions").records) == 25


def test_a_store_that_lags_far_behind_leaves_the_watermark_where_it_is(serve: Serve, open_connection: Open) -> None:
    sandbox = LrsSandbox([done(1, day(1))], consistent_through="2026-02-01T00:00:00Z")
    with pytest.raises(TransientError):
        open_connection(serve(sandbox).connection).run("completions")


def test_wrong_credentials_are_an_auth_error(serve: Serve, open_connection: Open) -> None:
    server = serve(LrsSandbox())
    with pytest.raises(AuthError):
        open_connection(server.connection, password="wrong").run("completions")


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ({}, {}, 400),
        ({}, {"X-Experience-API-Version": "0.9"}, 400),
        ({"colour": "red"}, {"X-Experience-API-Version": "1.0.3"}, 400),
        ({"since": "yesterday"}, {"X-Experience-API-Version": "1.0.3"}, 400),
        ({"limit": "-1"}, {"X-Experience-API-Version": "1.0.3"}, 400),
        ({"statementId": "a", "verb": "b"}, {"X-Experience-API-Version": "1.0.3"}, 400),
        ({"more": "made-up"}, {"X-Experience-API-Version": "1.0.3"}, 404),
        ({"limit": "1"}, {"X-Experience-API-Version": "1.0.3"}, 200),
    ],
)
def test_the_sandbox_holds_to_the_specification(
    serve: Serve, query: dict[str, str], headers: dict[str, str], status: int
) -> None:
    server = serve(LrsSandbox([done(1, day(1)), done(2, day(2))]))
    answer = httpx.get(f"{server.url}/xapi/statements", params=query, headers=headers, auth=(USER, PASSWORD))
    assert answer.status_code == status
    assert "X-Experience-API-Consistent-Through" in answer.headers
    if status == 200:
        assert [one["id"] for one in answer.json()["statements"]] == ["s002"]
        assert answer.json()["more"].startswith("/xapi/statements?")
