"""Reading the sandbox over real HTTP, as the kernel would."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from echo_core.connectors import AuthError, ConfigError, ContractError, ResumeExpired
from echo_core.testing.driving import drive
from echo_core.testing.sandbox import Faults, SandboxServer
from echo_hub_greenhouse import CONNECTOR
from echo_hub_greenhouse.sandbox import CLIENT_SECRET, OTHER_USER, GreenhouseSandbox

POST = 20_400_000_000
JOB = 19_214_950_000


def queries(server: SandboxServer, path: str) -> list[dict[str, list[str]]]:
    return [request.query for request in server.requests if request.path == path]


def test_every_opening_arrives_once_or_is_excluded_by_name(harvest: Any) -> None:
    run = harvest.run("job_posts")
    assert {key - POST: run.by_id[str(key)].title for key in sorted(map(int, run.by_id))} == {
        10: "Backend Engineer",
        20: "Data Engineer",
        21: "Data Engineer",
        30: "Site Reliability Engineer",
        40: "Plattformsutvecklare",
        50: "Anywhere Engineer",
        70: "Unpublished Outside",
        100: "Filled and still live",
        120: "Withdrawn Engineer",
    }
    assert {int(key) - POST: rule for key, rule in run.rules.items()} == {
        60: "confidential",
        71: "not_live",
        80: "template",
        90: "not_live",
        110: "not_live",
    }


def test_posts_carry_what_only_their_job_and_locations_know(harvest: Any) -> None:
    jobs = harvest.run("job_posts").by_id
    backend, remote = jobs[str(POST + 10)], jobs[str(POST + 30)]
    assert (backend.requisition_id, backend.location) == (str(JOB + 1), "Stockholm, Slussen")
    assert (backend.countries, backend.remote) == (("SE",), None)
    assert backend.description == "About Backend Engineer.\n\n- Python & SQL\n- Kafka"
    assert (remote.location, remote.countries, remote.remote) == ("Remote (United States)", ("US",), "remote")
    assert jobs[str(POST + 20)].remote == "hybrid"
    assert jobs[str(POST + 40)].location == "Stockholm, Sweden"
    assert jobs[str(POST + 40)].languages == ("sv",)
    assert (jobs[str(POST + 50)].countries, jobs[str(POST + 50)].remote) == ((), "remote")
    assert {jobs[str(POST + 20)].audience, jobs[str(POST + 21)].audience} == {"internal", "external"}


def test_closed_and_deleted_posts_close_the_job_and_a_deleted_text_is_never_asked_for(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    server = serve(sandbox)
    jobs = open_connection(server.connection).run("job_posts").by_id
    assert {jobs[str(POST + 100)].status, jobs[str(POST + 120)].status} == {"closed"}
    (deleted,) = [query for query in queries(server, "/v3/job_posts") if query.get("active") == ["false"]]
    assert "content" not in deleted["fields"][0]


def test_requisitions_departments_and_offices_arrive(harvest: Any) -> None:
    jobs, departments, offices = (harvest.run(name) for name in ("jobs", "departments", "offices"))
    assert sorted(jobs.rules.values()) == ["confidential", "draft", "template"]
    assert len(jobs.records) == 9
    assert {row.name: row.parent_id is None for row in departments.records} == {"Company": True, "Platform": False}
    assert [(row.city, row.country) for row in offices.records] == [("New York", "US"), ("Stockholm", "SE")]


def test_notes_custom_fields_and_application_questions_are_never_requested(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    server = serve(sandbox)
    connection = open_connection(server.connection)
    for name in ("departments", "offices", "jobs", "job_posts"):
        connection.run(name)
    lists = [request for request in server.requests if request.path.startswith("/v3/")]
    asked = {field for request in lists for field in request.query["fields"][0].split(",")}
    assert asked.isdisjoint({"notes", "custom_fields", "questions", "demographic_question_set_id"})
    assert CLIENT_SECRET not in "".join(request.target for request in server.requests)


def test_windows_are_closed_on_both_sides_and_the_first_has_no_lower_end(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any], clock: Any
) -> None:
    server = serve(sandbox)
    connection = open_connection(server.connection)
    connection.run("jobs")
    connection.run("jobs", since=clock.now() - timedelta(hours=2))
    first, second = queries(server, "/v3/jobs")
    assert first["updated_at"] == ["lte|2026-03-01T11:59:00Z"]
    assert second["updated_at"] == ["gte|2026-03-01T10:00:00Z|lte|2026-03-01T11:59:00Z"]
    assert "%7C" in server.requests[-1].target


def test_pages_follow_the_link_and_send_the_cursor_alone(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    server = serve(sandbox)
    run = open_connection(server.connection, page_size=5).run("jobs")
    assert [len(page.records) for page in run.pages] == [5, 5, 2]
    first, *following = queries(server, "/v3/jobs")
    assert first["per_page"] == ["5"]
    assert [set(query) for query in following] == [{"cursor"}, {"cursor"}]


@pytest.mark.parametrize("name", ["departments", "offices", "jobs", "job_posts"])
def test_stopping_after_any_page_and_resuming_reads_the_same_records(
    harvest: Any, open_connection: Callable[..., Any], name: str
) -> None:
    small = type(harvest)(harvest.context, harvest.config.model_copy(update={"page_size": 2}), harvest.clock)
    object.__setattr__(small.context, "config", small.config)
    whole = small.run(name)
    for stop in range(len(whole.pages)):
        before = [row["id"] for page in whole.pages[: stop + 1] for row in page.records]
        rest = small.run(name, resume=whole.pages[stop].resume)
        after = [row["id"] for page in rest.pages for row in page.records]
        assert before + after == [row["id"] for page in whole.pages for row in page.records]


def test_an_expired_cursor_asks_for_the_window_again(
    harvest: Any, sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    connection = open_connection(serve(sandbox).connection, page_size=5)
    pages = connection.pages("job_posts")
    resume = next(pages).resume
    sandbox.expire_cursors()
    with pytest.raises(ResumeExpired):
        next(pages)
    with pytest.raises(ResumeExpired):
        connection.run("job_posts", resume=resume)
    assert len(connection.run("job_posts").records) == 9


def test_a_position_of_another_version_is_read_again_instead_of_failing(harvest: Any) -> None:
    with pytest.raises(ResumeExpired):
        harvest.run("job_posts", resume={"walk": "sideways", "at": None})


def test_a_refusal_on_the_first_page_is_no_expired_cursor(harvest: Any) -> None:
    object.__setattr__(harvest.context, "config", harvest.config.model_copy(update={"page_size": 9000}))
    with pytest.raises(ContractError) as caught:
        harvest.run("jobs")
    assert not isinstance(caught.value, ResumeExpired)


def test_a_job_that_opens_brings_its_untouched_post_in_the_next_window(
    harvest: Any, sandbox: GreenhouseSandbox, clock: Any
) -> None:
    since = clock.now() - timedelta(hours=1)
    assert harvest.run("job_posts", since=since).records == []
    secret = next(row for row in sandbox.rows["jobs"] if row["confidential"])
    secret |= {"confidential": False, "updated_at": "2026-03-01T11:30:00.000Z"}
    assert [record.title for record in harvest.run("job_posts", since=since).records] == ["Secret Officer"]


def test_a_job_that_turns_confidential_hides_its_untouched_post_in_the_next_window(
    harvest: Any, sandbox: GreenhouseSandbox, clock: Any
) -> None:
    job = next(row for row in sandbox.rows["jobs"] if row["id"] == JOB + 1)
    job |= {"confidential": True, "updated_at": "2026-03-01T11:30:00.000Z"}
    run = harvest.run("job_posts", since=clock.now() - timedelta(hours=1))
    assert run.rules == {str(POST + 10): "confidential"}


def test_a_moved_location_brings_its_untouched_post_in_the_next_window(
    harvest: Any, sandbox: GreenhouseSandbox, clock: Any
) -> None:
    moved = next(row for row in sandbox.rows["job_post_locations"] if row["job_post_id"] == POST + 30)
    moved |= {"plain_text_location": "Remote (Canada)", "updated_at": "2026-03-01T11:30:00.000Z"}
    (job,) = harvest.run("job_posts", since=clock.now() - timedelta(hours=1)).records
    assert (job.source_id, job.countries) == (str(POST + 30), ("CA",))


def test_rows_with_one_time_stamp_at_the_edge_of_two_windows_all_arrive(
    harvest: Any, sandbox: GreenhouseSandbox, clock: Any
) -> None:
    edge = clock.now() - timedelta(minutes=1)
    for row in sandbox.rows["jobs"][-3:]:
        row["updated_at"] = edge.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    first = harvest.run("jobs")
    clock.sleep(3600)
    second = harvest.run("jobs", since=edge - harvest.stream("jobs").overlap)
    expected = {str(row["id"]) for row in sandbox.rows["jobs"][-3:]}
    assert expected <= set(first.by_id)
    assert expected <= set(second.by_id)


def test_audience_internal_keeps_external_posts_out(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    run = open_connection(serve(sandbox).connection, audience="internal").run("job_posts")
    assert {record.audience for record in run.records} == {"internal"}
    assert run.rules[str(POST + 21)] == "external_post"


@pytest.mark.parametrize("missing", ["jobs", "job_posts", "job_post_locations"])
def test_a_missing_scope_stops_the_stream_that_needs_it_and_is_named(
    sandbox: GreenhouseSandbox, harvest: Any, missing: str
) -> None:
    sandbox.scopes = frozenset(sandbox.rows) - {missing}
    with pytest.raises(AuthError) as caught:
        harvest.run("job_posts")
    assert f"harvest:{missing}:list" in str(caught.value)
    assert caught.value.error_code == "auth.forbidden"
    assert len(harvest.run("departments").records) == 2
    assert harvest.stream("job_posts").optional


def test_without_the_scopes_that_only_add_words_posts_still_arrive(
    sandbox: GreenhouseSandbox, harvest: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.scopes = frozenset(sandbox.rows) - {"offices", "job_board_custom_locations"}
    with caplog.at_level(logging.WARNING, logger="greenhouse"):
        jobs = harvest.run("job_posts").by_id
    assert jobs[str(POST + 10)].location is None
    assert jobs[str(POST + 10)].countries == ()
    assert "harvest:offices:list" in caplog.text


def test_a_job_the_acting_user_cannot_read_hides_its_posts(sandbox: GreenhouseSandbox, harvest: Any) -> None:
    sandbox.rows["jobs"] = [row for row in sandbox.rows["jobs"] if not row["confidential"]]
    assert harvest.run("job_posts").rules[str(POST + 60)] == "requisition_hidden"


def test_a_revoked_token_is_minted_again_once_in_mid_stream(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    pages = open_connection(serve(sandbox).connection, page_size=5).pages("jobs")
    next(pages)
    sandbox.revoke_tokens()
    assert sum(len(page.records) for page in pages) == 7
    assert sandbox.tokens_minted == 2


def test_streams_read_at_the_same_time_share_one_token(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    connection = open_connection(serve(sandbox).connection)
    names = ("departments", "offices", "jobs", "job_posts")
    with ThreadPoolExecutor(len(names)) as pool:
        counts = [len(run.records) for run in pool.map(connection.run, names)]
    assert counts == [2, 2, 9, 9]
    assert sandbox.tokens_minted == 1


def test_a_wrong_secret_is_an_auth_error_without_the_secret_in_it(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    connection = open_connection(serve(sandbox).connection, client_secret="not-the-one-we-invented")
    with pytest.raises(AuthError) as caught:
        connection.run("jobs")
    assert "not-the-one-we-invented" not in f"{caught.value!r} {caught.value} {connection.config!r}"


def test_a_small_quota_slows_the_run_down_and_loses_nothing(
    company: Any, clock: Any, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    sandbox = GreenhouseSandbox.from_company(company, clock=clock, requests=3)
    run = open_connection(serve(sandbox).connection, page_size=2).run("job_posts")
    assert len(run.records) == 9
    assert sum(clock.slept) > 30


def test_the_hubs_own_limit_is_50_in_30_seconds_unless_the_settings_say_otherwise(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any], clock: Any
) -> None:
    settings = serve(sandbox).connection
    del settings.config["requests_per_window"]
    connection = open_connection(settings)
    for _ in range(49):  # and one request for the token, which the sandbox serves from the same host
        connection.run("offices")
    assert clock.slept == []
    connection.run("offices")
    assert sum(clock.slept) > 0


def test_a_run_in_which_nothing_changed_costs_seven_requests_and_a_token(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any], clock: Any
) -> None:
    server = serve(sandbox)
    connection = open_connection(server.connection)
    for name in ("departments", "offices", "jobs", "job_posts"):
        connection.run(name, since=clock.now() - timedelta(hours=1))
    assert len(server.requests) == 7 + 1


def test_a_vendors_bad_day_changes_nothing_but_the_time_it_takes(
    company: Any, clock: Any, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    good = open_connection(serve(GreenhouseSandbox.from_company(company, clock=clock)).connection, page_size=2)
    rates = {"http_429": 0.1, "http_500": 0.1, "http_503": 0.05, "reset": 0.1, "half_body": 0.1}
    server = serve(GreenhouseSandbox.from_company(company, clock=clock), Faults(seed=3, rates=rates))
    bad = open_connection(server.connection, page_size=2)
    for name in ("departments", "offices", "jobs", "job_posts"):
        assert bad.run(name).records == good.run(name).records
    assert sum(server.faults.counts.values()) > 5


def test_a_login_page_instead_of_json_is_a_contract_error(
    serve: Callable[..., SandboxServer], open_connection: Callable[..., Any], sandbox: GreenhouseSandbox
) -> None:
    class Login(GreenhouseSandbox):
        def handle(self, request: Any) -> Any:
            reply = super().handle(request)
            if request.path == "/v3/jobs":
                return type(reply)(200, "<html>Sign in</html>", content_type="text/html")
            return reply

    with pytest.raises(ContractError) as caught:
        open_connection(serve(Login(sandbox.rows)).connection).run("jobs")
    assert caught.value.error_code == "source.not_json"


def test_a_page_link_to_another_host_is_refused(
    serve: Callable[..., SandboxServer], open_connection: Callable[..., Any], sandbox: GreenhouseSandbox
) -> None:
    class Elsewhere(GreenhouseSandbox):
        def handle(self, request: Any) -> Any:
            reply = super().handle(request)
            if "Link" in reply.headers:
                link = '<https://elsewhere.invalid/v3/jobs?cursor=x>; rel="next"'
                return type(reply)(reply.status, reply.body, {**reply.headers, "Link": link})
            return reply

    connection = open_connection(serve(Elsewhere(sandbox.rows)).connection, page_size=5)
    with pytest.raises(ContractError) as caught:
        connection.run("jobs")
    assert caught.value.error_code == "source.foreign_host"


def test_the_public_board_gives_departments_offices_and_posts(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    connection = open_connection(sandbox.board_connection(serve(sandbox).url))
    (job,) = connection.run("board_posts").records
    assert (job.title, job.audience, job.remote) == ("Data Engineer", "external", "hybrid")
    assert job.description.startswith("Join us & make something people love.\n\nAbout Data Engineer.")
    assert connection.run("board_posts").pages[0].total == 1
    departments, offices = connection.run("board_departments"), connection.run("board_offices")
    assert job.org_unit_ids == tuple(departments.by_id)
    assert job.place_ids == tuple(offices.by_id)
    assert set(departments.rules.values()) == {"placeholder"}
    assert [stream.removal for stream in CONNECTOR.streams_for(connection.config)] == ["snapshot"] * 3


def test_an_unknown_board_is_a_setting_to_correct_and_a_changed_shape_a_contract_error(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    url = serve(sandbox).url
    with pytest.raises(ConfigError, match="knows no job board 'nobody'"):
        open_connection(sandbox.board_connection(url, "nobody")).run("board_posts")
    sandbox.boards.payloads["odd"] = {"postings": []}
    with pytest.raises(ContractError) as caught:
        open_connection(sandbox.board_connection(url, "odd")).run("board_posts")
    assert caught.value.error_code == "source.key_missing"


def test_the_check_names_each_permission_and_what_to_do(sandbox: GreenhouseSandbox, harvest: Any) -> None:
    from echo_hub_greenhouse.check import check

    assert all(result.ok for result in check(harvest.context))
    sandbox.scopes = frozenset(sandbox.rows) - {"offices"}
    results = {result.name: result for result in check(harvest.context)}
    assert [name for name, result in results.items() if not result.ok] == ["offices"]
    assert "harvest:offices:list" in results["offices"].advice


def test_the_check_tells_a_bad_credential_and_a_user_without_rights(
    company: Any, sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    from echo_hub_greenhouse.check import check

    server = serve(sandbox)
    wrong = list(check(open_connection(server.connection, client_secret="wrong").context))
    assert [(result.name, result.ok) for result in wrong] == [("token", False)]
    nobody = list(check(open_connection(server.connection, acting_user_id=OTHER_USER).context))
    assert [(result.ok, "Site Admin" in result.advice) for result in nobody[:6]] == [(False, True)] * 6
    empty = list(check(open_connection(serve(GreenhouseSandbox({})).connection).context))
    assert (empty[-1].name, empty[-1].ok) == ("acting_user", False)
    boards = [open_connection(sandbox.board_connection(server.url, token)).context for token in ("echodemo", "nobody")]
    assert [next(iter(check(context))).ok for context in boards] == [True, False]


@pytest.mark.parametrize("bad", [None, {"name": "no id"}, {"id": [1]}, "office", {"id": "9" * 5_000}])
def test_a_bad_row_in_a_list_that_only_adds_names_costs_no_post(
    sandbox: GreenhouseSandbox, harvest: Any, monkeypatch: pytest.MonkeyPatch, bad: Any
) -> None:
    before = [post.source_id for post in harvest.run("job_posts").records]
    answered = sandbox.handle

    def with_a_bad_row(request: Any) -> Any:
        reply = answered(request)
        side_list = request.path.endswith(("/offices", "/job_board_custom_locations"))
        return dataclasses.replace(reply, body=[bad, *reply.body]) if side_list and reply.status == 200 else reply

    monkeypatch.setattr(sandbox, "handle", with_a_bad_row)
    assert [post.source_id for post in harvest.run("job_posts").records] == before


def team_rows(sandbox: GreenhouseSandbox, resource: str, key: int) -> list[dict[str, Any]]:
    return [row for row in sandbox.rows[resource] if row["job_id"] == JOB + key]


def test_teams_of_open_jobs_arrive_and_those_of_other_jobs_are_never_asked_for(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    server = serve(sandbox)
    members = open_connection(server.connection).run("hiring_team").records
    open_jobs = {str(JOB + key) for key in (1, 2, 3, 4, 5, 7, 12)}
    for role in ("hiring_manager", "recruiter"):
        assert {member.requisition_id for member in members if member.role == role} == open_jobs
    assert len({member.source_id for member in members}) == len(members) == 14
    for path in ("/v3/job_hiring_managers", "/v3/job_owners"):
        (query,) = queries(server, path)
        assert set(query["job_ids"][0].split(",")) == open_jobs


def test_of_users_nothing_but_five_fields_is_asked_for_and_service_accounts_do_not_arrive(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    server = serve(sandbox)
    users = open_connection(server.connection).run("users").records
    (query,) = queries(server, "/v3/users")
    assert query["fields"] == ["id,name,primary_email,employee_id,deactivated"]
    assert {user.work_email for user in users} == {"hana@tiny.example", "rosa@tiny.example"}
    assert len(sandbox.rows["users"]) == 3


def test_who_leaves_a_team_or_is_deactivated_is_gone_with_the_next_run(
    sandbox: GreenhouseSandbox, harvest: Any
) -> None:
    (row,) = team_rows(sandbox, "job_hiring_managers", 1)
    sandbox.rows["job_hiring_managers"].remove(row)
    hana = next(user for user in sandbox.rows["users"] if user["name"] == "Hana Berg")
    hana["deactivated"] = True
    members = harvest.run("hiring_team").records
    managed = {member.requisition_id for member in members if member.role == "hiring_manager"}
    assert str(JOB + 1) not in managed
    assert str(JOB + 2) in managed
    assert harvest.run("users").rules == {str(hana["id"]): "deactivated"}
    assert [harvest.stream(name).removal for name in ("users", "hiring_team")] == ["snapshot", "snapshot"]


@pytest.mark.parametrize(
    ("missing", "stream"),
    [("users", "users"), ("job_hiring_managers", "hiring_team"), ("job_owners", "hiring_team")],
)
def test_without_the_scope_for_people_jobs_go_on_arriving(
    sandbox: GreenhouseSandbox, harvest: Any, missing: str, stream: str
) -> None:
    sandbox.scopes = frozenset(sandbox.rows) - {missing}
    with pytest.raises(AuthError) as caught:
        harvest.run(stream)
    assert f"harvest:{missing}:list" in str(caught.value)
    assert harvest.stream(stream).optional
    assert len(harvest.run("job_posts").records) == 9


def test_pages_of_teams_stop_and_go_on_with_the_jobs_they_belong_to(
    sandbox: GreenhouseSandbox, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    connection = open_connection(serve(sandbox).connection, page_size=3)
    whole = connection.run("hiring_team")
    keys = [member.source_id for member in whole.records]
    assert len(whole.pages) == 3
    for stop, page in enumerate(whole.pages):
        before = sum(len(earlier.records) for earlier in whole.pages[: stop + 1])
        rest = connection.run("hiring_team", resume=page.resume)
        assert [member.source_id for member in rest.records] == keys[before:]


@pytest.mark.parametrize("bad", [None, "row", {"id": [1]}, {"name": "no id"}, {"id": "9" * 5_000}])
@pytest.mark.parametrize("list_of", ["/jobs", "/job_hiring_managers", "/job_owners"])
def test_a_bad_row_costs_a_team_nothing_but_itself(
    sandbox: GreenhouseSandbox, harvest: Any, monkeypatch: pytest.MonkeyPatch, bad: Any, list_of: str
) -> None:
    answered = sandbox.handle

    def with_a_bad_row(request: Any) -> Any:
        reply = answered(request)
        return dataclasses.replace(reply, body=[bad, *reply.body]) if request.path.endswith(list_of) else reply

    monkeypatch.setattr(sandbox, "handle", with_a_bad_row)
    run = drive(harvest.stream("hiring_team"), harvest.context, harvest.window(), None)
    assert len(run.records) == 14
    assert len(run.rejected) == (list_of != "/jobs")
