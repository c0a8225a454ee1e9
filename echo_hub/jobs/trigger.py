"""The trigger of a schedule's APScheduler job: its moments are those of cronsim, not of APScheduler's own cron."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger

from echo_hub.jobs.errors import ScheduleError
from echo_hub.jobs.schedules import Schedule, next_run

A_LITTLE = timedelta(milliseconds=1)
"""Later than due, because the two clocks are read one after the other, and nothing may start before it is due."""


class ScheduleTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """Fires when a schedule is due, then at the moments that follow.

    A moment that passed while nobody was looking is due at once: made up once, not as often as it was missed. The
    hub's clock says how far off a moment is; APScheduler only waits, by its own.

    Args:
        schedule: as the row was read.
        now: the hub's clock.
    """

    __slots__ = ("_now", "schedule")

    def __init__(self, schedule: Schedule, now: Callable[[], datetime]) -> None:
        self.schedule = schedule
        self._now = now

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """As APScheduler asks: the first moment when nothing has fired yet, else the next; None when none follows."""
        clock = self._now()
        if previous_fire_time is None:
            due = self.schedule.next_run_at or clock
        else:
            try:
                due = next_run(replace(self.schedule, last_run_at=clock), clock)
            except ScheduleError:
                return None
        return now + max(due - clock, timedelta(0)) + A_LITTLE
