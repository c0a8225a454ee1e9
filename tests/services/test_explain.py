"""One person and one opportunity, gates first; one opportunity on its own."""

from __future__ import annotations

import pytest

from echo_core.model.message import Message
from echo_hub.services.errors import UnknownOpportunityError
from echo_hub.services.explain import explain, opportunity
from echo_hub.services.feed import for_you
from echo_hub.surfaces.messages.wording import refusal, worded

ANA = "workday:person:ana"


def test_an_explanation_is_the_score_of_the_list(snapshot):
    for card in for_you(snapshot, ANA, limit=100).cards:
        found = explain(snapshot, ANA, card.id)
        assert found.score == card.score
        assert found.card.reasons == card.reasons
        assert found.eligible
        assert abs(sum(reason.contribution for reason in found.card.reasons) - found.score) < 1e-9


def test_a_closed_gate_is_said_and_the_score_is_still_shown(snapshot):
    found = worded(explain(snapshot, ANA, "exchange:mentorship:m-lead"))
    assert not found.eligible
    assert [gate.text for gate in found.gates if not gate.passed] == [
        "One reports to the other, directly or through managers."
    ]
    assert found.score > 0.3
    assert found.scorer_version == snapshot.weights.version


def test_people_are_named_by_whatever_names_them(snapshot):
    assert explain(snapshot, "ana@x.org", "greenhouse:job:1") == explain(snapshot, ANA, "greenhouse:job:1")


def test_an_opportunity_says_what_it_asks_and_teaches(snapshot):
    job = worded(opportunity(snapshot, "greenhouse:job:1"))
    assert [requirement.text for requirement in job.requirements] == [
        "The job asks for Python at level 3",
        "The job asks for SQL at level 3",
    ]
    assert job.card.score is None
    path = opportunity(snapshot, "lxp:learning_path:l1")
    assert (path.teaches, path.requirements, path.card.minutes) == (("Kafka",), (), 90)


def test_an_unknown_opportunity_says_why_when_a_rule_hides_it(build):
    def close(rows):
        place = next(i for i, row in enumerate(rows) if row.record.source_id == "p1")
        rows[place] = type(rows[place])(
            "exchange", "projects", rows[place].record.model_copy(update={"status": "closed"})
        )

    snapshot = build(close)
    with pytest.raises(UnknownOpportunityError) as hidden:
        opportunity(snapshot, "exchange:project:p1")
    assert hidden.value.why == Message("hidden-not-open")
    assert refusal(hidden.value).endswith("The source says it is paused, filled or closed.")
    with pytest.raises(UnknownOpportunityError, match="no listed opportunity 'nonsense'"):
        explain(snapshot, ANA, "nonsense")
