"""What people decided about the skills of an opportunity, laid over what its source and its text say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from echo_core.model import Job, PersonRef
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy
from echo_hub.services.views import Filters
from echo_hub.snapshot.catalogue.sections import Sections
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.snapshot.skill_graph.suggestions import Suggesting
from echo_hub.snapshot.update import updated
from echo_hub.store.changes import ChangedRecord, Difference
from echo_hub.store.ledger import Decision
from echo_hub.store.requirement_decisions import RequirementChoice

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB = "greenhouse:job:j"
ANA = PersonRef(scheme="employee_id", value="E1")


def decided(*choices):
    return Decisions(requirements=tuple(Decision(at, 1, one, "E1", NOW) for at, one in enumerate(choices, 1)))


def choice(skill, ruling="essential", level=None, opportunity=JOB, **more):
    return RequirementChoice(opportunity, f"tiny:{skill}", more.pop("label", skill), ruling, level, **more)


def requirements(snapshot, row=0):
    return {
        one.skill_id.split(":")[1]: (one.importance, one.level, one.origin)
        for one in snapshot.listings[row].requirements
    }


def test_a_confirmed_skill_is_a_need_of_its_own_origin_that_search_and_facets_find(draft):
    draft.job("j", ("SQL", 3), title="Analyst")
    snapshot = draft.snapshot(decisions=decided(choice("kubernetes", "desired", 2)))
    assert requirements(snapshot) == {
        "kubernetes": ("desired", 2, "confirmed"),
        "sql": ("essential", 3, "vendor_skill"),
    }
    assert snapshot.index.rows("k8s").tolist() == [0]
    assert snapshot.facets.mask(Filters(skill=("Kubernetes",))).tolist() == [True]
    assert draft.snapshot().index.rows("k8s").tolist() == []


def test_a_confirmed_skill_weighs_as_much_as_one_its_source_names(draft):
    draft.person("w1", ("Kafka", 3))
    draft.job("j", title="Analyst")
    draft.job("k", ("Kafka", 3), title="Analyst")
    snapshot = draft.snapshot(decisions=decided(choice("kafka", level=3)))
    confirmed, named = snapshot.scores(0, np.arange(2)).total
    assert confirmed == named > 0


def test_a_skill_spotted_wrongly_or_named_wrongly_goes_and_comes_back_when_it_is_undone(draft):
    draft.job("j", ("SQL", 3), title="Kafka wrangler", description="Talk to the people who run Kubernetes.")
    before = draft.snapshot()
    assert set(requirements(before)) == {"sql", "kafka", "kubernetes"}
    snapshot = draft.snapshot(decisions=decided(*(choice(one, "not_asked") for one in ("sql", "kafka", "kubernetes"))))
    assert requirements(snapshot) == {}
    assert requirements(draft.snapshot(previous=snapshot)) == requirements(before)


def test_a_decision_survives_another_text_and_a_skill_that_comes_under_another_id(draft, tiny):
    draft.job("j", title="Analyst", description="Kafka and SQL.")
    decisions = decided(choice("kafka", "not_asked", label="Kafka"), choice("python", label="Python"))
    assert set(requirements(draft.snapshot(decisions=decisions))) == {"sql", "python"}
    draft.rows.clear()
    draft.job("j", title="Kafka analyst", description="You bring:\n- Kafka")
    assert set(requirements(draft.snapshot(decisions=decisions))) == {"python"}
    draft.taxonomy = Taxonomy.of(
        [replace(one, id=one.id.replace("tiny:", "big:"), broader=(), related=(), source="big") for one in tiny],
        *(replace(source, key="big") for source in tiny.sources),
    )
    assert [one.skill_id for one in draft.snapshot(decisions=decisions).listings[0].requirements] == ["big:python"]


def test_a_market_made_from_a_changed_text_keeps_what_was_decided(draft):
    draft.job("j", title="Analyst", description="Kafka and SQL.")
    before = draft.snapshot(decisions=decided(choice("kafka", "not_asked"), choice("python")))
    job = Job(source_id="j", title="Kafka analyst", description="You bring:\n- Kubernetes")
    change = ChangedRecord("greenhouse", "jobs", "job", "j", job.model_dump_json(), 1)
    after = updated(before, Difference(1, (change,), beside=False), before.names.decisions, {})
    assert set(requirements(after)) == {"python", "kubernetes"}


def test_a_decision_waits_while_its_skill_is_in_no_taxonomy(draft):
    draft.job("j", title="Analyst")
    assert requirements(draft.snapshot(decisions=decided(choice("gone", label="Zorbing")))) == {}


def test_a_decision_never_moves_to_another_skill_of_the_release_that_retired_its_own(draft, tiny):
    draft.job("j", title="Analyst")
    others = [skill for skill in tiny if skill.id != "tiny:kafka"]
    heir = Skill("tiny:heir", "Streams", (Label("Streams", "en", True), Label("Kafka", "en", False)), source="tiny")
    draft.taxonomy = Taxonomy.of([replace(skill, related=(), broader=()) for skill in (*others, heir)], *tiny.sources)
    assert requirements(draft.snapshot(decisions=decided(choice("kafka", label="Kafka")))) == {}
    assert set(requirements(draft.snapshot(decisions=decided(choice("heir", label="Streams"))))) == {"heir"}


@pytest.mark.parametrize(("own", "level"), [(None, 3), (1, 1)])
def test_the_level_stays_unless_the_decision_has_one(draft, own, level):
    draft.job("j", ("SQL", 3))
    assert requirements(draft.snapshot(decisions=decided(choice("sql", "desired", own)))) == {
        "sql": ("desired", level, "confirmed")
    }


def test_a_later_decision_about_a_skill_that_became_the_same_one_counts(draft):
    draft.job("j", title="Analyst")
    twice = decided(choice("kafka"), choice("kafka", "not_asked"))
    assert requirements(draft.snapshot(decisions=twice)) == {}


def test_finishing_what_is_confirmed_to_teach_a_skill_is_evidence_of_it_and_what_is_not_taught_is_none(draft):
    draft.person("w1", employee_id="E1")
    draft.path("l", ("SQL", None), title="Course", level="beginner")
    draft.completed(ANA, "l")
    path = "lxp:learning_path:l"
    decisions = decided(choice("kafka", "teaches", opportunity=path), choice("sql", "not_asked", opportunity=path))
    snapshot = draft.snapshot(decisions=decisions)
    assert [(one.skill_id, one.level) for one in snapshot.claims_of(0)] == [("tiny:kafka", 1)]
    assert requirements(snapshot) == {"kafka": ("teaches", 2, "confirmed")}


def test_markets_of_one_taxonomy_share_what_suggests_and_building_one_suggests_nothing(draft, monkeypatch):
    monkeypatch.setattr(Suggesting, "of", None)
    draft.job("j", title="Analyst", description="Kafka.")
    first = draft.snapshot()
    assert draft.snapshot(previous=first).names.suggesting is first.names.suggesting
    assert first.names.suggesting._suggester is None
    draft.taxonomy = Taxonomy.of([], *draft.taxonomy.sources)
    assert draft.snapshot(previous=first, today=date(2026, 3, 3)).names.suggesting is not first.names.suggesting


def test_what_is_left_of_a_text_without_its_benefits_stays_where_it_was():
    text = "What you bring\n- SQL\nBenefits\n- yoga\nAbout the role\n- talks"
    sections = Sections(text)
    without = sections.without("offered")
    assert len(without) == len(text)
    assert without.split() == ["What", "you", "bring", "-", "SQL", "About", "the", "role", "-", "talks"]
    assert without.index("talks") == text.index("talks")
    assert [sections.is_heading(text.index(word)) for word in ("bring", "SQL", "role", "talks")] == [
        *(True, False),
        *(True, False),
    ]
