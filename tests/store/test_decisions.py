"""Decisions about names and corrections by people: kept, replaced, undone, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from echo_hub.store.decisions import (
    Choice,
    NameId,
    decide,
    decision_history,
    standing_decisions,
    undo_batch,
    undo_decisions,
)
from echo_hub.store.disputes import Disputed, DisputeError, dispute, standing_disputes, undo_dispute
from echo_hub.store.ledger import DecisionError
from echo_hub.store.records import data_revision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def mapped(label, skill="tiny:sql", **more):
    return Choice(NameId.of(label), label, "map", skill, skill, **more)


def standing(database):
    return {one.choice.name.name: one.choice.skill_id for one in standing_decisions(database)}


def test_a_name_is_known_by_its_spelling_and_the_sources_own_id_or_a_language():
    assert NameId.of("Node.js") == NameId.of("NodeJS") == NameId("nodejs")
    assert NameId.of("Gift", "de") != NameId.of("Gift", "en") != NameId.of("Gift")
    assert NameId.of("Gift", "de", "acme", "7") == NameId.of("gift", "en", "acme", "7")
    assert NameId.of("Gift", None, "acme", "7") != NameId.of("Gift", None, "acme", "8")
    assert NameId.of("‼") == NameId("‼")
    assert len(NameId.of("Gift").short) == 12


def test_the_latest_decision_counts_and_undoing_it_brings_the_one_before_back(database):
    decide(database, [mapped("Flux")], by="ana", now=NOW)
    (second,) = decide(database, [Choice(NameId.of("flux"), "flux", "reject")], by="bo", now=LATER)
    assert standing(database) == {"flux": None}
    undo_decisions(database, [second.id], by="cy", now=LATER)
    assert standing(database) == {"flux": "tiny:sql"}
    undone, first = decision_history(database)
    assert (undone.undone_by, undone.undone_at, first.undone_at) == ("cy", LATER, None)
    assert (first.decided_by, first.decided_at) == ("ana", NOW)


def test_deciding_the_same_again_changes_nothing(database):
    decide(database, [mapped("Flux"), mapped("Warp")], by="ana", now=NOW)
    before = data_revision(database), decision_history(database)
    assert decide(database, [mapped("FLUX", note="again"), mapped("Warp")], by="bo", now=LATER) == []
    assert (data_revision(database), decision_history(database)) == before


def test_every_change_moves_the_data_revision(database):
    moved = [data_revision(database)]
    (made,) = decide(database, [mapped("Flux")], by="ana", now=NOW)
    moved.append(data_revision(database))
    undo_decisions(database, [made.id], by="ana", now=NOW)
    moved.append(data_revision(database))
    said = dispute(database, Disputed("hr:person:1", "E1", "tiny:sql", "tiny:sql", "SQL"), by="E1", now=NOW)
    moved.append(data_revision(database))
    undo_dispute(database, said.id, by="E1", now=NOW)
    moved.append(data_revision(database))
    assert moved == sorted(set(moved))


def test_what_was_decided_together_is_undone_together_but_for_what_was_replaced(database):
    made = decide(database, [mapped("Flux"), mapped("Warp"), mapped("Beam")], by="ana", now=NOW)
    assert {one.batch for one in made} == {made[0].id}
    (other,) = decide(database, [mapped("Warp", "tiny:kafka")], by="bo", now=LATER)
    assert other.batch == other.id
    assert [one.choice.label for one in undo_batch(database, made[0].id, by="ana", now=LATER)] == ["Flux", "Beam"]
    assert standing(database) == {"warp": "tiny:kafka"}
    with pytest.raises(DecisionError, match="still counts"):
        undo_batch(database, made[0].id, by="ana", now=LATER)


def test_only_what_counts_can_be_undone_and_the_message_says_why_not(database):
    (first,) = decide(database, [mapped("Flux")], by="ana", now=NOW)
    (second,) = decide(database, [mapped("Flux", "tiny:kafka")], by="bo", now=LATER)
    with pytest.raises(DecisionError, match=f"replaced by decision {second.id}"):
        undo_decisions(database, [second.id, first.id], by="ana", now=LATER)
    assert standing(database) == {"flux": "tiny:kafka"}
    undo_decisions(database, [second.id], by="cy", now=LATER)
    with pytest.raises(DecisionError, match="undone by cy"):
        undo_decisions(database, [second.id], by="ana", now=LATER)
    with pytest.raises(DecisionError, match="no decision 99"):
        undo_decisions(database, [99], by="ana", now=LATER)


def test_history_is_found_by_any_spelling_and_by_the_short_id(database):
    decide(database, [mapped("Node JS"), mapped("Warp")], by="ana", now=NOW)
    for text in ("node js", "NODE JS", NameId.of("Node JS").short):
        assert [one.choice.label for one in decision_history(database, text)] == ["Node JS"]


def test_a_correction_is_kept_whole_and_undone_once(database):
    about = Disputed("hr:person:1", "E1", "tiny:sql", "tiny:sql", "SQL", ("SQL", "Ess-Kuh-Ell"), "has", 2, "not 4")
    said = dispute(database, about, by="E1", now=NOW)
    assert standing_disputes(database) == (said,)
    assert said.about == about
    undo_dispute(database, said.id, by="E1", now=LATER)
    assert standing_disputes(database) == ()
    with pytest.raises(DisputeError, match="undone by E1"):
        undo_dispute(database, said.id, by="E1", now=LATER)
    with pytest.raises(DisputeError, match="no correction 99"):
        undo_dispute(database, 99, by="E1", now=LATER)
