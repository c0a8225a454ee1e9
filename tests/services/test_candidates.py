"""Candidates for owners: exactly the eligible, reasons first, and a rest in an order that says nothing about anyone."""

from __future__ import annotations

import pytest

from echo_core.model import LearningRecord, Person, PersonRef, Preferences, SkillClaim
from echo_hub.services.candidate_views import AlsoEligible, Candidate, Colleague
from echo_hub.services.candidates import also_eligible, candidates
from echo_hub.services.errors import UnknownOpportunityError
from echo_hub.services.explain import explain
from echo_hub.surfaces.messages.wording import worded

JOB = "greenhouse:job:1"
PROJECT = "exchange:project:p1"


def everybody(snapshot, opportunity_id):
    """Who may take it up, asked one by one."""
    row = snapshot.listing(opportunity_id).row
    return {person.id for person in snapshot.people if snapshot.eligible(person.row)[row]}


def crowded(claims, row, change=None):
    """Twenty more people, each with an SQL level, as a change of the firm's rows."""

    def add(rows):
        for number in range(20):
            level = number % 5 + 1 if change is None else change(number)
            person = Person(source_id=f"x{number:02}", name=f"Extra {number:02}", skills=claims(SQL=level))
            rows.append(row("workday", "workers", person))
        done = LearningRecord(
            source_id="done", person=PersonRef(scheme="source", value="x03"), object_id="l1", state="completed"
        )
        rows.append(row("workday", "records", done))

    return add


@pytest.fixture(scope="module")
def claims():
    def make(**levels):
        return tuple(SkillClaim(label=label, level=level) for label, level in levels.items())

    return make


@pytest.fixture(scope="module")
def crowd(build, claims, row):
    """The firm and twenty more."""
    return build(crowded(claims, row))


@pytest.mark.parametrize("top", [1, 3, 100])
def test_both_lists_together_are_exactly_the_eligible_and_nobody_is_in_both(crowd, top):
    for listing in crowd.listings:
        found = candidates(crowd, listing.id, top=top)
        best = [one.id for one in found.candidates]
        rest = [one.id for one in also_eligible(crowd, listing.id, top=top, limit=100).people]
        assert sorted(best + rest) == sorted(everybody(crowd, listing.id)), listing.id
        assert found.eligible == len(best) + len(rest)
        assert len(best) <= top


def test_a_candidates_score_is_the_one_the_person_is_shown_and_the_reasons_sum_to_it(crowd):
    for listing in crowd.listings:
        for one in candidates(crowd, listing.id).candidates:
            assert one.score == pytest.approx(explain(crowd, one.id, listing.id).score, abs=1e-12)
            assert sum(reason.contribution for reason in one.reasons) == pytest.approx(one.score, abs=1e-9)
            assert all(gate.passed for gate in one.gates)


def test_the_best_come_first_and_equal_ones_by_their_ids(crowd):
    found = candidates(crowd, JOB).candidates
    order = [(-round(one.score, 12), crowd.person(one.id).row) for one in found]
    assert order == sorted(order)
    assert candidates(crowd, JOB).candidates == found


def test_reasons_stand_before_the_score_and_scores_nowhere_in_the_rest(crowd):
    fields = list(Candidate.model_fields)
    assert fields[-1] == "score"
    assert fields.index("have") < fields.index("partly") < fields.index("missing") < fields.index("wishes")
    assert not {"score", "rank", "match"} & (set(Colleague.model_fields) | set(AlsoEligible.model_fields))
    rest = also_eligible(crowd, JOB, top=1).model_dump_json()
    assert '"score":null' in rest  # of the opportunity's card
    assert '"contribution"' not in rest


def test_the_rest_stands_in_the_order_of_lots_whatever_the_scores(build, claims, row, crowd):
    lots = crowd.people_table.lots(JOB).tolist()
    ids = [one.id for one in also_eligible(crowd, JOB, top=1, limit=100).people]
    assert ids == sorted(ids, key=lambda person: lots[crowd.person(person).row])
    assert ids != sorted(ids)
    other = build(crowded(claims, row, lambda number: 5 - number % 5))
    before = {one.id for one in candidates(crowd, JOB, top=1).candidates}
    after = {one.id for one in candidates(other, JOB, top=1).candidates}
    turned = [one.id for one in also_eligible(other, JOB, top=1, limit=100).people]
    both = before | after
    assert [one for one in turned if one not in both] == [one for one in ids if one not in both]
    elsewhere = [one.id for one in also_eligible(crowd, "greenhouse:job:900", top=1, limit=100).people]
    assert [one for one in elsewhere if one in ids] != [one for one in ids if one in elsewhere]


def test_pages_of_the_rest_never_overlap(crowd):
    whole = also_eligible(crowd, JOB, top=1, limit=100).people
    pages = [also_eligible(crowd, JOB, top=1, limit=4, offset=start).people for start in range(0, len(whole), 4)]
    assert tuple(one for page in pages for one in page) == whole
    assert also_eligible(crowd, JOB, offset=1000).people == ()


def test_an_owner_reads_of_a_colleague_never_to_one(crowd):
    for listing in crowd.listings:
        for one in worded(candidates(crowd, listing.id)).candidates:
            told = [part.text for part in (*one.reasons, *one.missing, *one.gates)]
            assert not [text for text in told if "you" in text.casefold().split() or "your" in text.split()]


def test_what_somebody_has_and_misses_is_told_apart_with_who_says_so(snapshot):
    (ana,) = [one for one in worded(candidates(snapshot, JOB)).candidates if one.name == "Ana Ito"]
    assert {reason.text for reason in ana.have} == {
        "Has Python at level 4, the job asks for 3",
        "Has SQL at level 3, the job asks for 3",
    }
    assert [(held.skill, held.level, held.asserter, held.source) for held in ana.claims] == [
        ("Python", 4, "person", "workday"),
        ("SQL", 3, "person", "workday"),
    ]
    assert ana.partly == ana.missing == ()


def test_a_wish_is_told_only_where_it_is_a_reason(snapshot):
    (ana,) = [
        one for one in worded(candidates(snapshot, "exchange:mentorship:m-bo")).candidates if one.name == "Ana Ito"
    ]
    assert "Kafka, which is on the wish list to learn" in ana.wishes[0].text
    (same,) = [one for one in worded(candidates(snapshot, JOB)).candidates if one.name == "Ana Ito"]
    assert "Kafka" not in same.model_dump_json()


def test_what_people_prefer_and_avoid_counts_and_stays_theirs(build, row):
    def prefer(rows):
        at = next(i for i, one in enumerate(rows) if one.record.source_id == "ana")
        avoids = (*rows[at].record.skills, SkillClaim(label="Kafka", stance="avoids"))
        wishes = Preferences(remote=False, hours_per_week=4)
        rows[at] = row(
            "workday", "workers", rows[at].record.model_copy(update={"preferences": wishes, "skills": avoids})
        )

    snapshot = build(prefer)
    (ana,) = [one for one in worded(candidates(snapshot, PROJECT)).candidates if one.name == "Ana Ito"]
    said = worded(explain(snapshot, ana.id, PROJECT)).card.reasons
    private = [one for one in said if one.feature in ("place", "hours", "start", "avoids")]
    assert {"hours", "avoids"} <= {one.feature for one in private}
    (own,) = [reason for reason in ana.reasons if reason.feature == "preferences"]
    assert own.contribution == pytest.approx(sum(one.contribution for one in private), abs=1e-12)
    assert not {one.feature for one in private} & {reason.feature for reason in ana.reasons}
    shown = ana.model_dump_json()
    assert not [word for word in ("avoid", "hours a week", "asked for") if word in shown]


def test_mentees_are_candidates_of_an_offer_but_not_the_mentors_own_people(snapshot):
    offer = "exchange:mentorship:m-lead"
    people = {one.name for one in (*candidates(snapshot, offer).candidates, *also_eligible(snapshot, offer).people)}
    assert "Ana Ito" not in people  # reports to the mentor
    assert "Berit Boss" not in people
    assert "Bo Berg" in people


def test_what_is_full_says_so_instead_of_naming_nobody(snapshot):
    found = worded(candidates(snapshot, "exchange:project:p3"))
    assert (found.eligible, found.candidates) == (0, ())
    assert [gate.name for gate in found.closed_gates] == ["seats_left"]
    assert also_eligible(snapshot, "exchange:project:p3").total == 0


def test_what_is_not_listed_is_told(snapshot):
    for ask in (candidates, also_eligible):
        with pytest.raises(UnknownOpportunityError, match="no listed opportunity 'nonsense'"):
            ask(snapshot, "nonsense")


def test_what_is_assumed_from_a_title_is_said_to_be_assumed(build, row):
    class Titles:
        skills = {"t:python": 1.0, "t:sql": 1.0}  # noqa: RUF012, one invented role
        confidence = 0.9

        def role(self, title, language=None):
            return self

    def newcomer(rows):
        rows.append(row("workday", "workers", Person(source_id="new", name="Nils New", title="Developer")))

    snapshot = build(newcomer, titles=lambda taxonomy: Titles())
    (nils,) = [one for one in worded(candidates(snapshot, JOB)).candidates if one.name == "Nils New"]
    assert {reason.text for reason in nils.assumed} == {
        "Python is assumed from the title Developer (confidence 0.9), not stated",
        "SQL is assumed from the title Developer (confidence 0.9), not stated",
    }
    assert nils.have == nils.claims == ()
