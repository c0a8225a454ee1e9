"""What a connector says about the HTTP side of one connection, and what the client counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from echo_core.http.auth import Auth
from echo_core.http.backoff import Retry
from echo_core.http.budget import Budget


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where and how to talk to a source.

    Args:
        base_url: e.g. "https://harvest.greenhouse.io/v3/"; http only for this machine itself.
        auth: one of `echo_core.http.auth`, or any `httpx.Auth` with a synchronous flow.
        headers: sent with every request to the source, never to another host a redirect leads to.
        allowed_hosts: further hosts ("host" or "host:port") that links and redirects may lead to. The base URL's
            and the token endpoint's host are always allowed.
        budget: our own limit for the base URL's host, shared by all connections to it.
        connect_timeout_s, read_timeout_s: the longest silence while connecting and while reading or writing.
        max_body_bytes: the largest answer, after decompression.
        throttle_allowance_s: how long answers such as 429 may make one run wait in all.
    """

    base_url: str
    auth: Auth | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    allowed_hosts: frozenset[str] = frozenset()
    budget: Budget | None = None
    retry: Retry = field(default_factory=Retry)
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    max_body_bytes: int = 50_000_000
    throttle_allowance_s: float = 1800.0


@dataclass(slots=True)
class ClientStats:
    """What a client did. `requests` counts everything sent, also for tokens and redirects; `bytes` decoded bodies."""

    requests: int = 0
    retries: int = 0
    throttled_s: float = 0.0
    bytes: int = 0

    def __add__(self, other: ClientStats) -> ClientStats:
        return ClientStats(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))
