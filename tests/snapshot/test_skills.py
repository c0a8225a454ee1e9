"""Skills of people and opportunities: linked, spotted, learned, or waiting in the queue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from echo_core.model import PersonRef, Requirement, SkillClaim
from echo_core.testing.fiction.work import WORDS
from echo_hub.snapshot.catalogue.sections import Sections

ANA = PersonRef(scheme="employee_id", value="E1")


def requirements(snapshot, source_id):
    one = next(one for one in snapshot.listings if one.record.source_id == source_id)
    return {requirement.skill_id: (requirement.importance, requirement.origin) for requirement in one.requirements}


def test_names_nobody_knows_wait_in_the_queue_with_counts(draft):
    draft.person("w1", ("Flux Capacitors", 3), ("SQL", 2))
    draft.person("w2", ("Flux Capacitors", None))
    draft.job("j", ("Flux Capacitors", None), ("Kafka", None))
    (entry,) = draft.snapshot().unlinked
    assert (entry.label, entry.people, entry.opportunities) == ("Flux Capacitors", 2, 1)


def test_unlinked_claims_stay_on_the_profile_in_the_persons_words(draft):
    draft.person("w1", ("Flux Capacitors", 3))
    (claim,) = draft.snapshot().claims_of(0)
    assert (claim.label, claim.skill_id, claim.level) == ("Flux Capacitors", None, 3)


def test_skills_in_a_text_are_desired_unless_asked_for_and_benefits_do_not_count(draft):
    text = "You will use Python.\n\nRequirements:\n- Kubernetes\n\nNice to have:\n- Kafka\n\n"
    text += "Benefits\n- Negotiation lessons\n"
    draft.job("j", title="PostgreSQL administrator", description=text)
    assert requirements(draft.snapshot(), "j") == {
        "tiny:postgresql": ("essential", "title"),
        "tiny:kubernetes": ("essential", "spotted"),
        "tiny:python": ("desired", "spotted"),
        "tiny:kafka": ("desired", "spotted"),
    }


def test_what_the_owner_named_is_not_overruled_by_the_text(draft):
    draft.job("j", ("Kafka", 3, "desired"), title="Kafka job", description="Requirements:\nKafka and Python")
    assert requirements(draft.snapshot(), "j") == {
        "tiny:kafka": ("desired", "vendor_skill"),
        "tiny:python": ("essential", "spotted"),
    }


def test_learning_and_mentors_teach_what_their_text_names(draft):
    draft.path("l", title="Python basics", description="Learn Kafka.")
    draft.mentor("m", "E1", title="Ask me about Kubernetes")
    snapshot = draft.snapshot()
    assert requirements(snapshot, "l") == {"tiny:python": ("teaches", "title"), "tiny:kafka": ("teaches", "spotted")}
    assert requirements(snapshot, "m") == {"tiny:kubernetes": ("teaches", "title")}


@pytest.mark.parametrize(("level", "modest"), [("beginner", 1), ("advanced", 2), (None, 2)])
def test_a_completed_course_is_modest_evidence_for_what_it_teaches(draft, level, modest):
    draft.person("w1", employee_id="E1")
    draft.path("c", ("Kafka", None), title="Kafka course", content_kind="course", level=level)
    draft.completed(ANA, "c", object_title="Kafka course")
    (claim,) = draft.snapshot().claims_of(0)
    assert (claim.label, claim.stance, claim.level, claim.asserter) == ("Kafka", "has", modest, "vendor")
    assert claim.evidence == "Completed Kafka course"


def test_completions_arrive_by_activity_iri_too_and_close_the_gate(draft):
    draft.person("w1", employee_id="E1")
    draft.path("c", ("Kafka", None), activity_ids=("https://lxp.example.org/c",))
    draft.completed(ANA, "https://lxp.example.org/c")
    snapshot = draft.snapshot()
    assert not snapshot.eligible(0)[0]
    assert snapshot.claims_of(0)[0].skill_id == "tiny:kafka"


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"state": "in_progress"}, "not_completed"),
        ({"success": False}, "not_completed"),
        ({"voided": True}, "not_completed"),
        ({"object_kind": "video"}, "no_skill"),
    ],
)
def test_what_is_not_a_passed_course_is_no_evidence_and_says_why(draft, fields, rule):
    draft.person("w1", employee_id="E1")
    draft.path("c", ("Kafka", None))
    draft.completed(ANA, "c", **fields)
    snapshot = draft.snapshot()
    account = next(one for one in snapshot.accounting if one.entity == "learning_record")
    assert snapshot.claims_of(0) == []
    assert dict(account.hidden) == {rule: 1}


def test_a_completion_by_nobody_on_file_is_accounted_for(draft):
    draft.person("w1", employee_id="E1")
    draft.path("c", ("Kafka", None))
    draft.completed(PersonRef(scheme="email", value="who@x.org"), "c")
    account = next(one for one in draft.snapshot().accounting if one.entity == "learning_record")
    assert dict(account.hidden) == {"unknown_person": 1}


def test_expired_claims_do_not_count(draft):
    over = datetime(2026, 3, 1, tzinfo=UTC)
    draft.person("w1", SkillClaim(label="SQL", valid_until=over), ("Python", 2))
    assert [claim.label for claim in draft.snapshot().claims_of(0)] == ["Python"]


def test_stronger_and_fresher_evidence_weighs_more(draft):
    old = datetime(2016, 3, 1, tzinfo=UTC)
    new = datetime(2026, 3, 1, tzinfo=UTC)
    draft.person("a", SkillClaim(label="SQL", level=3, asserter="assessment", asserted_at=new))
    draft.person("b", SkillClaim(label="SQL", level=3, asserter="person", asserted_at=new))
    draft.person("c", SkillClaim(label="SQL", level=3, asserter="person", asserted_at=old))
    draft.job("j", ("SQL", 3))
    snapshot = draft.snapshot()
    scores = [float(snapshot.scores(person).total[0]) for person in range(3)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_vendor_levels_of_learning_are_what_it_leads_to(draft):
    draft.path("l", Requirement(label="Kafka", importance="teaches"), level="advanced")
    assert draft.snapshot().listings[0].requirements[0].level == 4


def test_a_plug_in_may_know_a_name_the_graph_does_not(draft):
    draft.person("w1", ("Flux Capacitors", 3), ("Warp Cores", 1))
    answers = {"Flux Capacitors": "tiny:sql", "Warp Cores": "nowhere:warp"}
    snapshot = draft.snapshot(resolve=lambda label, language: answers.get(label))
    assert {claim.label: claim.skill_id for claim in snapshot.claims_of(0)} == {"SQL": "tiny:sql", "Warp Cores": None}
    assert [entry.label for entry in snapshot.unlinked] == ["Warp Cores"]


def test_the_headings_of_every_language_of_the_fictional_company_are_known():
    for about, _, doing, bring, plus, *_ in WORDS.values():
        text = f"{about}\nWe are many.\n{doing}\nThis and that.\n{bring}\nPython\n{plus}\nKafka\n"
        sections = Sections(text)
        assert sections.at(text.index("Python")) == "asked"
        assert sections.at(text.index("Kafka")) == "nice"
        assert sections.at(text.index("This")) == "other"
