"""Run as a script by the tests of workers: forks some, which work until nothing is left and die where a task says so.

Usage: working.py URL WORKERS LEASE_S
A task of kind "note" writes down that it began, in a transaction of its own, and that it is done, in the one that
finishes it. Its payload may say `die`: "begun" or "finishing", where the first attempt ends with SIGKILL. One of kind
"sync" syncs an invented source; with `die_after` the first attempt ends so once that many records were read.
Prints, per worker, whether it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "sync"))
import killed_sync

from echo_hub.jobs import Kind, Worker
from echo_hub.store.database import open_database
from echo_hub.store.leases import process_owner
from echo_hub.store.task_list import list_tasks
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import sync_connection


def note(database):
    """What a task of kind "note" does."""

    def run(attempt):
        task = attempt.task

        def die_at(place):
            if task.attempts == 1 and task.payload.get("die") == place:
                os.kill(os.getpid(), signal.SIGKILL)

        with database.writing() as transaction:
            transaction.run("INSERT INTO begun VALUES (?, ?)", [task.id, os.getpid()])
        die_at("begun")
        time.sleep(0.01)
        with attempt.finishing() as transaction:
            transaction.run("INSERT INTO noted VALUES (?, ?)", [task.id, os.getpid()])
            die_at("finishing")

    return run


def sync(database):
    """What a task of kind "sync" does: syncs the invented source of `tests/sync/killed_sync.py`."""

    def run(attempt):
        def progress(seen):
            if attempt.task.attempts == 1 and seen.read == attempt.task.payload.get("die_after"):
                os.kill(os.getpid(), signal.SIGKILL)

        connection = Connection("acme", killed_sync.Connector(), None)
        options = {"progress": progress, "stop": attempt.stop, "owner": process_owner(attempt.task.id)}
        sync_connection(database, connection, http=lambda _: None, **options)

    return run


def work(url, lease_s):
    """One worker, until no task is left."""
    database = open_database(url, Path())
    worker = Worker(
        database,
        {"note": Kind(note(database)), "sync": Kind(sync(database))},
        lease=timedelta(seconds=lease_s),
        look_s=0.05,
    )
    worker.start()
    while any(not task.is_over for task in list_tasks(database, limit=1_000)):
        time.sleep(0.1)
    worker.stop()
    database.close()


def main():
    """Forks the workers and waits for them."""
    url, workers, lease_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    children = []
    for _ in range(workers):
        child = os.fork()
        if child == 0:
            work(url, lease_s)
            os._exit(0)
        children.append(child)
    statuses = [os.waitpid(child, 0)[1] for child in children]
    if any(not os.WIFSIGNALED(status) and os.WEXITSTATUS(status) != 0 for status in statuses):
        raise SystemExit("a worker failed")
    print(json.dumps([os.WIFSIGNALED(status) for status in statuses]))  # noqa: T201 -- the test reads it


if __name__ == "__main__":
    main()
