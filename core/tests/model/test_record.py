"""Records are frozen, refuse what they do not know, and say which entity they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from echo_core.model import ENTITIES, Excluded, Job, LearningRecord, Person, PersonRef


def test_every_entity_has_a_name_of_its_own() -> None:
    assert {name: model.entity for name, model in ENTITIES.items()} == {name: name for name in ENTITIES}


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        Job(source_id="  ", title="Engineer")


def test_a_field_nobody_declared_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Person.model_validate({"source_id": "1", "name": "Ada", "date_of_birth": "1990-01-01"})


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Job(source_id="1", title="Engineer", updated_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_a_record_cannot_be_changed() -> None:
    job = Job(source_id="1", title="Engineer")
    with pytest.raises(ValidationError, match="frozen"):
        job.title = "Other"  # type: ignore[misc]


def test_an_exclusion_rule_is_a_stable_word() -> None:
    with pytest.raises(ValidationError):
        Excluded(entity="job", source_id="1", rule="Because it is secret")


@pytest.mark.parametrize(
    ("kind", "state", "success", "voided", "counts"),
    [
        ("course", "completed", True, False, True),
        ("course", "completed", None, False, True),
        ("certification", "completed", True, False, True),
        ("video", "completed", True, False, False),
        ("other", "completed", True, False, False),
        ("course", "completed", False, False, False),
        ("course", "in_progress", None, False, False),
        ("course", "completed", True, True, False),
    ],
)
def test_only_a_passed_course_path_or_test_is_evidence(
    kind: str, state: str, success: bool | None, voided: bool, counts: bool
) -> None:
    record = LearningRecord.model_validate(
        {
            "source_id": "1",
            "person": PersonRef(scheme="email", value="ada@example.com"),
            "object_id": "c1",
            "object_kind": kind,
            "state": state,
            "success": success,
            "voided": voided,
            "completed_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
    )
    assert record.is_skill_evidence is counts
