"""Two processes at once, a locked database, a full disk, a clock that jumps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import event

from echo_hub.store.errors import DatabaseFullError, DatabaseLockedError
from echo_hub.store.leases import LeaseTakenError, acquire, holders, process_owner, release
from echo_hub.store.runs import list_runs

LENGTH = timedelta(minutes=2)

HOLDER = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from echo_hub.store.database import open_database
from echo_hub.store.leases import acquire, process_owner
database = open_database(sys.argv[1], Path())
acquire(database, "acme", process_owner(), datetime.fromisoformat(sys.argv[2]), timedelta(minutes=2))
database.close()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_process(kit, database):
    """A living process that holds the lease of the connection "acme"."""
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", HOLDER, url, kit.clock().isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.kill()


def test_a_second_process_is_refused_and_takes_over_at_once_when_the_first_is_killed(kit, other_process):
    with pytest.raises(LeaseTakenError, match="being synced by another process") as caught:
        kit.sync(kit.Source([kit.workers(1, 2)]))
    assert caught.value.error_code == "run.lease_taken"
    assert str(other_process.pid) in caught.value.detail
    assert list(holders(kit.database, kit.clock())) == ["acme"]
    os.kill(other_process.pid, signal.SIGKILL)
    other_process.wait()
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]))
    assert report.outcome == "done"
    assert holders(kit.database, kit.clock()) == {}


def test_other_connections_are_not_held_up(kit, other_process):
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]), name="another")
    assert report.outcome == "done"
    assert other_process.poll() is None


def test_a_lease_of_another_host_is_taken_over_when_it_has_ended(kit):
    acquire(kit.database, "acme", "another-host:1:x", kit.clock(), LENGTH)
    kit.clock.move(minutes=1)
    with pytest.raises(LeaseTakenError):
        kit.sync(kit.Source([kit.workers(1, 2)]))
    kit.clock.move(minutes=1, seconds=1)
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]))
    assert report.outcome == "done"


def test_a_lease_from_a_future_that_was_taken_back_blocks_nobody(kit):
    acquire(kit.database, "acme", "another-host:1:x", kit.clock(), LENGTH)
    kit.clock.move(days=-1)
    [report] = kit.sync(kit.Source([kit.workers(1, 2)]))
    assert report.outcome == "done"


def test_a_clock_set_back_during_a_run_does_not_break_it(kit):
    def progress(seen):
        if seen.read == 2:
            kit.clock.move(days=-1)

    [report] = kit.sync(kit.Source([kit.workers(n * 2 + 1, n * 2 + 2) for n in range(4)]), progress=progress)
    assert (report.outcome, report.read) == ("done", 8)


def test_a_run_whose_lease_was_taken_over_stores_no_further_page(kit):
    def progress(seen):
        if seen.read == 2:
            with kit.database.writing() as transaction:
                transaction.run("UPDATE lease SET owner = 'another-host:1:x'")

    [report] = kit.sync(kit.Source([kit.workers(1, 2), kit.workers(3, 4)]), progress=progress)
    assert (report.outcome, report.error_code) == ("failed", "run.lease_lost")
    assert kit.live() == ["w001", "w002"]


def test_an_attempt_at_a_task_takes_over_from_the_attempt_before_which_stores_no_further_page(kit):
    second = "a-second-host:1:x:y:task-7"

    def progress(seen):
        if seen.read == 2 and seen.outcome is None:
            with pytest.raises(LeaseTakenError):
                acquire(kit.database, "acme", "a-second-host:1:x:y:task-70", kit.clock(), LENGTH)
            acquire(kit.database, "acme", second, kit.clock(), LENGTH)

    pages = [kit.workers(1, 2), kit.workers(3, 4)]
    [late] = kit.sync(kit.Source(pages), progress=progress, owner=process_owner(7))
    assert (late.outcome, late.error_code) == ("failed", "run.lease_lost")
    assert kit.live() == ["w001", "w002"]
    release(kit.database, "acme", second)


def test_a_lease_this_process_could_not_give_back_does_not_stand_in_its_way(kit):
    owner = process_owner()
    acquire(kit.database, "acme", owner, kit.clock(), LENGTH)
    with pytest.raises(LeaseTakenError):
        kit.sync(kit.Source([[]]))
    release(kit.database, "acme", owner)
    acquire(kit.database, "acme", owner, kit.clock(), LENGTH)
    from echo_hub.store import leases

    leases._held.discard(("acme", owner))
    [report] = kit.sync(kit.Source([[]]))
    assert report.outcome == "done"


def test_a_silent_source_keeps_its_lease(kit):
    """The source answers nothing until it has seen the lease renewed."""
    source = kit.Source([kit.workers(1, 1)])
    answer = source.read

    def read(ctx, window, resume):
        with kit.database.reading() as transaction:
            [(before,)] = transaction.rows("SELECT expires_at FROM lease")
        kit.clock.move(minutes=1)
        for _ in range(100_000):
            with kit.database.reading() as transaction:
                [(after,)] = transaction.rows("SELECT expires_at FROM lease")
            if after != before:
                yield from answer(ctx, window, resume)
                return
        raise AssertionError("the lease was not renewed")

    source.read = read
    [report] = kit.sync(source)
    assert (report.outcome, report.written) == ("done", 1)


def test_a_database_locked_in_the_middle_of_a_run_is_a_clear_error_and_goes_on_later(
    kit, new_database_url, open_url, database_kind
):
    url = new_database_url()
    database = open_url(url, busy_timeout_s=0.05)
    blocker = open_url(url).engine.connect()
    source = kit.Source([kit.workers(1, 2), kit.workers(3, 4)])

    def progress(seen):
        if seen.read == 2 and not blocker.in_transaction():
            if database_kind == "sqlite":
                blocker.execution_options(echo_hub_write=True).begin()
            else:
                blocker.begin()
                blocker.exec_driver_sql("LOCK TABLE stream, run, record IN ACCESS EXCLUSIVE MODE")

    [report] = kit.sync(source, into=database, progress=progress)
    assert (report.outcome, report.error_code) == ("failed", "store.locked")
    assert "busy" in report.error_message
    blocker.rollback()
    blocker.close()
    [report] = kit.sync(source, into=database)
    assert (report.outcome, report.read) == ("done", 4)
    assert source.calls[1][1] == 1


def test_a_database_locked_from_the_start_is_refused_before_anything_is_read(
    kit, new_database_url, open_url, database_kind
):
    url = new_database_url()
    database = open_url(url, busy_timeout_s=0.05)
    blocker = open_url(url).engine.connect()
    if database_kind == "sqlite":
        blocker.execution_options(echo_hub_write=True).begin()
    else:
        blocker.begin()
        blocker.exec_driver_sql("LOCK TABLE lease IN ACCESS EXCLUSIVE MODE")
    source = kit.Source([kit.workers(1, 2)])
    with pytest.raises(DatabaseLockedError):
        kit.sync(source, into=database)
    assert source.calls == []
    blocker.rollback()
    blocker.close()
    assert kit.sync(source, into=database)[0].outcome == "done"


def test_a_full_disk_stops_the_run_and_the_next_one_goes_on(kit, tmp_path, open_url):
    database = open_url(f"sqlite:///{tmp_path / 'full.db'}")
    database.migrate()
    limit = [0]

    def cap(connection, _):
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    with database.reading() as transaction:
        limit[0] = transaction.count("PRAGMA page_count") + 40
    event.listen(database.engine, "connect", cap)
    database.engine.dispose()
    pages = [[{"id": f"w{p}-{n}", "name": "x" * 250, "title": "y" * 400} for n in range(50)] for p in range(12)]
    source = kit.Source(pages)
    [report] = kit.sync(source, into=database)
    assert (report.outcome, report.error_code) == ("failed", "store.full")
    assert "Make room" in report.error_message
    stored = len(kit.live(database))
    assert 0 < stored < 600
    assert stored == report.written
    limit[0] = 1_000_000
    database.engine.dispose()
    [report] = kit.sync(source, into=database)
    assert (report.outcome, len(kit.live(database))) == ("done", 600)
    assert report.written == 600


def test_a_full_disk_at_the_very_start_says_so(kit, tmp_path, open_url):
    database = open_url(f"sqlite:///{tmp_path / 'full.db'}")
    database.migrate()
    with database.reading() as transaction:
        pages = transaction.count("PRAGMA page_count")
    event.listen(
        database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages}")
    )
    database.engine.dispose()
    kit.sync(kit.Source([[]]), into=database)
    with pytest.raises(DatabaseFullError, match="disk is full"), database.writing() as transaction:
        transaction.run("INSERT INTO lease (connection, owner, expires_at) VALUES (?, ?, ?)", ("x" * 500_000, "b", "c"))


def test_a_failing_run_is_listed_with_its_reason(kit):
    from echo_core.connectors.errors import TransientError

    kit.sync(kit.Source([[]], error=TransientError("Down.", detail="502 from source"), break_before=0))
    [run] = list_runs(kit.database)
    assert (run.outcome, run.error_code, run.error_message, run.error_detail) == (
        "failed",
        "source.unavailable",
        "Down.",
        "502 from source",
    )
