"""What runs due syncs in tests: a clock and a worker on one turned clock, with something small for a sync."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from echo_hub.jobs import SYNC, Attempt, Kind, ScheduleClock, Worker, end_due
from echo_hub.store.database import Database


class Background:
    """As `echo_hub.application.Background`, but for what a sync does; `ended` counts syncs that came to their end."""

    def __init__(
        self, database: Database, sync: Callable[[str, threading.Event], object], now: Callable[[], datetime]
    ) -> None:
        self.began: list[str] = []
        self.ended = threading.Semaphore(0)

        def run(attempt: Attempt) -> None:
            self.began.append(attempt.task.payload["connection"])
            sync(attempt.task.payload["connection"], attempt.stop)
            with attempt.finishing() as transaction:
                end_due(transaction, attempt.task)
            self.ended.release()
            self.clock.look()

        self.clock = ScheduleClock(database, now=now, look_s=0.05)
        self.worker = Worker(
            database,
            {SYNC: Kind(run)},
            look_s=0.05,
            wait=lambda _: timedelta(0),
            clock=lambda _: now(),
            lease=timedelta(hours=9),
        )
        self.clock.start()
        self.worker.start()

    def wait(self, count: int = 1) -> None:
        """Until so many syncs have ended."""
        for _ in range(count):
            assert self.ended.acquire(timeout=60)

    def stop(self) -> None:
        self.clock.stop()
        self.worker.stop()


@pytest.fixture
def background(database: Any) -> Iterator[Callable[..., Background]]:
    """`background(now, sync)` starts a clock and a worker over the test's database."""
    started: list[Background] = []

    def start(
        now: datetime | Callable[[], datetime], sync: Callable[[str, threading.Event], object] = lambda *_: None
    ) -> Background:
        moment = now if callable(now) else lambda: now
        started.append(Background(database, sync, moment))
        return started[-1]

    yield start
    for running in started:
        running.stop()
