"""What changed between two revisions: never less than what did."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from echo_hub.store import database as databases
from echo_hub.store.bulk import RECORD_COLUMNS, remove_records, upsert_records
from echo_hub.store.changes import ChangedRecord, changes_since
from echo_hub.store.records import data_revision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def write(database):
    """Writes records under a run, as one page does."""
    with database.writing() as transaction:
        transaction.run(
            "INSERT INTO stream (id, connection, name, restarts, cursor_version) VALUES (7, 'ats', 'jobs', 0, 1)"
        )

    def put(run, *keys, payload="{}"):
        with database.writing() as transaction:
            rows = []
            for key in keys:
                values = {
                    "stream_id": 7,
                    "entity": "job",
                    "source_id": key,
                    "payload": payload,
                    "payload_version": 1,
                    "content_hash": b"hash",
                    "first_run": run,
                    "changed_run": run,
                    "changed_at": transaction.moment(NOW),
                }
                rows.append(tuple(values.get(name) for name in RECORD_COLUMNS))
            upsert_records(transaction, rows)
            transaction.moved(run)

    return put


def keys(difference):
    return sorted(one.source_id for one in difference.records)


def test_holds_the_records_of_the_runs_that_committed_since(database, write):
    write(1, "a", "b")
    before = data_revision(database)
    write(2, "b")
    write(3, "c", payload=None)
    found = changes_since(database, before, most=10)
    assert found.revision == data_revision(database)
    assert not found.beside
    assert sorted(found.records, key=lambda one: one.source_id) == [
        ChangedRecord("ats", "jobs", "job", "b", "{}", 1),
        ChangedRecord("ats", "jobs", "job", "c", None, 1),
    ]


def test_a_later_page_of_a_run_brings_its_earlier_pages_again_rather_than_nothing(database, write):
    write(1, "a")
    before = data_revision(database)
    write(1, "b")
    assert keys(changes_since(database, before, most=10)) == ["a", "b"]


def test_a_removed_record_is_gone(database, write):
    write(1, "a")
    before = data_revision(database)
    with database.writing() as transaction:
        remove_records(transaction, [1], 2, transaction.moment(NOW), "absent")
        transaction.moved(2)
    assert changes_since(database, before, most=10).records == (ChangedRecord("ats", "jobs", "job", "a", None, 1),)


def test_nothing_lies_between_a_revision_and_itself(database, write):
    write(1, "a")
    found = changes_since(database, data_revision(database), most=10)
    assert (found.records, found.beside) == ((), False)


def test_what_no_run_did_is_told_apart(database, write):
    before = data_revision(database)
    with database.writing() as transaction:
        transaction.moved()
    assert changes_since(database, before, most=10).beside


def test_what_people_said_here_is_told_apart(database, write):
    before = data_revision(database)
    with database.writing() as transaction:
        transaction.moved(databases.SAID_HERE)
    found = changes_since(database, before, most=10)
    assert (found.records, found.said_here, found.beside) == ((), True, False)


def test_too_many_changes_are_not_listed(database, write):
    before = data_revision(database)
    write(1, "a", "b", "c")
    assert changes_since(database, before, most=2) is None
    assert len(changes_since(database, before, most=3).records) == 3


def test_who_comes_too_late_is_told_nothing(database, write, monkeypatch):
    monkeypatch.setattr(databases, "REMEMBERED_REVISIONS", 3)
    before = data_revision(database)
    for run in range(1, 5):
        write(run, f"{run}")
    assert changes_since(database, before, most=100) is None
    assert keys(changes_since(database, before + 1, most=100)) == ["2", "3", "4"]


def test_a_revision_that_never_was_is_told_nothing(database, write):
    write(1, "a")
    assert changes_since(database, data_revision(database) + 5, most=10) is None
