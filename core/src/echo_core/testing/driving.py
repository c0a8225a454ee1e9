"""Drives one stream of a connector without the hub: a clock that never waits, a connection on it, and what came of it.

    clock = FakeClock()
    with SandboxServer(AcmeSandbox()) as server:
        config = sandbox_config(CONNECTOR, server.connection)
        with open_context(CONNECTOR, config, clock) as context:
            run = drive(CONNECTOR.streams_for(config)[0], context)

`drive` treats pages and records as the hub does, stores nothing, and raises `AssertionError` where the connector breaks
a promise that the hub relies on but cannot see broken (a mapping that is not pure) or only sees much later.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from echo_core.connectors import Client, Connector, Page, RecordError, Stream, StreamContext, Window
from echo_core.model import Excluded, Record
from echo_core.testing.sandbox import SandboxConnection

if TYPE_CHECKING:
    import httpx

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""Where a `FakeClock` begins unless told otherwise."""

RESUME_BYTES = 64 * 1024
"""The longest resume value the hub stores, as JSON (contract of `Page.resume`)."""


class FakeClock:
    """Seconds that pass only when somebody sleeps. Thread-safe.

    Calling it gives the seconds (since the epoch, so that sandboxes can use it for expiry and quota dates too), `now()`
    the same moment as an aware time. Add to `seconds` to let time pass; `slept` holds only what was slept, in seconds.

    Raises:
        ValueError: `start` has no zone.
    """

    def __init__(self, start: datetime = START) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock begins at a time with a zone")
        self.seconds = start.timestamp()
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        """The moment it shows, in UTC."""
        return datetime.fromtimestamp(self.seconds, UTC)

    def sleep(self, seconds: float) -> None:
        """Returns at once, `seconds` later."""
        with self._lock:
            self.slept.append(seconds)
            self.seconds += seconds


@dataclass(frozen=True, slots=True)
class Rejected:
    """A raw record the hub would quarantine: its key (None where the stream cannot name it), and what was wrong."""

    key: str | None
    error: Exception


@dataclass
class StreamRun:
    """One pass over one stream.

    Args:
        pages: as the stream read them.
        records: what the pages' raw records were mapped to, in order.
        excluded: what must not be kept.
        rejected: raw records that failed their raw model or their mapping.
    """

    pages: list[Page] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def by_id(self) -> dict[str, Any]:
        """The records by source id; of several with one id, the last."""
        return {record.source_id: record for record in self.records}

    @property
    def rules(self) -> dict[str, str]:
        """For what was excluded, the rule that did it, by source id."""
        return {row.source_id: row.rule for row in self.excluded}

    @property
    def raws(self) -> list[Mapping[str, Any]]:
        """The raw records of all pages."""
        return [raw for page in self.pages for raw in page.records]

    @property
    def removed(self) -> list[str]:
        """The keys the source reported as gone."""
        return [key for page in self.pages for key in page.removed]

    def take(self, stream: Stream, page: Page, config: Any) -> None:
        """Validates and maps one page's records, after a trip through JSON as the hub stores them.

        Raises:
            AssertionError: mapping twice gives two results or changes the raw record, a record has no id or an entity
                the stream does not declare, or the resume value is too long.
            TypeError, ValueError: a raw record or the resume value is no JSON.
            Exception: what `map` raises besides `RecordError` and `ValidationError`. The hub quarantines such a record
                as a bug of the mapping; a test should stop there.
        """
        self.pages.append(page)
        resume = json.dumps(page.resume, separators=(",", ":"), allow_nan=False)
        _demand(len(resume.encode()) <= RESUME_BYTES, f"{stream.name}: a resume value has more than 64 KB")
        for raw in _through_json(list(page.records)):
            try:
                mapped = _mapped(stream, raw, config)
            except (RecordError, ValidationError) as error:
                self.rejected.append(Rejected(stream.key(raw), error))
                continue
            for item in mapped:
                if isinstance(item, Excluded):
                    self.excluded.append(item)
                else:
                    self.records.append(item)


def drive(
    stream: Stream,
    context: StreamContext,
    window: Window | None = None,
    resume: Any = None,
    *,
    pages: int | None = None,
) -> StreamRun:
    """Reads a stream to its end and takes every page as the hub does. What `read` raises passes through.

    Args:
        window: everything up to now when None, less the stream's lag if it reads windows: the hub's first run.
        resume: a value an earlier page carried; it makes a trip through JSON first, as the hub stores it.
        pages: stop after so many, as if killed there.

    Raises:
        AssertionError: see `StreamRun.take`.
    """
    if window is None:
        now = context.now()
        window = Window(None, now - stream.lag if stream.watermark == "window" else now)
    run = StreamRun()
    for page in stream.read(context, window, _through_json(resume)):
        run.take(stream, page, context.config)
        if len(run.pages) == pages:
            break
    return run


def sandbox_config(connector: Connector, connection: SandboxConnection, **changes: Any) -> Any:
    """The configuration a sandbox says to use, with changes: references to secrets replaced, validated.

    Raises:
        pydantic.ValidationError: the configuration model refuses it.
        KeyError: a reference to a secret the sandbox does not have.
    """
    values = {**connection.config, **changes}
    return connector.config_model().model_validate(_resolved(values, connection.secrets))


@contextmanager
def open_context(
    connector: Connector,
    config: Any,
    clock: FakeClock,
    *,
    name: str = "",
    transport: httpx.BaseTransport | None = None,
    **http: Any,
) -> Iterator[StreamContext]:
    """What the hub lends a stream, over the connector's own HTTP settings and a client that waits on the fake clock.

    Time-outs are real seconds: give a short `read_timeout_s` where a sandbox hangs. The logger redacts nothing, so
    that a secret the connector logs is there to be found.

    Args:
        name: the connection's name, the connector's when empty.
        transport: answers requests in place of the network, e.g. `httpx.MockTransport(answer)`.
        http: fields of `HttpSettings` to replace, e.g. `retry=Retry(attempts=6)`.
    """
    name = name or connector.name
    with Client(
        replace(connector.http_settings(config), **http),
        connection=name,
        clock=clock,
        now=clock.now,
        sleep=clock.sleep,
        jitter=lambda: 0.5,
        transport=transport,
    ) as client:
        yield StreamContext(config=config, http=client, now=clock.now, log=logging.getLogger(f"echo_hub.test.{name}"))


def _mapped(stream: Stream, raw: Any, config: Any) -> list[Record | Excluded]:
    before = json.dumps(raw)
    model = stream.raw.model_validate(raw)
    mapped = list(stream.map(model, config))
    _demand(mapped == list(stream.map(model, config)), f"{stream.name}: mapping twice gives another result")
    _demand(json.dumps(raw) == before, f"{stream.name}: mapping changed its input")
    for item in mapped:
        _demand(bool(item.source_id), f"{stream.name}: {item.entity!r} without a source id")
        _demand(item.entity in stream.entities, f"{stream.name}: made {item.entity!r}, which it does not declare")
    return mapped


def _through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _resolved(value: Any, secrets: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value.startswith("env:"):
        return secrets[value.removeprefix("env:")]
    if isinstance(value, Mapping):
        return {key: _resolved(item, secrets) for key, item in value.items()}
    return value


def _demand(kept: bool, promise: str) -> None:
    """Not the statement `assert`, which `python -O` leaves out."""
    if not kept:
        raise AssertionError(promise)
