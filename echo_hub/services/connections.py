"""Connections as HR operations see them: how the last runs went, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from echo_hub.jobs import list_schedules
from echo_hub.settings import Settings
from echo_hub.store.database import Database
from echo_hub.store.runs import RunReport, last_runs


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """One connection as HR operations see it. `outcome` is the worst of its streams' last runs."""

    name: str
    title: str
    last_run: datetime | None
    outcome: str | None
    schedule: str | None
    paused: bool
    next_run: datetime | None


WORST = ("failed", "held", "paused", "stopped", "cancelled", "skipped", "done")
"""Outcomes, the one to look at first first."""


def connection_states(settings: Settings, database: Database) -> list[ConnectionState]:
    """Every connection with its last run and next one."""
    schedules = {schedule.connection: schedule for schedule in list_schedules(database)}
    latest: dict[str, list[RunReport]] = {}
    for run in last_runs(database):
        latest.setdefault(run.connection, []).append(run)
    states = []
    for configured in settings.connections:
        runs = latest.get(configured.name, [])
        outcomes = {run.outcome for run in runs}
        schedule = schedules.get(configured.name)
        states.append(
            ConnectionState(
                name=configured.name,
                title=configured.connector.title,
                last_run=max((run.started_at for run in runs), default=None),
                outcome=next((outcome for outcome in WORST if outcome in outcomes), None),
                schedule=schedule.text if schedule else None,
                paused=bool(schedule and schedule.paused),
                next_run=schedule.next_run_at if schedule else None,
            )
        )
    return states
