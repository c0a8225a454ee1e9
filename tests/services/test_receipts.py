"""Receipts: what was shown is shown again, to the last digit, whatever became of people, skills and weights since."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echo_core.matching import default_weights, read_weights
from echo_core.model import Job, LearningPath, Person, Project, Requirement, SkillClaim
from echo_core.model.message import Message
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy
from echo_hub.services.errors import RequestError
from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.services.receipt_replay import replay
from echo_hub.services.receipts import Receipts, receipt_view
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.snapshot.archive import (
    pack_opportunities,
    pack_person,
    pack_weights,
    unpack_opportunities,
    unpack_weights,
)
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.errors import StoreError
from echo_hub.store.receipts import (
    INPUTS,
    Input,
    ReceiptError,
    keep_receipt,
    list_receipts,
    prune_receipts,
    read_inputs,
    read_receipt,
)
from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.wording import worded

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = "workday:person:ana"
SKILLS = ("Python", "SQL", "Kafka", "Kubernetes", "Rust", "Negotiation", "Storytelling", "Accounting")
WEIGHTS = (files("echo_core.matching") / "weights.toml").read_text(encoding="utf-8")
SAID = catalogue().render


@pytest.fixture
def receipts(database):
    return Receipts(database, "asked", lambda: NOW)


def shown(receipts, snapshot, found, surface):
    return receipts.shown(snapshot, found, surface, requested=True).receipt.id


def count(database, table):
    with database.reading() as transaction:
        return transaction.count(f"SELECT COUNT(*) FROM {table}")


def spoil(database, sql, values=()):
    with database.writing() as transaction:
        transaction.run(sql, values)


@pytest.mark.parametrize(
    ("filters", "limit", "offset"),
    [
        (Filters(), 20, 0),
        (Filters(), 3, 4),
        (Filters(kind=("job",), country=("DE",)), 5, 0),
        (Filters(hours_max=8.0), 20, 0),
        (Filters(language=("cy",)), 20, 0),
    ],
)
def test_a_list_is_replayed_identically(receipts, database, snapshot, filters, limit, offset):
    found = worded(for_you(snapshot, ANA, filters, limit=limit, offset=offset))
    identity = shown(receipts, snapshot, found, "for_you")
    answer = replay(database, identity, SAID)
    assert answer.identical
    assert answer.notes == ()
    assert [(one.id, one.score) for one in answer.items] == [(card.id, card.score) for card in found.cards]
    kept = receipt_view(read_receipt(database, identity))
    assert [one.reasons for one in kept.items] == [card.reasons for card in found.cards]
    assert [one.rank for one in kept.items] == [card.rank for card in found.cards]
    assert (kept.person, kept.total, kept.filters) == (ANA, found.total, filters)


@pytest.mark.parametrize("query", ["", "kafka", '"data engineer" -platform', "nothing has this"])
@pytest.mark.parametrize("filters", [Filters(), Filters(kind=("job", "project"))])
def test_a_search_is_replayed_identically(receipts, database, snapshot, query, filters):
    found = worded(search(snapshot, query, filters, person_id=ANA, limit=4, offset=2 if not query else 0))
    answer = replay(database, shown(receipts, snapshot, found, "search"), SAID)
    assert answer.identical
    assert [one.id for one in answer.items] == [card.id for card in found.cards]


def test_an_explanation_is_replayed_also_where_a_gate_is_closed(receipts, database, snapshot):
    for row in range(len(snapshot.listings)):
        found = worded(explain(snapshot, ANA, snapshot.listings[row].id))
        identity = shown(receipts, snapshot, found, "explanation")
        assert replay(database, identity, SAID).identical
        assert receipt_view(read_receipt(database, identity)).items[0].gates == found.gates


def test_the_replay_does_not_care_what_the_store_became(receipts, database, snapshot, build):
    """People gone, skills renamed, the snapshot rebuilt: a receipt reads its own inputs and nothing else."""
    identity = shown(receipts, snapshot, for_you(snapshot, ANA), "for_you")
    later = build(lambda rows: rows.__delitem__(slice(3, None)))
    assert later.person(ANA) is None or len(later.listings) < len(snapshot.listings)
    spoil(database, "DELETE FROM revision")
    assert replay(database, identity, SAID).identical


def test_equal_markets_are_stored_once(receipts, database, snapshot, build):
    for who in (ANA, "workday:person:bo", ANA):
        receipts.keep(snapshot, for_you(snapshot, who), "for_you")
    receipts.keep(build(), for_you(build(), ANA), "for_you")
    assert count(database, "receipt") == 2, "the same answer at the same moment is the same receipt"
    assert count(database, "receipt_input WHERE kind = 'snapshot'") == 1
    assert count(database, "receipt_input WHERE kind = 'side'") == 2
    receipts.keep(build(lambda rows: rows.pop()), for_you(snapshot, ANA), "for_you")
    assert count(database, "receipt_input WHERE kind = 'snapshot'") == 2


def test_other_weights_show_what_they_would_change(receipts, database, snapshot):
    identity = shown(receipts, snapshot, for_you(snapshot, ANA, limit=5), "for_you")
    assert replay(database, identity, SAID, read_weights(WEIGHTS)).identical
    other = re.sub(r'^version = ".*"$', 'version = "mine"', WEIGHTS, flags=re.MULTILINE)
    other = re.sub(r"^usual_best = [\d.]+", "usual_best = 0.41", other, flags=re.MULTILINE)
    other = re.sub(r"^related = [\d.]+", "related = 0.3", other, flags=re.MULTILINE)
    answer = replay(database, identity, SAID, read_weights(other))
    assert answer.scorer_version == "mine"
    assert not answer.identical
    assert any(one.score != one.shown_score for one in answer.items)
    assert all(one.place is not None for one in answer.items)
    assert [note.message for note in answer.notes if note.message.id == "replay-weights"] == [
        Message("replay-weights", {"tables": ("[credit]",)})
    ]
    assert replay(database, identity, SAID).identical


def test_nothing_but_the_numbers_of_a_person_is_stored(receipts, snapshot, database):
    found = for_you(snapshot, ANA)
    receipts.keep(snapshot, found, "for_you")
    receipts.keep(snapshot, search(snapshot, "kafka", person_id=ANA), "search")
    stored = pack_opportunities(snapshot.opportunity_table) + pack_person(snapshot.prepared(snapshot.person_rows[ANA]))
    with database.reading() as transaction:
        stored += repr(transaction.rows("SELECT id, person, request FROM receipt")).encode()
    for identity in [one.id for one in list_receipts(database)]:
        stored += receipt_view(read_receipt(database, identity)).model_dump_json().encode()
    for person in snapshot.people:
        assert person.fact.name.encode() not in stored
        assert person.fact.work_email.encode() not in stored
    assert b"with Lea" not in stored, "a mentor's offer often names the mentor"


@pytest.mark.parametrize("kind", INPUTS)
def test_a_changed_or_lost_input_is_told(receipts, database, snapshot, kind):
    identity = shown(receipts, snapshot, for_you(snapshot, ANA), "for_you")
    spoil(
        database,
        "UPDATE receipt_input SET body = (SELECT body FROM receipt_input WHERE kind <> ? LIMIT 1) WHERE kind = ?",
        (kind, kind),
    )
    with pytest.raises(ReceiptError, match=f"The {kind} input of receipt {identity} was changed"):
        replay(database, identity, SAID)


def test_a_changed_receipt_is_told(receipts, database, snapshot):
    identity = shown(receipts, snapshot, for_you(snapshot, ANA), "for_you")
    spoil(database, "UPDATE receipt SET person = 'workday:person:bo'")
    with pytest.raises(ReceiptError, match="was changed after it was stored"):
        read_receipt(database, identity)
    spoil(database, "UPDATE receipt SET person = ?, shown = ?", (ANA, b"nothing"))
    with pytest.raises(ReceiptError, match="was changed after it was stored"):
        read_receipt(database, identity)
    with pytest.raises(ReceiptError, match="There is no receipt 'r-0'"):
        read_receipt(database, "r-0")


def test_many_first_writers_store_an_input_once(database, snapshot):
    keepers = [Receipts(database, "asked", lambda at=at: NOW + timedelta(seconds=at)) for at in range(12)]
    found = for_you(snapshot, ANA)
    with ThreadPoolExecutor(6) as pool:
        identities = list(pool.map(lambda one: one.keep(snapshot, found, "for_you"), keepers))
    assert len(set(identities)) == len(keepers) == count(database, "receipt")
    assert count(database, "receipt_input") == len(INPUTS)
    assert replay(database, identities[-1], SAID).identical


def test_pruning_takes_what_is_old_and_needed_by_nobody(database, snapshot, build):
    moments = iter((NOW, NOW + timedelta(days=1), NOW + timedelta(days=200)))
    receipts = Receipts(database, "asked", lambda: next(moments))
    first = receipts.keep(snapshot, for_you(snapshot, ANA), "for_you")
    smaller = build(lambda rows: rows.pop())
    receipts.keep(smaller, for_you(smaller, ANA), "for_you")
    last = receipts.keep(snapshot, for_you(snapshot, ANA), "for_you")
    gone = prune_receipts(database, before=NOW + timedelta(days=100))
    assert (gone.receipts, gone.inputs) == (2, 1)
    assert gone.freed > 0
    assert [one.id for one in list_receipts(database)] == [last]
    assert replay(database, last, SAID).identical
    with pytest.raises(ReceiptError):
        read_receipt(database, first)
    assert prune_receipts(database, before=NOW + timedelta(days=300)).receipts == 1
    assert count(database, "receipt_input") == 0


def test_a_write_that_fails_spoils_no_page(database, snapshot, monkeypatch):
    def refuse(*_):
        raise StoreError("The disk is full.")

    monkeypatch.setattr("echo_hub.services.receipts.keep_receipt", refuse)
    found = for_you(snapshot, ANA)
    answer = Receipts(database, "shown", lambda: NOW).shown(snapshot, found, "for_you")
    assert answer.cards == found.cards
    assert answer.receipt.id is None
    assert answer.receipt.problem == "No receipt of this could be kept: The disk is full."


def test_a_receipt_is_kept_when_asked_or_always(database, snapshot):
    found = for_you(snapshot, ANA)
    assert Receipts(database, "asked", lambda: NOW).shown(snapshot, found, "for_you").receipt is None
    assert Receipts(database, "shown", lambda: NOW).shown(snapshot, found, "for_you").receipt.id
    nobodys = search(snapshot, "kafka")
    assert Receipts(database, "shown", lambda: NOW).shown(snapshot, nobodys, "search").receipt is None
    with pytest.raises(RequestError, match="say whose it is"):
        Receipts(database, "shown", lambda: NOW).keep(snapshot, nobodys, "search")


def test_bytes_come_back_as_they_went(snapshot):
    weights = default_weights()
    assert pack_weights(unpack_weights(pack_weights(weights))) == pack_weights(weights)
    packed = pack_opportunities(snapshot.opportunity_table)
    assert pack_opportunities(unpack_opportunities(packed, weights)) == packed


def graph_of(number):
    return Taxonomy.of(
        Skill(
            f"t:{one:04}",
            f"Skill {one:04}",
            (Label(f"Skill {one:04}", "en", True),),
            broader=(f"t:{one // 10:04}",) if one >= 10 else (),
            related=(f"t:{one - 1:04}",) if one % 7 == 3 else (),
        )
        for one in range(number)
    )


SMALL = graph_of(24)
LABELS = st.integers(0, 23).map(lambda one: f"Skill {one:04}")
CLAIMS = st.lists(
    st.builds(
        SkillClaim,
        label=LABELS,
        level=st.none() | st.integers(1, 5),
        stance=st.sampled_from(("has", "has", "has", "wants_to_learn", "wants_to_use", "avoids", "teaches")),
    ),
    max_size=8,
)
REQUIREMENTS = st.lists(
    st.builds(
        Requirement,
        label=LABELS,
        level=st.none() | st.integers(1, 5),
        importance=st.sampled_from(("essential", "desired", "teaches")),
    ),
    max_size=5,
)
COUNTRIES = st.none() | st.sampled_from(("SE", "DE"))


@st.composite
def companies(draw):
    people = [
        Person(source_id=f"p{at}", name=f"N{at}", country=draw(COUNTRIES), skills=tuple(draw(CLAIMS)))
        for at in range(draw(st.integers(1, 4)))
    ]
    kinds = st.sampled_from((Job, Project, LearningPath))
    offers = [
        draw(kinds)(
            source_id=f"o{at}",
            title=f"Offer {at % 3}",
            requirements=tuple(draw(REQUIREMENTS)),
            seats=draw(st.none() | st.integers(1, 2)),
            hours_per_week=draw(st.none() | st.floats(0.5, 40)),
            countries=(draw(st.sampled_from(("SE", "DE"))),) if draw(st.booleans()) else (),
        )
        for at in range(draw(st.integers(0, 9)))
    ]
    return people, offers


def company(row, people, offers, graph=SMALL):
    rows = [*(row("workday", "workers", one) for one in people), *(row("x", one.entity, one) for one in offers)]
    return Snapshot.build(rows, graph, today=date(2026, 3, 2))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(made=companies())
def test_whatever_the_company_every_item_replays(database, row, made):
    snapshot = company(row, *made)
    receipts = Receipts(database, "asked", lambda: NOW)
    for person in snapshot.people:
        for surface, found in (
            ("for_you", for_you(snapshot, person.id, limit=5)),
            ("search", search(snapshot, "offer", person_id=person.id)),
        ):
            assert replay(database, receipts.keep(snapshot, worded(found), surface), SAID).identical


def test_empty_profiles_and_monsters_replay(database, row):
    graph = graph_of(2000)
    monster = Person(
        source_id="monster",
        name="M",
        skills=tuple(SkillClaim(label=f"Skill {one:04}", level=one % 5 + 1) for one in range(2000)),
    )
    offers = [
        Job(
            source_id=f"o{at}",
            title=f"Job {at}",
            requirements=tuple(Requirement(label=f"Skill {at * 37 + one:04}", level=3) for one in range(12)),
        )
        for at in range(30)
    ]
    snapshot = company(row, [monster, Person(source_id="empty", name="E")], offers, graph)
    receipts = Receipts(database, "asked", lambda: NOW)
    for who in ("workday:person:monster", "workday:person:empty"):
        found = for_you(snapshot, who)
        assert found.cards
        assert replay(database, receipts.keep(snapshot, worded(found), "for_you"), SAID).identical


def test_the_store_asks_for_bytes_only_when_it_lacks_them(database, snapshot, receipts):
    identity = receipts.keep(snapshot, for_you(snapshot, ANA), "for_you")
    receipt = read_receipt(database, identity)

    def never():
        raise AssertionError

    assert (
        keep_receipt(database, receipt, {kind: Input(sha, never) for kind, sha in receipt.inputs.items()}) == identity
    )


def as_older_releases_stored(receipt):
    """A receipt of a release that stored the text of each sentence and nothing else of it."""

    def text_only(sentence):
        return {name: value for name, value in sentence.items() if name not in ("message", "speaks", "confirmation")}

    items = [
        {**item, **{part: [text_only(one) for one in item[part]] for part in ("reasons", "gaps", "gates")}}
        for item in receipt.shown["items"]
    ]
    return replace(receipt, shown={"items": items})


def test_receipts_of_before_messages_are_read_and_replayed(receipts, database, snapshot):
    for surface, found in (
        ("explanation", explain(snapshot, ANA, "greenhouse:job:1")),
        ("for_you", for_you(snapshot, ANA)),
    ):
        receipt = read_receipt(database, shown(receipts, snapshot, worded(found), surface))
        kept = {kind: Input.of(data) for kind, data in read_inputs(database, receipt).items()}
        older = keep_receipt(database, replace(as_older_releases_stored(receipt), hub="0.0.9"), kept)
        view = receipt_view(read_receipt(database, older))
        texts = [one.text for item in view.items for one in (*item.reasons, *item.gaps, *item.gates)]
        assert texts
        assert all(texts)
        assert {one.message.id for item in view.items for one in item.reasons} == {"as-shown"}
        answer = replay(database, older, SAID)
        assert answer.identical
        assert not replay(database, older, lambda message: "other words").identical


def test_a_receipt_holds_the_message_and_the_words_that_were_shown(receipts, database, snapshot):
    found = worded(explain(snapshot, ANA, "greenhouse:job:1"))
    stored = read_receipt(database, shown(receipts, snapshot, found, "explanation")).shown["items"][0]["reasons"][0]
    reason = found.card.reasons[0]
    assert stored["message"] == {"id": reason.message.id, "values": dict(reason.message.values)}
    assert stored["text"] == reason.text != ""
