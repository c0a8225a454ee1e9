"""A record that another release stored in its own way has not changed: it is written anew, and nobody hears of it."""

from __future__ import annotations

import json
from hashlib import blake2b

import pytest

from echo_hub.store.records import data_revision


def rows(kit):
    with kit.database.reading() as transaction:
        found = transaction.rows(
            "SELECT source_id, payload_version, payload, content_hash, changed_run, CAST(changed_at AS TEXT)"
            " FROM record ORDER BY source_id"
        )
    return {row[0]: row[1:] for row in found}


def store(kit, source_id, version, payload):
    """Leaves a row as another release might have: its own payload and hash, and a raw hash that means nothing here."""
    text = json.dumps(payload)
    digest = blake2b(text.encode(), digest_size=16).digest()
    with kit.database.writing() as transaction:
        transaction.run(
            "UPDATE record SET payload_version = ?, payload = ?, content_hash = ?, raw_hash = ? WHERE source_id = ?",
            (version, text, digest, b"other", source_id),
        )


def people(kit, count=3):
    return kit.Source([kit.workers(1, count, title="Analyst", since="2026-04-01T00:00:00Z")])


def sparse(number):
    """As version 1 was written: without what is at its default."""
    return {
        "source_id": f"w{number:03}",
        "updated_at": "2026-03-01T00:00:00Z",  # restamped since, which is no change
        "name": f"Worker {number}",
        "title": "Analyst",
    }


def test_the_payload_says_its_version_and_every_default(kit):
    kit.sync(people(kit))
    version, payload, *_ = rows(kit)["w001"]
    assert version == 2
    assert json.loads(payload)["status"] == "active"
    assert json.loads(payload)["skills"] == []


def test_what_an_older_release_wrote_is_written_anew_without_having_changed(kit):
    kit.sync(people(kit))
    for number in (1, 2, 3):
        store(kit, f"w{number:03}", 1, sparse(number))
    before, revision = rows(kit), data_revision(kit.database)
    kit.clock.move(days=1)
    (report,) = kit.sync(people(kit), full=True)
    after = rows(kit)
    assert (report.written, report.unchanged, report.removed) == (0, 3, 0)
    assert data_revision(kit.database) == revision
    for key, row in after.items():
        assert row[0] == 2
        assert row[3:] == before[key][3:], "the run and the moment of the last change stay"
        assert json.loads(row[1])["status"] == "active"
    source = people(kit)
    kit.sync(source, full=True)
    assert source.mapped == [], "the raw hash is known again"


def test_what_changed_since_an_older_release_wrote_it_counts_as_changed(kit):
    kit.sync(people(kit))
    store(kit, "w001", 1, {**sparse(1), "title": "Intern"})
    store(kit, "w002", 1, sparse(2))
    kit.clock.move(days=1)
    (report,) = kit.sync(people(kit), full=True)
    assert (report.written, report.unchanged) == (1, 2)
    assert {record.title for record in kit.stored().values()} == {"Analyst"}


@pytest.mark.parametrize("version", [2, 3])
def test_a_row_of_a_later_release_is_met_and_left_to_it(kit, version):
    kit.sync(people(kit))
    stored = json.loads(rows(kit)["w001"][1])
    store(kit, "w001", version, {**stored, "grade": "G7"})
    (report,) = kit.sync(people(kit), full=True)
    assert (report.written, report.unchanged) == (0, 3)
    now = rows(kit)["w001"]
    assert now[0] == version
    assert ("grade" in json.loads(now[1])) is (version == 3)


def test_a_row_that_nobody_can_read_is_stored_anew(kit):
    kit.sync(people(kit))
    store(kit, "w001", 2, {"broken": True})
    (report,) = kit.sync(people(kit), full=True)
    assert (report.written, report.unchanged) == (1, 2)
    assert json.loads(rows(kit)["w001"][1])["name"] == "Worker 1"


def test_a_row_the_release_before_wrote_over_one_of_ours_is_read_all_the_same(kit):
    """It knows no column of versions, so its row, without the defaults, stands under the version of ours."""
    kit.sync(people(kit))
    store(kit, "w001", 2, sparse(1))
    (report,) = kit.sync(people(kit), full=True)
    assert (report.written, report.unchanged) == (0, 3)
    assert json.loads(rows(kit)["w001"][1])["status"] == "active"


def test_a_kind_of_record_that_only_a_later_release_makes_is_not_missed_here(kit):
    source = people(kit)
    source.options = {"removal": "none"}
    kit.sync(source)
    with kit.database.writing() as transaction:
        transaction.run(
            "INSERT INTO record (stream_id, entity, source_id, raw_key, payload, payload_version, content_hash,"
            " first_run, changed_run, changed_at) SELECT stream_id, 'gig', 'g1', source_id, '{}', 1, content_hash,"
            " first_run, changed_run, changed_at FROM record WHERE source_id = 'w001'"
        )
    changed = kit.Source([kit.workers(1, 1, title="Lead", since="2026-04-30T00:00:00Z")])
    changed.options = {"removal": "none"}
    (report,) = kit.sync(changed)
    assert (report.written, report.removed) == (1, 0)
    again = people(kit)
    again.options = {"removal": "none"}
    (report,) = kit.sync(again, full=True)
    assert report.removed == 0
