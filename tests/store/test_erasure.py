"""Erasing a person: no table names them any more, what has to stay leads to nobody, and nobody else is touched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import Boolean, Float, Integer, LargeBinary, insert, select, update
from sqlmodel import SQLModel

from echo_hub.store.columns import declared
from echo_hub.store.corrections import CORRECTIONS, CorrectionChoice
from echo_hub.store.erasure import erase_person, foresee, past_person
from echo_hub.store.event_tables import PERSON_KEY
from echo_hub.store.events import Act, Side, append, list_events, verify_events
from echo_hub.store.instant import Instant
from echo_hub.store.ledger import ERASED
from echo_hub.store.light_tables import HOLD, QUARANTINE, RECORD, STREAM
from echo_hub.store.mentoring_tables import MENTORING_PAIR, MENTORING_ROUND
from echo_hub.store.name_decisions import NAMES, NameChoice, NameId
from echo_hub.store.records import data_revision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, NUMBER, MAIL = "hr:person:ana-77", "E-4711", "ana@example.org"
BEN = "hr:person:ben-78"
ANA_ACTS = SimpleNamespace(kind="person", id=ANA, number=NUMBER)
ANA_PAYLOAD = {"source_id": "ana-77", "name": "Ana Lind", "employee_id": NUMBER, "work_email": "Ana@Example.org"}
REFERENCE = {"employee_id": NUMBER, "email": MAIL, "source": "ana-77"}


def filled(column, name):
    """A value that fits a column; the person's name where it names people."""
    if declared(column).erasure:
        return name
    if column.name == "kind":
        return "side"
    if isinstance(column.type, Instant):
        return NOW
    if isinstance(column.type, LargeBinary):
        return b"x"
    return 1 if isinstance(column.type, (Integer, Float, Boolean)) else "[]"


def fill(database, name):
    """One row in every table that has none, with `name` in every column that names people."""
    with database.writing() as transaction:
        for table in SQLModel.metadata.sorted_tables:
            if transaction.first(select(table).limit(1)) is None:
                wanted = (column for column in table.columns if not column.nullable or declared(column).erasure)
                transaction.execute(insert(table).values({column.name: filled(column, name) for column in wanted}))


def add_record(database, entity, source_id, payload, *, connection="hr", removed=False):
    with database.writing() as transaction:
        stream = transaction.scalar(select(STREAM.c.id).where(STREAM.c.connection == connection))
        if stream is None:
            new = insert(STREAM).values(connection=connection, name="all", restarts=0, cursor_version=1)
            stream = transaction.scalar(new.returning(STREAM.c.id))
        values = {
            **{"stream_id": stream, "entity": entity, "source_id": source_id, "content_hash": b"x"},
            **{"payload": json.dumps(payload), "first_run": 1, "changed_run": 1, "changed_at": NOW},
            **{"removed_at": NOW if removed else None, "payload_version": 2},
        }
        transaction.execute(insert(RECORD).values(values))
        return stream


def erase(database, *ids):
    with database.writing() as transaction:
        return erase_person(transaction, ids)


def rows_with(database, *words):
    """(table, row) of every stored row in which one of the words stands."""
    with database.reading() as transaction:
        return [
            (table.name, tuple(row))
            for table in SQLModel.metadata.sorted_tables
            for row in transaction.all(select(table))
            if any(word in repr(tuple(row)) for word in words)
        ]


def sources(database):
    with database.reading() as transaction:
        return sorted(row.source_id for row in transaction.all(select(RECORD.c.source_id)))


@pytest.mark.parametrize("name", [ANA, NUMBER])
def test_a_scan_of_all_tables_finds_nothing_of_a_person_whom_no_system_lists(database, name):
    add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    CORRECTIONS.decide(database, [CorrectionChoice(ANA, NUMBER, None, None, "SQL")], by=ANA_ACTS, now=NOW)
    fill(database, name)
    with database.writing() as transaction:
        transaction.execute(update(MENTORING_PAIR).values(state="active", place=1, slot=1))
    assert len({table for table, _ in rows_with(database, name)}) >= 10
    erased = erase(database, ANA)
    assert rows_with(database, "ana-77", NUMBER, "Lind") == []
    assert erased.removed.keys() > {
        "record",
        "receipt",
        "receipt_input",
        "decision",
        "mentoring_pair",
        "person_key",
    }
    assert erased.listed == {}


def test_who_decided_becomes_the_key_under_which_the_events_stay_and_the_chain_stays_whole(database):
    side = Side(ANA, "Platform", "Stockholm", "SE", "active")
    with database.writing() as transaction:
        append(transaction, Act(NOW, None, side, "command line", "hold.decide", "hold", "1", {}))
    fill(database, ANA)
    (event,) = list_events(database, person_id=ANA)
    erased = erase(database, ANA)
    assert (erased.key, erased.events) == (event.actor, 1)
    with database.reading() as transaction:
        assert transaction.scalar(select(MENTORING_ROUND.c.created_by)) == event.actor
        assert transaction.scalar(select(HOLD.c.decided_by)) == event.actor
        assert transaction.first(select(PERSON_KEY)) is None
    assert erased.replaced >= 7
    assert list_events(database, person_id=ANA) == []
    assert [(stayed.actor_unit, stayed.actor_country) for stayed in list_events(database)] == [("Platform", "SE")]
    assert verify_events(database).problem is None


def test_a_decision_about_something_else_stays_and_is_nobody_s(database):
    choice = NameChoice(NameId.of(NUMBER), NUMBER, "reject")
    NAMES.decide(database, [choice], by=ANA_ACTS, now=NOW)
    assert [decision.decided_by for decision in NAMES.standing(database)] == [NUMBER]
    assert erase(database, ANA).removed == {"person_key": 1}
    assert [decision.decided_by for decision in NAMES.standing(database)] == [ERASED]


def test_tables_that_only_the_release_before_reads_forget_the_person_too(database):
    said = {"skill": "SQL", "note": "", "decided_by": NUMBER, "names": "[]", "stance": "has"}
    with database.writing() as transaction:
        for person, number in ((ANA, NUMBER), (BEN, "E-1")):
            row = {**said, "person_id": person, "employee_id": number, "decided_at": transaction.moment(NOW)}
            places = ", ".join("?" * len(row))
            transaction.run(f"INSERT INTO skill_dispute ({', '.join(row)}) VALUES ({places})", [*row.values()])
    add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    key = erase(database, ANA).key
    with database.reading() as transaction:
        assert transaction.rows("SELECT person_id, decided_by FROM skill_dispute") == [(BEN, key)]


def test_nobody_else_is_touched(database):
    add_record(
        database, "person", "ben-78", {"source_id": "ben-78", "name": "Ben", "manager_id": "ana-77"}, removed=True
    )
    fill(database, BEN)
    before = rows_with(database, "")
    erased = erase(database, ANA)
    changed = {table for table, row in rows_with(database, "") if (table, row) not in before}
    assert (erased.removed, erased.replaced, erased.events, erased.listed) == ({}, 0, 0, {})
    assert changed == {"revision", "data_change"}


def test_records_that_a_system_still_lists_stay_and_are_counted_by_system(database):
    add_record(database, "person", "ana-77", ANA_PAYLOAD)
    add_record(database, "person", "a1", {**ANA_PAYLOAD, "source_id": "a1"}, connection="lxp")
    add_record(database, "learning_record", "l1", {"person": {"scheme": "email", "value": MAIL}}, connection="lxp")
    erased = erase(database, ANA, "lxp:person:a1")
    assert erased.listed == {"hr": 1, "lxp": 2}
    assert sources(database) == ["a1", "ana-77", "l1"]


@pytest.mark.parametrize("scheme", REFERENCE)
def test_removed_records_that_name_the_person_go_too(database, scheme):
    add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    named = {"scheme": scheme, "value": REFERENCE[scheme]}
    add_record(database, "skill_assertion", "s1", {"person": named}, removed=True)
    add_record(database, "project", "p1", {"owner": {"scheme": scheme, "value": "somebody else"}}, removed=True)
    erase(database, ANA)
    assert sources(database) == ["p1"]


def test_a_source_s_own_key_means_nobody_in_another_system(database):
    add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    named = {"person": {"scheme": "source", "value": "ana-77"}}
    add_record(database, "learning_record", "l1", named, connection="lxp", removed=True)
    erase(database, ANA)
    assert sources(database) == ["l1"]


def test_an_earlier_record_of_the_same_employee_goes_too(database):
    add_record(database, "person", "ana-77", ANA_PAYLOAD)
    add_record(database, "person", "ana-12", {**ANA_PAYLOAD, "source_id": "ana-12"}, removed=True)
    assert erase(database, ANA).removed["record"] == 1
    assert sources(database) == ["ana-77"]


def test_quarantine_and_samples_of_removals_on_hold_forget_the_person(database):
    stream = add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    with database.writing() as transaction:
        transaction.execute(
            insert(HOLD).values(
                **{"run_id": 1, "stream_id": stream, "would_remove": 2, "live": 9, "state": "open", "opened_at": NOW},
                sample='["ana-77", "ben-78"]',
            )
        )
        for key in ("ana-77", "ben-78"):
            transaction.execute(
                insert(QUARANTINE).values(
                    **{"stream_id": stream, "source_key": key, "code": "c", "field": "f", "value_type": "t"},
                    **{"message": "m", "payload": "{}", "run_id": 1, "first_seen_at": NOW, "last_seen_at": NOW},
                )
            )
    erase(database, ANA)
    with database.reading() as transaction:
        assert transaction.scalar(select(HOLD.c.sample)) == '["ben-78"]'
        assert [row.source_key for row in transaction.all(select(QUARANTINE.c.source_key))] == ["ben-78"]


def test_what_erasing_would_come_to_is_told_and_not_done(database):
    add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    fill(database, ANA)
    before = rows_with(database, "")
    foreseen = foresee(database, [ANA])
    assert rows_with(database, "") == before
    assert foreseen == erase(database, ANA)


def test_lists_are_made_anew_after_it(database):
    before = data_revision(database)
    erase(database, ANA)
    assert data_revision(database) > before


def test_somebody_whom_no_system_lists_is_known_by_id_and_employee_id_until_erased(database):
    add_record(database, "person", "ana-77", ANA_PAYLOAD, removed=True)
    assert past_person(database, ANA) == past_person(database, NUMBER) == ANA
    assert past_person(database, "Ana Lind") is None
    erase(database, ANA)
    assert past_person(database, ANA) is None
