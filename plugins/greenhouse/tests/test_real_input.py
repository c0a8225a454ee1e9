"""Real payloads: the vendor's schemas and samples, recordings, and job posts of real boards."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from echo_core.model import Excluded, Job
from echo_core.testing.sandbox import Reply, Request, SandboxServer
from echo_hub_greenhouse import mapping, raw
from echo_hub_greenhouse.config import GreenhouseConfig
from echo_hub_greenhouse.sandbox import GreenhouseSandbox
from echo_hub_greenhouse.sandbox_query import RESOURCES

pytestmark = pytest.mark.real_input
Shared = Callable[[str], Path]

LEFTOVERS = re.compile(r"</?[a-zA-Z][^>]*>|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);|\u00a0|[^\S\n ]|  +\S| \n|\n\n\n")
"""A tag, an entity, a non-breaking or odd space, a run of spaces inside a line, trailing space, two blank lines."""

CONFIG = GreenhouseConfig(client_id="x-sandbox", client_secret="invented")


def leftovers(text: str) -> list[str]:
    lines = [re.sub(r"^ +", "", line) for line in text.split("\n")]
    return LEFTOVERS.findall("\n".join(lines))


@pytest.fixture
def schema(shared: Shared) -> Callable[[str], Any]:
    return lambda name: json.loads((shared("fixtures/greenhouse/v3-json-schemas") / f"{name}.json").read_text())


@pytest.fixture
def get(sandbox: GreenhouseSandbox) -> Callable[..., Reply]:
    def ask(path: str, *headers: tuple[str, str]) -> Reply:
        return sandbox.handle(Request.parse("GET", path, headers))

    return ask


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_the_sandbox_serves_rows_the_vendors_schema_accepts(
    sandbox: GreenhouseSandbox, schema: Callable[[str], Any], violations: Callable[..., list[str]], resource: str
) -> None:
    definition = schema(resource)
    assert sandbox.rows[resource]
    for row in sandbox.rows[resource]:
        assert violations(definition, row) == []
        assert set(row) == set(definition["properties"]) == set(RESOURCES[resource].fields)


def test_the_sandbox_takes_exactly_the_vendors_parameters(schema: Callable[[str], Any]) -> None:
    endpoints = {entry["path"]: entry for entry in schema("_endpoint_registry_2026-06")}
    common = {"cursor", "per_page", "ids", "created_at", "updated_at", "fields"}
    left_out = {"custom_field_option_id", "interviewer_tag_ids", "external_office_id", "external_department_id"}
    for resource, spec in RESOURCES.items():
        documented = {parameter["name"] for parameter in endpoints[f"/v3/{resource}"]["parameters"]}
        assert documented - left_out == common | set(spec.filters), resource


def test_the_raw_models_ask_for_fields_the_vendor_has(schema: Callable[[str], Any]) -> None:
    joined = {"parent_job", "post_locations", "offices"}
    for resource, model in {
        "jobs": raw.RawJob,
        "job_posts": raw.RawJobPost,
        "departments": raw.RawDepartment,
        "offices": raw.RawOffice,
        "users": raw.RawUser,
        "job_owners": raw.RawTeamMember,
    }.items():
        assert set(model.model_fields) - joined <= set(schema(resource)["properties"]), resource


def test_refusals_read_as_observed(shared: Shared, get: Callable[..., Reply], sandbox: GreenhouseSandbox) -> None:
    cases = json.loads((shared("fixtures/greenhouse/observed") / "v3_error_bodies.json").read_text())["cases"]
    bodies = {case["request"]: (case["status"], case["body"]) for case in cases}
    token = sandbox.handle(
        Request.parse(
            "POST",
            "/token",
            [
                ("Authorization", "Basic ZWNoby1kZW1vLXNhbmRib3g6aW52ZW50ZWQtZ3JlZW5ob3VzZS1zZWNyZXQ="),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ],
            b"grant_type=client_credentials",
        )
    ).body["access_token"]
    bearer = ("Authorization", f"Bearer {token}")
    cursor = get("/v3/jobs?per_page=1", bearer).headers["Link"].split("cursor=")[1].split(">")[0]
    for asked, reply in {
        "GET harvest.greenhouse.io/v3/candidates, no or bad token": get("/v3/jobs"),
        "GET harvest.greenhouse.io/v3/<unknown path>": get("/v3/nothing"),
        "GET /v3/jobs?cursor=...&status=closed": get(f"/v3/jobs?cursor={cursor}&status=closed", bearer),
        "GET /v3/jobs?per_page=600": get("/v3/jobs?per_page=600", bearer),
    }.items():
        assert (reply.status, reply.body) == bodies[asked]


def test_the_vendors_own_v1_samples_pass_the_models_and_come_out_clean(shared: Shared) -> None:
    folder = shared("fixtures/greenhouse/vendor-docs-v1/harvest")
    jobs = json.loads((folder / "jobs__get_list_jobs.json").read_text())
    requisition = next(iter(mapping.map_job(raw.RawJob.model_validate(jobs[0]), CONFIG)))
    assert requisition.source_id == str(jobs[0]["id"])
    for row in json.loads((folder / "job_posts__get_list_job_posts.json").read_text()):
        joined = {**row, "parent_job": {**jobs[0], "id": row["job_id"], "status": "open"}, "language": None}
        (job,) = mapping.map_job_post(raw.RawJobPost.model_validate(joined), CONFIG)
        assert isinstance(job, Job)
        assert leftovers(job.description) == []
    for name in ("departments__get_list_departments", "departments__get_list_departments_2"):
        for row in json.loads((folder / f"{name}.json").read_text()):
            (unit,) = mapping.map_department(raw.RawDepartment.model_validate(row), CONFIG)
            assert unit.source_id == str(row["id"])
    for name in ("offices__get_list_offices", "offices__get_list_offices_2"):
        for row in json.loads((folder / f"{name}.json").read_text()):
            (place,) = mapping.map_office(raw.RawOffice.model_validate(row), CONFIG)
            assert place.location == (row["location"]["name"] if row.get("location") else None)


def test_the_vendors_job_board_sample_escaped_twice_reads_as_text(shared: Shared) -> None:
    folder = shared("fixtures/greenhouse/vendor-docs-v1/job-board")
    for name in ("jobs__list_jobs", "jobs__list_jobs_2"):
        for row in json.loads((folder / f"{name}.json").read_text())["jobs"]:
            (job,) = mapping.map_board_post(raw.RawBoardPost.model_validate(row), CONFIG)
            assert (job.title, job.location, job.countries) == ("Vault Designer", "NYC", ("US",))
    assert job.description == (
        "This is the job description.\n\nAny HTML included through the hosted job application editor will be "
        "automatically converted into corresponding HTML entities."
    )
    row = json.loads((folder / "jobs__retrieve_a_job.json").read_text())
    (job,) = mapping.map_board_post(raw.RawBoardPost.model_validate(row), CONFIG)
    assert (job.countries, leftovers(job.description)) == (("US",), [])


def test_recorded_board_answers_map_with_their_pseudo_rows(
    shared: Shared, recorded_body: Callable[[Path], Any]
) -> None:
    folder = shared("fixtures/greenhouse/recorded-v1-vcr/job-board")
    for name in ("jobs", "jobs_with_content"):
        for row in recorded_body(folder / f"{name}.yml")["jobs"]:
            (job,) = mapping.map_board_post(raw.RawBoardPost.model_validate(row), CONFIG)
            assert (job.audience, job.countries, leftovers(job.description)) == ("external", ("US",), [])
    assert "- Bespoke exercitation viral typewriter." in job.description
    rules = []
    for key, model, to in (
        ("departments", raw.RawDepartment, mapping.map_department),
        ("offices", raw.RawOffice, mapping.map_office),
    ):
        for row in recorded_body(folder / f"{key}.yml")[key]:
            (record,) = to(model.model_validate(row), CONFIG)
            rules.append(record.rule if isinstance(record, Excluded) else None)
    assert "placeholder" in rules


def test_recorded_harvest_lists_map_with_their_nulls_and_empty_texts(
    shared: Shared, recorded_body: Callable[[Path], Any]
) -> None:
    folder = shared("fixtures/greenhouse/recorded-v1-vcr/harvest")
    places = [
        next(iter(mapping.map_office(raw.RawOffice.model_validate(row), CONFIG)))
        for row in recorded_body(folder / "offices.yml")
    ]
    assert {place.name: place.country for place in places} | {"Hong Kong": "HK", "London": "GB", "Sydney": "AU"} == {
        place.name: place.country for place in places
    }
    assert {place.country for place in places} == {"HK", "GB", "AU", "US"}
    (job,) = recorded_body(folder / "jobs.yml")
    (requisition,) = mapping.map_job(raw.RawJob.model_validate(job), CONFIG)
    assert (requisition.number, requisition.status) == (None, "open")
    assert len(recorded_body(folder / "departments.yml")) == 14
    post = recorded_body(folder / "job_post.yml")
    joined = {**post, "id": 1, "job_id": 4690, "live": True, "parent_job": job}
    (found,) = mapping.map_job_post(raw.RawJobPost.model_validate(joined), CONFIG)
    assert found.description.startswith("Who are we?\n\nGeneral Assembly is a successful, venture backed")
    assert leftovers(found.description) == []


REAL_POSTS = {"phonepe": 5, "amplitude": 2, "smarterdx": 2, "gitlab_a": 3, "gitlab_b": 2, "anthropic": 4}
COUNTRIES = {
    "phonepe": {("IN",)},
    "amplitude": {("GB",), ("IN",)},
    "smarterdx": {("US",)},
    "gitlab_a": {("IT",), ("IN",), ("US",)},
    "gitlab_b": {("IT",), ("US",)},
    "anthropic": {("US",), ("CA", "GB", "US"), ("AU",)},
}


@pytest.mark.parametrize("board", sorted(REAL_POSTS))
def test_every_real_board_post_travels_over_http_and_reads_as_clean_text(
    shared: Shared, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any], board: str
) -> None:
    payload = json.loads(gzip.decompress((shared("data/greenhouse-samples") / f"{board}.json.gz").read_bytes()))
    sandbox = GreenhouseSandbox({}, boards={board: payload})
    connection = open_connection(sandbox.board_connection(serve(sandbox).url, board))
    run = connection.run("board_posts")
    assert (len(run.records), run.excluded) == (REAL_POSTS[board], [])
    for job, post in zip(run.records, payload["jobs"], strict=True):
        assert job.source_url == post["absolute_url"]
        assert job.title == post["title"].strip()
        assert leftovers(job.description) == []
        assert len(job.description) > 300
        assert (job.remote == "remote") is ("remote" in post["location"]["name"].lower())
        assert job.posted_at is not None
        assert job.posted_at.utcoffset().total_seconds() == 0
        assert job.languages == ("en",)
    assert {job.countries for job in run.records} == COUNTRIES[board]
    names = connection.run("board_departments").by_id
    assert {unit for job in run.records for unit in job.org_unit_ids} <= set(names)
