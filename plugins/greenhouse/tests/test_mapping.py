"""From Greenhouse rows to records, without any network."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from echo_core.connectors import RecordError
from echo_core.model import Excluded, PersonRef
from echo_hub_greenhouse import mapping, raw
from echo_hub_greenhouse.config import GreenhouseConfig
from echo_hub_greenhouse.language import bcp47


@pytest.fixture
def config() -> GreenhouseConfig:
    return GreenhouseConfig(client_id="x-sandbox", client_secret="invented", app_url="https://tiny.greenhouse.invalid")


@pytest.fixture
def post(recording: Callable[[str], Any]) -> Callable[..., raw.RawJobPost]:
    """`post(job={...}, live=False)`: the recorded internal post with some fields changed."""

    def changed(*, job: dict[str, Any] | None = None, **fields: Any) -> raw.RawJobPost:
        row = {**recording("job_posts.json")[0], **fields}
        if job is not None:
            row["parent_job"] = {**row["parent_job"], **job}
        return raw.RawJobPost.model_validate(row)

    return changed


def one(records: Any) -> Any:
    (record,) = records
    return record


def test_an_open_job_becomes_a_requisition_with_its_number_units_and_offices(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    found = one(mapping.map_job(raw.RawJob.model_validate(recording("jobs.json")[0]), config))
    assert (found.source_id, found.title, found.status) == ("19214950107", "Backend Engineer (platform)", "open")
    assert (found.number, found.opened_on, found.closed_on) == ("REQ-107", date(2026, 1, 5), None)
    assert found.org_unit_ids == ("4061000002",)
    assert found.place_ids == ("4016000001", "4016000002")
    assert found.source_url == "https://tiny.greenhouse.invalid/sdash/19214950107"
    assert found.updated_at == datetime(2026, 2, 3, 9, 15, 42, 120000, tzinfo=UTC)


def test_empty_text_nulls_and_local_offsets_are_taken_for_what_they_mean(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    found = one(mapping.map_job(raw.RawJob.model_validate(recording("jobs.json")[1]), config))
    assert (found.number, found.org_unit_ids, found.place_ids) == (None, (), ())
    assert (found.status, found.closed_on) == ("closed", date(2026, 2, 2))


@pytest.mark.parametrize(
    ("number", "rule"),
    [(2, "confidential"), (3, "template"), (4, "draft"), (5, "unknown_status"), (6, "unknown_status")],
)
def test_jobs_nobody_may_see_are_excluded_by_a_named_rule(
    recording: Callable[[str], Any], config: GreenhouseConfig, number: int, rule: str
) -> None:
    row = recording("jobs.json")[number]
    found = one(mapping.map_job(raw.RawJob.model_validate(row), config))
    assert found == Excluded(entity="requisition", source_id=str(row["id"]), rule=rule)
    assert rule in mapping.EXCLUSIONS


def test_an_internal_post_becomes_a_job_with_text_places_and_a_link_people_can_open(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig
) -> None:
    job = one(mapping.map_job_post(post(), config))
    assert job.title == "Backend Engineer, Payments"
    assert job.description == "The role\n\n- Build APIs in Go\n- Run them & learn"
    assert (job.status, job.audience, job.featured) == ("open", "internal", True)
    assert (job.requisition_id, job.org_unit_ids) == ("19214950107", ("4061000002",))
    assert (job.place_ids, job.location) == (("4016000002",), "Old Town; Hybrid - Oslo, Norway")
    assert (job.countries, job.remote) == (("NO", "SE"), "hybrid")
    assert job.languages == ("sv",)
    assert job.apply_url == "https://tiny.greenhouse.invalid/internal_job_board/applications/20400000071"
    assert job.source_url == job.apply_url
    assert job.posted_at == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_an_external_post_without_locations_takes_its_jobs_offices(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    job = one(mapping.map_job_post(raw.RawJobPost.model_validate(recording("job_posts.json")[1]), config))
    assert (job.audience, job.description, job.languages) == ("external", "", ())
    assert (job.place_ids, job.location, job.countries) == (("4016000001",), "New York", ("US",))
    assert job.apply_url == "https://careers.tiny.invalid/jobs?gh_jid=20400000072"


@pytest.mark.parametrize(
    ("fields", "job", "rule"),
    [
        ({"job_id": None}, None, "prospect_post"),
        ({"live": False}, None, "not_live"),
        ({"live": None}, None, "not_live"),
        ({"active": False, "first_published_at": None}, None, "never_published"),
        ({"parent_job": None}, None, "requisition_hidden"),
        ({}, {"confidential": True}, "confidential"),
        ({}, {"is_template": True}, "template"),
        ({}, {"status": "draft"}, "draft"),
        ({}, {"status": "something_new"}, "unknown_status"),
        ({"active": False}, {"confidential": True}, "confidential"),
    ],
)
def test_posts_nobody_may_see_are_excluded_whatever_else_they_say(
    post: Callable[..., raw.RawJobPost],
    config: GreenhouseConfig,
    fields: dict[str, Any],
    job: dict[str, Any] | None,
    rule: str,
) -> None:
    found = one(mapping.map_job_post(post(job=job, **fields), config))
    assert found == Excluded(entity="job", source_id="20400000071", rule=rule)
    assert rule in mapping.EXCLUSIONS


def test_audience_internal_leaves_external_posts_out(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig
) -> None:
    internal_only = config.model_copy(update={"audience": "internal"})
    assert one(mapping.map_job_post(post(internal=False), internal_only)).rule == "external_post"
    assert one(mapping.map_job_post(post(internal=None), internal_only)).rule == "external_post"
    assert one(mapping.map_job_post(post(), internal_only)).audience == "internal"


@pytest.mark.parametrize(("fields", "job"), [({"active": False, "live": False}, None), ({}, {"status": "closed"})])
def test_a_deleted_post_and_a_closed_job_close_what_people_saw(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig, fields: dict[str, Any], job: dict[str, Any] | None
) -> None:
    assert one(mapping.map_job_post(post(job=job, **fields), config)).status == "closed"


def test_a_place_nobody_can_name_beside_a_known_one_leaves_the_countries_open(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig
) -> None:
    places = [{"type": "office", "text": None, "office_id": 999}, {"type": "free_text", "text": "London, UK"}]
    job = one(mapping.map_job_post(post(post_locations=places), config))
    assert (job.countries, job.location, job.place_ids) == ((), "London, UK", ("999",))


def test_an_office_that_cannot_be_found_leaves_the_countries_open(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig
) -> None:
    job = one(mapping.map_job_post(post(offices=[]), config))
    assert job.countries == ()
    assert job.place_ids == ("4016000002",)


def test_a_visible_post_without_a_title_is_a_record_error_that_names_the_field(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig
) -> None:
    with pytest.raises(RecordError) as caught:
        list(mapping.map_job_post(post(title=" "), config))
    assert (caught.value.field, caught.value.error_code) == ("title", "record.field_missing")
    assert "20400000071" in str(caught.value)


def test_a_very_long_title_is_shortened_not_refused(
    post: Callable[..., raw.RawJobPost], config: GreenhouseConfig
) -> None:
    assert len(one(mapping.map_job_post(post(title="x" * 900), config)).title) == mapping.MAX_TITLE


def test_departments_keep_the_tree_and_the_hr_systems_key(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    rows = [raw.RawDepartment.model_validate(row) for row in recording("departments.json")]
    child, parent = (one(mapping.map_department(row, config)) for row in rows[:2])
    assert (child.name, child.parent_id, child.external_id) == ("Client", "4061000002", None)
    assert (parent.name, parent.parent_id, parent.external_id) == ("Engineering", None, "WD-ENG")
    with pytest.raises(RecordError):
        list(mapping.map_department(rows[2], config))


@pytest.mark.parametrize(
    ("number", "name", "location", "city", "country"),
    [
        (0, "Remote (US)", None, None, "US"),
        (1, "Old Town", "Stockholm, Sweden", "Stockholm", "SE"),
        (2, "New York", "New York, NY, United States", "New York", "US"),
    ],
)
def test_offices_become_places_with_city_and_country_where_they_can_be_read(
    recording: Callable[[str], Any],
    config: GreenhouseConfig,
    number: int,
    name: str,
    location: str | None,
    city: str | None,
    country: str,
) -> None:
    place = one(mapping.map_office(raw.RawOffice.model_validate(recording("offices.json")[number]), config))
    assert (place.name, place.location, place.city, place.country) == (name, location, city, country)


def test_the_pseudo_rows_of_a_board_are_excluded(config: GreenhouseConfig) -> None:
    office = raw.RawOffice.model_validate({"id": 0, "name": "No Office"})
    department = raw.RawDepartment.model_validate({"id": 0, "name": "No Department"})
    assert one(mapping.map_office(office, config)).rule == "placeholder"
    assert one(mapping.map_department(department, config)).rule == "placeholder"


def test_a_board_post_becomes_an_external_job_with_utc_times(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    row = raw.RawBoardPost.model_validate(recording("board_jobs.json")["jobs"][0])
    job = one(mapping.map_board_post(row, config))
    assert (job.title, job.audience, job.requisition_id) == ("Account Executive", "external", None)
    assert job.description == "We sell things.\n\n- CRM & forecasting"
    assert (job.location, job.countries, job.remote) == ("Remote, Italy", ("IT",), "remote")
    assert (job.org_unit_ids, job.place_ids) == (("4061000009",), ())
    assert (job.employment_type, job.ends_on) == ("Regular", date(2026, 4, 30))
    assert job.updated_at == datetime(2026, 2, 3, 9, 15, 42, tzinfo=UTC)
    assert job.updated_at.tzinfo is UTC
    assert job.source_url == "https://job-boards.invalid/tiny/jobs/20400000081"


def test_a_board_post_without_a_job_is_a_prospect_form_but_an_old_one_without_the_key_is_not(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    prospect, old = (raw.RawBoardPost.model_validate(row) for row in recording("board_jobs.json")["jobs"][1:])
    assert one(mapping.map_board_post(prospect, config)).rule == "prospect_post"
    job = one(mapping.map_board_post(old, config))
    assert (job.countries, job.remote, job.place_ids) == (("GB",), "hybrid", ("4016000003",))


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("en", "en"), ("zhHant", "zh-Hant"), ("iw", "he"), ("se", "sv"), ("no", "no"), ("pt-BR", "pt-BR"),
        ("pt_br", "pt-BR"), ("EN", "en"), ("", None), (None, None), ("Klingon!", None),
    ],
)  # fmt: skip
def test_language_codes_become_bcp_47(code: str | None, tag: str | None) -> None:
    assert bcp47(code) == tag


def test_mapping_is_pure_same_row_same_record_and_the_row_untouched(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    row = recording("job_posts.json")[0]
    before = json.dumps(row)
    first = list(mapping.map_job_post(raw.RawJobPost.model_validate(row), config))
    assert list(mapping.map_job_post(raw.RawJobPost.model_validate(row), config)) == first
    assert json.dumps(row) == before


def test_a_user_is_a_person_by_employee_id_and_address_and_nothing_else(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    numbered, nameless, *deactivated = [
        record
        for row in recording("users.json")
        for record in mapping.map_user(raw.RawUser.model_validate(row), config)
    ]
    assert numbered.model_dump(exclude_defaults=True) == {
        **{"source_id": "4000001001", "name": "Hana Berg"},
        **{"employee_id": "000125", "work_email": "hana@tiny.example"},
    }
    assert (nameless.name, nameless.employee_id) == ("rosa@agency.example", None)
    assert deactivated == [Excluded(entity="person", source_id="4000001003", rule="deactivated")]


def test_a_hiring_team_says_who_is_what_and_who_is_responsible(
    recording: Callable[[str], Any], config: GreenhouseConfig
) -> None:
    manager, recruiter, sourcer, later = [
        record
        for row in recording("hiring_team.json")
        for record in mapping.map_team_member(raw.RawTeamMember.model_validate(row), config)
    ]
    assert manager.person == PersonRef(scheme="source", value="4000001001")
    assert (manager.requisition_id, manager.role, manager.responsible) == ("19214950107", "hiring_manager", False)
    assert (recruiter.role, recruiter.responsible) == ("recruiter", True)
    assert (sourcer.role, sourcer.responsible) == ("sourcer", False)
    assert manager.source_id != recruiter.source_id, "the two lists number their rows apart"
    assert later == Excluded(entity="hiring_team_member", source_id="owner-4120000009", rule="unknown_role")


@pytest.mark.parametrize("missing", ["job_id", "user_id"])
def test_a_row_of_a_team_without_its_job_or_its_user_is_refused_by_the_fields_name(
    recording: Callable[[str], Any], config: GreenhouseConfig, missing: str
) -> None:
    row = raw.RawTeamMember.model_validate({**recording("hiring_team.json")[0], missing: None})
    with pytest.raises(RecordError) as caught:
        list(mapping.map_team_member(row, config))
    assert caught.value.field == missing
