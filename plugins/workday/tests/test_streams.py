"""The streams, over real HTTP against the sandbox."""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from echo_core.connectors import AuthError, ConfigError, ContractError, RateLimited, TransientError
from echo_core.connectors.declaration import load
from echo_core.testing.company import Company
from echo_core.testing.sandbox import Faults, Reply, Request
from echo_hub_workday import CONNECTOR
from echo_hub_workday.levels import level_of
from echo_hub_workday.raas import _parsed
from echo_hub_workday.reports import SkillsReport
from echo_hub_workday.sandbox import ISU, SECRETS, SandboxReport, WorkdaySandbox
from echo_hub_workday.spool import WorkerSpool

Connect = Callable[..., Any]
Row = Callable[..., dict[str, Any]]
ADA = "a" * 32


class Scripted(WorkdaySandbox):
    """A tenant that gives prepared answers to everything but token requests."""

    def __init__(self, *replies: Reply) -> None:
        super().__init__({})
        self.replies = list(replies)
        self.asked: list[Request] = []

    def handle(self, request: Request) -> Reply:
        self.asked.append(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def test_our_recording_is_accounted_for_row_by_row(tenant: Connect, recordings: Callable[[str], Any]) -> None:
    rows = recordings("echo_workers.json")["Report_Entry"]
    run = tenant(rows).run()
    assert len(rows) == 9
    assert len(run.raws) == 8
    assert len(run.records) == 5
    assert [(row.source_id[-1], row.rule) for row in run.excluded] == [("8", "erased")]
    assert sorted(type(error).__name__ for error in run.quarantined) == ["RecordError", "ValidationError"]
    by_id = {source_id[-1]: person for source_id, person in run.by_id.items()}
    assert (by_id["1"].name, by_id["1"].title, by_id["1"].country) == ("Mira O'Dell", "Head of R&D", "PT")
    assert (by_id["2"].time_zone, by_id["2"].fte, by_id["2"].country) == ("Europe/Lisbon", 0.6, "PT")
    assert (by_id["3"].status, by_id["3"].org_unit_id, by_id["3"].manager_id) == (
        "on_leave", "SUP-20", "1d0c41a0b7f34c0c8f1e6d5a00000001",
    )  # fmt: skip
    assert by_id["2"].work_email == by_id["3"].work_email == "frontdesk@harbour.example"
    assert (by_id["4"].employee_id, by_id["4"].status, by_id["4"].work_email) == ("C-77B", "left", None)
    assert by_id["4"].human_id == by_id["5"].human_id == "U-100004"
    assert (by_id["5"].org_unit, by_id["5"].teams) == ("Research & Development", ("Choir",))


def test_a_row_without_an_id_keeps_no_key_and_says_why(tenant: Connect, row: Row) -> None:
    connection = tenant([row(), row(Workday_ID=None), row(Workday_ID="")])
    run = connection.run()
    stream = connection.stream("workers")
    assert [stream.key(raw) for raw in run.raws] == [ADA, None, None]
    assert [raw["rows"][0]["Worker_ID"] for raw in run.raws] == ["21001"] * 3
    assert len(run.quarantined) == 2
    assert all("belongs to nobody" in str(error) for error in run.quarantined)


def test_an_active_person_s_raw_record_is_the_same_every_day(tenant: Connect, row: Row) -> None:
    connection = tenant([row(), row(Workday_ID="b" * 32, Active="0"), row(Workday_ID="c" * 32, Active="perhaps")])
    today = connection.run().raws
    connection.clock.seconds += 86_400
    tomorrow = connection.run().raws
    assert today[0] == tomorrow[0]
    assert "Read_On" not in today[0]
    assert [raw["Read_On"] for raw in today[1:]] == ["2026-03-02"] * 2
    assert [raw["Read_On"] for raw in tomorrow[1:]] == ["2026-03-03"] * 2


def test_languages_are_read_first_and_attached(connect: Connect, recordings: Callable[[str], Any]) -> None:
    sandbox = WorkdaySandbox(
        {
            "Echo_Workers": SandboxReport(recordings("echo_workers.json")["Report_Entry"]),
            "Echo_Worker_Languages": SandboxReport(recordings("echo_worker_languages.json")["Report_Entry"]),
        }
    )
    connection = connect(sandbox, workers={})
    people = {person.source_id[-1]: person for person in connection.run().records}
    assert [(one.code, one.level) for one in people["1"].languages] == [("en", 4), ("pt-PT", 5)]
    assert people["2"].languages == ()
    assert [request.path.rsplit("/")[-1] for request in connection.server.requests] == [
        "Echo_Worker_Languages",
        "Echo_Workers",
    ]


def test_a_failing_languages_report_fails_the_people_too(connect: Connect, row: Row) -> None:
    connection = connect(WorkdaySandbox({"Echo_Workers": SandboxReport([row()])}), workers={})
    with pytest.raises(AuthError, match="Echo_Worker_Languages"):
        connection.run()


def test_skills_arrive_from_every_set_up_of_the_report(connect: Connect, recordings: Callable[[str], Any]) -> None:
    rows = recordings("echo_worker_skills.json")["Report_Entry"]
    connection = connect(WorkdaySandbox({"Echo_Worker_Skills": SandboxReport(rows)}))
    run = connection.run("worker_skills")
    prefix = "1d0c41a0b7f34c0c8f1e6d5a0000000"
    assert sorted(source_id.removeprefix(prefix) for source_id in run.by_id) == [
        "1/person/SKILL-3-118",
        "1/vendor/SKILL-3-118",
        "2/person/SKILL-3-7",
        "2/person/event planning",
        "3/person/SKILL-3-9",
        "3/person/scheduling",
    ]
    assert run.by_id[f"{prefix}3/person/SKILL-3-9"].claim.label == "Coffee & Latte Art"
    event = run.by_id[f"{prefix}2/person/event planning"].claim
    assert (event.level, event.level_raw, event.external_id) == (None, "Front of house", None)
    assert len(run.quarantined) == 2
    stream = connection.stream("worker_skills")
    keys = [stream.key(raw) for raw in run.raws]
    assert len(keys) == len(set(keys)) == 8
    assert {record.source_id for record in run.records} <= set(keys)


def test_skills_in_one_text_are_split_only_when_told(connect: Connect) -> None:
    rows = [
        {"Workday_ID": "w1", "Skill": "Python; SQL", "Skill_ID": "S-1; S-2", "Level": "4; 2"},
        {"Workday_ID": "w2", "Skill": "Go; Rust", "Skill_ID": "S-3"},
    ]
    sandbox = WorkdaySandbox({"Echo_Worker_Skills": SandboxReport(rows)})
    whole = connect(sandbox).run("worker_skills")
    assert [record.claim.label for record in whole.records] == ["Python; SQL", "Go; Rust"]
    split = connect(sandbox, skills={"separators": {"Skill": ";"}}).run("worker_skills")
    assert [(r.claim.label, r.claim.external_id, r.claim.level) for r in split.records] == [
        ("Python", "S-1", 4), ("SQL", "S-2", 2), ("Go", None, None), ("Rust", None, None),
    ]  # fmt: skip


def test_the_same_skill_on_two_rows_counts_once_with_its_higher_level(connect: Connect) -> None:
    rows = [{"Workday_ID": "w1", "Skill": "Python", "Level": level} for level in ("Expert", "Beginner", "Proficient")]
    for order in (rows, rows[::-1]):
        run = connect(WorkdaySandbox({"Echo_Worker_Skills": SandboxReport(order)})).run("worker_skills")
        assert [record.claim.level for record in run.records] == [5]


def test_columns_can_have_the_customer_s_names_and_fixed_values(tenant: Connect) -> None:
    rows = [{"EmployeeID": "31337", "Name": "Ada", "Team": "Platform", "Since": "05.01.2020", "Secret": "x"}]
    columns = {
        "Workday_ID": "EmployeeID", "Worker_ID": "EmployeeID", "Preferred_Name": "Name",
        "Supervisory_Org_ID": "Team", "Hire_Date": "Since",
    }  # fmt: skip
    constants = {"Active": "1", "Worker_Type": "Employee"}
    settings = {"columns": columns, "constants": constants}
    run = tenant(rows, workers=settings, values={"date_order": "day_first"}).run()
    (person,) = run.records
    assert (person.source_id, person.employee_id, person.name, str(person.hired_on)) == (
        "31337", "31337", "Ada", "2020-01-05",
    )  # fmt: skip
    assert "x" not in json.dumps(run.raws)


def test_rows_of_one_worker_meet_on_one_page_however_far_apart(tenant: Connect, row: Row) -> None:
    others = [row(Workday_ID=f"{number:032x}") for number in range(1_200)]
    first, last = row(FTE="90"), row(FTE="10", Supervisory_Org="Choir")
    run = tenant([first, *others, last]).run()
    assert [len(page.records) for page in run.pages] == [500, 500, 201]
    assert {page.total for page in run.pages} == {1_201}
    assert run.by_id[ADA].teams == ("Choir",)
    assert all(page.resume is None for page in run.pages)


def test_a_sub_group_of_a_worker_is_opened(tenant: Connect, row: Row) -> None:
    whole = row(Supervisory_Org=None, Supervisory_Org_ID=None)
    whole["Positions_group"] = [
        {"Supervisory_Org_ID": "SUP-1", "Supervisory_Org": "Platform", "FTE": "80"},
        {"Supervisory_Org_ID": "SUP-2", "Supervisory_Org": "Choir", "FTE": "20"},
    ]
    (person,) = tenant([whole]).run().records
    assert (person.org_unit, person.teams) == ("Platform", ("Choir",))


def test_slices_are_read_one_after_the_other_and_put_together(connect: Connect, company: Company) -> None:
    sandbox = WorkdaySandbox.from_company(company)
    _, known = sandbox.reports["Echo_Workers"].prompts["Country!WID"]
    slices = [{"Country!WID": one} for one in sorted(known)]
    columns = sandbox.connection("http://127.0.0.1").config["workers"]["columns"]
    connection = connect(sandbox, workers={"columns": columns, "slices": slices}, languages={"enabled": False})
    sliced = connection.run()
    assert [request.param("Country!WID") for request in connection.server.requests] == sorted(known)
    whole = connect(WorkdaySandbox.from_company(company), languages={"enabled": False}).run()
    assert sliced.by_id == whole.by_id


def test_a_failed_slice_hands_on_nothing(connect: Connect, company: Company) -> None:
    sandbox = WorkdaySandbox.from_company(company)
    _, known = sandbox.reports["Echo_Workers"].prompts["Country!WID"]
    slices = [{"Country!WID": min(known)}, {"Country!WID": "0" * 32}]
    connection = connect(sandbox, workers={"slices": slices}, languages={"enabled": False}, attempts=1)
    pages = connection.stream("workers").read(connection.context, None, None)
    with pytest.raises(TransientError, match="Echo_Workers"):
        next(pages)


@pytest.mark.parametrize("body", [{}, {"report_entry": []}, {"Report_Entry": {}}, {"Report_Entry": None}, [], {"a": 1}])
def test_json_without_report_entry_is_a_failure_and_not_an_empty_company(connect: Connect, body: Any) -> None:
    with pytest.raises(ContractError, match="Nothing was changed") as caught:
        connect(Scripted(Reply(200, body)), languages={}).run()
    assert caught.value.error_code == "source.not_a_report"


def test_an_empty_report_is_no_page_at_all(connect: Connect) -> None:
    assert connect(Scripted(Reply(200, {"Report_Entry": []})), languages={}).run().pages == []


def test_a_login_page_with_status_200_is_a_failure(connect: Connect) -> None:
    page = "<html><body>Sign in</body></html>"
    with pytest.raises(ContractError) as caught:
        connect(Scripted(Reply(200, page, content_type="text/html")), languages={}).run()
    assert caught.value.error_code == "source.not_json"
    with pytest.raises(ContractError) as caught:
        connect(Scripted(Reply(200, page)), languages={}).run()
    assert caught.value.error_code == "source.not_a_report"


def test_a_report_that_ends_in_the_middle_is_not_a_small_company(connect: Connect, row: Row) -> None:
    whole = json.dumps({"Report_Entry": [row(), row(Workday_ID="b" * 32)]})
    for cut in (len(whole) // 2, len(whole) - 1, len(whole) - 2, 20, 2):
        connection = connect(Scripted(Reply(200, whole[:cut])), languages={})
        with pytest.raises(TransientError) as caught:
            connection.run()
        assert caught.value.error_code == "source.truncated"


@pytest.mark.parametrize("column", ["Active", "Worker_Type", "Preferred_Name", "Hire_Date", "Worker_ID", "Workday_ID"])
def test_a_report_that_lost_a_required_column_is_refused_whole(tenant: Connect, row: Row, column: str) -> None:
    rows = [row(**{"Workday_ID": f"w{number}", column: None}) for number in range(3)]
    with pytest.raises(ContractError, match=column) as caught:
        tenant(rows).run()
    assert caught.value.error_code == "source.column_missing"


def test_a_wrong_password_is_not_tried_again(connect: Connect, company: Company) -> None:
    connection = connect(WorkdaySandbox.from_company(company), password="wrong-and-secret")
    with pytest.raises(AuthError, match="did not accept the sign-in") as caught:
        connection.run()
    assert len(connection.server.requests) == 1
    assert "wrong-and-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"workers": {"report": "Echo_Wrkers"}},
        {"report_owner": "somebody"},
        {"tenant": "other"},
    ],
)
def test_a_report_nobody_may_run_says_what_to_do(connect: Connect, company: Company, changes: Any) -> None:
    connection = connect(WorkdaySandbox.from_company(company), languages={}, attempts=2, **changes)
    with pytest.raises(AuthError, match="Share the report with the integration user") as caught:
        connection.run()
    assert caught.value.error_code == "auth.report_not_shared"
    assert isinstance(caught.value, ConfigError)
    assert len(connection.server.requests) <= 2


def test_an_unshared_report_says_the_same(connect: Connect, row: Row) -> None:
    for report in (SandboxReport([row()], shared=False), SandboxReport([row()], web_service=False)):
        with pytest.raises(AuthError, match="enable it as a web service"):
            connect(WorkdaySandbox({"Echo_Workers": report}), languages={}).run()


def test_another_500_is_repeated_once_and_then_left_for_the_next_interval(connect: Connect, row: Row) -> None:
    good = Reply(200, {"Report_Entry": [row()]})
    bad = Reply(500, "<html>Server error</html>", content_type="text/html")
    assert len(connect(Scripted(bad, good), languages={}, attempts=2, workers={}).run().records) == 1
    lost = Scripted(bad, bad, good)
    with pytest.raises(TransientError, match="could not run the report"):
        connect(lost, languages={}, attempts=2).run()
    assert len(lost.asked) == 2


def test_too_many_requests_is_waited_out(connect: Connect, row: Row) -> None:
    good = Reply(200, {"Report_Entry": [row()]})
    busy = Reply(429, {"error": "too many requests"}, {"Retry-After": "7"})
    connection = connect(Scripted(busy, good), languages={}, attempts=2, workers={})
    assert len(connection.run().records) == 1
    assert sum(connection.clock.slept) >= 7
    with pytest.raises(RateLimited):
        connect(Scripted(busy), languages={}, attempts=2).run()


@pytest.mark.parametrize("fault", ["http_500", "http_503", "http_429", "reset", "half_body"])
def test_one_fault_does_not_change_the_people(connect: Connect, company: Company, report_path: str, fault: Any) -> None:
    calm = connect(WorkdaySandbox.from_company(company)).run()
    faults = Faults.scripted({report_path: [fault]})
    rough = connect(WorkdaySandbox.from_company(company), faults=faults, attempts=2)
    assert rough.run().by_id == calm.by_id
    assert faults.counts[fault] == 1


def test_a_bad_day_gives_the_same_people_and_skills(connect: Connect, company: Company) -> None:
    calm = connect(WorkdaySandbox.from_company(company))
    people, skills = calm.run().by_id, calm.run("worker_skills").by_id
    for seed in range(4):
        faults = Faults.bad_day(seed, hang_s=0.05)
        unhurried = itertools.count(0.0, 0.2).__next__
        rough = connect(WorkdaySandbox.from_company(company, clock=unhurried), faults=faults)
        assert rough.run().by_id == people
        assert rough.run("worker_skills").by_id == skills


def test_oauth_signs_in_renews_after_a_401_and_finds_the_form_of_the_client_id(
    connect: Connect, company: Company
) -> None:
    sandbox = WorkdaySandbox.from_company(company, sign_in="oauth")
    connection = connect(sandbox)
    assert len(connection.run().records) == 7
    tokens = [request for request in connection.server.requests if request.path.endswith("/token")]
    assert len(tokens) == 1
    sandbox.revoke_tokens()
    assert len(connection.run().records) == 7
    tokens = [request for request in connection.server.requests if request.path.endswith("/token")]
    assert len(tokens) == 2


def test_a_token_endpoint_that_wants_the_client_id_as_shown_gets_it(connect: Connect, company: Company) -> None:
    class WantsShownForm(WorkdaySandbox):
        def handle(self, request: Request) -> Reply:
            shown = self.connection("").config["client_id"]
            if request.path.endswith("/token"):
                given = base64.b64decode(request.headers["authorization"].split()[1]).decode().split(":")[0]
                if given != shown:
                    return Reply(401, {"error": "invalid_client"})
                return Reply(200, {"access_token": "fine", "token_type": "Bearer"})
            self._tokens["fine"] = self._clock() + 60
            return super().handle(request)

    people = WorkdaySandbox.from_company(company).reports
    connection = connect(WantsShownForm(people, sign_in="oauth"))
    assert len(connection.run().records) == 7
    assert len([request for request in connection.server.requests if request.path.endswith("/token")]) == 2


@pytest.mark.parametrize("changes", [{"refresh_token": "stale-token"}, {"client_secret": "other-secret"}])
def test_a_refused_token_is_not_asked_for_again(connect: Connect, company: Company, changes: Any) -> None:
    connection = connect(WorkdaySandbox.from_company(company, sign_in="oauth"), **changes)
    for _ in range(2):
        with pytest.raises(AuthError) as caught:
            connection.run()
        assert not any(secret in str(caught.value) for secret in (*SECRETS.values(), *changes.values()))
    assert len(connection.server.requests) <= 2


def test_the_whole_company_arrives(connect: Connect, company: Company) -> None:
    connection = connect(WorkdaySandbox.from_company(company))
    run = connection.run()
    people = {person.employee_id: person for person in run.records}
    assert [row.rule for row in run.excluded] == ["left_long_ago"]
    assert set(people) == {person.number for person in company.people} - {"E6"}
    assert not run.quarantined
    assert {person.status for person in people.values()} == {"active", "on_leave", "future", "left"}
    assert people["E1"].name == "Grace O'Hara"
    assert (people["E2"].time_zone, people["E2"].country, people["E2"].fte) == ("Europe/Paris", "FR", 0.8)
    assert [(one.code, one.level) for one in people["E2"].languages] == [("en", 3), ("fr", 5)]
    assert people["C-0042X"].work_email is None
    assert people["E2"].manager_id == people["E1"].source_id
    assert people["E4"].human_id == people["C-0004Z"].human_id
    assert people["E4"].work_email == people["C-0004Z"].work_email
    assert people["E2"].title == "R&D Engineer"
    skills = connection.run("worker_skills").records
    assert {(skill.claim.label, skill.claim.level) for skill in skills if skill.claim.level} == {
        ("Python", 4), ("C++", 2), ("C#", 3),
    }  # fmt: skip
    assert {skill.person.value for skill in skills} <= {person.source_id for person in people.values()}


def test_a_generated_company_arrives_whole(connect: Connect) -> None:
    from echo_core.testing.fiction import build_company

    staff = build_company(people=300, jobs=1, projects=1, paths=1, mentoring=1)
    connection = connect(WorkdaySandbox.from_company(staff))
    connection.clock.seconds += (staff.today - connection.clock.now().date()).days * 86_400
    run, skills = connection.run(), connection.run("worker_skills")
    assert not run.quarantined
    assert not skills.quarantined
    assert len(run.records) + len(run.excluded) == len(staff.people)
    assert all(person.time_zone and person.country and person.languages for person in run.records)
    claimed = sum(len(one.skills) for one in staff.people if one.status in ("active", "on_leave"))
    assert sum(skill.claim.asserter == "person" for skill in skills.records) == claimed


def test_nothing_secret_and_nothing_personal_is_logged(
    connect: Connect, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    connect(WorkdaySandbox.from_company(company)).run()
    assert not any(secret in caplog.text for secret in SECRETS.values())
    assert ISU not in caplog.text
    assert "O'Hara" not in caplog.text


def test_the_declaration_names_things_that_exist() -> None:
    model = CONNECTOR.config_model()
    assert model.__name__ == "WorkdayConfig"
    assert callable(load(CONNECTOR.http))
    assert callable(load(CONNECTOR.streams))


def test_listing_the_connector_loads_nothing_heavy() -> None:
    heavy = ("httpx", "pydantic", "ijson", "echo_hub_workday.config", "echo_hub_workday.sandbox")
    code = f"import echo_hub_workday, sys; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_row_that_is_no_object_or_holds_a_huge_number_costs_itself() -> None:
    chunks = [b'{"Report_Entry": [null, {"Workday_ID": "w1", "Level": 100000000000000000000}, {"Workday_ID": "w2"}]}']
    rows = list(_parsed(chunks, SkillsReport()))
    assert rows[0] is None
    assert [row["Workday_ID"] for row in rows[1:]] == ["w1", "w2"]
    with WorkerSpool() as spool:
        spool.add("w1", {"Level": "\ud800", "Size": Decimal("1.5")})
        assert spool.of("w1") == [{"Level": "\ud800", "Size": 1.5}]
    assert level_of("9" * 5_000, {}) is None
