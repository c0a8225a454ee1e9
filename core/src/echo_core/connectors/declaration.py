"""What a connector is: a declaration that costs nothing to import, and streams that read pages and map records.

The declaration names its configuration, HTTP settings and streams as "package.module:NAME" texts, so that listing
the installed connectors imports none of their code; they are imported when a connection is used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol

from echo_core.connectors.errors import ConnectorBug

if TYPE_CHECKING:
    from pydantic import BaseModel

    from echo_core.http.client import Client, HttpSettings
    from echo_core.model import Excluded, Record

API_VERSION = 1
"""The contract version this core speaks. A connector that declares another is listed, not run."""

Watermark = Literal["window", "observed_max", "none"]
"""How a stream reads only what changed.

window: the vendor accepts a closed interval; the upper bound is fixed at the start of the run minus `lag`.
observed_max: the vendor accepts only a lower bound; the highest `updated_at` stored becomes the next lower bound.
none: every run reads everything.
"""

Removal = Literal["snapshot", "tombstone", "flagged", "none"]
"""How a stream learns that a record is gone.

snapshot: a complete run lists everything, absent means removed (behind the kernel's guards).
tombstone: pages carry the ids removed. flagged: a field closes the record. none: the vendor cannot tell.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The closed interval of change times a run covers, both ends aware. `since` None means from the beginning."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the source sent it.

    Args:
        records: raw dictionaries; the kernel validates them with the stream's raw model.
        resume: what `read` needs to continue after this page (JSON, at most 64 KB); None where the source cannot.
        removed: keys of records the source reports as gone (removal mode "tombstone").
        total: how many records the source says there are, for the progress bar; never trusted for anything else.
    """

    records: Sequence[Mapping[str, Any]]
    resume: Any = None
    removed: Sequence[str] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StreamContext:
    """What the kernel lends a stream for one run.

    `config` is the connection's validated configuration, `http` the connection's client (authentication, retries,
    budget and allowed hosts built in), `now` the injected clock, `log` a logger that redacts secrets.
    """

    config: Any
    http: Client
    now: Callable[[], datetime]
    log: logging.Logger


class Read(Protocol):
    """Yields the pages of one window, continuing after `resume` (a value an earlier `Page` carried) when given."""

    def __call__(self, ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]: ...


class Map(Protocol):
    """Turns one validated raw record into the hub's records. Pure: no clock, no network, same input, same output."""

    def __call__(self, raw: Any, config: Any) -> Iterable[Record | Excluded]: ...


def raw_id(raw: Mapping[str, Any]) -> str | None:
    """The usual key of a raw record: its `id`, as text."""
    value = raw.get("id")
    return None if value is None or value == "" else str(value)


@dataclass(frozen=True, slots=True)
class Stream:
    """One list a source offers.

    Args:
        name: unique within the connector, e.g. "job_posts"; shown to people.
        raw: the pydantic model a raw record must satisfy: declared fields only, extras ignored.
        read: yields pages for a window.
        map: turns one raw record into records.
        entities: names of the entities it may yield, e.g. ("job",).
        key: the raw record's key, used when the record itself is too broken to map.
        watermark, removal: how changes and removals are learned.
        overlap: how far the next window reaches back before the last upper bound.
        lag: how far the upper bound stays behind now, where the vendor publishes late.
        max_removal_ratio: share of stored records a snapshot may remove without a person's consent.
        optional: a missing permission disables this stream instead of failing the connection.
        fills: entity fields it can fill; the README's field-support table is made from it.
        position: fields of the raw record that say where it stood (a file, a line): one that differs in nothing else
            has not changed, and is not mapped again.
    """

    name: str
    raw: type[BaseModel]
    read: Read
    map: Map
    entities: tuple[str, ...]
    key: Callable[[Mapping[str, Any]], str | None] = raw_id
    watermark: Watermark = "none"
    removal: Removal = "snapshot"
    overlap: timedelta = timedelta(hours=1)
    lag: timedelta = timedelta(minutes=1)
    max_removal_ratio: float = 0.10
    optional: bool = False
    fills: tuple[str, ...] = ()
    position: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of `echo-hub connections check`. `advice` says what to do when it is not ok."""

    name: str
    ok: bool
    message: str
    advice: str = ""


def load(reference: str) -> Any:
    """The object behind "package.module:NAME".

    Raises:
        ImportError, AttributeError: as Python does; the plug-in loader reports them with the plug-in's name.
    """
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


NO_HOST = "https://none.invalid/"
"""Where the client of a connector without network would ask: a name that never has an address (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector's declaration. Everything named as text is imported only when a connection is used.

    Args:
        name: what `connector = "…"` in the settings says; lower case, unique among installed plug-ins.
        title: the vendor's name for people.
        summary: one line: what it reads.
        config: "module:Model", a pydantic model; every field with title and description, secrets as `SecretStr`.
        http: "module:function", config -> `HttpSettings`; None for one that reads no network, such as files.
        streams: "module:function", config -> tuple of `Stream`s (a configuration may switch streams off).
        check: optional "module:function", `StreamContext` -> iterable of `CheckResult`; without it one page of
            each stream is read.
        sandbox: optional "module:Class", a strict imitation of the vendor's API that `echo-hub demo` and tests talk to.
        interval: how often to sync unless a schedule says otherwise.
    """

    name: str
    title: str
    summary: str
    config: str
    http: str | None
    streams: str
    check: str | None = None
    sandbox: str | None = None
    interval: timedelta = timedelta(hours=24)
    api: int = API_VERSION
    tags: tuple[str, ...] = field(default=())

    def config_model(self) -> type[BaseModel]:
        """The configuration model, imported now."""
        model: type[BaseModel] = load(self.config)
        return model

    def http_settings(self, config: Any) -> HttpSettings:
        """Base URL, authentication, allowed hosts and budget for one connection; a host that cannot be without any."""
        if self.http is None:
            from echo_core.http.client import HttpSettings

            return HttpSettings(base_url=NO_HOST)
        settings: HttpSettings = load(self.http)(config)
        return settings

    def streams_for(self, config: Any) -> tuple[Stream, ...]:
        """The streams this configuration switches on, in the order they should run.

        Raises:
            ConnectorBug: they are no streams, or two have one name and would share what is stored of them.
        """
        made = load(self.streams)(config)
        streams: tuple[Stream, ...] = tuple(made) if isinstance(made, Iterable) else ()
        if made is None or not isinstance(made, Iterable) or not all(isinstance(stream, Stream) for stream in streams):
            raise ConnectorBug(
                f"The connector {self.name} does not give a tuple of streams; its author must look.",
                detail=f"{self.streams} gave a {type(made).__name__}",
                code="connector.streams",
            )
        names = [stream.name for stream in streams]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ConnectorBug(
                f"The connector {self.name} has two streams of the name {twice[0]!r}; its author must rename one.",
                detail=f"{self.streams} gave {', '.join(names)}",
                code="connector.streams",
            )
        return streams
