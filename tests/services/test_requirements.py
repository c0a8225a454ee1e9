"""The skills of an opportunity for whoever answers for it: shown, suggested, decided, and told where they count."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from echo_core.model import Job
from echo_hub.services.actor import OPERATOR
from echo_hub.services.candidates import candidates
from echo_hub.services.errors import ChoiceError, UnknownOpportunityError, UnknownSkillError
from echo_hub.services.explain import explain, opportunity
from echo_hub.services.intents.requirements import history
from echo_hub.services.receipt_replay import replay
from echo_hub.services.receipts import Receipts
from echo_hub.services.requirements import requirement_choice, requirements_now, suggestions
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.store.receipts import read_receipt
from echo_hub.store.requirement_decisions import REQUIREMENTS
from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.wording import worded

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
JOB, ANA = "greenhouse:job:1", "workday:person:ana"
TEXT = """What you will do
- Negotiate, and no Rust needed
- Tell stories with numbers
What you bring
- Experience with SQL queries
Our benefits
- Kubernetes lessons, free storytelling evenings
"""


@pytest.fixture
def described(build, row):
    """The firm, and one job with a text."""
    job = Job(source_id="text", title="Accountants' helper", description=TEXT)
    return build(lambda rows: rows.append(row("greenhouse", "jobs", job)))


def person(name):
    return SimpleNamespace(kind="person", id=name, number=None)


def decide(database, snapshot, *wanted, by="E3"):
    choices = [requirement_choice(snapshot, JOB, skill, ruling, **more) for skill, ruling, more in wanted]
    return REQUIREMENTS.decide(database, choices, by=person(by), now=NOW)


def after(build, database):
    return build(decisions=Decisions.read(database))


def test_needs_say_where_they_come_from_and_follow_decisions_before_the_market_does(snapshot, database):
    decide(database, snapshot, ("Kafka", "desired", {"level": 2}), ("t:sql", "not_asked", {}))
    view = requirements_now(snapshot, database, JOB)
    told = {one.skill: (one.importance, one.level, one.origin) for one in view.requirements}
    assert told == {"Python": ("essential", 3, "vendor_skill"), "Kafka": ("desired", 2, "confirmed")}
    (kafka,) = [one.decision for one in view.requirements if one.decision]
    assert (kafka.decider, kafka.decided_by, kafka.decided_at) == ("Bo Berg", "E3", NOW)
    assert [one.skill for one in view.not_asked] == ["SQL"]
    assert {requirement.skill_id for requirement in snapshot.listings[snapshot.listing_rows[JOB]].requirements} == {
        "t:python",
        "t:sql",
    }


def test_suggestions_come_with_their_words_and_leave_out_what_is_there_denied_or_offered(described, database):
    found = {one.skill: one for one in suggestions(described, database, "greenhouse:job:text", None)}
    there = {one.skill for one in requirements_now(described, database, "greenhouse:job:text").requirements}
    assert not found.keys() & there
    assert not {"Rust", "Kubernetes", "Storytelling"} & found.keys()
    accounting = found["Accounting"]
    assert (accounting.words, accounting.importance) == ("Accountants' helper", "essential")
    assert 0 < accounting.confidence < 1


@pytest.mark.parametrize("ruling", ["essential", "not_asked"])
def test_what_was_decided_is_not_suggested_again(described, database, ruling):
    choice = requirement_choice(
        described, "greenhouse:job:text", "Accounting", ruling, words="Accountants", confidence=0.5
    )
    (made,) = REQUIREMENTS.decide(database, [choice], by=person("hr"), now=NOW)
    assert "Accounting" not in {one.skill for one in suggestions(described, database, choice.opportunity, None)}
    REQUIREMENTS.undo(database, [made.id], by=person("hr"), now=NOW)
    assert "Accounting" in {one.skill for one in suggestions(described, database, choice.opportunity, None)}


def test_reasons_gaps_and_candidates_say_who_confirmed_a_skill(build, snapshot, database):
    decide(database, snapshot, ("Python", "essential", {}), ("Rust", "desired", {}), by="workday:person:bo")
    snapshot = after(build, database)
    said = "confirmed by Bo Berg, 3 May 2026"
    card = worded(explain(snapshot, ANA, JOB)).card
    assert [one.confirmed for one in card.reasons if one.skill == "Python"] == [said]
    assert [one.told for one in card.gaps if one.skill == "Rust"] == [
        f"Rust is not on your profile, the job would like it ({said})"
    ]
    assert {one.skill: one.confirmed for one in worded(opportunity(snapshot, JOB)).requirements}["SQL"] is None
    (ana,) = [one for one in worded(candidates(snapshot, JOB)).candidates if one.id == ANA]
    assert {one.skill: one.confirmed for one in ana.have} == {"Python": said, "SQL": None}


def test_whoever_is_nobody_on_file_is_named_as_they_are(build, snapshot, database):
    decide(database, snapshot, ("Python", "essential", {}), by="root")
    card = worded(explain(after(build, database), ANA, JOB)).card
    assert "confirmed by root, 3 May 2026" in {one.confirmed for one in card.reasons}


def test_a_receipt_replays_with_a_confirmed_need_and_names_nobody(build, snapshot, database):
    decide(database, snapshot, ("Kafka", "essential", {"level": 3}))
    snapshot = after(build, database)
    receipts = Receipts(database, "asked", lambda: NOW)
    identity = receipts.keep(snapshot, worded(explain(snapshot, ANA, JOB)), "explanation")
    assert replay(database, identity, catalogue().render).identical
    assert "Bo Berg" not in str(read_receipt(database, identity).shown)


def test_undoing_brings_the_score_back_to_the_digit(build, snapshot, database):
    before = snapshot.scores(snapshot.person_rows[ANA], np.array([snapshot.listing_rows[JOB]])).total[0]
    made = decide(database, snapshot, ("Kafka", "essential", {}), ("SQL", "not_asked", {}))
    changed = after(build, database)
    row = np.array([changed.listing_rows[JOB]])
    assert changed.scores(changed.person_rows[ANA], row).total[0] != before
    REQUIREMENTS.undo(database, [one.id for one in made], by=person("hr"), now=NOW)
    assert after(build, database).scores(snapshot.person_rows[ANA], row).total[0] == before


def test_history_says_what_counts_and_what_does_not(snapshot, database):
    (first,) = decide(database, snapshot, ("Kafka", "essential", {}))
    (second,) = decide(database, snapshot, ("Kafka", "not_asked", {"note": "not here"}))
    hub = SimpleNamespace(snapshot=lambda: snapshot, database=database)
    told = [(view.id, view.ruling, view.counts, view.note) for view in history(OPERATOR, hub, JOB)]
    assert told == [(second.id, "not_asked", True, "not here"), (first.id, "essential", False, "")]
    assert history(OPERATOR, hub, "greenhouse:job:2") == ()


@pytest.mark.parametrize(
    ("opportunity_id", "skill", "ruling", "level", "error"),
    [
        ("nowhere", "Kafka", "essential", None, UnknownOpportunityError),
        (JOB, "Zorbing", "essential", None, UnknownSkillError),
        (JOB, "Kafka", "vital", None, ChoiceError),
        (JOB, "Kafka", "essential", 6, ChoiceError),
    ],
)
def test_what_cannot_be_is_refused(snapshot, database, opportunity_id, skill, ruling, level, error):
    with pytest.raises(error):
        requirement_choice(snapshot, opportunity_id, skill, ruling, level=level)
    assert REQUIREMENTS.standing(database) == ()
