"""Degreed end to end over real HTTP: token, cursors that die, seven-day windows, quota, scopes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from echo_core.connectors import AuthError, ResumeExpired
from echo_core.testing.company import Company
from echo_core.testing.sandbox import Faults
from echo_hub_lxp.sandbox import DegreedSandbox
from echo_hub_lxp.sandbox.degreed import CLIENT_ID, CLIENT_SECRET, completion, content, pathway

Serve = Callable[..., Any]
Open = Callable[..., Any]
DAY = date(2026, 1, 5)


def library(count: int) -> list[Any]:
    return [content(f"c{n:04d}", "Course", f"Course {n}", "", 30, DAY) for n in range(count)]


def test_pathways_content_and_completions_arrive(company: Company, serve: Serve, open_connection: Open) -> None:
    connection = open_connection(serve(DegreedSandbox.from_company(company)).connection)
    paths, catalogue, completions = (connection.run(name) for name in ("paths", "catalogue", "completions"))
    assert [(one.title, [requirement.label for requirement in one.requirements]) for one in paths.records] == [
        ("Kafka path", ["Apache Kafka"])
    ]
    assert {one.title: one.content_kind for one in catalogue.records} == {
        "Kafka basics": "course",
        "Kafka für Profis": "course",
        "A short film": "video",
        "A book": "book",
    }
    assert sorted((one.person.value, one.object_title, one.is_skill_evidence) for one in completions.records) == [
        ("E1", "A short film", False),
        ("E1", "Kafka basics", True),
        ("E2", "Kafka basics", True),
    ]
    assert not any("sso_token" in repr(one) for one in catalogue.records)


def test_the_token_may_come_from_another_host(company: Company, serve: Serve, open_connection: Open) -> None:
    sandbox = DegreedSandbox.from_company(company)
    api, tokens = serve(sandbox), serve(sandbox)
    connection = open_connection(api.connection, token_url=f"{tokens.url}/oauth/token")
    assert len(connection.run("paths").records) == 1
    assert [request.path for request in tokens.requests] == ["/oauth/token"]
    assert not any("secret" in request.target for request in (*api.requests, *tokens.requests))


def test_completions_are_asked_for_week_by_week_and_none_is_missed(serve: Serve, open_connection: Open) -> None:
    done = [completion(f"k{n:02d}", "E1", "c0000", date(2026, 2, 1) + timedelta(days=n)) for n in range(28)]
    server = serve(DegreedSandbox(content=library(1), completions=done))
    run = open_connection(server.connection).run("completions")
    assert {record.source_id for record in run.records} == {f"k{n:02d}" for n in range(28)}
    spans = [
        date.fromisoformat(request.query["filter[end_date]"][0])
        - date.fromisoformat(request.query["filter[start_date]"][0])
        for request in server.requests
        if request.path.endswith("/completions")
    ]
    assert len(spans) == 5
    assert max(spans) == timedelta(days=7)


def test_a_cursor_that_died_restarts_the_list_without_a_gap(serve: Serve, open_connection: Open, clock: Any) -> None:
    connection = open_connection(serve(DegreedSandbox(content=library(2500), clock=clock)).connection)
    pages = connection.pages("catalogue")
    first = next(pages)
    clock.seconds += 121
    with pytest.raises(ResumeExpired):
        next(pages)
    with pytest.raises(ResumeExpired):
        connection.run("catalogue", resume=first.resume)
    assert len(connection.run("catalogue").records) == 2500


def test_a_list_whose_records_need_a_look_up_each_is_read_before_the_cursor_dies(
    serve: Serve, open_connection: Open, clock: Any
) -> None:
    paths = [pathway(f"p{n:04d}", f"Path {n}", "", DAY) for n in range(1100)]
    tags = {f"p{n:04d}": ("Python",) for n in range(1100)}
    sandbox = DegreedSandbox(pathways=paths, tags=tags, private=frozenset({"p0007"}), clock=clock)
    run = open_connection(serve(sandbox).connection).run("paths")
    assert len(run.records) == 1100
    assert [one.source_id for one in run.records if not one.requirements] == ["pathway:p0007"]
    assert sum(clock.slept) > 600


def test_the_quota_is_kept_to_without_ever_being_refused(serve: Serve, open_connection: Open, clock: Any) -> None:
    paths = [pathway(f"p{n}", f"Path {n}", "", DAY) for n in range(100)]
    server = serve(DegreedSandbox(pathways=paths, tags={f"p{n}": ("SQL",) for n in range(100)}, clock=clock))
    run = open_connection(server.connection).run("paths")
    assert len(run.records) == 100
    assert sum(line.status == 429 for line in server.log) <= 1


def test_a_bad_day_changes_nothing(company: Company, serve: Serve, open_connection: Open) -> None:
    server = serve(DegreedSandbox.from_company(company), Faults.bad_day(11, hang_s=0.2))
    connection = open_connection(server.connection, read_timeout_s=0.1)
    assert [len(connection.run(name).records) for name in ("paths", "catalogue", "completions")] == [1, 4, 3]


def test_a_token_without_the_scope_names_the_scope(company: Company, serve: Serve, open_connection: Open) -> None:
    server = serve(DegreedSandbox.from_company(company))
    connection = open_connection(server.connection, scope="content:read")
    assert len(connection.run("catalogue").records) == 4
    with pytest.raises(AuthError, match="completions:read") as caught:
        connection.run("completions")
    assert caught.value.error_code == "auth.scope_missing"


@pytest.mark.parametrize(
    ("path", "query", "detail"),
    [
        ("completions", {}, "are required"),
        ("completions", {"filter[start_date]": "2026-01-01", "filter[end_date]": "2026-01-09"}, "at most 7 days"),
        ("completions", {"filter[start_date]": "2026-01-09", "filter[end_date]": "2026-01-01"}, "at most 7 days"),
        ("content", {"limit": "1001"}, "from 1 to 1000"),
        ("content", {"colour": "red"}, "Unknown parameters"),
        ("content", {"next": "made-up"}, "expired"),
    ],
)
def test_the_sandbox_refuses_what_the_vendor_refuses(
    company: Company, serve: Serve, path: str, query: dict[str, str], detail: str
) -> None:
    server = serve(DegreedSandbox.from_company(company))
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": "content:read,completions:read",
    }
    token = httpx.post(f"{server.url}/oauth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{server.url}/api/v2/{path}", params=query, headers=headers)
    assert answer.status_code == 400
    assert detail in answer.json()["errors"][0]["detail"]
    assert answer.headers["X-Rate-Limit-Limit"] == "1m"
    assert httpx.get(f"{server.url}/api/v2/pathways", headers=headers).status_code == 403
    assert httpx.get(f"{server.url}/api/v2/content").status_code == 401


def test_the_sandbox_answers_429_with_retry_after_beyond_70_a_minute(serve: Serve, clock: Any) -> None:
    server = serve(DegreedSandbox(clock=clock))
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": "content:read",
    }
    token = httpx.post(f"{server.url}/oauth/token", data=form).json()["access_token"]
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        statuses = [client.get(f"{server.url}/api/v2/content") for _ in range(71)]
    assert [answer.status_code for answer in statuses] == [200] * 70 + [429]
    assert int(statuses[-1].headers["Retry-After"]) > 0
