"""The clock over the schedule rows: every schedule is a job of APScheduler, which wakes us; the rows decide."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from echo_core.connectors.errors import HubError
from echo_hub.jobs.due import start_due
from echo_hub.jobs.errors import ScheduleError
from echo_hub.jobs.schedules import Schedule, list_schedules, pause_schedule
from echo_hub.jobs.trigger import ScheduleTrigger
from echo_hub.store.database import Database
from echo_hub.sync.connection import utc_now

log = logging.getLogger(__name__)
LOOK_AGAIN = "look-again"


class ScheduleClock:
    """Enqueues a task for every run that schedules say is due; workers do the rest.

    Rows changed by another process (the command line, a second server) are noticed within `look_s` seconds. A run
    missed while nothing was running is made up once, at the start. Several clocks on one database do no harm: a due
    run is one task, whoever enqueues it.

    Args:
        database: holds the schedules.
        now: the clock to read.
        pause: pauses a connection's schedule and keeps why; `pause_schedule` unless given.
        look_s: seconds between looks at the rows.
    """

    def __init__(
        self,
        database: Database,
        *,
        pause: Callable[[str, str | None], object] | None = None,
        now: Callable[[], datetime] = utc_now,
        look_s: float = 15.0,
    ) -> None:
        self._database = database
        self._pause = pause or (lambda connection, why: pause_schedule(database, connection, because=why))
        self._now = now
        self._look_s = look_s
        self._known: dict[str, Schedule] = {}
        self._stopping = False
        self._looking = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begins to look at the rows."""
        self.look()
        self._scheduler.add_job(self.look, "interval", seconds=self._look_s, id=LOOK_AGAIN)
        self._scheduler.start()

    def every(self, seconds: float, do: Callable[[], object]) -> None:
        """Does something else again and again, too; to be said before `start`."""

        def guarded() -> None:
            with self._looking:
                if self._stopping:
                    return
                try:
                    do()
                except HubError as error:
                    log.warning("%s [%s]; trying again in %.0f s", error.message, error.error_code, seconds)

        self._scheduler.add_job(guarded, "interval", seconds=seconds)

    def stop(self) -> None:
        """Enqueues nothing more."""
        with self._looking:
            self._stopping = True
        if self._scheduler.running:
            # Its thread takes a job that ran off the list, which a scheduler that is stopped meanwhile refuses:
            # first nothing new, then nothing left, then stop.
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)

    def look(self) -> None:
        """Enqueues what is due, moves schedules on whose runs are over, and wakes up in time for what comes next."""
        with self._looking:
            if self._stopping:
                return
            try:
                for schedule in list_schedules(self._database):
                    if not schedule.paused and schedule.next_run_at and schedule.next_run_at <= self._now():
                        self._start(schedule.connection)
                self._wake_for(list_schedules(self._database))
            except HubError as error:
                log.warning("schedules cannot be read now, looking again in %.0f s: %s", self._look_s, error.message)

    def _start(self, connection: str) -> None:
        try:
            start_due(self._database, connection, self._now())
        except ScheduleError as error:
            self._pause(connection, error.message)
            log.error("the schedule of %s is paused: %s", connection, error.message)

    def _wake_for(self, schedules: list[Schedule]) -> None:
        """Has a job for each moment that is still to come; what is due already waits for the next look."""
        now = self._now()
        rows = {
            row.connection: row for row in schedules if not row.paused and row.next_run_at and row.next_run_at > now
        }
        for connection in self._known.keys() - rows.keys():
            del self._known[connection]
            if self._scheduler.get_job(connection):
                self._scheduler.remove_job(connection)
        for connection, row in rows.items():
            if self._known.get(connection) != row:
                self._known[connection] = row
                trigger = ScheduleTrigger(row, self._now)
                self._scheduler.add_job(self.look, trigger, id=connection, replace_existing=True)
