"""A source made of plain lists, a clock that stands still, and a look at everything a database holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, Field

from echo_core.connectors.declaration import Page, Stream
from echo_core.connectors.errors import ResumeExpired
from echo_core.connectors.hooks import Hooks
from echo_core.model import Excluded, Person

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Worker(BaseModel):
    """What the invented source sends."""

    id: str
    name: str
    title: str | None = None
    secret: bool = False
    since: datetime | None = None
    mail: str | None = Field(default=None, alias="workMail")


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Source:
    """A stream over pages of raw records. `calls` keeps every (window, resume) it was asked for.

    break_before: raise `error` instead of yielding this page (0-based). expired: refuse any resume value.
    """

    pages: list[list[dict[str, Any]]]
    name: str = "workers"
    error: BaseException | None = None
    break_before: int | None = None
    expired: bool = False
    resumable: bool = True
    removed: dict[int, list[str]] = field(default_factory=dict)
    by_window: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[Any, Any]] = field(default_factory=list)
    mapped: list[str] = field(default_factory=list)

    def read(self, _, window, resume):
        self.calls.append((window, resume))
        if resume is not None and self.expired:
            raise ResumeExpired("The cursor has expired.")
        for number in range(resume or 0, len(self.pages)):
            if self.error is not None and number == self.break_before:
                raise self.error
            records = self.pages[number]
            if self.by_window:
                records = [one for one in records if _inside(window, one)]
            yield Page(
                records,
                resume=number + 1 if self.resumable else None,
                removed=self.removed.get(number, []),
                total=sum(map(len, self.pages)),
            )
        if self.error is not None and self.break_before == len(self.pages):
            raise self.error

    def map(self, raw, _):
        self.mapped.append(raw.id)
        if raw.secret:
            yield Excluded(entity="person", source_id=raw.id, rule="confidential")
            return
        yield Person(source_id=raw.id, name=raw.name, title=raw.title, updated_at=raw.since)

    def stream(self) -> Stream:
        return Stream(self.name, Worker, self.read, self.options.pop("map", self.map), ("person",), **self.options)


def _inside(window, record) -> bool:
    at = datetime.fromisoformat(record["since"])
    return (window.since is None or window.since <= at) and at <= window.until


@dataclass
class Connector:
    """Stands in for a declaration: its streams are objects instead of names."""

    streams: tuple[Any, ...]
    name: str = "invented"

    def streams_for(self, _: Any) -> tuple[Stream, ...]:
        return self.streams


class Events:
    """A plug-in that listens."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.hooks = Hooks(event={"listener": self.listen})

    def listen(self, event) -> None:
        self.seen.append(event)

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.seen]


def workers(first: int, last: int, **more: Any) -> list[dict[str, Any]]:
    """Raw records first..last."""
    return [{"id": f"w{n:03}", "name": f"Worker {n}", **more} for n in range(first, last + 1)]


def contents(database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a finished sync leaves that does not depend on which run or row number it was."""
    with database.reading() as transaction:
        return {
            "records": transaction.rows(
                "SELECT s.connection, s.name, r.entity, r.source_id, r.payload, r.content_hash, r.excluded_by,"
                " r.removed_at IS NULL FROM record r JOIN stream s ON s.id = r.stream_id ORDER BY 1, 2, 3, 4"
            ),
            "quarantine": transaction.rows(
                "SELECT s.name, q.source_key, q.code, q.payload, q.resolved_at IS NULL FROM quarantine q"
                " JOIN stream s ON s.id = q.stream_id ORDER BY 1, 2"
            ),
            "cursors": transaction.rows(
                "SELECT connection, name, resume, run_id, CAST(watermark AS TEXT) FROM stream ORDER BY 1, 2"
            ),
            "leftovers": transaction.rows("SELECT run_id FROM seen UNION ALL SELECT 0 FROM lease"),
        }


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def events():
    return Events()


@pytest.fixture
def kit(database, clock, events):
    """`kit.sync(source, …)` runs the kernel over invented sources; `kit.contents()` looks at the result."""
    from sqlalchemy import select

    from echo_hub.store.light_tables import STREAM
    from echo_hub.store.records import live_texts, public_id
    from echo_hub.sync.connection import Connection
    from echo_hub.sync.kernel import sync_connection

    def connection(*sources, name="acme"):
        return Connection(name, Connector(tuple(source.stream() for source in sources)), SimpleNamespace(region="eu"))

    def sync(*sources, into=database, name="acme", **options):
        given = {"hooks": events.hooks, "clock": clock, "http": lambda _: None, **options}
        return sync_connection(into, connection(*sources, name=name), **given)

    def live(into=database):
        return [row[3] for row in contents(into)["records"] if row[7] and row[6] is None]

    def stored(into=database):
        return {public_id(text.connection, text.entity, text.source_id): text.record for text in live_texts(into)}

    def watermarks(name="acme"):
        query = select(STREAM.c.name, STREAM.c.watermark).where(STREAM.c.connection == name)
        with database.reading() as transaction:
            return {row.name: row.watermark for row in transaction.all(query)}

    return SimpleNamespace(
        stored=stored,
        watermarks=watermarks,
        Source=Source,
        Connector=Connector,
        Worker=Worker,
        connection=connection,
        sync=sync,
        live=live,
        workers=workers,
        contents=lambda into=database: contents(into),
        database=database,
        clock=clock,
        events=events,
        START=START,
    )
