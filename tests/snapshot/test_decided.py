"""What people decided wins over what sources say, at every build, and goes without a trace when it is undone."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.model import PersonRef, Requirement
from echo_core.model.message import Message
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomySource
from echo_hub.services.corrections import correction
from echo_hub.services.people import person_view
from echo_hub.snapshot.skill_graph.claims import HERE
from echo_hub.snapshot.skill_graph.decisions import Decisions, local_id
from echo_hub.store.corrections import Correction
from echo_hub.store.ledger import Decision
from echo_hub.store.name_decisions import NameChoice, NameId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EARLY, UNTIL = datetime(2026, 1, 5, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
ANA = PersonRef(scheme="employee_id", value="E1")


def decided(*choices, start=1):
    return Decisions(tuple(Decision(start + at, start, one, "hr", NOW) for at, one in enumerate(choices)))


def mapped(label, skill_id, language=None, scheme=None, external_id=None):
    return NameChoice(NameId.of(label, language, scheme, external_id), label, "map", skill_id, skill_id.split(":")[1])


def rejected(label):
    return NameChoice(NameId.of(label), label, "reject")


def created(label, **more):
    return NameChoice(NameId.of(label), label, "create", local_id(label), label, **more)


def built(draft, decisions=None, corrections=()):
    given = Decisions(decisions.names if decisions else (), tuple(corrections))
    return (
        draft.snapshot(decisions=given)
        if not given.names
        else type(draft)(given.onto(draft.taxonomy), draft.rows).snapshot(decisions=given)
    )


def names(snapshot):
    """Everything the snapshot makes of names, as text."""
    return repr((sorted(snapshot.names.links.items(), key=repr), snapshot.unlinked))


def said(snapshot, skill, number=1, person="E1", **more):
    return Correction(number, number, correction(snapshot, person, skill, **more), "E1", NOW)


def levels(snapshot, row=0):
    """Level by skill, as the matcher sees it."""
    held = snapshot.claims.of(row)
    return {snapshot.space.ids[at]: int(level) for at, level in zip(held.has, held.level, strict=True)}


def test_a_mapped_name_is_that_skill_for_people_and_opportunities(draft):
    draft.person("w1", ("Flux Capacitors", 3))
    draft.job("j", ("flux capacitors", 3), languages=("de",))
    snapshot = built(draft, decided(mapped("Flux Capacitors", "tiny:kafka")))
    assert snapshot.unlinked == ()
    (claim,) = snapshot.claims_of(0)
    assert (claim.skill_id, claim.name, claim.link) == (
        "tiny:kafka",
        "Flux Capacitors",
        Message("link-decided", {"by": "hr", "day": "2026-03-01"}),
    )
    assert [requirement.skill_id for requirement in snapshot.listings[0].requirements] == ["tiny:kafka"]


def test_a_decision_wins_over_the_linker_and_over_a_plug_in(draft):
    draft.person("w1", ("SQL", 3))
    decisions = decided(mapped("SQL", "tiny:kafka"))
    assert draft.snapshot(decisions=decisions).claims_of(0)[0].skill_id == "tiny:kafka"
    draft.person("w2", ("Yodelling", 3))
    snapshot = draft.snapshot(decisions=decided(rejected("Yodelling")), resolve=lambda *_: "tiny:python")
    assert snapshot.claims_of(1)[0].skill_id is None


def test_a_rejected_name_is_never_linked_and_never_asked_about(draft):
    draft.person("w1", ("Team Rocket", 3), ("SQL", 2))
    snapshot = built(draft, decided(rejected("team rocket"), rejected("SQL")))
    assert snapshot.unlinked == ()
    assert levels(snapshot) == {}


def test_a_created_skill_becomes_part_of_the_taxonomy_and_is_found_in_texts(draft):
    draft.person("w1", ("Yodelling for two", 3))
    draft.job("j", title="Wanted: yodelling for two", description="x")
    snapshot = built(draft, decided(created("Yodelling for two", broader="tiny:storytelling")))
    assert snapshot.taxonomy.broader("local:yodelling-for-two") == [("tiny:storytelling", 1)]
    assert levels(snapshot) == {"local:yodelling-for-two": 3}
    assert [requirement.skill_id for requirement in snapshot.listings[0].requirements] == ["local:yodelling-for-two"]
    assert snapshot.taxonomy.problems() == []


def test_a_broader_skill_that_is_gone_is_left_out(draft):
    draft.person("w1", ("Yodelling", 3))
    assert built(draft, decided(created("Yodelling", broader="tiny:gone"))).taxonomy.problems() == []


def test_the_sources_own_id_tells_two_names_of_one_spelling_apart(draft):
    draft.job("a", Requirement(label="Zeta", scheme="acme", external_id="1"))
    draft.job("b", Requirement(label="Zeta", scheme="acme", external_id="2"))
    snapshot = built(draft, decided(mapped("Zeta", "tiny:sql", None, "acme", "1")))
    assert [(one.external_id) for one in snapshot.unlinked] == ["2"]


def test_a_decision_for_a_language_comes_before_one_for_all(draft):
    draft.job("a", ("Zeta", 3), languages=("de",))
    draft.job("b", ("Zeta", 3), languages=("sv",))
    snapshot = built(draft, decided(mapped("Zeta", "tiny:sql"), mapped("Zeta", "tiny:kafka", "de")))
    assert {one.record.source_id: one.requirements[0].skill_id for one in snapshot.listings} == {
        "a": "tiny:kafka",
        "b": "tiny:sql",
    }


def test_a_decision_whose_skill_was_retired_falls_back_to_the_queue_with_the_reason(draft):
    draft.person("w1", ("Flux", 3))
    (item,) = built(draft, decided(mapped("Flux", "tiny:retired"))).unlinked
    assert item.reason == Message("link-gone", {"skill": "retired", "by": "hr", "day": "2026-03-01"})


def test_a_decision_follows_a_skill_that_another_source_now_stands_for(draft):
    own = Skill("own:kafka", "Kafka", (Label("Kafka", "en", True),), source="own")
    draft.taxonomy = draft.taxonomy.merged(Taxonomy.of([own], TaxonomySource("own", "Own", "1", "-", "")))
    draft.person("w1", ("Flux", 3))
    standing = draft.taxonomy.standing_for("tiny:kafka")
    assert built(draft, decided(mapped("Flux", "tiny:kafka"))).claims_of(0)[0].skill_id == standing


WORDS = st.sampled_from(["Flux", "SQL", "Kafka Streams", "Zeta", "k8s", "Pythn", "Team Rocket", "Post gres"])
CHOICES = st.one_of(
    st.builds(lambda label: mapped(label, "tiny:python"), WORDS),
    st.builds(rejected, WORDS),
    st.builds(created, st.sampled_from(["Flux", "Zeta", "Team Rocket"])),
)


@pytest.mark.parametrize("reuse", [False, True])
def test_undone_decisions_leave_names_byte_for_byte_as_before_and_replaying_changes_nothing(draft, reuse):
    for number, word in enumerate(["Flux", "SQL", "Kafka Streams", "Zeta", "k8s", "Pythn", "Team Rocket", "Post gres"]):
        draft.person(f"w{number}", (word, 3))
        draft.job(f"j{number}", (word.lower(), 2), languages=("de",))
    before = draft.snapshot()

    @settings(max_examples=30)
    @given(st.lists(CHOICES, max_size=6))
    def check(choices):
        kept = {one.name: one for one in choices}
        decisions = decided(*kept.values())
        previous = before if reuse else None
        company = type(draft)(decisions.onto(draft.taxonomy), draft.rows)
        once = company.snapshot(decisions=decisions, previous=previous)
        assert names(company.snapshot(decisions=decisions, previous=once)) == names(once)
        assert names(draft.snapshot(previous=once if reuse else None)) == names(before)

    check()


def test_every_claim_says_who_says_it_in_which_record_when_and_until_when(draft):
    draft.person("w1", employee_id="E1")
    draft.person(
        "7",
        ("SQL", 3),
        connection="slack",
        employee_id="E1",
        name="Ana",
    )
    draft.assertion(ANA, "Python", level=2, asserted_at=EARLY, valid_until=UNTIL)
    draft.path("l", ("Kafka", None))
    draft.completed(ANA, "l")
    view = person_view(draft.snapshot(people_connection="workday"), 0)
    told = {one.skill: (one.source, one.record, one.asserted_on, one.valid_until, one.evidence) for one in view.skills}
    assert told["SQL"][:2] == ("slack", "slack:person:7")
    assert told["Python"] == ("exchange", "exchange:skill_assertion:a-2", date(2026, 1, 5), date(2027, 1, 5), None)
    assert told["Kafka"] == ("lxp", "lxp:learning_record:done-4", NOW.date(), None, "Completed Path l")
    assert view.sources == ("workday", "slack", "exchange", "lxp")


def test_what_is_not_theirs_is_not_matched_on_and_is_listed_apart(draft):
    draft.person("w1", ("SQL", 4), ("Structured Query Language", 3, "teaches"), ("Kafka", 2), employee_id="E1")
    draft.assertion(ANA, "SQL", level=5)
    before = draft.snapshot()
    snapshot = built(draft, corrections=[said(before, "sql", note="never")])
    assert levels(snapshot) == {"tiny:kafka": 2}
    view = person_view(snapshot, 0)
    assert [one.skill for one in view.skills] == ["Kafka"]
    (mine,) = view.corrections
    assert (mine.skill, mine.level, mine.note, len(mine.claims)) == ("SQL", None, "never", 3)


def test_a_wish_is_not_touched_by_not_having_the_skill(draft):
    draft.person("w1", ("SQL", 4), ("SQL", None, "wants_to_learn"), employee_id="E1")
    snapshot = built(draft, corrections=[said(draft.snapshot(), "SQL")])
    assert [one.stance for one in person_view(snapshot, 0).skills] == ["wants_to_learn"]
    assert snapshot.claims.of(0).learn.size == 1


@pytest.mark.parametrize("own", [1, 5])
def test_a_persons_own_level_counts_instead_of_every_systems(draft, own):
    draft.person("w1", ("SQL", 4), employee_id="E1")
    draft.assertion(ANA, "SQL", level=3)
    correction_made = said(draft.snapshot(), "SQL", level=own)
    snapshot = built(draft, corrections=[correction_made])
    assert levels(snapshot) == {"tiny:sql": own}
    told = [(one.level, one.source, one.overruled) for one in person_view(snapshot, 0).skills]
    assert sorted(told) == sorted([(4, "workday", True), (3, "exchange", True), (own, HERE, False)])
    draft.rows.clear()
    draft.person("w1", employee_id="E1")
    assert levels(built(draft, corrections=[correction_made])) == {"tiny:sql": own}


def test_of_several_corrections_the_latest_counts(draft):
    draft.person("w1", ("SQL", 4), employee_id="E1")
    before = draft.snapshot()
    corrections = [said(before, "SQL", 1), said(before, "SQL", 2, level=2)]
    assert levels(built(draft, corrections=corrections)) == {"tiny:sql": 2}
    assert levels(built(draft, corrections=corrections[::-1])) == {}
    assert len(person_view(built(draft, corrections=corrections), 0).corrections) == 1


def test_a_correction_finds_its_person_under_another_id_and_its_skill_in_another_taxonomy(draft, tiny):
    draft.person("w1", ("SQL", 4), ("Postgres", 3), employee_id="E1")
    draft.person("w2", ("SQL", 4), employee_id="E2")
    correction_made = said(draft.snapshot(), "SQL")
    draft.rows.clear()
    draft.person("moved-1", ("SQL", 4), ("Postgres", 3), connection="newhr", employee_id="e1")
    draft.person("moved-2", ("SQL", 4), connection="newhr", employee_id="E2")
    other = Taxonomy.of(
        [changed(skill, id=skill.id.replace("tiny:", "big:"), broader=(), related=(), source="big") for skill in tiny],
        *(changed(source, key="big") for source in tiny.sources),
    )
    draft.taxonomy = other
    snapshot = built(draft, corrections=[correction_made])
    assert levels(snapshot, 0) == {"big:postgresql": 3}
    assert levels(snapshot, 1) == {"big:sql": 4}


def test_not_me_about_an_unknown_name_holds_when_the_name_gets_a_meaning(draft):
    draft.person("w1", ("Flux", 3), employee_id="E1")
    correction_made = said(draft.snapshot(), "flux")
    assert person_view(built(draft, corrections=[correction_made]), 0).skills == ()
    snapshot = built(draft, decided(mapped("Flux", "tiny:kafka")), [correction_made])
    assert levels(snapshot) == {}


def test_not_me_about_a_skill_does_not_hold_for_another_skill_the_name_is_found_to_mean(draft):
    draft.person("w1", ("Flux", 3), employee_id="E1")
    wrong = built(draft, decided(mapped("Flux", "tiny:kafka")))
    correction_made = said(wrong, "Kafka")
    assert levels(built(draft, decided(mapped("Flux", "tiny:kafka")), [correction_made])) == {}
    assert levels(built(draft, decided(mapped("Flux", "tiny:python")), [correction_made])) == {"tiny:python": 3}


def test_learning_evidence_is_refused_like_any_other_claim(draft):
    draft.person("w1", employee_id="E1")
    draft.path("l", ("Kafka", None))
    draft.completed(ANA, "l")
    snapshot = built(draft, corrections=[said(draft.snapshot(), "Kafka")])
    assert levels(snapshot) == {}
