"""What goes wrong on a vendor's bad day, the same way for the same seed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal, get_args

FaultKind = Literal["http_429", "http_500", "http_503", "hang", "reset", "half_body"]
"""http_*: that status. hang: no answer. reset: connection reset. half_body: Content-Length promises
twice what comes."""

KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)

BAD_DAY: Final[Mapping[FaultKind, float]] = {
    "http_429": 0.06,
    "http_500": 0.05,
    "http_503": 0.04,
    "hang": 0.02,
    "reset": 0.04,
    "half_body": 0.05,
}


@dataclass(slots=True)
class Faults:
    """Decides, request by request, what goes wrong.

    The decision depends on the seed, the path and how many requests the path has seen, not on time or on other
    paths, so threads reading different lists do not disturb one another's faults. Asking for the same target again
    succeeds after at most `max_in_a_row` faults.

    Args:
        seed: another seed, another bad day.
        rates: probability of each kind, together at most 1.
        retry_after_s: what a 429 asks the client to wait, in whole seconds.
        hang_s: how long a hanging request is held before the connection is dropped; it is dropped at once when the
            client gives up first or the server stops.
        script: per path, the faults of its first requests in order (None: answer well). Comes before `rates`.
    """

    seed: int = 0
    rates: Mapping[FaultKind, float] = field(default_factory=dict)
    retry_after_s: int = 1
    hang_s: float = 30.0
    max_in_a_row: int = 2
    script: Mapping[str, Sequence[FaultKind | None]] = field(default_factory=dict)
    counts: Counter[FaultKind] = field(default_factory=Counter, init=False)
    _seen: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _row: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @classmethod
    def none(cls) -> Faults:
        """Nothing ever goes wrong."""
        return cls()

    @classmethod
    def bad_day(cls, seed: int = 1, *, retry_after_s: int = 1, hang_s: float = 5.0) -> Faults:
        """About one request in four fails, in every way this module knows."""
        return cls(seed=seed, rates=BAD_DAY, retry_after_s=retry_after_s, hang_s=hang_s)

    @classmethod
    def scripted(cls, script: Mapping[str, Sequence[FaultKind | None]], *, hang_s: float = 30.0) -> Faults:
        """Exactly these faults: `Faults.scripted({"/v3/jobs": [None, "http_500", "half_body"]})`."""
        return cls(script=script, hang_s=hang_s, max_in_a_row=1_000_000)

    def next(self, method: str, path: str, target: str) -> FaultKind | None:
        """The fault for this request, or None. Counts the request."""
        with self._lock:
            ordinal = self._seen[path]
            self._seen[path] += 1
            fault = self._choose(path, ordinal)
            again = f"{method} {target}"
            if fault is None or self._row[again] >= self.max_in_a_row:
                del self._row[again]
                return None
            self._row[again] += 1
            self.counts[fault] += 1
            return fault

    def _choose(self, path: str, ordinal: int) -> FaultKind | None:
        planned = self.script.get(path, ())
        if ordinal < len(planned):
            return planned[ordinal]
        digest = blake2b(f"{self.seed}\n{path}\n{ordinal}".encode(), digest_size=8).digest()
        draw = int.from_bytes(digest) / 2**64
        for kind in KINDS:
            draw -= self.rates.get(kind, 0.0)
            if draw < 0:
                return kind
        return None
