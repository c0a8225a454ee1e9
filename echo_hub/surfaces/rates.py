"""How many requests one actor may make: a bucket of tokens each, in the memory of this process."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import ClassVar

from fastapi import Request

from echo_core.connectors.errors import HubError

MOST_BUCKETS = 20_000
"""Buckets that are kept; the one unused for longest goes first, and would mostly be full again."""


class TooManyRequestsError(HubError):
    """Somebody asks faster than `[serve] requests_per_minute` allows. `wait_s` is when the next request is taken."""

    code: ClassVar[str] = "request.too_many"
    who: ClassVar[str] = "the person who asked"

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(f"These are more requests than this hub takes from one person. Go on in {wait_s} seconds.")


class Rates:
    """Token buckets: each holds a minute's worth of requests and fills evenly. Thread-safe.

    Args:
        per_minute: 0 takes any number.
        clock: monotonic seconds, for tests.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> None:
        """Counts one request.

        Raises:
            TooManyRequestsError: the bucket is empty.
        """
        if not self._size:
            return
        now, per_second = self._clock(), self._size / 60
        with self._lock:
            tokens, then = self._buckets.pop(who, (self._size, now))
            tokens = min(self._size, tokens + (now - then) * per_second)
            taken = tokens >= 1
            self._buckets[who] = (tokens - 1 if taken else tokens, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        if not taken:
            raise TooManyRequestsError(math.ceil((1 - tokens) / per_second))


def take_from(request: Request, actor_key: str | None) -> None:
    """Counts a request of an actor, or of the address of somebody who did not get in; errors as `Rates.take`."""
    rates: Rates = request.app.state.rates
    rates.take(f"actor {actor_key}" if actor_key is not None else f"address {request.state.source}")
