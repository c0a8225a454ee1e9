"""One run of one stream: everything it stores, a page at a time, and how it ends."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from echo_core.connectors.declaration import Page, Stream, Window
from echo_core.connectors.errors import ContractError, HubError
from echo_core.connectors.hooks import Hooks
from echo_core.model import ENTITIES
from echo_hub.store import bulk, cursors, holds, quarantine, runs
from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import SEEN
from echo_hub.store.runs import RunReport
from echo_hub.sync import failure, limits
from echo_hub.sync.circle import PagesMet
from echo_hub.sync.compare import Compared, Replacing, compare
from echo_hub.sync.connection import Connection
from echo_hub.sync.counting import counted
from echo_hub.sync.fingerprint import mapping_fingerprint, raw_hasher
from echo_hub.sync.keys import keys_of, storable
from echo_hub.sync.lease import Lease
from echo_hub.sync.mapping import Mapper
from echo_hub.sync.removal import FLOOR, may_sweep, verdict
from echo_hub.sync.telling import HELD_BECAUSE, tell_hold, tell_page
from echo_hub.sync.window import from_the_future, next_watermark, next_window, reading_window

log = logging.getLogger(__name__)

Opened = Callable[[Transaction, RunReport], None]
"""Called in the transaction that opens a run or goes on with one."""


class StreamRun:
    """The writer's side of one stream. Used by one thread; every method that stores is one transaction.

    After `begin`: `window` and `resume` say what to read, `report` what has been committed so far.
    """

    report: RunReport
    window: Window
    resume: Any

    def __init__(
        self,
        database: Database,
        connection: Connection,
        stream: Stream,
        lease: Lease,
        hooks: Hooks,
        *,
        full: bool,
        opened: Opened | None = None,
    ) -> None:
        self.stream = stream
        self.resumed = False
        self.pages = 0
        self.total: int | None = None
        self._database = database
        self._connection = connection
        self._lease = lease
        self._hooks = hooks
        self._full = full
        self._opened = opened
        self._mapper = Mapper(stream, connection.config, hooks)
        mapping = mapping_fingerprint(stream, connection.config, hooked=hooks.maps)
        self._mapping = mapping.hex()
        self._raw_hash = raw_hasher(mapping, stream)
        self._pages_met = PagesMet()

    def begin(self) -> None:
        """Opens a run, or continues the unfinished one where the source can."""
        now = self._lease.clock()
        with self._database.writing() as transaction:
            self._lease.renew(transaction)
            self._cursor = cursors.open_cursor(transaction, self._connection.name, self.stream.name)
            self._distrust_future(transaction, now)
            self.resume = self._continued(transaction, now)
            if not self.resumed:
                changed = self._cursor.mapping not in {None, self._mapping}
                window = next_window(self.stream, self._cursor.watermark, now, full=self._full or changed)
                self.report = RunReport(
                    self._connection.name, self.stream.name, now, window.until, window.since, complete=self._full
                )
                self._cursor.forget_run()
                self._cursor.run_id = runs.open_run(transaction, self.report)
                self._cursor.run_mapping = self._mapping
                self._cursor.window_since, self._cursor.window_until = window.since, window.until
            cursors.save_cursor(transaction, self._cursor)
            self._open_keys = quarantine.open_keys(transaction, self._cursor.stream_id)
            self._hold_id = holds.open_hold_id(transaction, self._cursor.stream_id)
            if self._opened is not None:
                self._opened(transaction, self.report)
        self._bounds = Window(self.report.window_since, self.report.window_until)
        self._sweeps = may_sweep(self.stream, self._bounds, full=self.report.complete)
        self.window = reading_window(self.stream, self._bounds, now, sweeps=self._sweeps)
        self._heals = self._cursor.mapping != self._mapping
        self._traffic = {name: getattr(self.report, name) for name in runs.TRAFFIC}

    def _distrust_future(self, transaction: Transaction, now: datetime) -> None:
        if from_the_future(self._cursor.watermark, now):
            log.warning(
                "%s/%s: the last run's clock was ahead of this one's; reading from the beginning",
                self._connection.name,
                self.stream.name,
            )
            cursors.forget_watermark(transaction, self._cursor)

    def _continued(self, transaction: Transaction, now: datetime) -> Any:
        """The resume value of an unfinished run to go on with, or None after closing it for good."""
        cursor = self._cursor
        if cursor.run_id is None:
            return None
        before = runs.load_run(transaction, cursor.run_id)
        fits = cursor.cursor_version == cursors.CURSOR_VERSION and cursor.run_mapping == self._mapping
        fits = fits and not from_the_future(cursor.window_until, now)
        fits = fits and before is not None and before.outcome != "cancelled"
        if before is not None and cursor.resume is not None and fits and (before.complete or not self._full):
            self.resumed = True
            self.report = before
            before.outcome = before.ended_at = None
            before.error_code = before.error_message = before.error_detail = before.error_traceback = None
            before.read -= cursor.refused  # the page they were on is read again
            before.quarantined -= cursor.refused
            cursor.refused = 0
            runs.save_run(transaction, before)
            return json.loads(cursor.resume)
        if before is not None and before.outcome is None:
            before.outcome, before.ended_at = "failed", self._lease.clock()
            before.error_code = "run.interrupted"
            before.error_message = "The process ended before the run did; a new run reads the window again."
            runs.save_run(transaction, before)
        self._forget_seen(transaction, cursor.run_id)
        return None

    def count_traffic(self, stats: Any) -> None:
        """Takes over what the HTTP client counted for this stream in this process."""
        for name in runs.TRAFFIC:
            setattr(self.report, name, self._traffic[name] + getattr(stats, name))

    def store(self, page: Page) -> None:
        """Commits a page: changed rows, seen marks, quarantine, counters and resume value together, or nothing.

        Raises:
            ContractError: see `limits`; a wholly bad page leaves its quarantine rows and nothing else.
            HubError: the database refused, or the lease is lost.
        """
        resume = limits.resume_text(page.resume)
        with self._database.reading() as transaction:
            compared = compare(
                transaction, self._cursor.stream_id, self.stream, page.records, self._mapper, self._raw_hash
            )
            self._pages_met.meet(compared.hashes, page.removed, resume)
            if self._sweeps:
                again = bulk.met_before(transaction, self._run_id, list(compared.returned))
                compared.keep_stored([id_ for id_ in again if not self._may_replace(compared.returned[id_])])
        try:
            limits.check_page(len(page.records), len(compared.rejected))
        except ContractError:
            with self._going_on() as transaction:
                self._quarantine(transaction, compared)
                refused = replace(self._cursor, refused=len(page.records))
                report = counted(self.report, page, compared)
                runs.save_run(transaction, report)
                cursors.save_cursor(transaction, refused)
            self.report, self._cursor = report, refused
            raise
        report = counted(self.report, page, compared)
        cursor = replace(self._cursor)
        # A page without resume value keeps the last one: going on there reads this page again, which costs nothing.
        cursor.resume = resume or cursor.resume
        if compared.latest is not None and (cursor.observed is None or compared.latest > cursor.observed):
            cursor.observed = compared.latest
        with self._going_on() as transaction:
            report.removed += self._write(transaction, page, compared)
            runs.save_run(transaction, report)
            cursors.save_cursor(transaction, cursor)
            if compared.changed or report.removed > self.report.removed:
                transaction.moved(self._run_id)
        before, self.report, self._cursor = self.report, report, cursor
        self.pages += 1
        self.total = page.total if page.total is not None else self.total
        tell_page(self._hooks, before, report, compared, page=self.pages, total=self.total)
        limits.check_run(report.read, report.quarantined, ended=False)

    def _may_replace(self, change: Replacing) -> bool:
        """Whether a version the run meets second counts: it is younger, or the first could not be read."""
        return change.is_newer or (change.row.raw_key or change.row.source_id) in self._open_keys

    def _write(self, transaction: Transaction, page: Page, compared: Compared) -> int:
        """Everything of a page but its counters; answers how many records it removed."""
        run_id, stream_id = self._run_id, self._cursor.stream_id
        now = transaction.moment(self._lease.clock())
        bulk.upsert_records(
            transaction,
            [row.stored(stream_id, run_id, now=now, moment=transaction.moment) for row in compared.changed],
        )
        met = compared.met
        if compared.rejected:
            keys = {rejection.source_key for rejection in compared.rejected}
            met = met + bulk.ids_of_keys(transaction, stream_id, self.stream.entities, keys)
            self._quarantine(transaction, compared)
        gone_keys = storable(page.removed)
        self._resolve(transaction, page, compared, gone_keys)
        if self._sweeps:
            bulk.mark_seen(transaction, run_id, met)
        if self._hold_id is not None:
            bulk.release_from_hold(transaction, self._hold_id, met + list(compared.returned))
        bulk.rewrite_payloads(transaction, compared.rewritten)
        if self._heals:
            bulk.refresh_raw_hashes(transaction, compared.stale)
        gone = bulk.ids_of_keys(transaction, stream_id, self.stream.entities, gone_keys)
        gone += self._no_longer_made(transaction, compared)
        return bulk.remove_records(transaction, gone, run_id, now, "tombstone")

    def _no_longer_made(self, transaction: Transaction, compared: Compared) -> list[int]:
        """Ids of records that came of a raw record of this page before and do not now; a sweep finds them by itself."""
        if self._sweeps or not compared.produced:
            return []
        live = bulk.live_of_raw_keys(transaction, self._cursor.stream_id, compared.produced)
        gone = [
            key
            for key, entity, source_id, raw_key in live
            if entity in ENTITIES and (entity, source_id) not in compared.produced[raw_key]
        ]
        if len(gone) > FLOOR and len(gone) > self.stream.max_removal_ratio * len(live):
            log.warning(
                "%s/%s: %d records are no longer made of what the source sends, too many to remove unasked; "
                "a full sync asks",
                self._connection.name,
                self.stream.name,
                len(gone),
            )
            return []
        return gone

    def _quarantine(self, transaction: Transaction, compared: Compared) -> None:
        quarantine.save_rejected(
            transaction, self._cursor.stream_id, self._run_id, self._lease.clock(), compared.rejected
        )
        self._open_keys |= {rejection.source_key for rejection in compared.rejected}

    def _resolve(self, transaction: Transaction, page: Page, compared: Compared, gone: list[str]) -> None:
        if not self._open_keys:
            return
        bad = {rejection.source_key for rejection in compared.rejected}
        good = {key for key in keys_of(self.stream.key, page.records) if key is not None} - bad
        healed = (good | set(gone)) & self._open_keys
        if healed:
            quarantine.resolve(transaction, self._cursor.stream_id, healed, self._lease.clock())
            self._open_keys -= healed

    def finish(self) -> None:
        """The source listed everything: sweeps or holds, moves the watermark, closes the run.

        Raises:
            ContractError: too many records were bad; the watermark stays.
        """
        limits.check_run(self.report.read, self.report.quarantined, ended=True)
        now = self._lease.clock()
        report, cursor = replace(self.report, outcome="done", ended_at=now), replace(self._cursor)
        hold: holds.Hold | None = None
        reason = ""
        with self._going_on() as transaction:
            if self._sweeps:
                missing, live = holds.count_missing(transaction, cursor.stream_id, self._run_id)
                keyless = quarantine.has_keyless(transaction, cursor.stream_id, self._run_id)
                reason = verdict(missing, live, report.read, self.stream.max_removal_ratio, keyless=keyless)
                if report.read or reason == "empty":
                    holds.supersede(transaction, cursor.stream_id, self._run_id, now)
                if reason in HELD_BECAUSE:
                    hold = holds.open_hold(transaction, cursor.stream_id, self._run_id, live, now)
                    report.outcome, report.held = "held", hold.would_remove
                elif report.read:
                    quarantine.resolve_absent(transaction, cursor.stream_id, self._run_id, now)
                    if holds.sweep(transaction, cursor.stream_id, self._run_id, now):
                        report.removed += missing
                        transaction.moved(self._run_id)
            self._forget_seen(transaction, self._run_id)
            cursor.watermark = next_watermark(self.stream, cursor.watermark, self._bounds, cursor.observed)
            cursor.forget_run()
            cursor.mapping = self._mapping
            cursors.save_cursor(transaction, cursor)
            runs.save_run(transaction, report)
        self.report, self._cursor = report, cursor
        if hold is not None:
            tell_hold(self._hooks, report, hold, reason)

    def restart(self) -> bool:
        """Drops an expired resume value so that the window is read again from its start; once per run."""
        if self._cursor.restarts:
            return False
        cursor = replace(self._cursor, resume=None, restarts=1)
        with self._database.writing() as transaction:
            self._lease.renew(transaction)
            cursors.save_cursor(transaction, cursor)
        self._cursor, self.resume = cursor, None
        self._pages_met = PagesMet()
        return True

    def fail(self, error: HubError) -> None:
        """Closes the run as failed, paused or skipped; keeps the resume value where going on makes sense."""
        failure.note(self.report, error, failure.outcome_of(error, optional=self.stream.optional))
        self._close(keep=failure.keeps_resume(error))

    def stop(self) -> None:
        """Closes the run as stopped after the last committed page."""
        self.report.outcome = "stopped"
        self._close(keep=True)

    def heed_cancel(self) -> None:
        """Raises `RunCancelledError` when somebody has cancelled the run."""
        with self._database.reading() as transaction:
            runs.heed_cancel(transaction, self._run_id)

    @contextmanager
    def _going_on(self) -> Iterator[Transaction]:
        """A transaction that commits only while the lease is ours and nobody has cancelled the run."""
        with self._database.writing() as transaction:
            self._lease.renew(transaction)
            runs.heed_cancel(transaction, self._run_id)
            yield transaction

    def _close(self, *, keep: bool) -> None:
        self.report.ended_at = self._lease.clock()
        cursor = replace(self._cursor)
        with self._database.writing() as transaction:
            self._lease.renew(transaction)
            if self.report.outcome != "cancelled":
                try:
                    runs.heed_cancel(transaction, self._run_id)
                except runs.RunCancelledError as error:  # at the moment it ended otherwise
                    failure.note(self.report, error, "cancelled")
                    keep = False
            if not keep or cursor.resume is None:
                self._forget_seen(transaction, self._run_id)
                cursor.forget_run()
            cursors.save_cursor(transaction, cursor)
            runs.save_run(transaction, self.report)
        self._cursor = cursor

    @property
    def _run_id(self) -> int:
        assert self.report.run_id is not None
        return self.report.run_id

    @staticmethod
    def _forget_seen(transaction: Transaction, run_id: int) -> None:
        transaction.execute(delete(SEEN).where(SEEN.c.run_id == run_id))
