"""The clock over the schedule rows: every schedule is a job of APScheduler, which wakes us; the rows decide."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from echo_core.connectors.errors import HubError
from echo_hub.jobs.claims import claim, complete, must_wait, release, renew
from echo_hub.jobs.errors import ScheduleError
from echo_hub.jobs.schedules import Schedule, list_schedules, pause_schedule
from echo_hub.jobs.trigger import ScheduleTrigger
from echo_hub.store.database import Database
from echo_hub.store.leases import process_owner
from echo_hub.store.runs import RunReport
from echo_hub.sync.connection import utc_now

log = logging.getLogger(__name__)
LOOK_AGAIN = "look-again"


class ScheduleClock:
    """Starts syncs when their schedules say so.

    Rows changed by another process (the command line, a second server) are noticed within `look_s` seconds. A run
    missed while nothing was running is made up once, at the start. Several clocks on one database share the work:
    a due run is claimed in the database before it starts, and the claim renewed at every look. The schedule moves on
    when the run is over; one whose process dies is taken over when its claim has ended.

    Args:
        database: holds the schedules.
        sync: runs one connection's sync and answers its reports; called in a worker thread with the connection's
            name and an event that asks it to end after the page under way.
        now: the clock to read.
        optional: the names of a connection's optional streams, whose refusal pauses nothing.
        pause: pauses a connection's schedule and keeps why; `pause_schedule` unless given.
        look_s: seconds between looks at the rows.
        workers: how many connections may sync at once.
    """

    def __init__(
        self,
        database: Database,
        sync: Callable[[str, threading.Event], Iterable[RunReport]],
        *,
        optional: Callable[[str], Collection[str]] = lambda _: (),
        pause: Callable[[str, str | None], object] | None = None,
        now: Callable[[], datetime] = utc_now,
        look_s: float = 15.0,
        workers: int = 4,
    ) -> None:
        self._database = database
        self._sync = sync
        self._optional = optional
        self._pause = pause or (lambda connection, why: pause_schedule(database, connection, because=why))
        self._now = now
        self._look_s = look_s
        self._known: dict[str, Schedule] = {}
        self._syncing: set[str] = set()
        self._owner = process_owner()
        self._stopping = threading.Event()
        self._running = 0
        self._idle = threading.Condition()
        self._looking = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(workers), LOOK_AGAIN: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begins to look at the rows."""
        self.look()
        self._scheduler.add_job(self.look, "interval", seconds=self._look_s, id=LOOK_AGAIN, executor=LOOK_AGAIN)
        self._scheduler.start()

    def stop(self) -> None:
        """Starts nothing more; asks the runs under way to end after their page, and waits for that.

        The waiting is ours: APScheduler's own holds its locks meanwhile, and a run that ends needs them.
        """
        self._stopping.set()
        if self._scheduler.running:
            with self._looking:
                # Its thread takes a job that ran off the list, which a scheduler that is stopped meanwhile refuses:
                # first nothing new, then nothing left, then stop.
                self._scheduler.pause()
                self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)
        with self._idle:
            self._idle.wait_for(lambda: self._running == 0)

    @contextlib.contextmanager
    def _busy(self) -> Iterator[bool]:
        """Counts work that `stop` waits for; False when it must not begin any more."""
        with self._idle:
            going = not self._stopping.is_set()
            self._running += 1
        try:
            yield going
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()

    def look(self) -> None:
        """Brings the clock in line with the rows."""
        with self._busy() as going:
            if going:
                with self._looking:
                    self._look()

    def _look(self) -> None:
        try:
            for connection in self._syncing:
                renew(self._database, connection, self._owner, self._now())
            every = {row.connection: row for row in list_schedules(self._database)}
        except HubError as error:
            log.warning("the schedules cannot be read now, looking again in %.0f s: %s", self._look_s, error.message)
            return
        rows = {connection: row for connection, row in every.items() if not row.paused and row.next_run_at}
        for connection in self._known.keys() - rows.keys():
            del self._known[connection]
            if self._scheduler.get_job(connection):
                self._scheduler.remove_job(connection)
        now = self._now()
        for connection, row in rows.items():
            if connection in self._syncing:
                continue  # its job rests until its run ends
            if must_wait(row, every, now):
                self._rest(connection)
            elif self._scheduler.get_job(connection) is None:
                trigger = ScheduleTrigger(row, self._now)
                self._scheduler.add_job(self.run_due, trigger, args=[connection], id=connection)
                self._known[connection] = row
            elif self._known.get(connection) != row:
                self._scheduler.reschedule_job(connection, trigger=ScheduleTrigger(row, self._now))
                self._known[connection] = row

    def _rest(self, connection: str) -> None:
        """Keeps a job from firing until a later look wakes it."""
        self._known.pop(connection, None)
        if self._scheduler.get_job(connection):
            self._scheduler.pause_job(connection)

    def run_due(self, connection: str) -> None:
        """Runs one due schedule, unless another process took it.

        Settings or credentials that the source refuses pause the schedule: trying them again every hour helps nobody
        and locks accounts.
        """
        with self._busy() as going:
            with self._looking:
                schedule = self._known.get(connection)
                if schedule is None or not going:
                    return
                self._rest(connection)
                self._syncing.add(connection)
            try:
                started = self._now()
                if claim(self._database, schedule, self._owner, started):
                    self._run(connection, started)
            except HubError as error:
                log.error("the scheduled sync of %s did not run: %s", connection, error.message)
                return  # the next regular look wakes the job, not this one: the database may be away for a while
            finally:
                with self._looking:
                    self._syncing.discard(connection)
            self.look()

    def _run(self, connection: str, started: datetime) -> None:
        reports: list[RunReport] = []
        try:
            reports += self._sync(connection, self._stopping)
        except HubError as error:
            log.error("the scheduled sync of %s did not run: %s", connection, error.message)
        if self._stopping.is_set() and any(report.outcome == "stopped" for report in reports):
            release(self._database, connection, self._owner)  # whoever starts next goes on from there
            return
        refused = self._refused(connection, reports)
        if refused:
            self._pause(connection, refused[0].error_message)
            log.error("the schedule of %s is paused: %s", connection, refused[0].error_message)
        try:
            complete(self._database, connection, self._owner, started)
        except ScheduleError as error:
            self._pause(connection, error.message)
            log.error("the schedule of %s is paused: %s", connection, error.message)

    def _refused(self, connection: str, reports: list[RunReport]) -> list[RunReport]:
        """What a person must put right before the connection is of use again: an optional stream alone is not it."""
        refused = [report for report in reports if _waits_for_a_person(report)]
        if refused and len(refused) < len(reports):
            optional = self._optional(connection)
            refused = [report for report in refused if report.stream not in optional]
        return refused


def _waits_for_a_person(report: RunReport) -> bool:
    return report.outcome == "failed" and (report.error_code or "").startswith(("auth.", "config."))
