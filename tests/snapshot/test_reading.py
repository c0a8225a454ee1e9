"""Every reader of the store says the same of every payload, whoever wrote it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.model import Language, OrgUnit, Person, Preferences, SkillClaim
from echo_core.text.letters import has_letters_or_digits
from echo_hub.snapshot.rows import StoredRecords
from echo_hub.store.bulk import upsert_records
from echo_hub.store.payloads import UnreadableRecordError, record_in, written
from echo_hub.store.records import StoredText, live_texts
from echo_hub.store.stored_people import person_in

WORDS = st.text("abcXYZ üß'\"\\", min_size=1, max_size=8).filter(str.strip)
SOME = st.none() | WORDS
MOMENTS = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).flatmap(  # noqa: DTZ001, zones are drawn
    lambda moment: st.sampled_from([UTC, timezone(timedelta(hours=13)), timezone(timedelta(hours=-9))]).map(
        lambda zone: moment.replace(tzinfo=zone)
    )
)
CLAIMS = st.builds(
    SkillClaim,
    label=WORDS,
    scheme=SOME,
    external_id=SOME,
    stance=st.sampled_from(["has", "wants_to_learn", "wants_to_use", "teaches", "avoids"]),
    level=st.none() | st.integers(1, 5),
    asserter=st.sampled_from(["person", "manager", "vendor", "assessment", "hub"]),
    evidence=SOME,
    asserted_at=MOMENTS,
    valid_until=MOMENTS,
)
PEOPLE = st.builds(
    Person,
    source_id=st.sampled_from(["w1", "w2", "a b"]),
    name=WORDS.filter(has_letters_or_digits),
    worker_type=st.sampled_from(["employee", "contingent"]),
    status=st.sampled_from(["active", "on_leave", "future", "left"]),
    employee_id=SOME,
    human_id=SOME,
    work_email=SOME,
    user_name=SOME,
    title=SOME,
    manager_id=SOME,
    org_unit_id=SOME,
    org_unit=SOME,
    place_id=SOME,
    location=SOME,
    city=SOME,
    country=st.sampled_from([None, "DE", "SE"]),
    time_zone=SOME,
    hired_on=st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    languages=st.lists(st.builds(Language, code=st.sampled_from(["en", "pt-BR"])), max_size=2).map(tuple),
    skills=st.lists(CLAIMS, max_size=4).map(tuple),
    preferences=st.none()
    | st.builds(
        Preferences,
        hours_per_week=st.sampled_from([None, 8.0]),
        remote=st.sampled_from([None, True, False]),
        countries=st.sampled_from([(), ("DE", "FR")]),
        starts_from=st.sampled_from([None, date(2026, 5, 1)]),
    ),
)
ODD = st.sampled_from([None, "suspended", "", "DEU", 7, -1, 2.5, True, [], ["x"], {}, {"code": 1}, "2026-02-30"])


def _damaged(draw, value):
    """A payload with some fields gone, some of a later release, and some that nobody can read."""
    if isinstance(value, list):
        return [_damaged(draw, item) for item in value]
    if not isinstance(value, dict):
        return value
    payload = {}
    for name, inner in value.items():
        match draw(st.integers(0, 11)):
            case 0:
                continue
            case 1:
                payload[name] = draw(ODD)
            case _:
                payload[name] = _damaged(draw, inner)
    if draw(st.booleans()):
        payload["later"] = {"release": True}
    return payload


@st.composite
def damaged_people(draw):
    return json.dumps(_damaged(draw, json.loads(written(draw(PEOPLE)))))


def fact(reading):
    """What is taken from one stored person; None where it cannot be read."""
    try:
        stored_records = StoredRecords.read([reading])
    except UnreadableRecordError:
        return None
    if stored_records.aside:
        return None
    return (
        stored_records.people,
        stored_records.claims,
        list(stored_records.names),
        list(stored_records.texts),
        stored_records.sources,
    )


class ByModel:
    """A stored person, read as a record first, as any other entity is."""

    connection, stream, entity = "hr", "workers", "person"

    def __init__(self, version, text):
        self._stored = (version, text)

    @property
    def record(self):
        return record_in("person", *self._stored)


@given(person=PEOPLE)
@settings(max_examples=100)
def test_a_stored_person_says_what_the_record_said(person):
    sparse = person.model_dump_json(exclude_defaults=True)  # as version 1 was written
    stored = record_in("person", 2, written(person))
    assert stored == record_in("person", 1, sparse)
    ways = [StoredText("hr", "workers", "person", "w1", written(person).decode(), 2)]
    ways += [StoredText("hr", "workers", "person", "w1", sparse, 1), ByModel(2, written(person)), ByModel(1, sparse)]
    first, *others = [fact(way) for way in ways]
    assert first is not None
    assert all(other == first for other in others)
    (read,), claims = first[0], person.skills
    assert (read.name, read.status, read.hired_on) == (person.name, person.status, person.hired_on)
    assert read.preferences == person.preferences
    assert len(first[1]) == len(claims)


@given(text=damaged_people(), version=st.sampled_from([1, 2, 3]))
@settings(max_examples=400)
def test_both_ways_to_read_a_person_agree_on_what_no_release_of_today_wrote(text, version):
    assert fact(StoredText("hr", "workers", "person", "w1", text, version)) == fact(ByModel(version, text))


@pytest.mark.parametrize("text", ["", "[]", "null", '"person"', "{", "{}", '{"source_id": "w1"}', '{"name": "Ada"}'])
@pytest.mark.parametrize("version", [1, 2, 3])
def test_what_is_no_person_at_all_is_called_unreadable(text, version):
    with pytest.raises(UnreadableRecordError):
        person_in(version, text)
    with pytest.raises(UnreadableRecordError):
        record_in("person", version, text)


def test_both_ways_to_read_a_store_give_the_same_records_in_the_same_order(database):
    people = [Person(source_id=f"w{number}", name=f"Person {number}") for number in range(3)]
    units = [OrgUnit(source_id="u1", name="Platform")]
    with database.writing() as transaction:
        transaction.run("INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('hr', 'all', 0, 1)")
        stream = transaction.count("SELECT id FROM stream")
        now = transaction.moment(datetime(2026, 3, 1, tzinfo=UTC))
        nothing = (None, None, None)
        rows = [
            (
                *(stream, one.entity, one.source_id, None, written(one).decode(), b"h", *nothing),
                *(1, 1, now, *nothing, one.payload_version),
            )
            for one in (*reversed(people), *units)
        ]
        upsert_records(transaction, rows)
    assert [text.record for text in live_texts(database)] == [*units, *people]
