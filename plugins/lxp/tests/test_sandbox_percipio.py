"""Percipio end to end over real HTTP: catalogue, report, rules the vendor enforces, bad days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import httpx
import pytest

from echo_core.connectors import AuthError, ResumeExpired
from echo_core.testing.company import Company
from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import Faults, FixedWindowLimit
from echo_hub_lxp.sandbox import LxpSandbox, PercipioSandbox, from_company
from echo_hub_lxp.sandbox.dress import Library
from echo_hub_lxp.sandbox.percipio import ORGANISATION, TOKEN, catalogue_item

CATALOGUE = f"/content-discovery/v2/organizations/{ORGANISATION}/catalog-content"
REPORT = f"/reporting/v1/organizations/{ORGANISATION}/report-requests/learning-activity"
Serve = Callable[..., Any]
Open = Callable[..., Any]


def many(company: Company, count: int) -> list[dict[str, Any]]:
    item = catalogue_item(Library(company), company.courses[1])
    small = {key: item[key] for key in ("contentType", "localizedMetadata", "lifecycle")}
    return [{"id": f"item-{number:04d}", **small} for number in range(count)]


def test_the_companys_catalogue_and_completions_arrive(company: Company, serve: Serve, open_connection: Open) -> None:
    server = serve(PercipioSandbox.from_company(company))
    connection = open_connection(server.connection)
    catalogue, completions = connection.run("catalogue"), connection.run("completions")
    assert catalogue.quarantined == completions.quarantined == {}
    by_title = {record.title: record for record in catalogue.records}
    path, course, video = by_title["Kafka path"], by_title["Kafka basics"], by_title["A short film"]
    assert len(by_title) == len(company.courses)
    assert (path.content_kind, path.status, path.minutes) == ("path", "open", 180)
    assert (course.parents, video.parents) == ((path.source_id,), (course.source_id,))
    assert course.description == "Learn it <well> & fast."
    assert [(requirement.label, requirement.origin) for requirement in course.requirements] == [
        ("Apache Kafka", "vendor_skill")
    ]
    assert {record.object_id for record in completions.records} <= {record.source_id for record in catalogue.records}
    assert sorted((one.person.value, one.state, one.is_skill_evidence) for one in completions.records) == [
        ("E1", "completed", False),
        ("E1", "completed", True),
        ("E2", "completed", True),
        ("E2", "in_progress", False),
    ]
    assert all(record.person.scheme == "employee_id" for record in completions.records)


def test_reading_twice_gives_the_same_records(company: Company, serve: Serve, open_connection: Open) -> None:
    connection = open_connection(serve(PercipioSandbox.from_company(company)).connection)
    for stream in ("catalogue", "completions"):
        first, second = connection.run(stream), connection.run(stream)
        assert [one.model_dump_json() for one in first.records] == [one.model_dump_json() for one in second.records]


def test_a_bad_day_changes_nothing(company: Company, serve: Serve, open_connection: Open) -> None:
    calm = open_connection(serve(PercipioSandbox(many(company, 2300))).connection)
    server = serve(PercipioSandbox(many(company, 2300)), Faults.bad_day(3, hang_s=0.2))
    rough = open_connection(server.connection, read_timeout_s=0.1)
    assert [one.source_id for one in rough.run("catalogue").records] == [
        one.source_id for one in calm.run("catalogue").records
    ]
    for fault in ("http_429", "http_500", "http_503", "reset", "half_body"):
        script = {CATALOGUE: [fault, None, fault], REPORT: [fault]}
        scripted = serve(PercipioSandbox.from_company(company), Faults.scripted(script))
        connection = open_connection(scripted.connection)
        assert len(connection.run("catalogue").records) == len(company.courses)
        assert len(connection.run("completions").records) == len(company.completions)


def test_the_data_set_stays_pinned_while_it_is_read(company: Company, serve: Serve, open_connection: Open) -> None:
    sandbox = PercipioSandbox(many(company, 2300))
    connection = open_connection(serve(sandbox).connection)
    pages = connection.pages("catalogue")
    first = next(pages)
    sandbox.items.insert(0, {**sandbox.items[0], "id": "late-comer"})
    ids = [record["id"] for page in (first, *pages) for record in page.records]
    assert ids == [f"item-{number:04d}" for number in range(2300)]


def test_a_stale_pin_restarts_the_window(company: Company, serve: Serve, open_connection: Open, clock: Any) -> None:
    connection = open_connection(serve(PercipioSandbox(many(company, 2300), clock=clock)).connection)
    first = next(connection.pages("catalogue"))
    clock.seconds += 3600
    with pytest.raises(ResumeExpired):
        connection.run("catalogue", resume=first.resume)
    assert len(connection.run("catalogue").records) == 2300


def test_the_quota_is_waited_for_as_told(company: Company, serve: Serve, open_connection: Open, clock: Any) -> None:
    limit = FixedWindowLimit(2, 60.0, clock)
    server = serve(PercipioSandbox(many(company, 3500), clock=clock, limit=limit))
    run = open_connection(server.connection).run("catalogue")
    assert len(run.records) == 3500
    assert sum(clock.slept) >= 60
    assert any(line.status == 429 for line in server.log)


def test_a_wrong_token_is_an_auth_error_without_the_token(
    company: Company, serve: Serve, open_connection: Open
) -> None:
    server = serve(PercipioSandbox.from_company(company))
    with pytest.raises(AuthError) as caught:
        open_connection(server.connection, token="wrong-token").run("catalogue")
    assert "wrong-token" not in str(caught.value)


def test_only_changed_items_come_when_changes_are_asked_for(
    company: Company, serve: Serve, open_connection: Open, clock: Any
) -> None:
    sandbox = PercipioSandbox(many(company, 3))
    sandbox.items[1] = {
        **sandbox.items[1],
        "lifecycle": {"status": "RETIRED", "lastUpdatedDate": "2026-02-28T00:00:00Z"},
    }
    connection = open_connection(serve(sandbox).connection, catalogue="changes")
    since = clock.now().replace(month=2, day=20)
    (record,) = connection.run("catalogue", since=since).records
    assert (record.source_id, record.status) == ("item-0001", "closed")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"max": 1001}, "max from 1 to 1000"),
        ({"max": 0}, "max from 1 to 1000"),
        ({"offset": 1000}, "pagingRequestId is required"),
        ({"offset": 1000, "pagingRequestId": "made-up"}, "stale"),
        ({"limit": 5}, "unknown parameters"),
    ],
)
def test_the_sandbox_refuses_what_the_vendor_refuses(
    company: Company, serve: Serve, query: dict[str, Any], message: str
) -> None:
    server = serve(PercipioSandbox.from_company(company))
    answer = httpx.get(server.url + CATALOGUE, params=query, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 400
    assert message in answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"isFileRequiredInSftp": False},
        {
            "start": "2026-01-01T00:00:00Z",
            "end": "2026-02-01T00:00:00Z",
            "timeFrame": "DAY",
            "isFileRequiredInSftp": False,
        },
        {"timeFrame": "CENTURY", "isFileRequiredInSftp": False},
        {"timeFrame": "DAY"},
    ],
)
def test_the_sandbox_refuses_orders_the_vendor_refuses(company: Company, serve: Serve, body: dict[str, Any]) -> None:
    server = serve(PercipioSandbox.from_company(company))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.post(server.url + REPORT, json=body, headers=headers).status_code == 400
    assert httpx.get(f"{server.url}{REPORT}/nope", headers=headers).status_code == 404


def test_a_report_the_vendor_cannot_make_stops_the_stream(
    company: Company, serve: Serve, open_connection: Open
) -> None:
    sandbox = PercipioSandbox.from_company(company)
    sandbox.fail_reports = True
    with pytest.raises(Exception, match="could not make the report"):
        open_connection(serve(sandbox).connection).run("completions")


def test_the_whole_fictional_company_arrives(serve: Serve, open_connection: Open, clock: Any) -> None:
    whole = build_company()
    clock.seconds = datetime.combine(whole.today, time(12), UTC).timestamp()
    connection = open_connection(serve(PercipioSandbox.from_company(whole)).connection)
    catalogue, completions = connection.run("catalogue"), connection.run("completions")
    assert catalogue.quarantined == completions.quarantined == {}
    assert len(catalogue.by_id) == len(whole.courses)
    assert len(completions.by_id) == len(whole.completions)
    kinds = {course.key: course.kind for course in whole.courses}
    passed = [one for one in whole.completions if one.passed and kinds[one.course] == "course"]
    assert sum(record.is_skill_evidence for record in completions.records) == len(passed)


def test_the_demo_finds_its_sandboxes(company: Company) -> None:
    assert LxpSandbox is PercipioSandbox
    assert [one.connection("http://127.0.0.1:1").name for one in from_company(company)] == ["lxp", "lrs"]
