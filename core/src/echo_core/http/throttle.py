"""Waiting for a source's quota: every wait is counted, announced and bounded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

from echo_core.connectors.errors import RateLimited
from echo_core.connectors.events import Throttled, current_stream
from echo_core.http.budget import HostBudget


class Throttle:
    """One connection's patience.

    Args:
        cap_s: the longest single wait; a source that asks for more pauses the run.
        allowance_s: how long the source may make one run wait in all, by answers such as 429. Waiting for our own
            budget or for the next window of a quota is the normal pace and does not count.
        waited: told the seconds of every wait before it begins, and why.
    """

    def __init__(
        self,
        connection: str,
        *,
        cap_s: float,
        allowance_s: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        waited: Callable[[Throttled], None],
    ) -> None:
        self._connection = connection
        self._cap_s = cap_s
        self._allowance_s = allowance_s
        self._clock = clock
        self._sleep = sleep
        self._waited = waited
        self._lock = threading.Lock()
        self._slip_s = 0.0
        self._charged_s = 0.0
        self._charged_until = float("-inf")

    def now(self) -> float:
        """The clock, plus whatever an injected sleep did not really sleep: so that no wait is asked for twice."""
        return self._clock() + self._slip_s

    def begin_run(self) -> None:
        """A new run has its whole allowance."""
        with self._lock:
            self._charged_s, self._charged_until = 0.0, float("-inf")

    def await_turn(self, budget: HostBudget, host: str) -> None:
        """Returns when the host's budget allows one request.

        Raises:
            RateLimited: the wait would be longer than the cap.
        """
        while (turn := budget.take(self.now())).wait_s > 0:
            if turn.reason != "budget" and turn.wait_s > self._cap_s:
                raise self._paused(host, turn.wait_s)
            self._announce(host, turn.wait_s, turn.reason)
            self.sleep(turn.wait_s)

    def await_told(self, host: str, told_s: float) -> None:
        """Waits as the source asked; threads that wait at the same time are charged once.

        Raises:
            RateLimited: longer than the cap, or the run's allowance is used up.
        """
        with self._lock:
            now = self._clock() + self._slip_s
            charge_s = max(0.0, now + told_s - max(now, self._charged_until))
            too_long = told_s > self._cap_s or self._charged_s + charge_s > self._allowance_s
            if not too_long:
                self._charged_s += charge_s
                self._charged_until = max(self._charged_until, now + told_s)
        if too_long:
            raise self._paused(host, told_s)
        self._announce(host, told_s, "told")
        self.sleep(told_s)

    def sleep(self, wait_s: float) -> None:
        """Sleeps; time an injected sleep skipped is added to `now`."""
        before = self._clock()
        self._sleep(wait_s)
        with self._lock:
            self._slip_s += max(0.0, wait_s - (self._clock() - before))

    def _announce(self, host: str, wait_s: float, reason: Literal["told", "quota", "budget"]) -> None:
        self._waited(Throttled(self._connection, current_stream.get(), host, wait_s, reason))

    def _paused(self, host: str, wait_s: float) -> RateLimited:
        return RateLimited(
            f"{host} asks for a longer pause than this run may wait; it goes on later where it stopped.",
            retry_after_s=wait_s,
            detail=f"asked to wait {wait_s:.0f} s; at most {self._cap_s:.0f} s at once, "
            f"{self._allowance_s:.0f} s in all, {self._charged_s:.0f} s used",
        )
