"""The engine against stubbed answers: pages, windows, reports, look-ups, what goes wrong and what may be kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from echo_core.connectors import AuthError, ContractError, ResumeExpired, TransientError
from echo_hub_lxp.config import LxpConfig

Stub = Callable[..., Any]
Config = Callable[..., LxpConfig]


def done(number: int) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "actor": {"mbox": "mailto:a@b.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://lms.example/{number}"},
        "timestamp": "2026-02-01T00:00:00Z",
    }


def item(number: int) -> dict[str, Any]:
    return {
        "id": f"i{number}",
        "contentType": {"percipioType": "COURSE"},
        "localizedMetadata": [{"localeCode": "en", "title": f"Course {number}"}],
    }


def test_a_relative_more_is_followed_verbatim_and_an_empty_middle_page_is_passed(
    stubbed: Stub, configured: Config
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        pages = {
            "/xapi/statements?more=a%2Fb[0]": {
                "statements": [],
                "more": "https://lrs.example/xapi/statements?more=last",
            },
            "/xapi/statements?more=last": {"statements": [done(2)]},
        }
        return httpx.Response(
            200, json=pages.get(asked[-1], {"statements": [done(1)], "more": "/xapi/statements?more=a%2Fb[0]"})
        )

    run = stubbed(configured("xapi"), answer).run("completions", since=datetime(2026, 2, 1, tzinfo=UTC))
    assert [record.source_id for record in run.records] == ["s1", "s2"]
    assert [len(page.records) for page in run.pages] == [1, 0, 1]
    assert parse_qs(asked[0].partition("?")[2]) == {
        "ascending": ["true"],
        "limit": ["500"],
        "since": ["2026-02-01T00:00:00Z"],
        "until": ["2026-03-01T11:45:00Z"],
    }
    assert asked[1:] == ["/xapi/statements?more=a%2Fb[0]", "/xapi/statements?more=last"]


def test_a_first_run_asks_a_store_without_lower_bound(stubbed: Stub, configured: Config) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"statements": [], "more": ""})

    stubbed(configured("xapi"), answer).run("completions")
    assert "since" not in asked[0].url.params
    assert asked[0].headers["x-experience-api-version"] == "1.0.3"


def test_a_link_to_another_host_is_refused(stubbed: Stub, configured: Config) -> None:
    connection = stubbed(
        configured("xapi"),
        lambda _: httpx.Response(200, json={"statements": [done(1)], "more": "https://evil.example/xapi?more=1"}),
    )
    with pytest.raises(ContractError) as caught:
        connection.run("completions")
    assert caught.value.error_code == "source.foreign_host"


def test_pages_that_lead_in_a_circle_are_refused(stubbed: Stub, configured: Config) -> None:
    connection = stubbed(
        configured("xapi"),
        lambda _: httpx.Response(200, json={"statements": [done(1)], "more": "/xapi/statements?more=1"}),
    )
    with pytest.raises(ContractError) as caught:
        connection.run("completions")
    assert caught.value.error_code == "source.page_repeats"


@pytest.mark.parametrize(
    "body", [{"statements": "none"}, {"other": []}, [], {"statements": [1]}, {"statements": [], "more": 5}]
)
def test_an_answer_without_a_list_of_records_is_refused(stubbed: Stub, configured: Config, body: Any) -> None:
    with pytest.raises(ContractError):
        stubbed(configured("xapi"), lambda _: httpx.Response(200, json=body)).run("completions")


def test_a_store_that_lags_beyond_the_overlap_does_not_move_the_watermark(stubbed: Stub, configured: Config) -> None:
    def lagging(through: str) -> Callable[[httpx.Request], httpx.Response]:
        headers = {"X-Experience-API-Consistent-Through": through}
        return lambda _: httpx.Response(200, json={"statements": [done(1)]}, headers=headers)

    assert len(stubbed(configured("xapi"), lagging("2026-03-01T00:00:00Z")).run("completions").records) == 1
    with pytest.raises(TransientError) as caught:
        stubbed(configured("xapi"), lagging("2026-02-20T00:00:00Z")).run("completions")
    assert caught.value.error_code == "source.lagging"


def test_a_statement_twice_on_one_page_counts_once(stubbed: Stub, configured: Config) -> None:
    answer = {"statements": [done(1), done(2), done(1)]}
    run = stubbed(configured("xapi"), lambda _: httpx.Response(200, json=answer)).run("completions")
    assert [record.source_id for record in run.records] == ["s1", "s2"]


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_forgotten_place_in_a_list_is_no_failure_but_a_restart(
    stubbed: Stub, configured: Config, status: int
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "more" in request.url.params:
            return httpx.Response(status, json={"message": "gone"})
        return httpx.Response(200, json={"statements": [done(1)], "more": "/xapi/statements?more=1"})

    with pytest.raises(ResumeExpired):
        stubbed(configured("xapi"), answer).run("completions")


def test_reading_goes_on_after_the_page_that_was_stored_last(stubbed: Stub, configured: Config) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("more", "0"))
        more = f"/xapi/statements?more={number + 1}" if number < 3 else ""
        return httpx.Response(200, json={"statements": [done(number)], "more": more})

    connection = stubbed(configured("xapi"), answer)
    whole = connection.run("completions")
    assert [record.source_id for record in whole.records] == ["s0", "s1", "s2", "s3"]
    for place, page in enumerate(whole.pages):
        rest = connection.run("completions", resume=page.resume)
        assert [record.source_id for record in rest.records] == ["s0", "s1", "s2", "s3"][place + 1 :]


def test_offset_pages_send_the_pin_of_the_first_answer_and_stop_at_the_total(stubbed: Stub, configured: Config) -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        offset = int(request.url.params["offset"])
        headers = {"x-total-count": "3", "x-paging-request-id": "pin-1"}
        return httpx.Response(200, json=[item(offset)], headers=headers)

    run = stubbed(configured("percipio"), answer).run("catalogue")
    assert [record.source_id for record in run.records] == ["i0", "i1", "i2"]
    assert [page.total for page in run.pages] == [3, 3, 3]
    assert asked == [
        {"offset": "0", "max": "1000"},
        {"offset": "1", "max": "1000", "pagingRequestId": "pin-1"},
        {"offset": "2", "max": "1000", "pagingRequestId": "pin-1"},
    ]


def test_offset_pages_end_by_the_last_link_or_a_short_page_where_no_total_is_given(
    stubbed: Stub, configured: Config
) -> None:
    link = '<https://api.percipio.com/content?a=1,2&offset=2&max=2>; rel="last"'

    def answer(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params["offset"])
        return httpx.Response(200, json=[item(n) for n in range(offset, min(offset + 2, 3))], headers={"Link": link})

    run = stubbed(configured("percipio"), answer).run("catalogue")
    assert [record.source_id for record in run.records] == ["i0", "i1", "i2"]
    short = stubbed(configured("percipio"), lambda _: httpx.Response(200, json=[item(1)])).run("catalogue")
    assert len(short.pages) == 1


def test_only_changes_are_asked_for_when_the_connection_says_so(stubbed: Stub, configured: Config) -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json=[])

    since = datetime(2026, 2, 1, tzinfo=UTC)
    stubbed(configured("percipio", catalogue="changes"), answer).run("catalogue", since=since)
    stubbed(configured("percipio"), answer).run("catalogue", since=since)
    assert [request.get("updatedSince") for request in asked] == ["2026-02-01T00:00:00Z", None]


class Reports:
    """Orders and fetches of reports; every report answers its statuses first and then its rows."""

    def __init__(self, rows: list[dict[str, Any]], *statuses: Any) -> None:
        self.rows, self.statuses = rows, statuses
        self.orders: list[dict[str, Any]] = []
        self.polls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.orders.append(json.loads(request.content))
            self.polls = 0
            return httpx.Response(200, json={"id": f"r/{len(self.orders)}", "status": "PENDING"})
        assert request.url.raw_path.decode().endswith(f"/report-requests/r%2F{len(self.orders)}")
        self.polls += 1
        if self.polls <= len(self.statuses):
            return httpx.Response(200, json=self.statuses[self.polls - 1])
        return httpx.Response(200, json=self.rows)


def row(number: int) -> dict[str, Any]:
    return {"userId": f"u{number}", "contentUuid": "c", "contentType": "Course", "status": "Completed"}


def test_a_report_is_ordered_polled_and_handed_on_in_pages(stubbed: Stub, configured: Config) -> None:
    reports = Reports([row(number) for number in range(2500)], {"status": "PENDING"}, {"status": "IN_PROGRESS"})
    connection = stubbed(configured("percipio", report_poll_s=7), reports)
    run = connection.run("completions", since=datetime(2026, 2, 20, tzinfo=UTC))
    assert [len(page.records) for page in run.pages] == [1000, 1000, 500]
    assert len({record.source_id for record in run.records}) == 2500
    assert connection.clock.slept == [7, 7]
    assert reports.orders == [
        {
            "formatType": "JSON",
            "isFileRequiredInSftp": False,
            "start": "2026-02-20T00:00:00.000Z",
            "end": "2026-03-01T11:59:00.000Z",
        }
    ]


def test_after_a_crash_in_the_middle_of_a_report_its_span_is_ordered_again(stubbed: Stub, configured: Config) -> None:
    reports = Reports([row(number) for number in range(1500)])
    connection = stubbed(configured("percipio", span_days=10), reports)
    since = datetime(2026, 2, 10, tzinfo=UTC)
    whole = connection.run("completions", since=since)
    assert (len(reports.orders), len(whole.pages)) == (2, 4)
    orders = list(reports.orders)
    again = connection.run("completions", since=since, resume=whole.pages[2].resume)
    assert reports.orders[2:] == orders[1:]
    assert {record.source_id for record in again.records} == {record.source_id for record in whole.records}
    assert connection.run("completions", since=since, resume=whole.pages[3].resume).pages == []


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        ({"status": "FAILED"}, ContractError, "source.report_failed"),
        ({"progress": 5}, ContractError, "source.contract"),
    ],
)
def test_a_report_that_fails_or_says_nothing_is_the_contracts_end(
    stubbed: Stub, configured: Config, status: dict[str, Any], error: type[ContractError], code: str
) -> None:
    with pytest.raises(error) as caught:
        stubbed(configured("percipio", span_days=3650), Reports([], status)).run("completions")
    assert caught.value.error_code == code


def test_a_report_that_never_gets_ready_is_given_up_until_the_next_run(stubbed: Stub, configured: Config) -> None:
    config = configured("percipio", span_days=3650, report_wait_s=60, report_poll_s=20)
    connection = stubbed(config, Reports([], *[{"status": "PENDING"}] * 99))
    with pytest.raises(TransientError) as caught:
        connection.run("completions")
    assert caught.value.error_code == "source.report_late"
    assert connection.clock.slept == [20, 20, 20]


def _degreed(paths: dict[str, httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "degreed.com":
            return httpx.Response(200, json={"access_token": "minted", "expires_in": 600})
        return paths[request.url.path.removeprefix("/api/v2/")]

    return answer


def _tagged(*names: str) -> httpx.Response:
    return httpx.Response(200, json={"data": [{"id": name, "attributes": {"name": name}} for name in names]})


def test_pathways_without_readable_tags_have_none_and_stop_nothing(stubbed: Stub, configured: Config) -> None:
    pathways = [{"id": str(n), "attributes": {"title": f"Path {n}", "visibility": "Organization"}} for n in range(5)]
    answers = {
        "pathways": httpx.Response(200, json={"links": {}, "data": pathways}),
        "pathways/0/tags": _tagged("Python", "SQL"),
        **{
            f"pathways/{n + 1}/tags": httpx.Response(status, json={"errors": []})
            for n, status in enumerate((403, 404, 409, 410))
        },
    }
    run = stubbed(configured("degreed"), _degreed(answers)).run("paths")
    assert [len(record.requirements) for record in run.records] == [2, 0, 0, 0, 0]
    bare = stubbed(configured("degreed", details=False), _degreed({"pathways": answers["pathways"]})).run("paths")
    assert [len(record.requirements) for record in bare.records] == [0, 0, 0, 0, 0]


def test_a_refused_list_names_the_permission_that_is_missing(stubbed: Stub, configured: Config) -> None:
    answers = {"completions": httpx.Response(403, json={"errors": [{"detail": "no"}]})}
    with pytest.raises(AuthError, match="completions:read") as caught:
        stubbed(configured("degreed"), _degreed(answers)).run("completions")
    assert caught.value.error_code == "auth.scope_missing"


def test_a_check_says_per_stream_what_works_and_what_to_do(stubbed: Stub, configured: Config) -> None:
    from echo_hub_lxp.connection import check

    answers = {
        "pathways": httpx.Response(200, json={"data": [{"id": "1", "attributes": {}}]}),
        "content": httpx.Response(404, json={}),
        "completions": httpx.Response(403, json={}),
    }
    connection = stubbed(configured("degreed"), _degreed(answers))
    lines = {line.name: line for line in check(connection.context)}
    assert [(line.name, line.ok) for line in lines.values()] == [
        ("paths", True),
        ("catalogue", False),
        ("completions", False),
    ]
    assert "completions:read" in lines["completions"].advice
    assert "base_url" in lines["catalogue"].advice
    percipio = stubbed(
        configured("percipio"), lambda request: httpx.Response(200, json=[] if request.method == "GET" else {"id": "r"})
    )
    assert [line.ok for line in check(percipio.context)] == [True, True]
    broken = stubbed(configured("xapi"), lambda _: httpx.Response(500, json={}))
    assert [line.ok for line in check(broken.context)] == [False]


def test_no_secret_reaches_pages_errors_or_logs(
    stubbed: Stub, configured: Config, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    row = {**item(1), "aiccLaunch": {"params": "aicc_sid=launch-1"}, "link": "https://share.example/c?token=launch-2"}
    run = stubbed(configured("percipio"), lambda _: httpx.Response(200, json=[row])).run("catalogue")
    with pytest.raises(AuthError) as caught:
        stubbed(configured("percipio"), lambda _: httpx.Response(401, json={"echo": "t-secret-1"})).run("catalogue")
    told = "\n".join([repr(run.records), str(caught.value), repr(caught.value), caplog.text])
    assert "launch-" not in told
    assert "secret-1" not in told
    assert "launch-1" not in repr(run.pages)
