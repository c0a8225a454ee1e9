"""Keeps the current snapshot: readers get a whole snapshot at once and never wait for the next one."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable
from datetime import date

from echo_hub.snapshot.snapshot import Snapshot

log = logging.getLogger(__name__)


class SnapshotHolder:
    """Builds the snapshot when the data revision moves or the day changes, and swaps it in whole.

    Args:
        build: makes a snapshot from the store as it is now; given the snapshot before (None at first), so that it may
            read less.
        revision: the store's data revision; asked at most every `check_every_s` seconds.
        today: the day `build` builds for; what ends or expires does so without any data moving. Without it the day
            is not looked at.
        clock: monotonic seconds, for tests.

    While a sync commits page after page the data never stands still: behind the scenes the holder rests after a
    rebuild as long as the rebuild took, so that it never takes more than half of a core.
    """

    def __init__(
        self,
        build: Callable[[Snapshot | None], Snapshot],
        revision: Callable[[], int],
        *,
        today: Callable[[], date] | None = None,
        check_every_s: float = 0.25,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._build = build
        self._revision = revision
        self._today = today
        self._check_every_s = check_every_s
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._checked_at = float("-inf")
        self._rest_until = float("-inf")
        self._building = threading.Lock()
        self._worker: threading.Thread | None = None
        self.last_error: Exception | None = None

    def current(self) -> Snapshot:
        """The newest finished snapshot. Starts a rebuild behind the scenes when the data or the day has moved.

        Only the very first call waits, as there is nothing to show yet. A store that cannot be asked just now is
        logged, and the last snapshot stays in use.
        """
        snapshot = self._snapshot
        if snapshot is None:
            return self.refresh()
        now = self._clock()
        if now - self._checked_at >= self._check_every_s and now >= self._rest_until:
            self._checked_at = now
            try:
                moved = self._moved(snapshot)
            except Exception as error:  # a busy database must not take the last good snapshot from its readers
                self.last_error = error
                log.exception("The store could not say whether its data moved; the last snapshot stays in use.")
            else:
                if moved:
                    self._rebuild_behind()
                else:
                    self.last_error = None
        return snapshot

    def refresh(self) -> Snapshot:
        """The snapshot as of now: rebuilds in this thread if data or day moved, or waits for a rebuild under way."""
        with self._building:
            snapshot = self._snapshot
            if snapshot is None or self._moved(snapshot):
                started = self._clock()
                snapshot = self._whole(snapshot)
                self._snapshot = snapshot
                # A snapshot is millions of objects without circles; taking them out of the collector's sight spares
                # readers its pauses, and a snapshot nobody reads any more still goes at once by its reference count.
                gc.freeze()
                self._checked_at = self._clock()
                self._rest_until = 2 * self._checked_at - started
                self.last_error = None
            return snapshot

    def _whole(self, before: Snapshot | None) -> Snapshot:
        """A new snapshot. The collector rests: a build makes millions of objects and drops hardly any in circles."""
        # What was dropped in circles since the last snapshot goes now: what is still there is frozen with the next.
        gc.collect()
        gc.unfreeze()
        collecting = gc.isenabled()
        gc.disable()
        try:
            return self._build(before)
        finally:
            if collecting:
                gc.enable()

    def wait(self, timeout_s: float | None = None) -> None:
        """Waits for a rebuild under way, if there is one."""
        worker = self._worker
        if worker is not None:
            worker.join(timeout_s)

    def _moved(self, snapshot: Snapshot) -> bool:
        return self._revision() != snapshot.revision or (self._today is not None and self._today() != snapshot.today)

    def _rebuild_behind(self) -> None:
        if self._building.locked():
            return
        self._worker = threading.Thread(target=self._rebuild, name="snapshot", daemon=True)
        self._worker.start()

    def _rebuild(self) -> None:
        try:
            self.refresh()
        except Exception as error:  # people keep the last good snapshot, whatever went wrong
            self.last_error = error
            log.exception("The snapshot could not be rebuilt; the last one stays in use.")
