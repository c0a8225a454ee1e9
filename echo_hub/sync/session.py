"""One connection's sync under way: its readers, the queue between, and the one writer that stores what they read."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from echo_core.connectors.declaration import Stream, StreamContext
from echo_core.connectors.errors import HubError, ResumeExpired, TransientError
from echo_core.connectors.events import RunEnded, RunStarted
from echo_core.connectors.hooks import Hooks
from echo_core.connectors.redaction import connection_logger
from echo_hub.log_context import logged_under
from echo_hub.store import runs
from echo_hub.store.database import Database
from echo_hub.store.leases import LeaseLostError, LeaseTakenError
from echo_hub.store.runs import RunCancelledError, RunReport
from echo_hub.sync import failure
from echo_hub.sync.connection import Connection
from echo_hub.sync.dry_run import DryRun
from echo_hub.sync.lease import Lease
from echo_hub.sync.reader import Message, Reader
from echo_hub.sync.stream_run import Opened, StreamRun
from echo_hub.sync.window import STREAM_LIMIT

QUEUED_PAGES = 1
"""Pages read ahead; each waits in memory."""
IDLE_S = 0.2
JOIN_S = 5.0
HEED_S = 2.0
"""How often it is looked whether somebody has cancelled a run, apart from every page."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StreamProgress:
    """Where a stream stands. `total` is the source's own estimate; `outcome` is set with the last one."""

    connection: str
    stream: str
    read: int
    written: int
    total: int | None
    outcome: str | None


Progress = Callable[[StreamProgress], None]
Run = StreamRun | DryRun


class Session:
    """The writer of one connection, and the readers it started."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        lease: Lease,
        hooks: Hooks,
        client: Any,
        progress: Progress,
        stop: threading.Event,
        opened: Opened | None,
    ) -> None:
        self._database = database
        self._connection = connection
        self._lease = lease
        self._hooks = hooks
        self._client = client
        self._progress = progress
        self._stop = stop
        self._opened = opened
        self._messages: queue.Queue[Message] = queue.Queue(maxsize=QUEUED_PAGES)
        self._active: dict[Reader, Run] = {}
        self._renewed_at = lease.clock()
        self._dry = False
        self._deadlines: dict[Run, float] = {}
        self.limit_streams(STREAM_LIMIT, time.monotonic)

    def limit_streams(self, limit: timedelta, monotonic: Callable[[], float]) -> None:
        """How long each stream may take, measured by a clock in seconds."""
        self._limit = limit
        self._monotonic = monotonic
        self._heeded_at = monotonic()

    def run(self, streams: Sequence[Stream], *, full: bool, dry_run: bool) -> list[RunReport]:
        self._dry = dry_run
        begun: list[Run | RunReport] = []
        try:
            for stream in streams:
                try:
                    run = self._begin(stream, full=full)
                except HubError:
                    raise
                except Exception as error:  # noqa: BLE001, a stream its author got wrong must not stop the others
                    begun.append(self._never_began(stream, error))
                    continue
                begun.append(run)
                self._read(run)
            while self._active:
                self._step()
        finally:
            readers = list(self._active)
            for reader in readers:
                reader.cancel()
            for reader in readers:
                reader.join(JOIN_S)
        return [run if isinstance(run, RunReport) else run.report for run in begun]

    def _never_began(self, stream: Stream, error: Exception) -> RunReport:
        return never_began(
            self._database,
            self._connection.name,
            failure.as_hub_error(error, stream.name),
            self._lease.clock(),
            stream=stream.name,
            store=not self._dry,
            opened=self._opened,
        )

    def _begin(self, stream: Stream, *, full: bool) -> Run:
        if self._dry:
            run: Run = DryRun(self._database, self._connection, stream, self._lease.clock, self._hooks, full=full)
        else:
            run = StreamRun(
                database=self._database,
                connection=self._connection,
                stream=stream,
                lease=self._lease,
                hooks=self._hooks,
                full=full,
                opened=self._opened,
            )
        run.begin()
        if not self._dry:
            report = run.report
            self._hooks.event(
                RunStarted(
                    connection=report.connection,
                    stream=report.stream,
                    run=str(report.run_id),
                    since=run.window.since,
                    until=run.window.until,
                    resumed=run.resumed,
                )
            )
        return run

    def _read(self, run: Run) -> None:
        context = StreamContext(
            self._connection.config, self._client, self._lease.clock, connection_logger(self._connection.name)
        )
        with logged_under("run_id", run.report.run_id):
            reader = Reader(run.stream, context, run.window, run.resume, self._messages)
        self._active[reader] = run
        self._deadlines.setdefault(run, self._monotonic() + self._limit.total_seconds())
        reader.start()

    def _step(self) -> None:
        """Handles one message; a stop or a lost lease ends every run."""
        try:
            if self._stop.is_set():
                self._end_all(None)
                return
            self._keep_lease()
            self._end_late()
            self._end_cancelled()
            try:
                message = self._messages.get(timeout=IDLE_S)
            except queue.Empty:
                return
            run = self._active.get(message.reader)
            if run is not None:
                with logged_under("run_id", run.report.run_id):
                    self._handle(message, run)
        except KeyboardInterrupt:
            self._stop.set()
        except LeaseLostError as error:
            self._end_all(error)

    def _handle(self, message: Message, run: Run) -> None:
        try:
            if message.kind == "error":
                raise failure.as_hub_error(message.value, run.stream.name)
            self._count_traffic(run)
            if message.kind == "page":
                run.store(message.value)
                self._renewed_at = self._lease.clock()
                self._watch(run)
            else:
                run.finish()
                self._ended(message.reader, run)
        except LeaseLostError:
            raise
        except ResumeExpired as error:
            self._expired(message.reader, run, error)
        except HubError as error:
            self._failed(message.reader, run, error)
        except Exception as error:  # noqa: BLE001, plug-in code (key, map, hooks) may raise anything; stored with the run
            self._failed(message.reader, run, failure.as_hub_error(error, run.stream.name))

    def _count_traffic(self, run: Run) -> None:
        """Before the run's end as well: one that failed on its first request has sent it all the same."""
        if hasattr(self._client, "stats_of"):
            run.count_traffic(self._client.stats_of(run.stream.name))

    def _expired(self, reader: Reader, run: Run, error: ResumeExpired) -> None:
        if not run.restart():
            self._failed(reader, run, error)
            return
        log.info("%s/%s: the resume value expired; reading the window again", self._connection.name, run.stream.name)
        reader.cancel()
        del self._active[reader]
        self._read(run)

    def _failed(self, reader: Reader, run: Run, error: HubError) -> None:
        reader.cancel()
        self._count_traffic(run)
        _close(run, error)
        self._ended(reader, run)

    def _ended(self, reader: Reader, run: Run) -> None:
        del self._active[reader]
        self._watch(run)
        report = run.report
        level = logging.INFO if report.outcome in {"done", "stopped", "cancelled", "skipped"} else logging.WARNING
        with logged_under("run_id", report.run_id):
            log.log(
                level,
                "%s/%s: %s, read %d, written %d, unchanged %d, quarantined %d, removed %d%s",
                report.connection,
                report.stream,
                report.outcome,
                report.read,
                report.written,
                report.unchanged,
                report.quarantined,
                report.removed,
                f" [{report.error_code}]" if report.error_code else "",
            )
        if not self._dry:
            duration_s = ((report.ended_at or report.started_at) - report.started_at).total_seconds()
            self._hooks.event(
                RunEnded(
                    connection=report.connection,
                    stream=report.stream,
                    run=str(report.run_id),
                    outcome=str(report.outcome),
                    read=report.read,
                    written=report.written,
                    unchanged=report.unchanged,
                    quarantined=report.quarantined,
                    removed=report.removed,
                    held=report.held,
                    duration_s=duration_s,
                    code=report.error_code,
                )
            )

    def _end_all(self, error: HubError | None) -> None:
        for reader, run in list(self._active.items()):
            reader.cancel()
            self._count_traffic(run)
            _close(run, error)
            self._ended(reader, run)

    def _end_late(self) -> None:
        now = self._monotonic()
        for reader, run in list(self._active.items()):
            if now >= self._deadlines[run]:
                late = TransientError(
                    f"{run.stream.name} was not read to its end within {self._limit.total_seconds() / 3600:g} hours; "
                    "the next sync goes on where it stood if the source can.",
                    code="run.time_limit",
                )
                self._failed(reader, run, late)

    def _end_cancelled(self) -> None:
        """Between pages, however long a source takes for the next one."""
        now = self._monotonic()
        if self._dry or now - self._heeded_at < HEED_S:
            return
        self._heeded_at = now
        for reader, run in list(self._active.items()):
            try:
                if isinstance(run, StreamRun):
                    run.heed_cancel()
            except RunCancelledError as error:
                self._failed(reader, run, error)

    def _keep_lease(self) -> None:
        """Renews the lease while the source is silent. A clock set back counts as time gone by."""
        now = self._lease.clock()
        if self._dry or timedelta(0) <= now - self._renewed_at < self._lease.length / 3:
            return
        with self._database.writing() as transaction:
            self._lease.renew(transaction)
        self._renewed_at = now

    def _watch(self, run: Run) -> None:
        report = run.report
        self._progress(
            StreamProgress(report.connection, report.stream, report.read, report.written, run.total, report.outcome)
        )


def _close(run: Run, error: HubError | None) -> None:
    """Ends a run; when the database refuses even that, the report still says how it ended."""
    try:
        if error is None:
            run.stop()
        else:
            run.fail(error)
    except HubError as refused:
        failure.note(run.report, error or refused, run.report.outcome or "failed")
        log.warning(
            "%s/%s: the end of the run could not be stored: %s", run.report.connection, run.report.stream, refused
        )


def never_began(
    database: Database,
    connection: str,
    error: HubError,
    now: datetime,
    *,
    stream: str = "",
    store: bool,
    opened: Opened | None = None,
) -> RunReport:
    """A failed report for something that could not even begin, stored unless another process is at work there."""
    report = RunReport(connection, stream, now, now, ended_at=now)
    failure.note(report, error, "failed")
    if store and not isinstance(error, LeaseTakenError):
        try:
            with database.writing() as transaction:
                runs.open_run(transaction, report)
                if opened is not None:
                    opened(transaction, report)
        except HubError as refused:
            log.warning("%s: the failure could not be stored: %s", connection, refused)
    return report
