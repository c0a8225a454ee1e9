"""Connections, runs and schedules as the API shows them: never a payload, a trace or a secret."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from echo_hub.services.intents.operations import ConnectionState, Outcome, RunReport
from echo_hub.services.intents.schedules import Plan, Schedule
from echo_hub.services.views import View


class ConnectionView(View):
    """A connected system. `outcome` is the worst of its streams' last runs."""

    name: str
    title: str = Field(description="The system's name")
    last_run: datetime | None
    outcome: str | None
    schedule: str | None = Field(description="In words: a cron expression with its time zone, or an interval")
    paused: bool
    next_run: datetime | None

    @classmethod
    def of(cls, state: ConnectionState) -> ConnectionView:
        """A connection's state."""
        return cls(**{name: getattr(state, name) for name in cls.model_fields})


class RunView(View):
    """One run of one stream. `outcome` is null while it runs, or when its process was killed."""

    run_id: int | None
    connection: str
    stream: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    window_since: datetime | None = Field(description="Start of the window that was read; null for everything")
    window_until: datetime
    read: int = Field(description="Raw records read")
    written: int = Field(description="Records that were new or had changed")
    unchanged: int
    quarantined: int = Field(description="Records set aside with a reason")
    excluded: int = Field(description="Records left out by a named rule")
    removed: int
    held: int = Field(description="Removals that wait for a person")
    requests: int
    retries: int
    throttled_s: float = Field(description="Seconds spent waiting because the system asked for it")
    bytes: int
    error_code: str | None
    error_message: str | None
    exclusions: dict[str, int] = Field(description="How many records each rule left out")

    @classmethod
    def of(cls, run: RunReport) -> RunView:
        """A run's report."""
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class ScheduleView(View):
    """When a connection syncs: by `cron` (five fields) or every `interval_s` seconds, read in `time_zone`."""

    connection: str
    cron: str | None
    interval_s: int | None
    time_zone: str
    blackouts: tuple[str, ...] = Field(description="When no run starts")
    jitter_s: int = Field(description="By how many seconds a run may come later")
    runs_after: str | None = Field(description="The connection whose run it waits for when both are due")
    paused: bool
    paused_because: str | None = Field(description="What was refused, when nobody paused it")
    next_run_at: datetime | None
    last_run_at: datetime | None

    @classmethod
    def of(cls, schedule: Schedule) -> ScheduleView:
        """A schedule."""
        values = {name: getattr(schedule, name) for name in cls.model_fields}
        return cls(**{**values, "blackouts": tuple(schedule.blackout_texts)})


class PlanView(View):
    """A schedule, and its next runs. With `saved` false it is what would be set."""

    schedule: ScheduleView
    next_runs: tuple[datetime, ...] = Field(description="The next five, in UTC")
    saved: bool

    @classmethod
    def of(cls, planned: Plan, *, saved: bool) -> PlanView:
        """A plan."""
        return cls(schedule=ScheduleView.of(planned.schedule), next_runs=planned.runs, saved=saved)
