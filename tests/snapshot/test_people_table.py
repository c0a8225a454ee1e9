"""All people in columns: lots that say nothing about anybody, and one person changed at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from echo_hub.snapshot.ranking.people_table import PeopleTable


@pytest.fixture
def people(draft):
    for number in range(200):
        draft.person(f"w{number:03}", ("SQL", 3), country=("DE", "SE", None)[number % 3])
    return draft.snapshot().people


def test_a_lot_is_drawn_by_ids_alone_and_is_the_same_every_day(people):
    lots = PeopleTable(people).lots("exchange:project:p1")
    assert (people[0].id, people[1].id) == ("workday:person:w000", "workday:person:w001")
    assert lots[:2].tolist() == [14753052101607562383, 16315284461688827030]
    renamed = [replace(one, fact=replace(one.fact, name=f"Zoe {one.row}"), country="FR") for one in people]
    assert PeopleTable(renamed).lots("exchange:project:p1").tolist() == lots.tolist()


def test_the_first_of_two_opportunities_have_little_in_common(people):
    everybody = PeopleTable(people)
    one, other = (set(everybody.lots(f"exchange:project:p{number}").argsort()[:20].tolist()) for number in (1, 2))
    assert len(one & other) < 8  # two draws of 20 among 200 share 2 on average


def test_who_changed_changes_and_nobody_else(people):
    moved = (*people[:7], replace(people[7], country="BR"), *people[8:])
    made, whole = PeopleTable(people).after(moved), PeopleTable(moved)
    assert [made.groups[at] for at in made.group] == [whole.groups[at] for at in whole.group]
    assert made.groups[made.group[7]][0] == "BR"
