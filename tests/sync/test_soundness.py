"""What must not lose records, revive them or let them stop a stream: keys, clocks, mappings and time limits."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from echo_core.connectors.declaration import Page
from echo_core.connectors.errors import TransientError
from echo_core.model import Person
from echo_hub.store.leases import LeaseTakenError, acquire, holders, release
from echo_hub.store.quarantine import list_quarantine
from echo_hub.store.runs import list_runs
from echo_hub.sync.check import check_connection
from echo_hub.sync.replay import replay_quarantine

WINDOW = {"watermark": "window", "removal": "flagged", "overlap": timedelta(minutes=30), "lag": timedelta(minutes=1)}


def test_one_owner_holds_a_lease_once(kit):
    acquire(kit.database, "acme", "web:1", kit.clock(), timedelta(minutes=2))
    with pytest.raises(LeaseTakenError):
        acquire(kit.database, "acme", "web:1", kit.clock(), timedelta(minutes=2))
    acquire(kit.database, "other", "web:1", kit.clock(), timedelta(minutes=2))
    release(kit.database, "other", "web:1")
    assert list(holders(kit.database, kit.clock())) == ["acme"]
    release(kit.database, "acme", "web:1")


def test_a_process_of_another_container_with_the_same_host_name_is_not_judged_dead(kit):
    from echo_hub.store.leases import process_owner

    host = process_owner().split(":")[0]
    acquire(kit.database, "acme", f"{host}:4194303:elsewhere:x", kit.clock(), timedelta(minutes=2))
    with pytest.raises(LeaseTakenError):
        kit.sync(kit.Source([[]]))
    release(kit.database, "acme", f"{host}:4194303:elsewhere:x")


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "a\0b", "name": "x"},
        {"id": "a\0b", "name": None},
        {"id": "a\ud800", "name": "x"},
        {"id": "k" * 5000, "name": None},
        {"id": "a", "name": "x", "since": "0001-01-01T00:00:00+02:00"},
        {"id": "a", "name": "x", "since": "9999-12-31T23:59:59-02:00"},
        {"id": "a", "name": "x\ud800"},
    ],
)
def test_a_poisonous_record_is_kept_to_itself(kit, bad):
    [report] = kit.sync(kit.Source([[*kit.workers(1, 10), bad]]))
    assert (report.outcome, report.written, report.quarantined) == ("done", 10, 1)


def test_a_nul_inside_a_text_is_kept_as_json_and_in_a_message_replaced(kit):
    [report] = kit.sync(kit.Source([[{"id": "a", "name": "x\0y"}]], removed={0: ["q\0"]}))
    assert (report.outcome, report.written) == ("done", 1)
    [report] = kit.sync(kit.Source([[]], name="other", error=TransientError("bad \0 \ud800"), break_before=0))
    assert list_runs(kit.database)[0].error_message == "bad \ufffd ?"


def test_a_full_read_keeps_what_is_edited_while_it_reads(kit):
    records = kit.workers(1, 6, since="2026-04-01T00:00:00+00:00")
    kit.sync(kit.Source([records], by_window=True, options=dict(WINDOW)))
    kit.clock.move(days=1)
    edited = {**records[0], "since": (kit.clock() + timedelta(minutes=5)).isoformat()}
    [report] = kit.sync(kit.Source([[edited, *records[1:]]], by_window=True, options=dict(WINDOW)), full=True)
    assert (report.removed, len(kit.live())) == (0, 6)
    assert kit.watermarks()["workers"] == kit.clock() - timedelta(minutes=1)


def test_a_clock_that_ran_ahead_costs_one_read_from_the_beginning(kit):
    kit.clock.move(days=30)
    kit.sync(kit.Source([[]], options=dict(WINDOW)))
    kit.clock.move(days=-30)
    for expected in (None, kit.START - timedelta(minutes=31)):
        source = kit.Source([[]], options=dict(WINDOW))
        kit.sync(source)
        assert source.calls[0][0].since == expected
        assert kit.watermarks()["workers"] == kit.START - timedelta(minutes=1)


def _louder(raw, config):
    yield Person(source_id=raw.id, name=raw.name.upper())


def test_a_changed_mapping_reads_an_incremental_stream_from_the_beginning_and_resumes_nothing(kit):
    half = kit.Source([kit.workers(1, 1), []], error=TransientError("x"), break_before=1, options=dict(WINDOW))
    kit.sync(half)
    changed = kit.Source([kit.workers(1, 1)], options={**WINDOW, "map": _louder})
    [report] = kit.sync(changed)
    assert (report.outcome, changed.calls[0][1]) == ("done", None)
    same = kit.Source([[]], options={**WINDOW, "map": _louder})
    kit.sync(same)
    again = kit.Source([[]], options=dict(WINDOW))
    kit.sync(again)
    assert same.calls[0][0].since is not None
    assert again.calls[0][0].since is None


def test_records_without_readable_key_hold_a_removal(kit):
    kit.sync(kit.Source([kit.workers(1, 6)]))
    lost = [*kit.workers(1, 3), {"id": None, "name": "Worker 4"}, *kit.workers(5, 6)]
    [dry] = kit.sync(kit.Source([lost]), dry_run=True)
    [report] = kit.sync(kit.Source([lost]))
    assert (dry.outcome, report.outcome, report.held, report.removed) == ("held", "held", 1, 0)
    assert len(kit.live()) == 6


def test_two_versions_of_a_record_on_one_page_settle(kit):
    page = [{"id": "w1", "name": "Old"}, {"id": "w1", "name": "New"}]
    kit.sync(kit.Source([page]))
    for _ in range(3):
        [report] = kit.sync(kit.Source([page]))
        assert report.written == 0
    assert '"New"' in kit.contents()["records"][0][4]


def test_what_a_person_wrote_is_in_no_error(kit):
    def breaks(raw, config):
        int(raw.name)
        yield

    kit.sync(kit.Source([[{"id": "1", "name": "salary 95000"}]], options={"map": breaks}))
    [found] = list_quarantine(kit.database)
    assert "ValueError at test_soundness.py" in found.rejected.message
    assert "salary" not in found.rejected.message

    answer = {"id": "1", "name": {"salary": "95000"}}

    def refuses(*_):
        kit.Worker.model_validate(answer)

    source = kit.Source([[]])
    source.read = refuses
    [report] = kit.sync(source)
    assert "95000" not in repr(report)
    assert report.error_detail.startswith("name: Input should be a valid string")


def test_a_check_survives_a_plug_in_bug(kit):
    from echo_core.http.settings import HttpSettings

    connection = kit.connection(kit.Source([[]], error=KeyError("x"), break_before=0), kit.Source([[]], name="good"))
    connector = connection.connector
    connector.check = None
    connector.http_settings = lambda _: HttpSettings("https://source.example")
    results = check_connection(connection, clock=kit.clock)
    assert [(one.name, one.ok) for one in results] == [("workers", False), ("good", True)]


def test_an_override_of_the_retries_leaves_the_others_as_the_connector_set_them(kit):
    from echo_core.connectors import Retry
    from echo_core.http.settings import HttpSettings

    connection = kit.connection(kit.Source([[]]))
    connection.connector.http_settings = lambda _: HttpSettings("https://source.example", retry=Retry(9, 2.0, 30.0))
    settings = replace(connection, http={"attempts": 3, "read_timeout_s": 5.0}).http_settings()
    assert (settings.retry, settings.read_timeout_s) == (Retry(3, 2.0, 30.0), 5.0)


def test_a_replay_does_not_revive_what_was_removed_meanwhile(kit):
    def fussy(raw, config):
        if raw.name == "v2":
            raise ValueError
        yield Person(source_id=raw.id, name=raw.name)

    options = {"removal": "tombstone", "map": fussy}
    kit.sync(kit.Source([[{"id": "1", "name": "v1"}]], options=dict(options)))
    kit.sync(kit.Source([[{"id": "1", "name": "v2"}]], options=dict(options)))
    kit.sync(kit.Source([[]], removed={0: ["1"]}, options=dict(options)))
    mended = kit.connection(kit.Source([[]], options={"removal": "tombstone"}))
    assert [one.resolved for one in replay_quarantine(kit.database, mended, clock=kit.clock)] == [0]
    assert kit.live() == []


def test_a_raw_record_that_makes_fewer_records_takes_the_others_along(kit):
    def split(raw, config):
        for part in raw.name.split():
            yield Person(source_id=f"{raw.id}-{part}", name=part)

    kit.sync(kit.Source([[{"id": "1", "name": "a b"}]], options={**WINDOW, "map": split}))
    [report] = kit.sync(kit.Source([[{"id": "1", "name": "a"}]], options={**WINDOW, "map": split}))
    assert (report.removed, kit.live()) == (1, ["1-a"])


def test_a_stream_that_never_ends_fails_and_the_others_go_on(kit):
    over, elapsed = threading.Event(), SimpleNamespace(s=0.0)
    hangs = kit.Source([[]], name="hangs")

    def read(*_):
        yield Page(kit.workers(1, 1), resume=1)
        over.wait(30)

    def progress(seen):
        if (seen.stream, seen.outcome) == ("good", "done"):
            good.set()
        if seen.stream == "hangs" and seen.read:
            stored.set()
        if good.is_set() and stored.is_set():
            elapsed.s = 7 * 3600.0

    good, stored = threading.Event(), threading.Event()
    hangs.read = read
    reports = kit.sync(
        hangs, kit.Source([kit.workers(2, 3)], name="good"), monotonic=lambda: elapsed.s, progress=progress
    )
    over.set()
    assert [(one.outcome, one.error_code) for one in reports] == [("failed", "run.time_limit"), ("done", None)]
    assert [row[2] for row in kit.contents()["cursors"]] == [None, "1"]


def test_a_refused_page_is_counted_once(kit):
    broken = [{"id": f"w{n:03}", "name": None} for n in range(10, 15)]
    source = kit.Source([kit.workers(1, 3), broken])
    [report] = kit.sync(source)
    assert (report.read, report.quarantined, len(list_quarantine(kit.database))) == (8, 5, 5)
    assert list_runs(kit.database)[0].quarantined == 5
    source.pages[1] = kit.workers(10, 14)
    [report] = kit.sync(source)
    assert (report.outcome, report.read, report.quarantined) == ("done", 8, 0)


def test_a_moment_is_stored_in_utc(kit):
    kit.sync(kit.Source([kit.workers(1, 1, since="2026-04-01T02:00:00+02:00")]))
    with kit.database.reading() as transaction:
        [(stored,)] = transaction.rows("SELECT CAST(updated_at AS TEXT) FROM record")
    assert datetime.fromisoformat(stored).astimezone(UTC) == datetime(2026, 4, 1, tzinfo=UTC)
