"""What observers are told while a connection syncs. Frozen facts: numbers and names, no records, no secrets."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

current_stream: ContextVar[str] = ContextVar("echo_hub_current_stream", default="")
"""The stream the calling thread reads for; set by the kernel, so that shared parts such as the HTTP client can name
and count by stream."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A stream begins to read a window. `since` None means from the beginning; `resumed` that a run is continued."""

    connection: str
    stream: str
    run: str
    since: datetime | None
    until: datetime
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class PageStored:
    """A page and everything that belongs to it is committed. `total` is the source's estimate, where it gives one."""

    connection: str
    stream: str
    run: str
    page: int
    read: int
    written: int
    unchanged: int
    quarantined: int
    removed: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Throttled:
    """The client waits `wait_s` seconds because the source's quota is used up. `reason` says who decided.

    told: the source answered 429 or 503 with a time to wait. quota: its headers said that nothing remains.
    budget: our own limit for the host.
    """

    connection: str
    stream: str
    host: str
    wait_s: float
    reason: Literal["told", "quota", "budget"]


@dataclass(frozen=True, slots=True)
class Retried:
    """A request failed and is tried again after `wait_s` seconds. `attempt` counts from 1; `code` is the error's."""

    connection: str
    stream: str
    host: str
    wait_s: float
    attempt: int
    code: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One record was set aside. `field` is the path that broke the rule; the record itself is in the store."""

    connection: str
    stream: str
    run: str
    source_id: str | None
    code: str
    field: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A stream's run is over. `outcome` is the kernel's word for how; `code` the error's where it failed."""

    connection: str
    stream: str
    run: str
    outcome: str
    read: int
    written: int
    unchanged: int
    quarantined: int
    removed: int
    held: int
    duration_s: float
    code: str | None = None


@dataclass(frozen=True, slots=True)
class RemovalHeld:
    """A run would remove `would_remove` of `stored` records; nothing is removed until a person agrees."""

    connection: str
    stream: str
    run: str
    would_remove: int
    stored: int
    reason: str


Event = RunStarted | PageStored | Throttled | Retried | Quarantined | RunEnded | RemovalHeld
"""Any of the above."""
