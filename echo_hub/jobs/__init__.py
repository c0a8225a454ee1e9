"""When connections sync: schedules are our rows, APScheduler is a clock over them, in this room alone."""

from echo_hub.jobs.clock import ScheduleClock
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

__all__ = [
    "Schedule",
    "ScheduleClock",
    "ScheduleError",
    "Timing",
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
