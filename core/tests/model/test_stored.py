"""Stored records are read as well as they can be, and set aside with a reason when they cannot be read at all."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args, get_origin

import pytest

from echo_core.model import (
    ENTITIES,
    Job,
    Language,
    LearningPath,
    Person,
    PersonRef,
    Preferences,
    Requirement,
    SkillClaim,
)
from echo_core.model.record import Value
from echo_core.model.stored import UNKNOWN, UnreadableRecordError, read

JOB = {"source_id": "4711", "title": "Analyst"}
PERSON = {"source_id": "w1", "name": "Ada"}


def person(version: int = 2, **more: Any) -> Person:
    record = read("person", version, json.dumps({**PERSON, **more}))
    assert isinstance(record, Person)
    return record


def job(version: int = 2, **more: Any) -> Job:
    record = read("job", version, json.dumps({**JOB, **more}))
    assert isinstance(record, Job)
    return record


@pytest.mark.parametrize("version", [1, 2, 3, 99])
def test_fields_of_a_later_release_are_passed_over_at_every_depth(version: int) -> None:
    claim = {"label": "SQL", "confidence": 0.7}
    record = person(version, grade="G7", skills=[claim], preferences={"remote": True, "travel": False})
    assert record == Person(
        source_id="w1", name="Ada", skills=(SkillClaim(label="SQL"),), preferences=Preferences(remote=True)
    )


def test_unknown_words_stand_for_the_most_careful_known_ones() -> None:
    assert person(status="suspended").status == "future"
    assert person(worker_type="intern").worker_type == "contingent"
    assert job(status="evergreen").status == "paused"
    assert job(remote="anywhere").remote is None
    path = read("learning_path", 3, json.dumps({**JOB, "content_kind": "bootcamp"}))
    assert isinstance(path, LearningPath)
    assert path.content_kind == "other"


def test_a_claim_whose_stance_nobody_here_knows_is_left_out_and_the_others_stay() -> None:
    skills = [{"label": "SQL"}, {"label": "Go", "stance": "gave_up"}, {"label": "C"}, {"stance": "has"}, "Kafka", None]
    assert [one.label for one in person(skills=skills).skills] == ["SQL", "C"]


def test_two_problems_in_one_item_cost_that_item_and_no_other() -> None:
    skills = [{"label": "", "stance": "gave_up"}, {"label": "C", "level": 9, "asserter": "peer"}, {"label": "D"}]
    first, second = person(skills=skills).skills
    assert first == SkillClaim(label="C")
    assert second == SkillClaim(label="D")


def test_an_owner_named_in_a_way_nobody_here_knows_is_nobody() -> None:
    owner = {"scheme": "badge", "value": "9"}
    assert job(owner=owner, requirements=[{"label": "SQL", "importance": "vital"}]) == Job(
        source_id="4711", title="Analyst", requirements=(Requirement(label="SQL", importance="desired"),)
    )


def test_a_value_nobody_can_read_counts_as_not_stated() -> None:
    record = person(hired_on="soon", country="Sweden", title=["x"], languages="sv", preferences=7)
    assert record == Person(source_id="w1", name="Ada")
    assert job(seats="many", posted_at="2026-13-01", tags=["a", 7, "b"]).tags == ("a", "b")


@pytest.mark.parametrize(
    ("entity", "payload", "field"),
    [
        ("person", {"source_id": "w1"}, "name"),
        ("person", {"source_id": "", "name": "Ada"}, "source_id"),
        ("job", {"title": "Analyst"}, "source_id"),
        ("mentorship", {**JOB, "direction": "circle"}, "direction"),
        (
            "learning_record",
            {
                "source_id": "1",
                "person": {"scheme": "badge", "value": "secret"},
                "object_id": "c",
                "state": "completed",
            },
            "person.scheme",
        ),
        ("skill_assertion", {"source_id": "1", "person": {"scheme": "email", "value": "a@b"}, "claim": {}}, "label"),
    ],
)
def test_what_cannot_be_read_says_which_field_and_never_its_value(
    entity: str, payload: dict[str, Any], field: str
) -> None:
    for version in (2, 3):
        with pytest.raises(UnreadableRecordError) as caught:
            read(entity, version, json.dumps(payload))
        assert field in str(caught.value)
        assert entity in str(caught.value)
        assert "secret" not in str(caught.value)


def test_an_upgrade_that_fails_makes_the_record_unreadable() -> None:
    with pytest.raises(UnreadableRecordError, match="version 1"):
        read("person", 1, json.dumps({**PERSON, "skills": 7}))


def test_a_kind_of_record_nobody_here_knows_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        read("gig", 1, "{}")


def test_many_bad_items_are_mended_in_a_few_passes() -> None:
    skills = [{"label": f"Skill {number}", "stance": "gave_up" if number % 2 else "has"} for number in range(2000)]
    assert len(person(skills=skills).skills) == 1000


MODELS: list[type[Value]] = [*ENTITIES.values(), SkillClaim, Requirement, Language, Preferences, PersonRef]


def is_closed(annotation: Any) -> bool:
    """Whether a field takes some words and no others."""
    return get_origin(annotation) is Literal or any(map(is_closed, get_args(annotation)))


def test_every_field_of_few_words_says_what_a_word_of_a_later_release_is_read_as() -> None:
    closed = {
        (model.__name__, name)
        for model in MODELS
        for name, field in model.model_fields.items()
        if is_closed(field.annotation)
    }
    never_stored = {("OrgUnit", "unit_kind"), ("LearningRecord", "precision")}
    assert set(UNKNOWN) == closed - never_stored


def test_stored_values_of_a_kind_share_the_note_of_what_was_given() -> None:
    first, other = job(requirements=[{"label": "SQL"}, {"label": "Go", "level": 3}]), job()
    assert first.__pydantic_fields_set__ is other.__pydantic_fields_set__
    noted = {id(requirement.__pydantic_fields_set__) for requirement in first.requirements}
    assert len(noted) == 1
    changed = first.model_copy(update={"title": "Chief analyst"})
    assert changed.__pydantic_fields_set__ is not first.__pydantic_fields_set__
    assert first == job(requirements=[{"label": "SQL"}, {"label": "Go", "level": 3}])
