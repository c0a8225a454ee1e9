"""Which people and opportunities lie in the countries and units for which somebody has a role."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from echo_core.model import Job, OrgUnit, Person
from echo_hub.services.reach import Reach
from echo_hub.snapshot.snapshot import Snapshot


class Stored(NamedTuple):
    """A stored record."""

    connection: str
    stream: str
    record: object


@pytest.fixture(scope="module")
def snapshot(graph):
    units = [
        OrgUnit(source_id="co", name="Company"),
        OrgUnit(source_id="eng", name="Engineering", parent_id="co"),
        OrgUnit(source_id="data", name="Data", parent_id="eng"),
        OrgUnit(source_id="sales", name="Sales", parent_id="co"),
    ]
    people = [
        Person(source_id="swede", name="Siv Swede", country="SE", org_unit_id="sales"),
        Person(source_id="dane", name="Dag Dane", country="DK", org_unit_id="data"),
        Person(source_id="nowhere", name="Nina Nowhere"),
    ]
    posted = datetime(2026, 2, 1, tzinfo=UTC)
    jobs = [
        Job(source_id="se", title="In Sweden", countries=("SE",), posted_at=posted),
        Job(source_id="both", title="In Sweden or Denmark", countries=("SE", "DK"), posted_at=posted),
        Job(source_id="anywhere", title="Anywhere", posted_at=posted),
        Job(source_id="data", title="In Data", org_unit_ids=("data",), posted_at=posted),
    ]
    rows = [
        *(Stored("hr", "units", unit) for unit in units),
        *(Stored("hr", "people", person) for person in people),
        *(Stored("hr", "jobs", job) for job in jobs),
    ]
    return Snapshot.build(rows, graph, today=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("countries", "units", "inside"),
    [
        (("SE",), (), {"person:swede", "job:se"}),
        (("SE", "DK"), (), {"person:swede", "person:dane", "job:se", "job:both"}),
        ((), ("engineering",), {"person:dane", "job:data"}),
        ((), ("Data",), {"person:dane", "job:data"}),
        (("SE",), ("Engineering",), {"person:swede", "person:dane", "job:se", "job:data"}),
        (("FI",), ("Legal",), set()),
    ],
)
def test_people_lie_in_their_country_and_all_their_units_and_opportunities_where_they_are_open_alone(
    snapshot, countries, units, inside
):
    reach = Reach(snapshot, countries, units)
    people = ("person:swede", "person:dane", "person:nowhere")
    jobs = ("job:se", "job:both", "job:anywhere", "job:data")
    assert {name for name in (*people, *jobs) if reach.holds(f"hr:{name}")} == inside
    assert not reach.holds("hr:person:unknown")
    assert not reach.holds("")


def test_a_scope_is_named_by_its_countries_and_units(snapshot):
    assert Reach(snapshot, ("SE", "DE"), ("Engineering",)).words == "Germany, Sweden, Engineering"
