"""Keeps Python's cycle collector out of the way while many short-lived objects without cycles come and go."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SYNC_THRESHOLD = (50_000, 20, 50)
"""Measured: the default (700, 10, 10) costs a quarter of a sync's CPU walking pages of records it cannot free."""

_lock = threading.Lock()
_users = 0
_before = gc.get_threshold()


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Raises the collector's thresholds while at least one sync of this process runs."""
    global _users, _before
    with _lock:
        _users += 1
        if _users == 1:
            _before = gc.get_threshold()
            gc.set_threshold(*SYNC_THRESHOLD)
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                gc.set_threshold(*_before)
