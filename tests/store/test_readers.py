"""What is stored is what is listed, what is listed is read, and what may not be read cannot be listed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import echo_hub
from echo_core.matching.registry import REGISTRY
from echo_core.model import (
    ENTITIES,
    HiringTeamMember,
    Job,
    Language,
    LearningPath,
    LearningRecord,
    Mentorship,
    OrgUnit,
    Person,
    PersonRef,
    Place,
    Preferences,
    Project,
    Requirement,
    Requisition,
    SkillAssertion,
    SkillClaim,
)
from echo_hub.store.payloads import written
from echo_hub.store.readers import NAMES, READERS, REFUSED, check

HUB = Path(str(echo_hub.__file__)).parent
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ADA = PersonRef(scheme="email", value="ada@example.org")
CLAIM = SkillClaim(label="SQL", level_raw="gut")
RECORDS = {
    record.entity: record
    for record in (
        Person(source_id="1", name="Ada", skills=(CLAIM,), languages=(Language(code="sv", level=3),), teams=("x",)),
        OrgUnit(source_id="1", name="Platform"),
        Place(source_id="1", name="Berlin"),
        Requisition(source_id="1", title="Analyst", status="open", hiring_manager=ADA, number="R-1"),
        HiringTeamMember(source_id="1", requisition_id="1", person=ADA, role="recruiter", responsible=True),
        Job(source_id="1", title="Analyst", owner=ADA, requirements=(Requirement(label="SQL", level_raw="gut"),)),
        Project(source_id="1", title="Hack", duration_weeks=2.0),
        Mentorship(source_id="1", title="Mentor"),
        LearningPath(source_id="1", title="SQL", level_raw="easy"),
        LearningRecord(source_id="1", person=ADA, object_id="c", state="completed", score=0.4, minutes_spent=9.0),
        SkillAssertion(source_id="1", person=ADA, claim=CLAIM),
    )
}
ARRIVES_ONLY = {
    "person": {"source_url", "updated_at", "teams", "fte", "in_position_since", "left_on"},
    "org_unit": {"source_url", "updated_at", "unit_kind", "external_id"},
    "place": {"source_url", "updated_at", "external_id"},
    "requisition": {"source_url", "updated_at", "number", "opened_on", "closed_on"},
    "hiring_team_member": {"source_url", "updated_at"},
    "job": {"duration_weeks", "employment_type"},
    "project": {"duration_weeks"},
    "mentorship": {"duration_weeks"},
    "learning_path": {"duration_weeks", "level_raw"},
    "learning_record": {
        *("source_url", "updated_at", "progress", "score", "started_at", "precision", "minutes_spent", "verified"),
        "assigned",
    },
    "skill_assertion": {"source_url", "updated_at"},
    "skill_claim": {"level_raw"},
    "requirement": {"level_raw"},
    "language": {"level"},
}
"""What connectors may say and the hub does not keep. Whoever adds a field to a model decides: read, or listed here.

The address and the time of the last change of every record are columns of their own beside the payload.
"""
MODELS = {name: model for model, name in NAMES.items()}
INPUTS = {
    "claim": ("skill_claim",),
    "requirement": ("requirement",),
    "person": ("person",),
    "preference": ("preferences",),
    "opportunity": ("job", "project", "mentorship", "learning_path"),
}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_field_of_a_model_is_read_by_somebody_or_not_stored(name):
    fields = set(MODELS[name].model_fields)
    assert set(READERS[name]) == fields - ARRIVES_ONLY.get(name, set())
    assert ARRIVES_ONLY.get(name, set()) <= fields


def test_the_list_has_every_entity_and_every_value_inside_one():
    assert set(READERS) == set(MODELS) >= set(ENTITIES)


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_a_payload_has_all_listed_fields_at_every_depth_and_no_others(entity):
    payload = json.loads(written(RECORDS[entity]))
    assert set(payload) == set(READERS[entity])
    inner = {"skills": "skill_claim", "requirements": "requirement", "languages": "language"}
    for field, name in inner.items():
        for item in payload.get(field, []) if entity == "person" or field == "requirements" else []:
            assert set(item) == set(READERS[name])
    if entity == "skill_assertion":
        assert set(payload["claim"]) == set(READERS["skill_claim"])
    assert payload.get("owner") in (None, {"scheme": "email", "value": "ada@example.org"})


def test_a_person_without_anything_said_is_stored_with_every_default():
    preferences = Preferences(starts_from=date(2026, 6, 1))
    assert json.loads(written(Person(source_id="w1", name="Ada", preferences=preferences)))["preferences"] == {
        "hours_per_week": None,
        "remote": None,
        "countries": [],
        "starts_from": "2026-06-01",
    }


@pytest.mark.parametrize(
    ("name", "field", "line"), [(name, field, line) for name in READERS for field, line in READERS[name].items()]
)
def test_the_module_named_as_reader_names_the_field(name, field, line):
    uses, where = line.split(": ")
    if uses == "later":
        return
    assert set(uses.split(", ")) <= {"identity", "matching", "search", "views", "policy"}
    file = HUB / where if not where.startswith("core/") else HUB.parent / where
    assert f".{field}" in file.read_text(encoding="utf-8"), f"{where} does not read {name}.{field}"


@pytest.mark.parametrize("given", sorted({one for feature in REGISTRY for one in feature.inputs}))
def test_what_moves_a_score_is_listed_as_read_by_matching(given):
    kind, field = given.split(".")
    field = {"skill": "label"}.get(field, field)
    for name in INPUTS[kind]:
        uses = READERS[name][field].split(": ")[0]
        assert "matching" in uses.split(", "), f"{name}.{field} is an input of the scorer"


@pytest.mark.parametrize("field", ["postal_code", "zip", "postcode", "gender", "date_of_birth", "salary", "photo"])
def test_a_postal_code_and_its_like_are_refused_as_something_to_read(field):
    with pytest.raises(ValueError, match=rf"person\.{field} may not be stored or matched on"):
        check({"person": {**READERS["person"], field: "matching: snapshot/directory/facts.py"}})


def test_no_record_has_a_field_that_may_not_be_read():
    for name, model in MODELS.items():
        check({name: dict.fromkeys(model.model_fields, "")})
    inputs = {one.split(".")[1] for feature in REGISTRY for one in feature.inputs}
    check({"matching": dict.fromkeys(inputs, "")})
    assert "postal_code" in REFUSED
