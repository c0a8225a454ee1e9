"""A person read from stored text is the person read through the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.model import Language, OrgUnit, Person, Preferences, SkillClaim
from echo_hub.snapshot.rows import Intake
from echo_hub.store.bulk import upsert_records
from echo_hub.store.records import StoredText, live_records, live_texts

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
    name=WORDS,
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


@dataclass(frozen=True)
class Checked:
    """The same row, read through the model."""

    connection: str
    stream: str
    entity: str
    record: Person


@given(people=st.lists(PEOPLE, max_size=5))
@settings(max_examples=200)
def test_stored_text_says_what_the_model_says(people):
    texts = [
        StoredText(
            "hr",
            "workers",
            "person",
            one.source_id,
            one.__pydantic_serializer__.to_json(one, exclude_defaults=True).decode(),
        )
        for one in people
    ]
    fast = Intake.read(texts)
    slow = Intake.read(Checked(one.connection, one.stream, one.entity, one.record) for one in texts)
    assert fast.people == slow.people
    assert fast.claims == slow.claims
    for name in ("names", "texts", "sources", "stored", "refs"):
        assert list(getattr(fast, name).items()) == list(getattr(slow, name).items()), name


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
                stream,
                one.entity,
                one.source_id,
                None,
                one.model_dump_json(exclude_defaults=True),
                b"h",
                *nothing,
                1,
                1,
                now,
                *nothing,
            )
            for one in (*reversed(people), *units)
        ]
        upsert_records(transaction, rows)
    records = [(one.connection, one.stream, one.entity, one.record) for one in live_records(database)]
    assert records == [(one.connection, one.stream, one.entity, one.record) for one in live_texts(database)]
    assert [one[3] for one in records] == [*units, *people]
