"""Field maps, dialect by dialect, on our own recordings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from echo_core.connectors.errors import RecordError
from echo_core.model import LearningPath, LearningRecord
from echo_hub_lxp.config import LxpConfig

COURSE = "7d0c1f7e-1111-4a11-8a11-000000000001"
JOURNEY = "7d0c1f7e-1111-4a11-8a11-0000000000a1"
LAB = "7d0c1f7e-1111-4a11-8a11-000000000003"


def test_a_percipio_course_becomes_a_learning_path(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    run = mapped(configured("percipio"), "catalogue", recording("percipio/catalogue"))
    course: LearningPath = run.by_id[COURSE]
    assert run.quarantined == {}
    assert course.title == "Building data pipelines"
    assert course.description == "Batch & streams.\n\n- Kafka\n- Spark"
    assert (course.content_kind, course.status, course.minutes) == ("course", "open", 90)
    assert (course.level, course.level_raw) == ("advanced", "EXPERT")
    assert course.languages == ("de-DE", "en-US")
    assert [(requirement.label, requirement.origin, requirement.importance) for requirement in course.requirements] == [
        ("Data Engineering", "vendor_skill", "teaches"),
        ("Apache Kafka", "vendor_skill", "teaches"),
    ]
    assert course.tags == ("pipelines", "Kafka", "Data Engineering", "Data")
    assert course.parents == ("7d0c1f7e-1111-4a11-8a11-0000000000c1", JOURNEY)
    assert course.activity_ids == (f"https://xapi.percipio.com/xapi/course/{COURSE}",)
    assert course.source_url == "https://share.percipio.com/cd/abc?lesson=3"
    assert course.retires_on == date(2027, 6, 30)
    assert course.updated_at == datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def test_titles_texts_and_skills_come_in_the_preferred_language(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    run = mapped(configured("percipio", locales=("de",)), "catalogue", recording("percipio/catalogue"))
    course = run.by_id[COURSE]
    assert (course.title, course.description) == ("Datenleitungen bauen", "Mit Stapeln & Strömen.")
    assert [requirement.label for requirement in course.requirements] == ["Datentechnik"]


def test_a_retired_journey_is_closed_and_not_its_own_parent(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    journey = mapped(configured("percipio"), "catalogue", recording("percipio/catalogue")).by_id[JOURNEY]
    assert (journey.content_kind, journey.status, journey.retires_on) == ("path", "closed", date(2026, 1, 31))
    assert (journey.parents, journey.minutes, journey.level, journey.description) == ((), None, None, "")
    assert [(requirement.label, requirement.origin) for requirement in journey.requirements] == [
        ("Data Engineering", "vendor_tag")
    ]


def test_what_is_not_said_stays_unsaid(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    lab = mapped(configured("percipio"), "catalogue", recording("percipio/catalogue")).by_id[LAB]
    assert (lab.content_kind, lab.languages, lab.requirements, lab.provider) == ("other", (), (), "Partner")
    assert (lab.level, lab.level_raw) == (None, "BEGINNER, INTERMEDIATE")
    assert (lab.source_url, lab.posted_at) == (None, None)


def test_launch_parameters_never_leave_the_reader(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    run = mapped(configured("percipio"), "catalogue", recording("percipio/catalogue"))
    kept = repr(run.pages)
    assert "aicc" not in kept.lower()
    assert "launch-secret" not in kept
    assert "Invented Author" not in kept
    assert "not-for-us" not in repr(run.records)


def test_report_rows_become_records_and_only_the_course_is_evidence(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    run = mapped(configured("percipio"), "completions", recording("percipio/report"))
    course, video, linked, started = run.records
    assert isinstance(course, LearningRecord)
    assert [record.is_skill_evidence for record in run.records] == [True, False, False, False]
    assert (course.person.scheme, course.person.value) == ("user_name", "mira.lund")
    assert (course.score, course.minutes_spent, course.precision) == (0.73, 91, "date")
    assert (course.started_at, course.completed_at) == (
        datetime(2026, 2, 1, 8, 15, 0, 500000, UTC),
        datetime(2026, 2, 3, tzinfo=UTC),
    )
    assert (video.person.scheme, video.person.value) == ("email", "jo.park@fjord.example")
    assert (video.object_kind, video.progress) == ("video", 1.0)
    assert (linked.object_kind, linked.state) == ("other", "completed")
    assert (started.state, started.progress, started.completed_at, started.precision) == (
        "in_progress",
        0.44,
        None,
        "instant",
    )
    assert "Mira" not in repr(run.pages)


def test_linked_content_counts_when_the_connection_says_what_it_is(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    config = configured("percipio", object_kinds={"Linked Content": "course"})
    linked = mapped(config, "completions", recording("percipio/report")).records[2]
    assert linked.is_skill_evidence


def test_a_custom_field_may_name_the_person_and_the_login_still_helps_out(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    config = configured("percipio", person={"field": "employeeId", "scheme": "employee_id"})
    run = mapped(config, "completions", recording("percipio/report"))
    assert [record.person.scheme for record in run.records] == ["employee_id", "email", "employee_id", "employee_id"]
    assert run.records[0].person.value == "E10023"


def test_a_row_keeps_its_key_when_a_login_is_renamed_but_not_when_it_is_done_again(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    row = recording("percipio/report")[0]
    again = {**row, "completedDate": "2026-05-03T00:00:00.000Z"}
    run = mapped(configured("percipio"), "completions", [row, {**row, "userId": "mira.new"}, again])
    assert len(run.records) == 2
    assert run.records[0].person.value == "mira.new"


def test_degreed_pathways_carry_a_prefix_and_private_ones_are_left_out(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    body = recording("degreed/pathways")
    body["data"][0]["tags"] = [{"id": "t1", "attributes": {"name": "Leadership"}}]
    run = mapped(configured("degreed"), "paths", body["data"], body)
    assert run.rules == {"pathway:pA2": "private"}
    path = run.by_id["pathway:pA1"]
    assert (path.content_kind, path.description) == ("path", "From colleague to lead.\nSix weeks.")
    assert path.updated_at == datetime(2026, 1, 10, 21, 5, 55, 895454, UTC)
    assert [(requirement.label, requirement.origin) for requirement in path.requirements] == [
        ("Leadership", "vendor_tag")
    ]


def test_degreed_content_has_effort_only_in_units_of_effort(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    run = mapped(configured("degreed"), "catalogue", recording("degreed/content")["data"])
    course, podcast = run.records
    assert (course.minutes, course.languages, course.status, course.updated_at) == (150, ("pt-BR",), "open", None)
    assert course.source_url == "https://lms.example/c1?lesson=2"
    assert (podcast.minutes, podcast.content_kind, podcast.status) == (None, "other", "closed")


def test_degreed_completions_find_their_content_among_the_included(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    body = recording("degreed/completions")
    run = mapped(configured("degreed"), "completions", body["data"], body)
    first, second = run.records
    assert (first.object_title, first.object_kind, first.precision, first.is_skill_evidence) == (
        "Giving feedback",
        "course",
        "date",
        True,
    )
    assert (second.object_id, second.object_kind, second.precision) == ("gone", "other", "instant")
    assert (second.person.scheme, second.person.value) == ("source", "u2")
    assert list(run.quarantined) == ["k3"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"localizedMetadata": "text"}, "localizedMetadata"),
        ({"localizedMetadata": []}, "title"),
        ({"duration": "an hour"}, "duration"),
        ({"lifecycle": {"status": "ACTIVE", "publishDate": "soon"}}, "lifecycle.publishDate"),
        ({"associations": "none"}, "associations.channels[*].id"),
    ],
)
def test_a_broken_record_is_refused_with_its_field_and_without_its_value(
    mapped: Callable[..., Any],
    configured: Callable[..., LxpConfig],
    recording: Callable[[str], Any],
    change: dict[str, Any],
    field: str,
) -> None:
    item = {**recording("percipio/catalogue")[0], **change}
    run = mapped(configured("percipio"), "catalogue", [item])
    error = run.quarantined[COURSE]
    assert isinstance(error, RecordError)
    assert error.field == field
    assert "an hour" not in str(error)
    assert "soon" not in str(error)


def test_a_record_without_key_is_refused(mapped: Callable[..., Any], configured: Callable[..., LxpConfig]) -> None:
    rows: list[dict[str, Any]] = [{"id": "", "contentType": {}, "localizedMetadata": []}]
    run = mapped(configured("percipio"), "catalogue", rows)
    assert list(run.quarantined) == [None]
    assert "has no key" in str(run.quarantined[None])


def test_mapping_leaves_its_input_alone_and_gives_the_same_twice(
    mapped: Callable[..., Any], configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    rows = recording("percipio/catalogue")
    config = configured("percipio")
    first, second = mapped(config, "catalogue", rows), mapped(config, "catalogue", rows)
    assert rows == recording("percipio/catalogue")
    assert [record.model_dump_json() for record in first.records] == [
        record.model_dump_json() for record in second.records
    ]
