"""Run as a script by the crash tests: syncs an invented source in forked children that kill themselves with SIGKILL.

Usage: killed_sync.py PLAN   where PLAN is JSON: [{"url": …, "page": n} or {"url": …, "statement": n}, …]
Prints, per entry, whether the child was killed (true) or came to its end first (false).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import event

from echo_core.connectors.declaration import Page, Stream
from echo_core.model import Excluded, Person
from echo_hub.store.database import open_database
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import sync_connection

PAGES, SIZE = 6, 5


class Worker(BaseModel):
    """What the invented source sends."""

    id: str
    name: str
    secret: bool = False


def record(page, place):
    """Every page has one changed, one excluded and, in two of them, one broken record."""
    n = page * SIZE + place
    raw = {"id": f"w{n:03}", "name": f"Worker {n}", "secret": place == 3}
    if place == 4 and page in (1, 4):
        raw["name"] = None
    return raw


def read(ctx, window, resume):
    """Goes on at the page number it is given."""
    for page in range(resume or 0, PAGES):
        yield Page([record(page, place) for place in range(SIZE)], resume=page + 1)


def to_person(raw, config):
    """One in five is confidential."""
    if raw.secret:
        yield Excluded(entity="person", source_id=raw.id, rule="confidential")
    else:
        yield Person(source_id=raw.id, name=raw.name)


class Connector:
    """Stands in for a declaration."""

    name = "invented"

    def streams_for(self, config):
        """One snapshot stream."""
        return (Stream("workers", Worker, read, to_person, ("person",)),)


def die():
    """No clean-up, no warning."""
    os.kill(os.getpid(), signal.SIGKILL)


def sync(url, page=None, statement=None):
    """Syncs once; dies when page `page` is committed, or just before SQL statement number `statement`."""
    database = open_database(url, Path())
    if statement is not None:
        left = [statement]

        @event.listens_for(database.engine, "before_cursor_execute")
        def count(*_):
            left[0] -= 1
            if left[0] == 0:
                die()

    def progress(seen):
        if page is not None and seen.read == page * SIZE and seen.outcome is None:
            die()

    sync_connection(database, Connection("acme", Connector(), None), http=lambda _: None, progress=progress)
    database.close()


def main():
    """One child after the other, so that each is reaped before the next test step."""
    killed = []
    for entry in json.loads(sys.argv[1]):
        child = os.fork()
        if child == 0:
            sync(**entry)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status) != 0:
            raise SystemExit(f"a child failed: {entry}")
        killed.append(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)
    print(json.dumps(killed))  # noqa: T201 -- the test reads it


if __name__ == "__main__":
    main()
