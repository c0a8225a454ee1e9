"""Decisions about the skills of opportunities: kept, replaced, undone, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from echo_hub.store.ledger import DecisionError
from echo_hub.store.records import data_revision
from echo_hub.store.requirement_decisions import REQUIREMENTS, RequirementChoice

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
JOB = "ats:job:1"


def person(name):
    return SimpleNamespace(kind="person", id=name, number=None)


def choice(skill, ruling="essential", opportunity=JOB, **more):
    return RequirementChoice(opportunity, f"tiny:{skill}", skill, ruling, **more)


def standing(database):
    return {(one.choice.opportunity, one.choice.skill): one.choice.ruling for one in REQUIREMENTS.standing(database)}


def test_a_decision_is_kept_whole(database):
    whole = choice("sql", "teaches", level=3, words="query the “lake”", confidence=0.4, note="ours")
    (made,) = REQUIREMENTS.decide(database, [whole], by=person("E1"), now=NOW)
    assert REQUIREMENTS.history(database) == [made]
    assert (made.choice, made.decided_by, made.decided_at) == (whole, "E1", NOW)


def test_the_latest_decision_about_a_skill_counts_and_undoing_it_brings_the_one_before_back(database):
    REQUIREMENTS.decide(database, [choice("sql")], by=person("ana"), now=NOW)
    (second,) = REQUIREMENTS.decide(database, [choice("sql", "not_asked")], by=person("bo"), now=LATER)
    assert standing(database) == {(JOB, "sql"): "not_asked"}
    REQUIREMENTS.undo(database, [second.id], by=person("cy"), now=LATER)
    assert standing(database) == {(JOB, "sql"): "essential"}
    assert REQUIREMENTS.history(database, JOB)[0].undone_by == "cy"


def test_the_same_skill_of_another_opportunity_is_another_matter(database):
    REQUIREMENTS.decide(database, [choice("sql"), choice("sql", "desired", "ats:job:2")], by=person("ana"), now=NOW)
    assert standing(database) == {(JOB, "sql"): "essential", ("ats:job:2", "sql"): "desired"}
    assert [one.choice.ruling for one in REQUIREMENTS.history(database, JOB)] == ["essential"]


def test_deciding_the_same_again_changes_nothing_but_another_level_is_another_decision(database):
    REQUIREMENTS.decide(database, [choice("sql", level=2)], by=person("ana"), now=NOW)
    before = data_revision(database)
    assert REQUIREMENTS.decide(database, [choice("sql", level=2, note="again")], by=person("bo"), now=LATER) == []
    assert data_revision(database) == before
    assert len(REQUIREMENTS.decide(database, [choice("sql", level=3)], by=person("bo"), now=LATER)) == 1
    assert data_revision(database) > before


def test_what_was_decided_together_is_undone_together(database):
    made = REQUIREMENTS.decide(database, [choice("sql"), choice("kafka", "not_asked")], by=person("ana"), now=NOW)
    assert len(REQUIREMENTS.undo(database, batch=made[0].batch, by=person("bo"), now=LATER)) == 2
    assert standing(database) == {}
    with pytest.raises(DecisionError, match="still counts"):
        REQUIREMENTS.undo(database, batch=made[0].batch, by=person("bo"), now=LATER)
