"""A database that the release before wrote, and one from a later release, open, migrate, list, match and sync.

`20a48ae.*.sql.gz` are what `side.py` left under that commit, after `migrate` and `sync`, as the databases' own tools
write it down: the last release whose payloads had no version.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from echo_core.connectors.declaration import Page, Stream
from echo_hub.services.actor import OPERATOR
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.snapshot import build_snapshot
from echo_hub.store.aside import SetAside
from echo_hub.store.corrections import CORRECTIONS, CorrectionChoice
from echo_hub.store.erasure import erase_person
from echo_hub.store.ledger import ERASED
from echo_hub.store.ledger_tables import DECISION
from echo_hub.store.name_decisions import NAMES, NameChoice, NameId, name_history
from echo_hub.store.payloads import version_of
from echo_hub.store.quarantine import list_quarantine
from echo_hub.store.records import data_revision
from echo_hub.store.requirement_decisions import REQUIREMENTS, RequirementChoice
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import sync_connection
from echo_hub.sync.replay import replay_quarantine

from .company import RECORDS, connector

HERE = Path(__file__).parent
TODAY = date(2026, 5, 1)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
COUNT = sum(len(records) for streams in RECORDS.values() for records in streams.values())


def connection(name, *, named=False):
    return Connection(name, connector(Stream, Page, name, named=named), SimpleNamespace(region="eu"))


def sync(database, **options):
    reports = []
    for name in RECORDS:
        reports += sync_connection(database, connection(name), http=lambda _: None, **options)
    assert [report.outcome for report in reports] == ["done"] * len(reports)
    return SimpleNamespace(
        **{
            count: sum(getattr(report, count) for report in reports)
            for count in ("written", "unchanged", "removed", "quarantined")
        }
    )


def rows(database):
    with database.reading() as transaction:
        found = transaction.rows(
            "SELECT id, entity, payload_version, payload, changed_run, CAST(changed_at AS TEXT) FROM record"
            " WHERE payload IS NOT NULL ORDER BY id"
        )
    return [SimpleNamespace(id=row[0], entity=row[1], version=row[2], payload=row[3], changed=row[4:]) for row in found]


def snapshot(database):
    return build_snapshot(database, today=TODAY, people_connection="hr")


def check_lists(database):
    """What anybody sees of the company."""
    made = snapshot(database)
    assert not made.set_aside
    assert [(one.fact.name, one.fact.status) for one in made.people] == [
        ("Ana Lind", "active"),
        ("Ben Okafor", "active"),
        ("Cem Yıldız", "left"),
        ("Dana Roy", "active"),
    ]
    assert made.people[1].fact.worker_type == "employee"
    assert made.people[3].fact.worker_type == "contingent"
    assert [one.id for one in made.listings] == [
        "work:job:j1",
        "work:learning_path:l1",
        "work:mentorship:m1",
        "work:project:x1",
    ]
    claims = {(one.name, one.stance, one.level, one.asserter) for one in made.claims_of(0)}
    assert ("Python", "has", 4, "person") in claims
    assert ("SQL", "has", None, "manager") in claims
    assert ("Negotiation", "has", 2, "assessment") in claims
    assert {card.id for card in for_you(made, "hr:person:w1").cards} == {"work:job:j1", "work:project:x1"}
    assert [card.id for card in search(made, "kubernetes").cards] != []


@pytest.fixture
def old(database_kind, request, tmp_path, open_url):
    """The database of the release before, not yet migrated."""
    script = gzip.decompress((HERE / f"20a48ae.{database_kind}.sql.gz").read_bytes()).decode()
    if database_kind == "sqlite":
        with sqlite3.connect(tmp_path / "old.db") as file:
            file.executescript(script)
        file.close()
        yield open_url(f"sqlite:///{tmp_path / 'old.db'}")
        return
    import psycopg

    run, name = request.getfixturevalue("postgres_databases").run, f"old_{id(request)}"
    url = run("CREATE DATABASE {} TEMPLATE template0", name)
    with psycopg.connect(url.replace("+psycopg", "")) as plain:
        plain.execute(script)
    yield open_url(url)
    run("DROP DATABASE {} WITH (FORCE)", name)


def test_an_old_database_migrates_and_says_what_it_said(old):
    assert old.version() == "0007"
    old.migrate()
    old.migrate()
    assert {row.version for row in rows(old)} == {1}
    check_lists(old)


SAID = {"skill": "SQL", "note": "ours", "decided_by": "E2"}
NAMED = {**SAID, "name": "flux", "language": "de", "scheme": "", "external_id": "", "label": "Flux", "action": "map"}
ASKED = {**SAID, "opportunity": "work:job:j1", "ruling": "essential", "level": 3, "words": "query", "confidence": 0.4}
OWN = {**SAID, "person_id": "hr:person:w1", "employee_id": "E1", "names": '["SQL", "Ess"]', "stance": "has", "level": 2}
SQL, WARP = {"skill_id": "x:sql"}, {"name": "warp", "label": "Warp", "action": "reject"}
DECIDED_BEFORE = (
    ("skill_decision", {**NAMED, **SQL, "id": 3, "batch": 3, "confidence": 0.5, "undone_by": "operator"}),
    (
        "skill_decision",
        {**NAMED, "id": 4, "batch": 3, "name": "warp", "label": "Warp", "action": "reject", "decided_by": "root"},
    ),
    ("need_decision", {**ASKED, **SQL, "id": 3, "batch": 3, "decided_by": "hr:person:w2"}),
    ("need_decision", {**ASKED, "id": 5, "batch": 5, "skill_id": "x:go", "ruling": "whatever"}),
    ("skill_dispute", {**OWN, **SQL, "standing_id": "x:sql", "id": 3, "decided_by": "E1"}),
    ("skill_dispute", {**OWN, "id": 4, "names": "nope"}),
)


def test_what_people_decided_before_there_was_one_ledger_keeps_its_number_and_who_decided(old):
    with old.writing() as transaction:
        for table, values in DECIDED_BEFORE:
            row = {**values, "decided_at": transaction.moment(NOW)}
            if "undone_by" in row:
                row["undone_at"] = transaction.moment(NOW)
            places = ", ".join("?" * len(row))
            transaction.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", [*row.values()])
    old.migrate()
    warp, flux = name_history(old)
    assert flux.choice == NameChoice(NameId("flux", "de"), "Flux", "map", "x:sql", "SQL", confidence=0.5, note="ours")
    assert (flux.id, flux.batch, flux.decided_by, flux.undone_by, flux.decided_at.day) == (3, 3, "E2", "operator", 1)
    assert (warp.id, warp.batch, warp.choice.action, warp.decided_by) == (4, 3, "reject", "root")
    aside = SetAside()
    (ruled,) = REQUIREMENTS.standing(old, aside)
    assert ruled.choice == RequirementChoice("work:job:j1", "x:sql", "SQL", "essential", 3, "query", 0.4, "ours")
    assert (ruled.id, ruled.decided_by) == (3, "E2")
    (said,) = CORRECTIONS.standing(old, aside)
    names = ("SQL", "Ess")
    assert said.choice == CorrectionChoice("hr:person:w1", "E1", "x:sql", "x:sql", "SQL", names, level=2, note="ours")
    assert {(item.kind, item.key) for item in aside.items} == {("requirement decision", "5"), ("correction", "4")}
    with old.reading() as transaction:
        stored = repr(transaction.all(select(DECISION)))
    assert not {word for word in ("E1", "E2", "root", "hr:person") if word in stored}
    (undone,) = NAMES.undo(old, [4], by=OPERATOR, now=NOW)
    assert undone.choice.label == "Warp"
    (made,) = NAMES.decide(old, [warp.choice], by=OPERATOR, now=NOW)
    assert made.id > 5
    with old.writing() as transaction:
        assert erase_person(transaction, ["hr:person:w2"]).removed["person_key"]
    assert ERASED == name_history(old)[-1].decided_by == REQUIREMENTS.standing(old)[0].decided_by


def test_the_first_sync_writes_an_old_database_anew_and_nothing_changed(old):
    old.migrate()
    before, revision = rows(old), data_revision(old)
    after_sync = sync(old, full=True)
    assert (after_sync.written, after_sync.unchanged, after_sync.removed) == (0, COUNT, 0)
    after = rows(old)
    assert [(row.id, row.changed) for row in after] == [(row.id, row.changed) for row in before]
    assert {(row.entity, row.version) for row in after} == {(row.entity, version_of(row.entity)) for row in before}
    assert data_revision(old) == revision
    check_lists(old)


def test_fields_that_nobody_reads_leave_an_old_database_with_the_first_sync(old):
    old.migrate()
    sync(old, full=True)
    payloads = "".join(row.payload for row in rows(old))
    for field in ("fte", "teams", "left_on", "level_raw", "employment_type", "duration_weeks", "progress", "score"):
        assert f'"{field}"' not in payloads
    for field in ("job_profile", "management_level", "is_manager", "project_kind", "session"):
        assert f'"{field}"' in payloads


def test_what_an_old_release_quarantined_is_replayed(old):
    old.migrate()
    (waiting,) = list_quarantine(old)
    assert (waiting.rejected.source_key, waiting.rejected.field) == ("w5", "name")
    replayed = {
        one.stream: (one.resolved, one.remaining) for one in replay_quarantine(old, connection("hr", named=True))
    }
    assert replayed["person"] == (1, 0)
    assert list_quarantine(old) == []
    (row,) = [row for row in rows(old) if json.loads(row.payload)["source_id"] == "w5"]
    assert (row.version, json.loads(row.payload)["status"]) == (2, "active")
    assert len(snapshot(old).people) == 5


def into_the_future(database):
    """Makes every row one of a later release: a higher version, more fields at every depth, a kind unknown here."""

    def later(value):
        if isinstance(value, list):
            return [later(item) for item in value]
        if isinstance(value, dict):
            return {**{name: later(item) for name, item in value.items()}, "later": [{"x": 1}]}
        return value

    with database.writing() as transaction:
        for row in rows(database):
            transaction.run(
                "UPDATE record SET payload = ?, payload_version = ?, content_hash = ?, raw_hash = NULL WHERE id = ?",
                (json.dumps(later(json.loads(row.payload))), version_of(row.entity) + 1, b"later", row.id),
            )
        transaction.run(
            "INSERT INTO record (stream_id, entity, source_id, payload, payload_version, content_hash, first_run,"
            " changed_run, changed_at) SELECT stream_id, 'gig', 'g1', '{}', 1, content_hash, first_run, changed_run,"
            " changed_at FROM record WHERE entity = 'project'"
        )
        transaction.moved(1)


@pytest.fixture
def future(database):
    """A database of today after a later release has been at work on it."""
    sync(database, full=True)
    into_the_future(database)
    return database


def test_a_database_from_the_future_says_what_is_understood_here(future):
    future.migrate()
    check_lists(future)


def test_a_sync_meets_rows_from_the_future_and_leaves_them_to_it(future):
    before = rows(future)
    for dry_run in (True, False):
        done = sync(future, full=True, dry_run=dry_run)
        assert (done.written, done.unchanged, done.removed) == (0, COUNT, 0)
    assert rows(future) == before
    check_lists(future)


def test_changes_from_the_future_are_followed(database):
    sync(database, full=True)
    first = snapshot(database)
    into_the_future(database)
    second = build_snapshot(database, today=TODAY, people_connection="hr", previous=first)
    assert second.revision > first.revision
    check_lists(database)


def test_a_word_from_the_future_costs_only_what_it_was_said_of(future):
    with future.writing() as transaction:
        for row in rows(future):
            said = json.loads(row.payload)
            match said.get("source_id"):
                case "w2":
                    said["status"] = "suspended"
                case "m1":
                    said["direction"] = "circle"
                case "j1":
                    said["requirements"][0]["importance"] = "vital"
            transaction.run("UPDATE record SET payload = ? WHERE id = ?", (json.dumps(said), row.id))
    made = snapshot(future)
    assert [one.fact.status for one in made.people] == ["active", "future", "left", "active"]
    assert "work:mentorship:m1" not in made.listing_rows
    assert made.listings[made.listing_rows["work:job:j1"]].requirements
    ((kept),) = made.set_aside.items
    assert kept.key == "work:mentorship:m1"
    assert "direction" in kept.reason
