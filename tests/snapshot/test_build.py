"""A snapshot from the store: what is stored is what people see, and the revision says how fresh it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from echo_core.model import Job, Person, Project, Requirement, SkillClaim
from echo_hub.services.feed import for_you
from echo_hub.snapshot import Snapshot, SnapshotHolder, build_snapshot
from echo_hub.store.bulk import RECORD_COLUMNS, upsert_records
from echo_hub.store.payloads import written
from echo_hub.store.policy import OPT_OUTS, OptOut
from echo_hub.store.records import data_revision
from echo_hub.store.taxonomy import save_taxonomy

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(database):
    """Stores records the way the kernel leaves them."""

    def put(connection, *records, removed=False, run=None):
        with database.writing() as transaction:
            known = transaction.first_row("SELECT id FROM stream WHERE connection = ?", (connection,))
            if known is None:
                columns = "(connection, name, restarts, cursor_version)"
                transaction.run(f"INSERT INTO stream {columns} VALUES (?, 'all', 0, 1)", (connection,))
                known = transaction.first_row("SELECT id FROM stream WHERE connection = ?", (connection,))
            rows = []
            for record in records:
                values = {
                    "stream_id": known[0],
                    "entity": record.entity,
                    "source_id": record.source_id,
                    "payload": written(record).decode(),
                    "payload_version": record.payload_version,
                    "content_hash": b"hash",
                    "first_run": 1,
                    "changed_run": run or 1,
                    "changed_at": transaction.moment(NOW),
                    "removed_at": transaction.moment(NOW) if removed else None,
                }
                rows.append(tuple(values.get(name) for name in RECORD_COLUMNS))
            upsert_records(transaction, rows)
            transaction.moved(*([run] if run else []))

    return put


ANA = Person(source_id="w1", name="Ana", employee_id="E1", skills=(SkillClaim(label="SQL", level=4),))
JOB = Job(source_id="1", title="Analyst", requirements=(Requirement(label="SQL", level=3),))


def test_shows_what_is_stored_with_the_stored_taxonomy(database, store, tiny):
    save_taxonomy(database, tiny)
    store("workday", ANA)
    store("greenhouse", JOB)
    snapshot = build_snapshot(database, today=TODAY)
    (card,) = for_you(snapshot, "workday:person:w1").cards
    assert (card.id, card.reasons[0].skill_id) == ("greenhouse:job:1", "tiny:sql")
    assert snapshot.revision == data_revision(database)


def test_whoever_opted_out_is_nobody_whom_others_compete_with_from_the_next_snapshot_on(database, store, tiny):
    save_taxonomy(database, tiny)
    others = [ANA.model_copy(update={"source_id": f"w{at}", "employee_id": f"E{at}"}) for at in (2, 3)]
    store("workday", ANA, *others)
    store("greenhouse", Project(source_id="1", title="Few", requirements=JOB.requirements, seats=1))
    before = build_snapshot(database, today=TODAY)
    assert before.congestion.counted.tolist() == [3]
    by = SimpleNamespace(kind="service", id="operator", number=None)
    OPT_OUTS.decide(database, [OptOut("workday:person:w1", "E1", True)], by=by, now=NOW)
    for previous in (before, None):
        after = build_snapshot(database, today=TODAY, previous=previous)
        assert after.congestion.counted.tolist() == [2]
        assert after.revision == data_revision(database)


def test_the_starter_taxonomy_serves_until_another_is_imported(database, store):
    store("workday", ANA)
    store("greenhouse", JOB)
    snapshot = build_snapshot(database, today=TODAY)
    assert for_you(snapshot, "workday:person:w1").cards[0].reasons[0].skill_id.startswith("starter:")


def test_a_committed_change_reaches_the_next_snapshot(database, store, tiny):
    save_taxonomy(database, tiny)
    store("workday", ANA)
    store("greenhouse", JOB)
    holder = SnapshotHolder(
        lambda previous: build_snapshot(database, today=TODAY, previous=previous), lambda: data_revision(database)
    )
    assert len(holder.current().listings) == 1
    store("greenhouse", JOB, removed=True)
    assert holder.refresh().listings == ()


@pytest.fixture
def whole(monkeypatch):
    """How many times a snapshot was made from all records."""
    made = []
    build = Snapshot.build
    monkeypatch.setattr(Snapshot, "build", lambda *rows, **more: made.append(1) or build(*rows, **more))
    return made


def test_records_a_run_changed_are_all_that_is_read_for_the_next_snapshot(database, store, tiny, whole):
    save_taxonomy(database, tiny)
    store("workday", ANA, run=1)
    store("greenhouse", JOB, run=2)
    first = build_snapshot(database, today=TODAY)
    store("workday", ANA.model_copy(update={"skills": (SkillClaim(label="Kafka", level=2),)}), run=3)
    store("greenhouse", JOB.model_copy(update={"title": "Kafka keeper"}), run=4)
    second = build_snapshot(database, today=TODAY, previous=first)
    assert len(whole) == 1
    assert second.revision == data_revision(database)
    assert [one.record.title for one in second.listings] == ["Kafka keeper"]
    assert [claim.label for claim in second.claims_of(0)] == ["Kafka"]
    store("greenhouse", JOB, run=5, removed=True)
    assert build_snapshot(database, today=TODAY, previous=second).listings == ()
    assert len(whole) == 1


def test_a_decision_makes_the_next_snapshot_from_all_records(database, store, tiny, whole):
    store("workday", ANA, run=1)
    first = build_snapshot(database, today=TODAY)
    save_taxonomy(database, tiny)
    second = build_snapshot(database, today=TODAY, previous=first)
    assert len(whole) == 2
    assert [claim.skill_id for claim in second.claims_of(0)] == ["tiny:sql"]


def test_a_new_day_makes_the_next_snapshot_from_all_records(database, store, whole):
    store("workday", ANA, run=1)
    first = build_snapshot(database, today=TODAY)
    build_snapshot(database, today=date(2026, 3, 3), previous=first)
    assert len(whole) == 2
