"""Decisions about names and corrections by people: kept, replaced, undone, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from echo_hub.store.corrections import CORRECTIONS, CorrectionChoice
from echo_hub.store.erasure import erase_person
from echo_hub.store.events import person_key
from echo_hub.store.ledger import ERASED, DecisionError
from echo_hub.store.ledger_tables import DECISION
from echo_hub.store.name_decisions import NAMES, NameChoice, NameId, name_history
from echo_hub.store.records import data_revision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def person(name):
    return SimpleNamespace(kind="person", id=name, number=None)


def mapped(label, skill="tiny:sql", **more):
    return NameChoice(NameId.of(label), label, "map", skill, skill, **more)


def standing(database):
    return {one.choice.name.name: one.choice.skill_id for one in NAMES.standing(database)}


def test_a_name_is_known_by_its_spelling_and_the_sources_own_id_or_a_language():
    assert NameId.of("Node.js") == NameId.of("NodeJS") == NameId("nodejs")
    assert NameId.of("Gift", "de") != NameId.of("Gift", "en") != NameId.of("Gift")
    assert NameId.of("Gift", "de", "acme", "7") == NameId.of("gift", "en", "acme", "7")
    assert NameId.of("Gift", None, "acme", "7") != NameId.of("Gift", None, "acme", "8")
    assert NameId.of("‼") == NameId("‼")
    assert len(NameId.of("Gift").short) == 12


def test_the_latest_decision_counts_and_undoing_it_brings_the_one_before_back(database):
    NAMES.decide(database, [mapped("Flux")], by=person("ana"), now=NOW)
    (second,) = NAMES.decide(database, [NameChoice(NameId.of("flux"), "flux", "reject")], by=person("bo"), now=LATER)
    assert standing(database) == {"flux": None}
    NAMES.undo(database, [second.id], by=person("cy"), now=LATER)
    assert standing(database) == {"flux": "tiny:sql"}
    undone, first = name_history(database)
    assert (undone.undone_by, undone.undone_at, first.undone_at) == ("cy", LATER, None)
    assert (first.decided_by, first.decided_at) == ("ana", NOW)


def test_deciding_the_same_again_changes_nothing(database):
    NAMES.decide(database, [mapped("Flux"), mapped("Warp")], by=person("ana"), now=NOW)
    before = data_revision(database), name_history(database)
    assert NAMES.decide(database, [mapped("FLUX", note="again"), mapped("Warp")], by=person("bo"), now=LATER) == []
    assert (data_revision(database), name_history(database)) == before


def test_every_change_moves_the_data_revision(database):
    moved = [data_revision(database)]
    (made,) = NAMES.decide(database, [mapped("Flux")], by=person("ana"), now=NOW)
    moved.append(data_revision(database))
    NAMES.undo(database, [made.id], by=person("ana"), now=NOW)
    moved.append(data_revision(database))
    (said,) = CORRECTIONS.decide(
        database, [CorrectionChoice("hr:person:1", "E1", "tiny:sql", "tiny:sql", "SQL")], by=person("E1"), now=NOW
    )
    moved.append(data_revision(database))
    CORRECTIONS.undo(database, [said.id], by=person("E1"), now=NOW)
    moved.append(data_revision(database))
    assert moved == sorted(set(moved))


def test_what_was_decided_together_is_undone_together_but_for_what_was_replaced(database):
    made = NAMES.decide(database, [mapped("Flux"), mapped("Warp"), mapped("Beam")], by=person("ana"), now=NOW)
    assert {one.batch for one in made} == {made[0].id}
    (other,) = NAMES.decide(database, [mapped("Warp", "tiny:kafka")], by=person("bo"), now=LATER)
    assert other.batch == other.id
    assert [one.choice.label for one in NAMES.undo(database, batch=made[0].id, by=person("ana"), now=LATER)] == [
        "Flux",
        "Beam",
    ]
    assert standing(database) == {"warp": "tiny:kafka"}
    with pytest.raises(DecisionError, match="still counts"):
        NAMES.undo(database, batch=made[0].id, by=person("ana"), now=LATER)


def test_only_what_counts_can_be_undone_and_the_message_says_why_not(database):
    (first,) = NAMES.decide(database, [mapped("Flux")], by=person("ana"), now=NOW)
    (second,) = NAMES.decide(database, [mapped("Flux", "tiny:kafka")], by=person("bo"), now=LATER)
    with pytest.raises(DecisionError, match=f"replaced by {second.id}"):
        NAMES.undo(database, [second.id, first.id], by=person("ana"), now=LATER)
    assert standing(database) == {"flux": "tiny:kafka"}
    NAMES.undo(database, [second.id], by=person("cy"), now=LATER)
    with pytest.raises(DecisionError, match="undone by cy"):
        NAMES.undo(database, [second.id], by=person("ana"), now=LATER)
    with pytest.raises(DecisionError, match="no name decision 99"):
        NAMES.undo(database, [99], by=person("ana"), now=LATER)


def test_history_is_found_by_any_spelling_and_by_the_short_id(database):
    NAMES.decide(database, [mapped("Node JS"), mapped("Warp")], by=person("ana"), now=NOW)
    for text in ("node js", "NODE JS", NameId.of("Node JS").short):
        assert [one.choice.label for one in name_history(database, text)] == ["Node JS"]


def test_a_correction_is_kept_whole_and_undone_once(database):
    about = CorrectionChoice(
        "hr:person:1", "E1", "tiny:sql", "tiny:sql", "SQL", ("SQL", "Ess-Kuh-Ell"), "has", 2, "not 4"
    )
    (said,) = CORRECTIONS.decide(database, [about], by=person("E1"), now=NOW)
    assert CORRECTIONS.standing(database) == (said,)
    assert said.choice == about
    CORRECTIONS.undo(database, [said.id], by=person("E1"), now=LATER)
    assert CORRECTIONS.standing(database) == ()
    with pytest.raises(DecisionError, match="undone by E1"):
        CORRECTIONS.undo(database, [said.id], by=person("E1"), now=LATER)
    with pytest.raises(DecisionError, match="no correction 99"):
        CORRECTIONS.undo(database, [99], by=person("E1"), now=LATER)


def test_whoever_decided_stands_under_a_key_and_is_no_longer_told_once_erased(database):
    ana = SimpleNamespace(kind="person", id="hr:person:1", number="E1")
    (made,) = NAMES.decide(database, [mapped("Flux")], by=ana, now=NOW)
    choice = CorrectionChoice("hr:person:1", "E1", "tiny:sql", "tiny:sql", "SQL")
    CORRECTIONS.decide(database, [choice], by=ana, now=NOW)
    NAMES.undo(database, [made.id], by=ana, now=LATER)
    with database.reading() as transaction:
        stored = repr(transaction.all(select(DECISION)))
    assert "hr:person:1" not in stored
    assert "E1" not in stored
    (told,) = name_history(database)
    assert (told.decided_by, told.undone_by) == ("E1", "E1")
    with database.writing() as transaction:
        assert erase_person(transaction, ["hr:person:1"]).removed["person_key"]
    (told,) = name_history(database)
    assert (told.decided_by, told.undone_by) == (ERASED, ERASED)
    assert CORRECTIONS.standing(database) == ()


def test_a_service_is_named_as_it_is(database):
    NAMES.decide(database, [mapped("Flux")], by=SimpleNamespace(kind="service", id="operator", number=None), now=NOW)
    assert [decision.decided_by for decision in name_history(database)] == ["operator"]


def test_a_person_whose_public_id_is_gone_is_still_known_by_their_employee_id(database):
    before = CorrectionChoice("old:person:1", "E1", "tiny:sql", "tiny:sql", "SQL")
    CORRECTIONS.decide(database, [before], by=person("old:person:1"), now=NOW)
    (said,) = CORRECTIONS.standing(database)
    assert said.choice == before
    with database.writing() as transaction:
        person_key(transaction, "new:person:1", "E1")
    with database.writing() as transaction:
        assert erase_person(transaction, ["new:person:1"]).removed["person_key"]
    assert CORRECTIONS.standing(database) == ()


def test_numbers_are_given_once_whatever_is_decided(database):
    (name,) = NAMES.decide(database, [mapped("Flux")], by=person("ana"), now=NOW)
    choice = CorrectionChoice("hr:person:1", None, "tiny:sql", "tiny:sql", "SQL")
    (own,) = CORRECTIONS.decide(database, [choice], by=person("ana"), now=NOW)
    assert own.id > name.id
    with pytest.raises(DecisionError, match=f"no correction {name.id}"):
        CORRECTIONS.undo(database, [name.id], by=person("ana"), now=LATER)
