"""Explore: a superset of every recommendation, whatever the matcher thinks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from echo_core.model import Job, Opportunity, OrgUnit, Person
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.services.vocabulary import UnknownValueError

ANA = "workday:person:ana"


def ids(result):
    return [card.id for card in result.cards]


def test_everything_listed_is_reachable_without_a_query(snapshot):
    assert set(ids(search(snapshot, limit=1000))) == {one.id for one in snapshot.listings}


def test_everything_listed_is_reachable_by_its_own_title(snapshot):
    for one in snapshot.listings:
        assert one.id in ids(search(snapshot, one.record.title, limit=1000))


@pytest.mark.parametrize("person", ["boss", "lead", "ana", "bo", "cy", "gone"])
def test_search_holds_everything_that_for_you_recommends(snapshot, person):
    person_id = f"workday:person:{person}"
    found = set(ids(search(snapshot, "", person_id=person_id, limit=1000)))
    assert set(ids(for_you(snapshot, person_id, limit=1000))) <= found
    assert found == {one.id for one in snapshot.listings}


def test_a_person_adds_scores_and_closed_gates_but_changes_no_order(snapshot):
    plain = search(snapshot, "kafka", limit=50)
    mine = search(snapshot, "kafka", person_id=ANA, limit=50)
    assert ids(plain) == ids(mine)
    assert plain.total == mine.total
    assert all(card.score is None and card.closed_gates == () for card in plain.cards)
    closed = {card.id: {gate.name for gate in card.closed_gates} for card in mine.cards}
    assert closed["exchange:mentorship:m-lead"] == {"reporting_line"}
    assert closed["exchange:mentorship:m-full"] == {"seats_left"}
    assert closed["exchange:mentorship:m-bo"] == set()
    assert all(card.score is not None and card.rank is None for card in mine.cards)


def test_without_a_query_the_newest_come_first(snapshot):
    assert ids(search(snapshot, limit=4)) == [f"greenhouse:job:{number}" for number in (4, 3, 2, 1)]


def test_pages_are_stable_and_complete(snapshot):
    whole = ids(search(snapshot, "python", limit=1000))
    paged = [
        one for offset in range(0, len(whole), 5) for one in ids(search(snapshot, "python", limit=5, offset=offset))
    ]
    assert paged == whole


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(country=("SE",), skill=("Kafka",), kind=("job",)), {"greenhouse:job:2"}),
        (Filters(language=("fr",)), {"greenhouse:job:4", "lxp:learning_path:l2"}),
        (Filters(language=("French",)), {"greenhouse:job:4", "lxp:learning_path:l2"}),
        (Filters(remote=("remote",)), {"exchange:project:p1"}),
        (Filters(department=("data",)), {"greenhouse:job:1"}),
        (Filters(skill=("t:accounting",)), {"greenhouse:job:4"}),
        (Filters(skill=("Kafka ",), country=("sweden",), kind=("job",)), {"greenhouse:job:2"}),
        (Filters(language=("fr-CA",)), {"greenhouse:job:4", "lxp:learning_path:l2"}),
        (Filters(language=("cy",)), set()),
        (Filters(skill=("",), department=(" ",), kind=("project",), hours_max=10), {"exchange:project:p1"}),
        (Filters(kind=("project",), hours_max=10), {"exchange:project:p1"}),
    ],
)
def test_filters_mean_what_they_say(snapshot, filters, expected):
    assert set(ids(search(snapshot, "", filters, limit=100))) == expected


@pytest.mark.parametrize(
    ("filters", "field", "hint"),
    [
        (Filters(country=("SE", "ZZ")), "country", "Give an ISO code such as SE, or a name such as Sweden."),
        (Filters(language=("gibberish",)), "language", "Give an ISO code such as de, or a name such as German."),
        (Filters(skill=("Accountable",)), "skill", "Near it: Accounting."),
        (Filters(department=("Dtaa",)), "department", "Near it: Data."),
        (Filters(department=("Zzz",)), "department", "The most frequent: "),
    ],
)
def test_a_value_nothing_can_have_is_refused_and_the_possible_ones_are_named(snapshot, filters, field, hint):
    for ask in (lambda: search(snapshot, "", filters), lambda: for_you(snapshot, ANA, filters)):
        with pytest.raises(UnknownValueError) as refused:
            ask()
        assert refused.value.field == field
        assert f"There is no {field} {refused.value.value!r}" in refused.value.message
        assert hint in refused.value.message


def test_what_is_known_but_listed_nowhere_today_finds_nothing_and_is_no_error(build):
    def close_all(rows):
        rows[:] = [row for row in rows if not isinstance(row.record, Opportunity)]
        rows.append(replace(rows[1], record=Person(source_id="x", name="X", org_unit="Payments")))

    snapshot = build(close_all)
    assert not snapshot.listings
    for filters in (
        Filters(country=("Deutschland",)),
        Filters(country=("anywhere",)),
        Filters(language=("German",)),
        Filters(skill=("t:kafka", "Python")),
        Filters(department=("payments",)),
    ):
        assert search(snapshot, "", filters).total == 0


def test_facet_counts_are_what_a_click_would_show(snapshot):
    result = search(snapshot, "kafka")
    for name in ("kind", "country", "skill", "language", "remote", "department"):
        for one in result.facets[name]:
            clicked = search(snapshot, "kafka", Filters(**{name: (one.value,)}), limit=0)
            assert clicked.total == one.count, (name, one)


def test_an_open_country_list_fits_every_country(snapshot):
    assert "greenhouse:job:3" in ids(search(snapshot, "", Filters(country=("JP",)), limit=100))
    assert "greenhouse:job:1" not in ids(search(snapshot, "", Filters(country=("JP",)), limit=100))


def test_two_departments_that_differ_by_a_capital_count_and_show_their_own(build):
    def other_case(rows):
        rows.append(replace(rows[0], record=OrgUnit(source_id="d2", name="data")))
        rows.append(replace(rows[0], stream="jobs", record=Job(source_id="77", title="Clerk", org_unit_ids=("d2",))))

    snapshot = build(other_case)
    counts = {one.value: one.count for one in search(snapshot).facets["department"]}
    assert counts == {"Data": 1, "data": 1}
    for name in counts:
        assert search(snapshot, "", Filters(department=(name,))).total == 1
