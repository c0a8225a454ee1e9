"""A vendor's request quota, counted in fixed windows as most vendors do."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from echo_core.testing.exchange import Reply


@dataclass(frozen=True, slots=True)
class Quota:
    """Where one caller stands after a request. `reset_s` is seconds to the next window, `reset_at` its epoch second."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: float
    reset_at: int

    def headers(self, prefix: str = "X-RateLimit-") -> dict[str, str]:
        """The quota as response headers: limit, remaining, reset (epoch seconds)."""
        return {
            f"{prefix}Limit": str(self.limit),
            f"{prefix}Remaining": str(self.remaining),
            f"{prefix}Reset": str(self.reset_at),
        }

    def refusal(self, body: Any = b"", *, headers: Mapping[str, str] | None = None) -> Reply:
        """The 429 that belongs to a request that was not allowed, with Retry-After in whole seconds."""
        retry_after = {"Retry-After": str(max(1, math.ceil(self.reset_s)))}
        return Reply(429, body, {**self.headers(), **retry_after, **(headers or {})})


class FixedWindowLimit:
    """At most `requests` per `per_s` seconds and key; windows begin at multiples of `per_s` of the clock (seconds)."""

    def __init__(self, requests: int, per_s: float, clock: Callable[[], float] = time.time) -> None:
        self.requests = requests
        self.per_s = per_s
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, int]] = {}

    def spend(self, key: str = "") -> Quota:
        """Counts one request of the caller `key` (a token, a client id) and says whether it is within the quota."""
        now = self._clock()
        window = math.floor(now / self.per_s)
        with self._lock:
            began, used = self._windows.get(key, (window, 0))
            used = used + 1 if began == window else 1
            self._windows[key] = (window, used)
        ends = (window + 1) * self.per_s
        return Quota(used <= self.requests, self.requests, max(0, self.requests - used), ends - now, math.ceil(ends))
