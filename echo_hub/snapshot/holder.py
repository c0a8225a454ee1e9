"""Keeps the current snapshot: readers get a whole snapshot at once and never wait for the next one."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from echo_core.connectors.errors import HubError
from echo_hub.snapshot.snapshot import Snapshot

log = logging.getLogger(__name__)
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 300.0
"""How long to wait after a build that failed; twice as long after each further one, up to the longest."""


class SnapshotError(HubError):
    """No snapshot could be made, and there is none from before to show."""

    code: ClassVar[str] = "snapshot.failed"
    who: ClassVar[str] = "the operator"


@dataclass(frozen=True, slots=True)
class BuildState:
    """How the building of snapshots goes: `failures` in a row, why the last one failed, and when it is tried again.

    `age_s` is how long ago the newest snapshot was finished, `took_s` how long making it took; None before the first.
    """

    building: bool
    failures: int = 0
    failure: str | None = None
    retry_in_s: float | None = None
    age_s: float | None = None
    took_s: float | None = None


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
        self._finished: tuple[float, float] | None = None
        self._failures = 0
        # Text alone: an error holds on to all that was built when it was raised.
        self._failure: str | None = None
        self._logged = ""

    def current(self) -> Snapshot:
        """The newest finished snapshot. Starts a rebuild behind the scenes when the data or the day has moved.

        Only the very first calls wait, as there is nothing to show yet. A store that cannot be asked just now, or a
        build that fails, is logged once, and the last snapshot stays in use.

        Raises:
            SnapshotError: there is no snapshot yet, and making one failed; until it is tried again, without a wait.
        """
        snapshot = self._snapshot
        if snapshot is None:
            return self._first()
        now = self._clock()
        if now - self._checked_at >= self._check_every_s and now >= self._rest_until:
            self._checked_at = now
            try:
                moved = self._moved(snapshot)
            except Exception as error:  # noqa: BLE001 -- a busy database must not take the last snapshot from its readers
                self._note(error, "The store could not say whether its data moved; the last snapshot stays in use.")
            else:
                if moved:
                    self._rebuild_behind()
                elif self._failure is not None:
                    self._failures, self._failure, self._logged = 0, None, ""
        return snapshot

    def latest(self) -> Snapshot | None:
        """The newest finished snapshot if there is one, without asking for a newer one."""
        return self._snapshot

    def state(self) -> BuildState:
        """How the building of snapshots goes; never waits."""
        failure, wait = self._failure, self._rest_until - self._clock()
        retry = max(wait, 0.0) if failure is not None else None
        finished = self._finished
        age, took = (self._clock() - finished[0], finished[1]) if finished is not None else (None, None)
        return BuildState(self._building.locked(), self._failures, failure, retry, age, took)

    def prepare(self) -> None:
        """Starts the first build behind the scenes, if there is no snapshot and none is being made."""
        if self._snapshot is None and self._clock() >= self._rest_until:
            self._rebuild_behind()

    def _first(self) -> Snapshot:
        """The first snapshot. Who waited for a build that failed does not start another one at once."""
        with self._building:
            if self._snapshot is None and self._failure is not None and self._clock() < self._rest_until:
                raise self._unavailable()
            return self._refreshed()

    def refresh(self) -> Snapshot:
        """The snapshot as of now: rebuilds in this thread if data or day moved, or waits for a rebuild under way.

        For whoever has time: no request may wait for it.

        Raises:
            SnapshotError: making it failed.
            HubError: making it failed for a reason that has a sentence of its own.
        """
        with self._building:
            return self._refreshed()

    def _refreshed(self) -> Snapshot:
        before, started = self._snapshot, self._clock()
        try:
            if before is not None and not self._moved(before):
                return before
            snapshot = self._whole(before)
        except Exception as error:
            self._failures += 1
            wait = min(FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 30), LONGEST_RETRY_S)
            self._rest_until = self._clock() + max(wait, self._clock() - started)
            self._note(error, "The snapshot could not be rebuilt; the last one stays in use.")
            if isinstance(error, HubError):
                raise
            raise self._unavailable() from error
        self._snapshot = snapshot
        # A snapshot is millions of objects without circles; taking them out of the collector's sight spares readers
        # its pauses, and a snapshot nobody reads any more still goes at once by its reference count.
        gc.freeze()
        self._checked_at = self._clock()
        self._rest_until = 2 * self._checked_at - started
        self._finished = self._checked_at, self._checked_at - started
        self._failures, self._failure, self._logged = 0, None, ""
        return snapshot

    def _note(self, error: Exception, what: str) -> None:
        """Keeps why something failed; the log has it once, however often it is tried."""
        told = f"{type(error).__name__}: {error}"
        if told != self._logged:
            log.error(what, exc_info=error)
        self._logged = told
        self._failure = error.message if isinstance(error, HubError) else f"{type(error).__name__}; the log says where."

    def _unavailable(self) -> SnapshotError:
        return SnapshotError(
            "The lists of people and opportunities could not be made from what is stored. The log says why;"
            " echo-hub health shows what is set aside.",
            detail=self._failure or "",
        )

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
        with suppress(Exception):  # noted; people keep the last good snapshot, whatever went wrong
            self.refresh()
