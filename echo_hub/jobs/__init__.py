"""Work that waits: tasks and who runs them; schedules, which APScheduler turns into tasks, in this room alone."""

from echo_hub.jobs.attempt import Attempt, Kind, TaskStopped
from echo_hub.jobs.clock import ScheduleClock
from echo_hub.jobs.due import SYNC, end_due
from echo_hub.jobs.errors import ScheduleError
from echo_hub.jobs.schedules import (
    Schedule,
    Timing,
    interval_text,
    list_schedules,
    next_run,
    next_runs,
    pause_schedule,
    plan_schedule,
    refuse_circle,
    resume_schedule,
    set_schedule,
)
from echo_hub.jobs.worker import Worker

__all__ = [
    "SYNC",
    "Attempt",
    "Kind",
    "Schedule",
    "ScheduleClock",
    "ScheduleError",
    "TaskStopped",
    "Timing",
    "Worker",
    "end_due",
    "interval_text",
    "list_schedules",
    "next_run",
    "next_runs",
    "pause_schedule",
    "plan_schedule",
    "refuse_circle",
    "resume_schedule",
    "set_schedule",
]
