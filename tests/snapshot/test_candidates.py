"""The candidates of an opportunity are the people whose own lists have it, in the order of their scores."""

from __future__ import annotations

import random

import pytest

from echo_core.model import PersonRef
from echo_hub.snapshot import MatchSettings
from echo_hub.snapshot.ranker import Ranker

SKILLS = ("SQL", "PostgreSQL", "Python", "Kafka", "Kubernetes", "Negotiation", "Storytelling")


@pytest.fixture
def company(draft):
    """The same company under settings of a test's choice."""
    draw = random.Random(5)  # noqa: S311, an invented company
    stances = ("has", "has", "has", "wants_to_learn", "wants_to_use", "teaches", "avoids")
    for number in range(60):
        draft.person(
            f"w{number:02}",
            *((label, draw.randint(1, 5), draw.choice(stances)) for label in draw.sample(SKILLS, draw.randint(0, 5))),
            employee_id=f"E{number:02}",
            manager_id=f"w{number // 4:02}" if number else None,
            country=draw.choice(("DE", "SE", None)),
            status=draw.choice(("active", "active", "on_leave", "left", "future")),
            time_zone=("Europe/Berlin", "Asia/Tokyo", None)[number % 3],
        )
    for number in range(8):
        requirements = [(label, draw.randint(1, 5)) for label in draw.sample(SKILLS, 3)]
        draft.job(f"j{number}", *requirements, countries=draw.choice(((), ("DE",), ("SE", "DE"))), remote="remote")
        draft.project(f"p{number}", *requirements, seats=3, seats_taken=number % 4)
        draft.mentor(f"m{number}", f"E{number:02}", *requirements, seats=2)
        draft.path(f"l{number}", *requirements)
    draft.completed(PersonRef(scheme="employee_id", value="E01"), "l1")
    return draft.snapshot


@pytest.fixture
def snapshot(company):
    return company()


def by_hand(snapshot, row):
    """Everybody asked one by one."""
    scored = [
        (-round(float(snapshot.scores(person).total[row]), 12), person)
        for person in range(len(snapshot.people))
        if snapshot.eligible(person)[row]
    ]
    return [(person, -score) for score, person in sorted(scored)]


def test_they_are_those_whom_the_gates_let_in_with_their_own_scores(snapshot):
    for one in snapshot.listings:
        found = Ranker(snapshot).for_opportunity(one.row, len(snapshot.people))
        expected = by_hand(snapshot, one.row)
        assert found.rows.tolist() == [person for person, _ in expected], one.id
        assert found.totals.tolist() == pytest.approx([score for _, score in expected], abs=1e-12)


def test_the_first_few_are_the_head_of_the_whole_list(snapshot):
    for one in snapshot.listings:
        if one.kind in ("job", "project"):
            first, whole = (Ranker(snapshot).for_opportunity(one.row, top) for top in (5, len(snapshot.people)))
            assert first.rows.tolist() == whole.rows[:5].tolist()
            assert first.totals.tolist() == whole.totals[:5].tolist()


def test_nobody_fits_what_is_full(snapshot):
    full = snapshot.listing("exchange:project:p3")
    assert full.seats_left == 0
    assert not len(Ranker(snapshot).for_opportunity(full.row, 5))


@pytest.mark.parametrize("apart", [None, 1.0])
def test_everybody_let_in_is_everybody_asked_one_by_one(company, apart):
    snapshot = company(settings=MatchSettings(mentoring_hours_apart=apart))
    for one in snapshot.listings:
        asked = [person for person in range(len(snapshot.people)) if snapshot.eligible(person)[one.row]]
        assert snapshot.let_in(one.row).tolist() == asked, one.id
