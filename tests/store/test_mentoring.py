"""Mentors' places: whoever asks, however many at once, no mentor gets more mentees than there are places."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from echo_core.connectors.errors import HubError
from echo_hub.store.mentoring import end_pair, pin_pair, publish, redraft, remove_pair, save_draft, withdraw
from echo_hub.store.mentoring_places import CapacityError, capacities, set_capacity
from echo_hub.store.mentoring_rounds import (
    LostPlacesError,
    MentoringError,
    Proposal,
    Run,
    list_rounds,
    live_pairs,
    read_round,
    seats_taken,
)
from echo_hub.store.records import data_revision

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MENTOR = "workday:person:mentor"
PLACES = 3
RIVALS = 12

PROCESS = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from echo_hub.store.database import open_database
from echo_hub.store.mentoring import publish
from echo_hub.store.mentoring_rounds import LostPlacesError
database = open_database(sys.argv[1], Path())
won = []
for round_id in json.loads(sys.argv[2]):
    try:
        publish(database, round_id, json.loads(sys.argv[3]), mentee_limit=1, by="other", now=datetime.now(UTC))
        won.append(round_id)
    except LostPlacesError:
        print("lost", file=sys.stderr)
database.close()
print(json.dumps(won))
"""


def proposal(mentee, mentor=MENTOR, score=0.5, **more):
    return Proposal(mentor, mentee, f"offer-of-{mentor}", score, {"mentee": [], "mentor": []}, **more)


def a_round(database, *proposals, unassigned=None):
    run = Run("2026.1", {"most_pairs": False}, proposals, unassigned or {})
    return save_draft(database, "Spring", run, by="hanna", now=NOW)


def go(database, round_id, places=PLACES, mentee_limit=1):
    wanted = places if isinstance(places, dict) else {MENTOR: places}
    return publish(database, round_id, wanted, mentee_limit=mentee_limit, by="hanna", now=NOW)


def test_a_draft_is_kept_whole_and_holds_no_place(database):
    round_id = a_round(database, proposal("b", score=0.4), proposal("a", score=0.9), unassigned={"c": "No place."})
    found, pairs, unassigned = read_round(database, round_id)
    assert (found.title, found.state, found.pairs, found.unassigned) == ("Spring", "draft", 2, 1)
    assert [(pair.mentee, pair.score, pair.state) for pair in pairs] == [("a", 0.9, "proposed"), ("b", 0.4, "proposed")]
    assert unassigned == {"c": "No place."}
    assert live_pairs(database) == []
    assert capacities(database) == {}
    assert [one.id for one in list_rounds(database)] == [round_id]


def test_publishing_makes_all_pairs_live_and_moves_the_revision(database):
    round_id = a_round(database, proposal("a"), proposal("b"))
    before = data_revision(database)
    assert go(database, round_id) == 2
    assert data_revision(database) == before + 1
    assert {pair.mentee for pair in live_pairs(database)} == {"a", "b"}
    assert seats_taken(database) == {f"offer-of-{MENTOR}": 2}
    one = capacities(database)[MENTOR]
    assert (one.places, one.live, one.decided) == (3, 2, None)
    assert read_round(database, round_id)[0].decided_by == "hanna"
    with pytest.raises(MentoringError, match="was published by hanna"):
        go(database, round_id)


def test_a_round_with_one_lost_place_publishes_nothing(database):
    go(database, a_round(database, proposal("a"), proposal("b")))
    before = data_revision(database)
    second = a_round(database, proposal("c"), proposal("d"), proposal("e", mentor="another"))
    with pytest.raises(LostPlacesError) as caught:
        go(database, second, {MENTOR: PLACES, "another": 1})
    assert [(pair.mentee, why) for pair, why in caught.value.lost] == [("d", "no_place")]
    assert len(live_pairs(database)) == 2
    assert "another" not in capacities(database)
    assert {pair.state for pair in read_round(database, second)[1]} == {"proposed"}
    assert data_revision(database) == before


def test_a_mentee_has_no_second_mentor_beyond_the_limit(database):
    go(database, a_round(database, proposal("a")))
    second = a_round(database, proposal("a", mentor="another"))
    with pytest.raises(LostPlacesError) as caught:
        go(database, second, {"another": 1})
    assert [why for _, why in caught.value.lost] == ["mentee_taken"]
    assert go(database, second, {"another": 1}, mentee_limit=2) == 1


def test_the_same_two_people_are_never_live_twice(database):
    go(database, a_round(database, proposal("a")))
    with pytest.raises(LostPlacesError):
        go(database, a_round(database, proposal("a")), mentee_limit=5)


def test_an_ended_pair_frees_its_place_and_its_mentee(database):
    go(database, a_round(database, proposal("a")), 1)
    full = a_round(database, proposal("b"))
    with pytest.raises(LostPlacesError):
        go(database, full, 1)
    [pair] = live_pairs(database)
    ended = end_pair(database, pair.id, by="hanna", now=NOW)
    assert (ended.state, ended.decided_by) == ("ended", "hanna")
    assert go(database, full, 1) == 1
    with pytest.raises(MentoringError, match="no live pair"):
        end_pair(database, pair.id, by="hanna", now=NOW)
    assert go(database, a_round(database, proposal("a", mentor="another")), {"another": 1}) == 1


def test_a_capacity_below_the_live_pairs_is_refused(database):
    go(database, a_round(database, proposal("a"), proposal("b")))
    with pytest.raises(CapacityError, match="2 live pairs"):
        set_capacity(database, MENTOR, 1, by="hanna", now=NOW)
    with pytest.raises(CapacityError, match="fewer than no places"):
        set_capacity(database, MENTOR, -1, by="hanna", now=NOW)
    set_capacity(database, MENTOR, 2, by="hanna", now=NOW)
    one = capacities(database)[MENTOR]
    assert (one.places, one.live, one.decided, one.set_by) == (2, 2, 2, "hanna")
    with pytest.raises(LostPlacesError):
        go(database, a_round(database, proposal("c")), 9)


def test_records_that_give_fewer_places_take_no_live_pair_and_give_no_new_one(database):
    go(database, a_round(database, proposal("a"), proposal("b")), 3)
    with pytest.raises(LostPlacesError):
        go(database, a_round(database, proposal("c")), 1)
    assert len(live_pairs(database)) == 2
    go(database, a_round(database), 1)
    one = capacities(database)[MENTOR]
    assert (one.places, one.live) == (2, 2)


def test_people_remove_and_pin_pairs_and_a_later_run_respects_it(database):
    round_id = a_round(database, proposal("a"), proposal("b"), proposal("c"))
    ids = {pair.mentee: pair.id for pair in read_round(database, round_id)[1]}
    assert remove_pair(database, ids["a"], by="ines", now=NOW).state == "removed"
    assert pin_pair(database, ids["b"], pinned=True, by="ines", now=NOW).pinned
    with pytest.raises(MentoringError, match="no proposed pair"):
        pin_pair(database, ids["a"], pinned=True, by="ines", now=NOW)
    redraft(database, round_id, Run("2026.2", {}, [proposal("b", pinned=True)], {"c": "Why."}))
    found, pairs, unassigned = read_round(database, round_id)
    assert [(pair.mentee, pair.state, pair.pinned) for pair in pairs] == [
        ("b", "proposed", True),
        ("a", "removed", False),
    ]
    assert (found.scorer, found.pairs, unassigned) == ("2026.2", 1, {"c": "Why."})
    assert go(database, round_id) == 1
    with pytest.raises(MentoringError, match="no proposed pair"):
        remove_pair(database, pairs[0].id, by="ines", now=NOW)


def test_a_withdrawn_draft_is_over(database):
    round_id = a_round(database, proposal("a"))
    withdraw(database, round_id, by="hanna", now=NOW)
    for late in (lambda: go(database, round_id), lambda: withdraw(database, round_id, by="hanna", now=NOW)):
        with pytest.raises(MentoringError, match="withdrawn by hanna"):
            late()
    with pytest.raises(MentoringError, match="no mentoring round 99"):
        read_round(database, 99)


def test_many_threads_cannot_oversell_a_mentor(database):
    rounds = [a_round(database, proposal(f"mentee-{number}")) for number in range(RIVALS)]
    barrier = threading.Barrier(RIVALS)

    def try_it(round_id):
        barrier.wait()
        try:
            return go(database, round_id)
        except LostPlacesError:
            return 0

    with ThreadPoolExecutor(RIVALS) as pool:
        won = list(pool.map(try_it, rounds))
    assert sum(won) == PLACES
    assert len(live_pairs(database)) == PLACES
    assert {one.live <= one.places for one in capacities(database).values()} == {True}


def test_many_threads_cannot_give_one_mentee_two_mentors(database):
    mentors = [f"mentor-{number}" for number in range(RIVALS)]
    rounds = [a_round(database, proposal("a", mentor=mentor)) for mentor in mentors]
    barrier = threading.Barrier(RIVALS)

    def try_it(round_id):
        barrier.wait()
        try:
            return go(database, round_id, dict.fromkeys(mentors, 1))
        except LostPlacesError:
            return 0

    with ThreadPoolExecutor(RIVALS) as pool:
        assert sum(pool.map(try_it, rounds)) == 1


def test_two_processes_cannot_oversell_a_mentor(new_database_url, open_url):
    url = new_database_url()
    database = open_url(url)
    rounds = [a_round(database, proposal(f"mentee-{number}")) for number in range(RIVALS)]
    places = json.dumps({MENTOR: PLACES})
    started = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", PROCESS, url, json.dumps(rounds[part::2]), places],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for part in (0, 1)
    ]
    told = [one.communicate(timeout=240) for one in started]
    assert [one.returncode for one in started] == [0, 0], told
    assert sum(len(json.loads(out)) for out, _ in told) == PLACES
    assert len(live_pairs(database)) == PLACES


def test_the_database_itself_refuses_what_code_forgets(database):
    """No lock, no counting: each thread writes a live pair as a careless programmer would."""
    go(database, a_round(database), PLACES)
    round_id = a_round(database, *(proposal(f"mentee-{number}") for number in range(RIVALS)))
    ids = [pair.id for pair in read_round(database, round_id)[1]]
    barrier = threading.Barrier(RIVALS)

    def careless(number):
        barrier.wait()
        try:
            with database.writing() as transaction:
                transaction.run(
                    "UPDATE mentoring_pair SET state = 'active', place = ?, slot = 1 WHERE id = ?",
                    (1 + number % (PLACES + 2), ids[number]),
                )
        except HubError:
            return 0
        return 1

    with ThreadPoolExecutor(RIVALS) as pool:
        assert sum(pool.map(careless, range(RIVALS))) == PLACES
    assert len(live_pairs(database)) == PLACES


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE mentoring_pair SET state = 'active' WHERE mentee = 'a'",
        "UPDATE mentoring_pair SET state = 'active', place = 1 WHERE mentee = 'a'",
        "UPDATE mentoring_pair SET place = 1, slot = 1 WHERE mentee = 'a'",
        "UPDATE mentoring_pair SET state = 'active', place = 9, slot = 1 WHERE mentee = 'a'",
        "UPDATE mentoring_pair SET state = 'active', place = 1, slot = 0 WHERE mentee = 'a'",
        "INSERT INTO mentor_place (mentor, number) VALUES ('workday:person:mentor', 0)",
        "DELETE FROM mentor_place WHERE number = 2",
    ],
)
def test_no_half_live_pair_can_be_written(database, sql):
    go(database, a_round(database, proposal("x"), proposal("y")), PLACES)
    a_round(database, proposal("a"))
    with pytest.raises(HubError), database.writing() as transaction:
        transaction.run(sql)
