"""One budget of requests per host, shared by every connection of this process, or of all, that talks to the host."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from echo_core.http.quota import QuotaHeaders
from echo_core.http.shared import SharedBudgets


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `requests` in any `per_s` seconds. Response headers may lower it, never raise it."""

    requests: int
    per_s: float

    def __post_init__(self) -> None:
        if self.requests < 1 or self.per_s <= 0:
            raise ValueError(f"a budget needs at least one request and a positive time: {self}")


LONGEST_BLOCK_S = 86_400.0
"""A source that asks for more than a day is not believed: it would be silent until this process ends."""


PARTS = 10
"""A process takes a tenth of what is allowed at a time, for a tenth of its window: what it leaves unused is lost to
the others, and a permit counts until the last moment it could have been used."""


class Turn(NamedTuple):
    """`wait_s` 0: the request may go and is counted. Otherwise: ask again after so many seconds."""

    wait_s: float
    reason: Literal["budget", "quota", "told"] = "budget"


class HostBudget:
    """Counts the requests sent to one host in sliding windows, which no fixed window of the vendor's can exceed.

    Several connections may declare several budgets; all of them hold until withdrawn. Times are seconds of one
    monotonic clock.

    Args:
        shared: gives permits where other processes talk to the host too; a few at a time, as it is asked often.
    """

    def __init__(self, host: str = "", shared: SharedBudgets | None = None) -> None:
        self._host = host
        self._shared = shared
        self._permits, self._permits_until = 0, float("-inf")
        self._lock = threading.Lock()
        self._budgets: Counter[Budget] = Counter()
        self._longest_s = 0.0
        self._sent: deque[float] = deque()
        self._reported_limit: int | None = None
        self._blocked_until = float("-inf")
        self._blocked_by: Literal["quota", "told"] = "quota"

    def declare(self, budget: Budget) -> None:
        """Adds a limit that must hold from now on."""
        with self._lock:
            self._budgets[budget] += 1
            self._longest_s = max(self._longest_s, budget.per_s)

    def withdraw(self, budget: Budget) -> None:
        """Takes back one declaration. What was sent stays counted, against those who declare a limit next."""
        with self._lock:
            self._budgets -= Counter({budget: 1})

    def take(self, now: float) -> Turn:
        """Asks for one request at `now`."""
        with self._lock:
            if now < self._blocked_until:
                return Turn(self._blocked_until - now, self._blocked_by)
            wait_s = max((self._wait_s(budget, now) for budget in self._budgets), default=0.0)
            turn = Turn(wait_s) if wait_s > 0 else self._permitted(now)
            if turn.wait_s <= 0:
                self._remember(now)
            return turn

    def learn(self, quota: QuotaHeaders, now: float) -> None:
        """Takes a response's headers into account.

        A limit below the declared one applies while the source reports it; nothing remaining stops everybody until
        the reset (until the longest window ever declared has passed, when the source does not say).
        """
        with self._lock:
            if quota.limit is not None:
                self._reported_limit = max(1, quota.limit)
            if quota.remaining == 0:
                reset_s = quota.reset_s
                if reset_s is None:
                    reset_s = self._longest_s
                self._block(now, reset_s, "quota")

    def block(self, wait_s: float, now: float) -> None:
        """Nobody sends to this host for `wait_s` seconds: the source said so."""
        with self._lock:
            self._block(now, wait_s, "told")

    def _block(self, now: float, wait_s: float, by: Literal["quota", "told"]) -> None:
        until = now + min(wait_s, LONGEST_BLOCK_S)
        if until > self._blocked_until:
            self._blocked_until, self._blocked_by = until, by
            if self._shared is not None:
                self._shared.block(self._host, until - now, by)

    def _permitted(self, now: float) -> Turn:
        """Whether all processes together may send one request more."""
        if self._shared is None or not self._budgets:
            return Turn(0.0)
        if self._permits > 0 and now < self._permits_until:
            self._permits -= 1
            return Turn(0.0)
        limits = [Budget(self._allowed(budget), budget.per_s) for budget in self._budgets]
        most = max(1, min(limit.requests for limit in limits) // PARTS)
        lasts_s = min(limit.per_s for limit in limits) / PARTS if most > 1 else 0.0
        grant = self._shared.take(self._host, limits, most=most, lasts_s=lasts_s)
        if grant.permits < 1:
            return Turn(grant.wait_s, grant.reason)
        self._permits, self._permits_until = grant.permits - 1, now + lasts_s
        return Turn(0.0)

    def _wait_s(self, budget: Budget, now: float) -> float:
        allowed = self._allowed(budget)
        if len(self._sent) < allowed:
            return 0.0
        return max(0.0, self._sent[-allowed] + budget.per_s - now)

    def _allowed(self, budget: Budget) -> int:
        return min(budget.requests, self._reported_limit or budget.requests)

    def _remember(self, now: float) -> None:
        self._sent.append(now)
        while self._sent and self._sent[0] <= now - self._longest_s:
            self._sent.popleft()


class HostBudgets:
    """Budgets by host. Clients with different clocks never share one: their times cannot be compared."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: dict[Hashable, HostBudget] = {}

    def of(self, host: str, clock: Callable[[], float], shared: SharedBudgets | None = None) -> HostBudget:
        """The budget of a host ("harvest.greenhouse.io", "127.0.0.1:8080"), with the permits of `shared`."""
        with self._lock:
            return self._hosts.setdefault((host, clock, shared), HostBudget(host, shared))

    def clear(self) -> None:
        """Forgets everything, for tests."""
        with self._lock:
            self._hosts.clear()


HOST_BUDGETS = HostBudgets()
"""The budgets of this process."""
