"""The sandbox itself: a lenient imitation would prove nothing."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest

from echo_core.testing.company import Company
from echo_core.testing.sandbox import Reply, Request
from echo_hub_workday.dressing import MANAGER_ALIAS, time_zone_descriptor, worker_rows
from echo_hub_workday.languages import language_tag
from echo_hub_workday.levels import level_of
from echo_hub_workday.sandbox import CLIENT_UUID, ISU, NOT_AUTHORIZED, SECRETS, SandboxReport, WorkdaySandbox

BASIC = {"Authorization": "Basic " + base64.b64encode(f"{ISU}:{SECRETS['WORKDAY_PASSWORD']}".encode()).decode()}
Ask = Callable[..., Reply]


@pytest.fixture
def sandbox(company: Company) -> WorkdaySandbox:
    return WorkdaySandbox.from_company(company, clock=itertools.count(0.0, 0.2).__next__)


@pytest.fixture
def ask(sandbox: WorkdaySandbox, report_path: str) -> Ask:
    def send(target: str = f"{report_path}?format=json", headers: Any = BASIC, method: str = "GET") -> Reply:
        return sandbox.handle(Request.parse(method, target, headers.items()))

    return send


def _mint(sandbox: WorkdaySandbox, **changes: str) -> Reply:
    form = {
        "grant_type": "refresh_token",
        "client_id": CLIENT_UUID,
        "client_secret": SECRETS["WORKDAY_CLIENT_SECRET"],
        "refresh_token": SECRETS["WORKDAY_REFRESH_TOKEN"],
        **changes,
    }
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    return sandbox.handle(Request.parse("POST", "/ccx/oauth2/echo_demo/token", [], body))


def test_json_comes_only_when_asked_for(ask: Ask, report_path: str) -> None:
    assert set(ask().body) == {"Report_Entry"}
    plain = ask(report_path)
    assert (plain.status, plain.content_type.split(";")[0]) == (200, "text/xml")
    assert plain.body.startswith("<wd:Report_Data xmlns:wd='urn:com.workday.report/Echo_Workers'>")
    assert ask(f"{report_path}?format=yaml").status == 500


@pytest.mark.parametrize(
    "target",
    [
        "/ccx/service/customreport2/other/echo_reports/Echo_Workers",
        "/ccx/service/customreport2/echo_demo/me/Echo_Workers",
        "/ccx/service/customreport2/echo_demo/echo_reports/Nothing",
    ],
)
def test_a_wrong_address_looks_like_a_report_that_is_not_shared(ask: Ask, target: str) -> None:
    reply = ask(target + "?format=json")
    assert (reply.status, reply.body) == (500, {"error": NOT_AUTHORIZED})


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Basic bm90OnJpZ2h0"}, {"Authorization": "Basic ???"}, {"Authorization": "Bearer nope"}],
)
def test_nobody_reads_without_signing_in(ask: Ask, headers: dict[str, str]) -> None:
    assert ask(headers=headers).status == 401


def test_reports_are_read_only_and_nothing_else_exists(ask: Ask, report_path: str) -> None:
    assert ask(report_path, method="POST").status == 405
    assert ask("/ccx/api/v1/echo_demo/workers").status == 404


def test_prompts_are_checked(ask: Ask, report_path: str, sandbox: WorkdaySandbox, company: Company) -> None:
    _, known = sandbox.reports["Echo_Workers"].prompts["Country!WID"]
    both = ask(f"{report_path}?format=json&Country!WID={'!'.join(known)}")
    one = ask(f"{report_path}?format=json&Country!WID={min(known)}")
    assert len(both.body["Report_Entry"]) == len(company.people)
    assert 0 < len(one.body["Report_Entry"]) < len(company.people)
    assert ask(f"{report_path}?format=json&Country!WID=nowhere").status == 500
    assert ask(f"{report_path}?format=json&Nation=FR").status == 500


def test_a_required_prompt_is_required(ask: Ask, sandbox: WorkdaySandbox, report_path: str) -> None:
    sandbox.reports["Echo_Workers"] = SandboxReport([], required=frozenset({"As_Of"}))
    assert ask().status == 500


def test_the_eleventh_call_of_a_second_is_refused(company: Company, report_path: str) -> None:
    sandbox = WorkdaySandbox.from_company(company, clock=lambda: 5.5)
    statuses = [sandbox.handle(Request.parse("GET", report_path, BASIC.items())).status for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2


def test_tokens_are_minted_for_the_right_client_and_end(company: Company, report_path: str) -> None:
    now = [0.0]
    sandbox = WorkdaySandbox.from_company(company, clock=lambda: now[0])
    minted = _mint(sandbox)
    assert (minted.status, minted.body["expires_in"]) == (200, 3600)
    bearer = {"Authorization": f"Bearer {minted.body['access_token']}"}
    request = Request.parse("GET", f"{report_path}?format=json", bearer.items())
    assert sandbox.handle(request).status == 200
    now[0] = 3601.0
    assert sandbox.handle(request).status == 401


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": base64.b64encode(CLIENT_UUID.encode()).decode()}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"refresh_token": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_token_errors_have_oauth_codes(
    sandbox: WorkdaySandbox, changes: dict[str, str], status: int, error: str
) -> None:
    reply = _mint(sandbox, **changes)
    assert (reply.status, reply.body) == (status, {"error": error})


def test_rows_show_the_quirks_of_real_reports(company: Company) -> None:
    rows = worker_rows(company)
    assert all(value not in (None, "") for row in rows for value in row.values())
    assert sum("Work_Email" not in row for row in rows) == 1
    assert {row["Active"] for row in rows} == {"0", "1"}
    assert {row["On_Leave"] for row in rows} == {"Y", "N"}
    assert {row["Is_Manager"] for row in rows} == {"TRUE", "FALSE"}
    assert any("&amp;" in row["Supervisory_Org"] for row in rows)
    assert any(re.search(r"[A-Z]", row["Worker_ID"]) for row in rows)
    assert any(MANAGER_ALIAS in row for row in rows)
    assert len({row["Workday_ID"] for row in rows}) == len(company.people)


def test_some_workers_of_a_larger_company_occupy_two_rows() -> None:
    from echo_core.testing.fiction import build_company

    staff = build_company(people=100, jobs=1, projects=1, paths=1, mentoring=1)
    rows = worker_rows(staff)
    ids = [row["Workday_ID"] for row in rows]
    twice = [one for one in set(ids) if ids.count(one) == 2]
    assert len(rows) == len(staff.people) + len(twice)
    assert 1 <= len(twice) <= 5
    assert all(ids.index(one) < len(staff.people) <= len(ids) - 1 - ids[::-1].index(one) for one in twice)


def test_descriptors_and_words_are_ones_the_connector_reads() -> None:
    assert time_zone_descriptor("Europe/Paris", 2026) == "GMT+01:00 Central European Time (Paris)"
    assert time_zone_descriptor("America/New_York", 2026) == "GMT-05:00 Eastern Time (New York)"
    assert time_zone_descriptor("Australia/Sydney", 2026) == "GMT+10:00 Local Time (Sydney)"
    assert language_tag("Swedish", {}) == "sv"
    assert level_of("Working Knowledge", {}) == 2
