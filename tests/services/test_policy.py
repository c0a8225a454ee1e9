"""What HR operations switch off and whom a person takes out of matching, through every door of the services."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from echo_core.connectors.loader import load_plugins
from echo_core.matching.batch import compiled
from echo_core.model import Mentorship, OrgUnit, PersonRef, Project, Requirement
from echo_core.model.message import Message
from echo_hub.application import Hub
from echo_hub.services.actor import OPERATOR
from echo_hub.services.actors import act_as
from echo_hub.services.errors import ChoiceError, KindOffError, NotMatchedError
from echo_hub.services.intents import candidates, feed, matching, mentoring, policy, receipts, rematch
from echo_hub.services.mentoring_views import RoundSettings
from echo_hub.services.policy import Policy, PolicyHolder, Stored
from echo_hub.services.policy_views import SwitchView
from echo_hub.services.receipts import NOTHING_RANKED
from echo_hub.services.rematch import rematch as ranked
from echo_hub.services.rematch_file import fingerprint
from echo_hub.services.views import KINDS, Filters
from echo_hub.settings import Settings
from echo_hub.store.erasure import OWN_DECISIONS, erase_person
from echo_hub.store.events import list_events
from echo_hub.store.ledger import Decision, DecisionError
from echo_hub.store.mentoring_rounds import MentoringError
from echo_hub.store.policy import OPT_OUTS, SWITCHES, OptOut, Switch
from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.wording import worded

FAMILIES = ("unranked-", "kind-")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, LEA, BO, BOSS = (f"workday:person:{key}" for key in ("ana", "lead", "bo", "boss"))
JOB, PROJECT, MENTOR, PATH = (
    "greenhouse:job:1",
    "exchange:project:p1",
    "exchange:mentorship:m-bo",
    "lxp:learning_path:l1",
)
OWN = "exchange:project:own"
"""A project of Berit Boss, which Ana and Bo fit best."""


class FirmHub(Hub):
    """A hub whose snapshot is the small firm's, and stays as it is."""

    firm = None

    def snapshot(self):
        return self.firm

    def fresh_snapshot(self):
        return self.firm


@pytest.fixture(scope="module")
def firm(build, row):
    """The small firm, where Berit has a project for which many are eligible."""

    def more(rows):
        owner = PersonRef(scheme="employee_id", value="E0")
        needs = (Requirement(label="Python", level=2), Requirement(label="Kafka", level=2))
        rows.append(row("exchange", "projects", Project(source_id="own", title="Own", owner=owner, requirements=needs)))
        wish = Mentorship(
            source_id="wish",
            title="Wants Python",
            direction="request",
            owner=PersonRef(scheme="employee_id", value="E4"),
        )
        rows.append(row("exchange", "mentors", wish))

    return build(more)


def opened(database, folder, firm):
    hub = FirmHub(
        Settings(folder / "echo-hub.toml", folder, None, None, ()),
        load_plugins(no_plugins=True),
        database,
        now=lambda: NOW,
    )
    hub.firm = firm
    return hub


@pytest.fixture
def hub(database, tmp_path, firm):
    """The firm's hub, once on SQLite and once on PostgreSQL."""
    return opened(database, tmp_path, firm)


def as_person(hub, person=ANA):
    return act_as(hub, person, came_by="command line")


def off(hub, what="matching", **whom):
    return policy.switch(OPERATOR, hub, what, off=True, reason="The works council has not agreed yet.", **whom)


def listed(hub, person=ANA, **more):
    return feed.for_you(as_person(hub, person), hub, limit=500, in_words=worded, **more)


def found(hub, person=ANA, query="", **more):
    return feed.search(as_person(hub, person), hub, query, limit=500, in_words=worded, **more)


def ids(results):
    return [card.id for card in results.cards]


def shown_people(hub, opportunity=OWN, actor=OPERATOR):
    """(candidates, also eligible, all the counts an owner sees)."""
    best = candidates.candidates(actor, hub, opportunity)
    rest = candidates.also_eligible(actor, hub, opportunity, limit=100)
    return [who.id for who in best.candidates], [who.id for who in rest.people], (best.eligible, rest.total)


def is_unranked(results):
    return all(card.score is None and card.rank is None and not card.reasons for card in results.cards)


# A kind that is off


@pytest.mark.parametrize("whom", [{}, {"scope": "country", "value": "Germany"}])
def test_a_kind_that_is_off_is_in_no_list_search_filter_or_count_of_those_it_is_off_for(hub, whom):
    everything = ids(found(hub))
    assert JOB in ids(listed(hub))
    off(hub, "job", **whom)
    for results in (
        listed(hub),
        found(hub),
        found(hub, query="data engineer"),
        listed(hub, filters=Filters(kind=("job",))),
    ):
        assert not [card for card in results.cards if card.kind == "job"]
        assert results.total == len(results.cards)
        assert results.kinds == ("project", "mentorship", "learning_path")
        assert {facet.value: facet.count for facet in results.facets["kind"]}.get("job", 0) == 0
    assert ids(found(hub)) == [each for each in everything if ":job:" not in each]
    bo = ids(found(hub, BO))
    assert (JOB in bo) is bool(whom)


def test_what_is_off_stays_ranked_by_what_is_on_and_the_ranks_have_no_gap(hub):
    before = [(card.id, card.score) for card in listed(hub).cards if card.kind != "job"]
    off(hub, "job")
    cards = listed(hub).cards
    assert [card.rank for card in cards] == list(range(1, len(cards) + 1))
    assert sorted((card.id, card.score) for card in cards) == sorted(before)


def test_an_opportunity_of_a_kind_that_is_off_has_no_page_and_no_explanation_but_for_its_owner_and_staff(hub):
    ana = as_person(hub)
    off(hub, "project")
    with pytest.raises(KindOffError) as refused:
        feed.opportunity(ana, hub, PROJECT)
    assert refused.value.why == Message("kind-switched-off")
    with pytest.raises(NotMatchedError):
        feed.explain(ana, hub, PROJECT, in_words=worded)
    assert feed.opportunity(as_person(hub, BOSS), hub, OWN).card.id == OWN
    assert feed.opportunity(OPERATOR, hub, PROJECT).card.id == PROJECT


def test_lessons_that_would_raise_a_match_are_of_kinds_that_are_on(hub):
    def lessons():
        raises = feed.explain(as_person(hub), hub, PROJECT, what_if=True, in_words=worded).raises
        return {lesson.kind for each in raises for lesson in each.taught_by}

    assert lessons() == {"learning_path", "mentorship"}
    off(hub, "mentorship")
    assert lessons() == {"learning_path"}


def test_a_rank_that_a_skill_would_bring_is_one_of_the_list_as_it_is(hub):
    off(hub, "job")
    own = {card.id: card.rank for card in listed(hub).cards}
    raises = feed.explain(as_person(hub), hub, PROJECT, what_if=True, in_words=worded).raises
    assert raises
    assert {each.rank_before for each in raises} == {own[PROJECT]}


def test_nobody_for_whom_a_kind_is_off_is_a_candidate_for_it_or_counted(hub):
    best, rest, counts = shown_people(hub)
    assert ANA in best
    off(hub, "project", scope="country", value="DE")
    now, still, fewer = shown_people(hub)
    germans = {ANA, LEA}
    assert (now, still) == ([who for who in best if who not in germans], [who for who in rest if who not in germans])
    assert fewer == (len(now) + len(still), len(still)) != counts


def test_a_receipt_of_a_list_without_a_kind_comes_out_the_same_when_it_is_run_again(hub):
    off(hub, "job")
    for surface, more in (
        ("for_you", {}),
        ("for_you", {"filters": Filters(hours_max=10)}),
        ("search", {"query": "Kafka"}),
    ):
        kept = receipts.keep(as_person(hub), hub, surface, in_words=worded, limit=50, **more)
        assert kept.items
        assert receipts.replay(as_person(hub), hub, kept.id, catalogue().render).identical, surface


# Matching that is off


@pytest.mark.parametrize("whom", [{}, {"scope": "country", "value": "DE"}])
def test_with_matching_off_the_list_is_all_there_is_the_newest_first_and_says_so(hub, whom):
    off(hub, **whom)
    results = listed(hub)
    assert is_unranked(results)
    assert ids(results) == ids(found(hub)) == ids(feed.search(OPERATOR, hub, limit=500, in_words=worded))
    dated = [card.posted_at.timestamp() if card.posted_at else 0 for card in results.cards]
    assert dated == sorted(dated, reverse=True)
    where = "in Germany" if whom else "for everybody"
    assert results.unranked.text.startswith(
        f"Matching is switched off {where}, so nothing is ordered by how it fits you"
    )
    assert is_unranked(found(hub))
    assert is_unranked(found(hub, query="kafka"))
    assert ids(found(hub, query="kafka"))
    assert feed.opportunity(as_person(hub), hub, JOB).card.score is None
    assert (listed(hub, BO).unranked is None) is bool(whom)


def test_an_unranked_list_can_be_narrowed_and_paged_like_any_other(hub):
    off(hub)
    narrowed = listed(hub, filters=Filters(kind=("project",)))
    assert {card.kind for card in narrowed.cards} == {"project"}
    whole = ids(listed(hub))
    pages = [
        feed.for_you(as_person(hub), hub, limit=7, offset=start, in_words=worded) for start in range(0, len(whole), 7)
    ]
    assert [each for page in pages for each in ids(page)] == whole


def test_nothing_explains_what_is_not_matched(hub):
    off(hub)
    with pytest.raises(NotMatchedError) as refused:
        feed.explain(as_person(hub), hub, JOB, in_words=worded)
    assert refused.value.why == Message("unranked-switched-off", {"scope": "everybody", "value": ""})


def test_no_receipt_is_kept_of_what_was_not_ranked_and_who_asks_for_one_is_told(hub):
    off(hub)
    assert listed(hub).receipt is None
    assert listed(hub, receipt=True).receipt.problem == NOTHING_RANKED
    assert found(hub, receipt=True).receipt.problem == NOTHING_RANKED
    for surface in ("for_you", "search", "explanation"):
        with pytest.raises(NotMatchedError):
            receipts.keep(as_person(hub), hub, surface, in_words=worded, opportunity_id=JOB)
    assert receipts.list_receipts(as_person(hub), hub).receipts == ()


def test_switches_add_up_and_the_widest_says_why(hub):
    off(hub, scope="country", value="DE")
    off(hub, "job", scope="country", value="DE")
    off(hub)
    assert listed(hub).unranked.message.values["scope"] == "everybody"
    assert "job" not in listed(hub).kinds
    policy.switch(OPERATOR, hub, "matching", off=False, reason="Agreed.")
    assert listed(hub).unranked.message.values["scope"] == "country"


# A person's own word


def test_a_person_opts_out_at_the_next_request_and_in_again(hub):
    ana = as_person(hub)
    before = ids(listed(hub))
    state = worded(matching.opt(ana, hub, out=True))
    assert (state.matched, state.opted_out) == (False, True)
    results = listed(hub)
    assert is_unranked(results)
    assert results.unranked.text.startswith("You have opted out of matching")
    assert set(before) < set(ids(results))
    assert matching.opt(ana, hub, out=False).matched
    assert ids(listed(hub)) == before


def test_whoever_opted_out_is_no_candidate_not_eligible_and_missing_from_every_count(hub):
    boss = as_person(hub, BOSS)
    best, rest, _ = shown_people(hub, actor=boss)
    assert ANA in best
    matching.opt(as_person(hub), hub, out=True)
    now, still, counts = shown_people(hub, actor=boss)
    assert ANA not in {*now, *still}
    assert counts == (len(now) + len(still), len(still))
    assert {*now, *still} == {*best, *rest} - {ANA}


def test_to_an_owner_opting_out_looks_as_if_matching_were_off_where_the_person_works(hub, firm):
    matching.opt(as_person(hub), hub, out=True)
    matching.opt(as_person(hub, LEA), hub, out=True)
    by_word = (
        candidates.candidates(as_person(hub, BOSS), hub, OWN),
        candidates.also_eligible(as_person(hub, BOSS), hub, OWN),
    )
    for who in (ANA, LEA):
        matching.opt(as_person(hub, who), hub, out=False)
    off(hub, scope="country", value="DE")
    by_switch = (
        candidates.candidates(as_person(hub, BOSS), hub, OWN),
        candidates.also_eligible(as_person(hub, BOSS), hub, OWN),
    )
    assert by_word == by_switch


def test_only_the_person_reads_that_it_was_their_own_word(hub):
    matching.opt(as_person(hub), hub, out=True)
    theirs = feed.for_you(OPERATOR, hub, ANA, in_words=worded)
    assert theirs.unranked.message == Message("unranked-for-other")
    assert "opted" not in theirs.unranked.text
    off(hub)
    assert feed.for_you(OPERATOR, hub, ANA, in_words=worded).unranked == theirs.unranked


def test_an_opt_out_lasts_when_the_record_of_the_person_gets_another_id(hub, build):
    OPT_OUTS.decide(hub.database, [OptOut("former:person:9", "E2", True)], by=OPERATOR, now=NOW)
    assert listed(hub).unranked is not None
    assert ANA not in shown_people(hub)[0]
    assert matching.opt(as_person(hub), hub, out=False).matched
    assert listed(hub).unranked is None


def test_opting_out_is_an_event_of_the_person_and_saying_it_twice_is_one(hub):
    ana = as_person(hub)
    for _ in range(2):
        matching.opt(ana, hub, out=True)
    matching.opt(OPERATOR, hub, ANA, out=False)
    last, first = list_events(hub.database)
    assert (first.intent, first.actor_kind, first.object_id, first.details) == (
        "matching.choose",
        "person",
        first.actor,
        {"out": True},
    )
    assert (last.actor, last.other, last.details) == ("operator", first.actor, {"out": False})


def test_erasing_a_person_takes_their_word_along(hub):
    matching.opt(as_person(hub), hub, out=True)
    with hub.database.writing() as transaction:
        erase_person(transaction, {ANA})
    assert OPT_OUTS.standing(hub.database) == ()
    assert listed(hub).unranked is None
    assert {"correction", "opt-out"} == set(OWN_DECISIONS)


# Mentoring and the file of the whole company


def pairs(detail):
    return {(pair.mentor.id, pair.mentee.id) for pair in detail.pairs}


def drafted(hub):
    return mentoring.draft(OPERATOR, hub, RoundSettings())


@pytest.mark.parametrize("who", [ANA, BO])
def test_whoever_opted_out_is_in_no_round_that_is_drafted_afterwards_not_even_as_left_over(hub, who):
    before = drafted(hub)
    assert any(who in pair for pair in pairs(before)) or who == BO
    matching.opt(as_person(hub, who), hub, out=True)
    after = drafted(hub)
    assert not [pair for pair in pairs(after) if who in pair]
    assert who not in {each.mentee.id for each in after.unassigned}


def test_a_draft_from_before_is_not_published_with_somebody_who_opted_out_since(hub):
    before = drafted(hub)
    ((mentor, mentee),) = pairs(before)
    matching.opt(as_person(hub, mentee), hub, out=True)
    with pytest.raises(MentoringError, match=r"the mentee is not in the pool") as refused:
        mentoring.publish(OPERATOR, hub, before.round.id)
    assert "opt" not in refused.value.message
    assert pairs(mentoring.redraft(OPERATOR, hub, before.round.id)).isdisjoint({(mentor, mentee)})


def test_mentoring_that_is_off_for_a_country_leaves_its_people_out_of_rounds(hub):
    assert any(ANA in pair for pair in pairs(drafted(hub)))
    off(hub, "mentorship", scope="country", value="DE")
    assert not [pair for pair in pairs(drafted(hub)) if {ANA, LEA} & {*pair}]


def rows_of(hub, file):
    rematch.rematch(OPERATOR, hub, file, top=50, again=True, show=lambda *_: None)
    with file.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_the_file_of_the_whole_company_has_nobody_who_is_not_matched_and_no_kind_that_is_off(hub, tmp_path):
    file = tmp_path / "all.csv"
    before = {row["person"] for row in rows_of(hub, file)}
    assert {ANA, BO} <= before
    matching.opt(as_person(hub), hub, out=True)
    off(hub, "job", scope="country", value="SE")
    after = rows_of(hub, file)
    assert {row["person"] for row in after} == before - {ANA}
    assert not [row for row in after if row["person"] == BO and row["kind"] == "job"]
    assert [row for row in after if row["person"] == LEA and row["kind"] == "job"]


@pytest.mark.parametrize(
    "engine", ["plain", pytest.param("compiled", marks=pytest.mark.skipif(not compiled(), reason="no batch"))]
)
def test_everybodys_lists_are_those_that_each_sees(hub, engine):
    off(hub, "job", scope="country", value="SE")
    matching.opt(as_person(hub, LEA), hub, out=True)
    snapshot = hub.snapshot()
    lists = {each[0].person: each for each in ranked(snapshot, top=8, on=engine, policy=hub.policy(snapshot)) if each}
    assert LEA not in lists
    for person, matches in lists.items():
        own = feed.for_you(as_person(hub, person), hub, limit=8, in_words=worded)
        assert [(match.opportunity, round(match.score, 9)) for match in matches] == [
            (card.id, round(card.score, 9)) for card in own.cards
        ]


def test_a_file_that_was_begun_is_not_gone_on_with_after_somebody_opted_out(hub):
    snapshot = hub.snapshot()
    before = fingerprint(snapshot, hub.policy(snapshot))
    assert before == fingerprint(snapshot)
    matching.opt(as_person(hub), hub, out=True)
    assert fingerprint(snapshot, hub.policy(snapshot)) != before


# What is stored


def test_a_switch_is_kept_with_who_why_and_when_and_can_be_undone(hub):
    made = off(hub, "job", scope="country", value="germany")
    assert made == SwitchView(
        id=made.id,
        what="job",
        scope="country",
        value="DE",
        whom="Germany",
        off=True,
        reason="The works council has not agreed yet.",
        people=2,
        decided_by="operator",
        decider="operator",
        decided_at=NOW,
        undone_by=None,
        undone_at=None,
        counts=True,
    )
    assert policy.switches(OPERATOR, hub) == (made,)
    (undone,) = policy.undo(OPERATOR, hub, [made.id])
    assert (undone.counts, undone.undone_by, undone.people) == (False, "operator", None)
    assert policy.switches(OPERATOR, hub) == ()
    assert [each.id for each in policy.switches(OPERATOR, hub, history=True)] == [made.id]
    assert listed(hub).kinds == KINDS
    undo, set_off = list_events(hub.database)
    assert (set_off.intent, set_off.details["what"], set_off.details["value"]) == ("policy.set", "job", "DE")
    assert undo.intent == "policy.undo"
    with pytest.raises(DecisionError):
        policy.undo(OPERATOR, hub, [made.id])


def test_switching_on_again_is_a_decision_too_and_undoing_it_turns_off_again(hub):
    off(hub, "job")
    on = policy.switch(OPERATOR, hub, "job", off=False, reason="Phase two.")
    assert listed(hub).kinds == KINDS
    policy.undo(OPERATOR, hub, [on.id])
    assert "job" not in listed(hub).kinds


def test_a_switch_of_a_unit_that_nobody_is_in_any_more_says_so_and_is_switched_on_by_its_name(hub):
    SWITCHES.decide(hub.database, [Switch("job", "unit", "Old Ltd", True, "x")], by=OPERATOR, now=NOW)
    (standing,) = policy.switches(OPERATOR, hub)
    assert (standing.whom, standing.people) == ("Old Ltd", 0)
    on = policy.switch(OPERATOR, hub, "job", off=False, scope="unit", value="old ltd", reason="It is gone.")
    assert (on.value, on.people) == ("Old Ltd", None)
    assert policy.switches(OPERATOR, hub) == ()


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"what": "job", "off": True}, "Say why"),
        ({"what": "job", "off": True, "reason": " "}, "Say why"),
        ({"what": "job", "off": False, "reason": "x"}, "Job is not off for everybody already"),
        ({"what": "job", "off": True, "scope": "country", "value": "Nowhere", "reason": "x"}, "no country 'Nowhere'"),
        ({"what": "job", "off": True, "scope": "country", "reason": "x"}, "no country ''"),
        ({"what": "job", "off": True, "scope": "unit", "value": "Dta", "reason": "x"}, "no unit 'Dta'"),
    ],
)
def test_what_cannot_be_switched_is_refused_with_the_reason_and_leaves_no_event(hub, wanted, says):
    with pytest.raises(ChoiceError, match=says):
        policy.switch(OPERATOR, hub, **wanted)
    assert list_events(hub.database) == []
    assert SWITCHES.history(hub.database) == []


def test_another_process_follows_at_its_next_request_though_its_snapshot_stays(hub, firm):
    other = PolicyHolder(hub.database)
    assert other.of(firm).of(ANA).matched
    matching.opt(as_person(hub), hub, out=True)
    assert not other.of(firm).of(ANA).matched
    matching.opt(as_person(hub), hub, out=False)
    switched = off(hub, "job")
    assert other.of(firm).of(ANA).kinds == ("project", "mentorship", "learning_path")
    policy.undo(OPERATOR, hub, [switched.id])
    assert other.of(firm).of(ANA).kinds == KINDS


def test_the_rules_are_read_again_only_when_one_of_them_changed(hub, firm, monkeypatch):
    holder, reads = PolicyHolder(hub.database), []
    standing = SWITCHES.standing
    monkeypatch.setattr(SWITCHES, "standing", lambda database: reads.append(1) or standing(database))
    off(hub, "job")
    reads.clear()
    for _ in range(3):
        holder.of(firm)
    with hub.database.writing() as transaction:
        transaction.moved()  # as every page of a sync does
    holder.of(firm)
    assert len(reads) == 1
    off(hub, "project")
    reads.clear()
    assert "project" not in holder.of(firm).of(ANA).kinds
    assert len(reads) == 1


def test_a_switch_of_a_newer_release_harms_nothing(hub):
    for what, scope in (("gig", "everybody"), ("job", "planet")):
        SWITCHES.decide(hub.database, [Switch(what, scope, "", True, "x")], by=OPERATOR, now=NOW + timedelta(hours=1))
    assert listed(hub).kinds == KINDS


# Units


def test_a_unit_covers_the_units_below_it_also_where_only_another_system_knows_them(build, row):
    def units(rows):
        tree = (
            ("co", "Acme Ltd", None, None),
            ("eng", "Engineering", "co", None),
            ("data", "Data Team", "eng", "SUP-1"),
        )
        for key, name, above, external in tree:
            unit = OrgUnit(source_id=key, name=name, parent_id=above, external_id=external)
            rows.append(row("greenhouse", "departments", unit))
        for at, each in enumerate(rows):
            if each.record.source_id == "ana":
                moved = each.record.model_copy(update={"org_unit_id": "SUP-1", "org_unit": "Team Data"})
                rows[at] = replace(each, record=moved)

    snapshot = build(units)
    ana = snapshot.people[snapshot.person_rows[ANA]]
    assert snapshot.units.of(ana) == ("Team Data", "Data Team", "Engineering", "Acme Ltd")
    for name, covered in (("acme ltd", True), ("Team Data", True), ("Data", False)):
        made = Policy(snapshot, Stored((), (Decision(1, 1, Switch("job", "unit", name, True), "hr", NOW),), ()))
        assert ("job" in made.of(ANA).kinds) is not covered
        assert made.covered(Switch("job", "unit", name, True)) == int(covered)
        assert made.matched("job").tolist().count(False) == int(covered)
    assert made.of(BO).kinds == KINDS


# What is said


def of_own_word(hub):
    matching.opt(as_person(hub), hub, out=True)
    return listed(hub).unranked.message


def of_somebody_else(hub):
    matching.opt(as_person(hub), hub, out=True)
    return feed.for_you(OPERATOR, hub, ANA, in_words=worded).unranked.message


def of_a_switch(hub):
    off(hub, scope="country", value="DE")
    return listed(hub).unranked.message


def of_a_kind(hub):
    off(hub, "job")
    with pytest.raises(KindOffError) as refused:
        feed.opportunity(as_person(hub), hub, JOB)
    return refused.value.why


PRECONDITIONS = {
    "kind-switched-off": of_a_kind,
    "unranked-for-other": of_somebody_else,
    "unranked-opted-out": of_own_word,
    "unranked-switched-off": of_a_switch,
}
"""What has to be so for each message; answers what is said then."""


@pytest.mark.parametrize("name", PRECONDITIONS)
def test_every_sentence_on_why_nothing_is_matched_is_said_where_it_is_true(hub, name):
    message = PRECONDITIONS[name](hub)
    assert message.id == name
    assert catalogue().problems(message) == ()


def test_every_message_on_why_nothing_is_matched_has_its_precondition():
    ids = {each for each in catalogue().ids() if each.startswith(FAMILIES)}
    assert ids == set(PRECONDITIONS)
