"""A fake clock, a vendor made of one function served over loopback, and clients that never really wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from echo_core.connectors.redaction import SECRETS
from echo_core.http.budget import HOST_BUDGETS
from echo_core.http.client import Client, HttpSettings
from echo_core.testing.sandbox import Faults, Reply, Request, Sandbox, SandboxConnection, SandboxServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class FakeClock:
    """Monotonic seconds and wall time that move only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1000.0)

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.seconds += seconds


class OneFunctionVendor(Sandbox):
    name = "vendor"

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._answer = answer

    def handle(self, request: Request) -> Reply:
        return self._answer(request)

    def connection(self, url: str) -> SandboxConnection:
        return SandboxConnection("vendor", "vendor", {"url": url})


@pytest.fixture(autouse=True)
def _fresh_registers() -> Iterator[None]:
    HOST_BUDGETS.clear()
    yield
    HOST_BUDGETS.clear()
    SECRETS.clear()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def serve() -> Iterator[Callable[..., SandboxServer]]:
    """serve(answer, faults=…) -> a running server."""
    running: list[SandboxServer] = []

    def start(answer: Callable[[Request], Reply], faults: Faults | None = None) -> SandboxServer:
        running.append(SandboxServer(OneFunctionVendor(answer), faults=faults).start())
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def client(clock: FakeClock) -> Iterator[Callable[..., Client]]:
    """client(url, **settings) -> a client on the fake clock, with full jitter at its longest."""
    made: list[Client] = []

    def make(url: str, *, on_event: Callable[[Any], None] | None = None, **settings: Any) -> Client:
        made.append(
            Client(
                HttpSettings(url, **settings),
                connection="test",
                clock=clock,
                now=clock.now,
                sleep=clock.sleep,
                jitter=lambda: 1.0,
                on_event=on_event,
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.close()
