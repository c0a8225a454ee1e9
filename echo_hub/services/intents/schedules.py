"""When connections sync."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from echo_hub import jobs
from echo_hub.jobs import Schedule, Timing
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.refusals import ScheduleError
from echo_hub.settings.problems import choice

__all__ = [
    "Plan",
    "Schedule",
    "Timing",
    "pause",
    "plan",
    "plan_of",
    "resume",
    "schedules",
    "set_schedule",
    "usually_after",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule, and when it runs next; no moments while it is paused."""

    schedule: Schedule
    runs: tuple[datetime, ...]


def schedules(actor: Actor, hub: Hub) -> list[Schedule]:
    """Every schedule, by connection."""
    allow(actor, "schedule.read")
    return jobs.list_schedules(hub.database)


def plan_of(actor: Actor, hub: Hub, connection: str) -> Plan | None:
    """The schedule that a connection has, None without one.

    Raises:
        ScheduleError: no such connection is configured.
    """
    allow(actor, "schedule.read")
    _must_be_configured(hub, connection)
    schedule = next((row for row in jobs.list_schedules(hub.database) if row.connection == connection), None)
    if schedule is None:
        return None
    return Plan(schedule, () if schedule.paused else tuple(jobs.next_runs(schedule, hub.now())))


def plan(actor: Actor, hub: Hub, connection: str, **timing: Unpack[Timing]) -> Plan:
    """What `set_schedule` would set, and when it would run; nothing is written. Errors as there."""
    allow(actor, "schedule.read")
    timing = _ordered(hub, connection, timing)
    schedule = jobs.plan_schedule(connection, now=hub.now(), **timing)
    jobs.refuse_circle(schedule, jobs.list_schedules(hub.database))
    return Plan(schedule, tuple(jobs.next_runs(schedule, hub.now())))


def usually_after(actor: Actor, hub: Hub, connection: str) -> str | None:
    """The connection whose run this one waits for unless somebody says otherwise: the people's."""
    allow(actor, "schedule.read")
    return _people_before(hub, connection)


def set_schedule(actor: Actor, hub: Hub, connection: str, **timing: Unpack[Timing]) -> Schedule:
    """Sets a connection's schedule: a cron expression of five fields, or an interval such as 6h.

    Where `after` is not said, it waits for the people's connection; None or "" waits for nobody.

    Raises:
        ScheduleError: no such connection is configured (code "schedule.unknown"), not a schedule, or not a time zone.
    """
    permit = allow(actor, "schedule.set")
    timing = _ordered(hub, connection, timing)
    with recorded(hub, permit, "connection", connection, **timing):
        return jobs.set_schedule(hub.database, connection, now=hub.now(), **timing)


def _ordered(hub: Hub, connection: str, timing: Timing) -> Timing:
    """The timing with the connection it comes after, which must be configured like the connection itself."""
    _must_be_configured(hub, connection)
    after = timing.get("after", _people_before(hub, connection))
    if after:
        _must_be_configured(hub, after, code=ScheduleError.code)
    return {**timing, "after": after or None}


def _people_before(hub: Hub, connection: str) -> str | None:
    return hub.settings.people if hub.settings.people != connection else None


def _must_be_configured(hub: Hub, connection: str, *, code: str = "schedule.unknown") -> None:
    names = hub.settings.names
    if connection not in names:
        raise ScheduleError(f"{connection}: no such connection; {choice(connection, names)}", code=code)


def pause(actor: Actor, hub: Hub, connection: str, *, because: str | None = None) -> Schedule:
    """Pauses a schedule; a run under way goes on.

    Args:
        because: what the source refused, where the scheduler does it.

    Raises:
        ScheduleError: the connection has no schedule.
    """
    permit = allow(actor, "schedule.set")
    with recorded(hub, permit, "connection", connection, paused=True):
        return jobs.pause_schedule(hub.database, connection, because=because)


def resume(actor: Actor, hub: Hub, connection: str) -> Schedule:
    """Resumes a paused schedule; errors as `pause`."""
    permit = allow(actor, "schedule.set")
    with recorded(hub, permit, "connection", connection, paused=False):
        return jobs.resume_schedule(hub.database, connection, now=hub.now())
