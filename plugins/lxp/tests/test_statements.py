"""Statements pushed to us: tracked verbs, people, voiding, what never counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.statements import Ingested, ingest_statements

ID = "11111111-0000-4000-8000-0000000000{:02d}".format


@pytest.fixture
def ingested(configured: Callable[..., LxpConfig], recording: Callable[[str], Any]) -> Ingested:
    config = configured("xapi", accounts={"https://id.fjord.example": "employee_id"})
    return ingest_statements(recording("xapi/statements"), config)


def test_every_statement_is_accounted_for(ingested: Ingested, recording: Callable[[str], Any]) -> None:
    pushed = [statement["id"] for statement in recording("xapi/statements")]
    found = [row.source_id for row in (*ingested.records, *ingested.excluded)] + [
        row.raw["id"] for row in ingested.refused
    ]
    assert sorted(found) == sorted(pushed)


def test_people_are_known_by_address_hash_account_and_openid(ingested: Ingested) -> None:
    people = {record.source_id: (record.person.scheme, record.person.value) for record in ingested.records}
    assert people == {
        ID(1): ("email", "mira.lund@fjord.example"),
        ID(2): ("email_sha1", "cd9b00a5611f94eaa7b1661edab976068e364975"),
        ID(3): ("employee_id", "E10023"),
        ID(4): ("source", "https://openid.example/mira"),
        ID(5): ("email", "mira.lund@fjord.example"),
    }


def test_a_passed_course_is_evidence_with_score_time_and_effort(ingested: Ingested) -> None:
    passed: Any = next(record for record in ingested.records if record.source_id == ID(1))
    assert passed.is_skill_evidence
    assert (passed.score, passed.minutes_spent, passed.success) == (0.9, 75, True)
    assert passed.object_title == "Safe online"
    assert passed.completed_at == datetime(2026, 2, 12, 21, 5, 55, 895454, UTC)
    assert passed.updated_at == datetime(2026, 2, 12, 21, 6, tzinfo=UTC)


def test_only_the_passed_course_is_evidence(ingested: Ingested) -> None:
    states = {record.source_id: (record.state, record.object_kind) for record in ingested.records}
    assert [record.source_id for record in ingested.records if record.is_skill_evidence] == [ID(1)]
    assert states[ID(2)] == ("failed", "course")
    assert states[ID(3)] == ("completed", "video")
    assert states[ID(4)] == ("waived", "course")


def test_a_voided_statement_in_the_same_list_is_kept_and_flagged(ingested: Ingested) -> None:
    voided: Any = next(record for record in ingested.records if record.source_id == ID(5))
    assert voided.voided
    assert not voided.is_skill_evidence


def test_a_voided_statement_of_an_earlier_list_is_taken_back(ingested: Ingested) -> None:
    assert ingested.removed == ("99999999-0000-4000-8000-000000000099",)


def test_what_is_left_out_is_counted_under_its_rule(ingested: Ingested) -> None:
    assert {row.source_id: row.rule for row in ingested.excluded} == {
        ID(6): "voiding",
        ID(7): "voiding",
        ID(8): "sub_statement",
        ID(9): "group_actor",
        ID(10): "verb_not_tracked",
        ID(11): "not_complete",
    }


def test_an_account_without_home_page_is_refused_and_names_are_not_kept(ingested: Ingested) -> None:
    (refused,) = ingested.refused
    assert refused.error.field == "actor"
    assert "no home page" not in str(refused.error)
    assert "private words" not in repr(ingested)
    assert "Mira Lund" not in repr(ingested)


def test_order_and_repetition_change_nothing(
    configured: Callable[..., LxpConfig], recording: Callable[[str], Any]
) -> None:
    config, pushed = configured("xapi"), recording("xapi/statements")
    once = ingest_statements(pushed, config)
    again = ingest_statements([*reversed(pushed), *pushed], config)
    assert sorted(record.model_dump_json() for record in once.records) == sorted(
        record.model_dump_json() for record in again.records
    )
    assert once.removed == again.removed


@pytest.mark.parametrize(
    "broken",
    [
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"id": "x"}},
        {"actor": {"mbox": "mailto:a@b.example"}, "object": {"id": "x"}},
        {"actor": {"mbox": "mailto:a@b.example"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}},
        {"actor": {"mbox": "mailto:a@b.example"}, "verb": "completed", "object": {"id": "x"}},
        {"actor": "a", "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"id": "x"}},
    ],
)
def test_a_malformed_statement_is_refused_and_stops_nobody_else(
    configured: Callable[..., LxpConfig], recording: Callable[[str], Any], broken: dict[str, Any]
) -> None:
    good = recording("xapi/statements")[0]
    found = ingest_statements([{"id": "broken-1", **broken}, good], configured("xapi"))
    assert [row.raw["id"] for row in found.refused] == ["broken-1"]
    assert [record.source_id for record in found.records] == [ID(1)]
