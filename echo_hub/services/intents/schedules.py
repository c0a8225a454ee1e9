"""When connections sync."""

from __future__ import annotations

from echo_hub import jobs
from echo_hub.jobs import Schedule
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded

__all__ = ["Schedule", "pause", "resume", "schedules", "set_schedule"]


def schedules(actor: Actor, hub: Hub) -> list[Schedule]:
    """Every schedule, by connection."""
    allow(actor, "schedule.read")
    return jobs.list_schedules(hub.database)


def set_schedule(
    actor: Actor,
    hub: Hub,
    connection: str,
    *,
    cron: str | None = None,
    every: str | None = None,
    time_zone: str = "UTC",
) -> Schedule:
    """Sets a connection's schedule: a cron expression of five fields, or an interval such as 6h.

    Raises:
        SettingsError: no such connection is configured.
        ScheduleError: not a schedule, or not a time zone.
    """
    permit = allow(actor, "schedule.set")
    hub.settings.connection(connection)
    with recorded(hub, permit, "connection", connection, cron=cron, every=every, time_zone=time_zone):
        return jobs.set_schedule(hub.database, connection, now=hub.now(), cron=cron, every=every, time_zone=time_zone)


def pause(actor: Actor, hub: Hub, connection: str) -> None:
    """Pauses a schedule; a run under way goes on.

    Raises:
        ScheduleError: the connection has no schedule.
    """
    permit = allow(actor, "schedule.set")
    with recorded(hub, permit, "connection", connection, paused=True):
        jobs.pause_schedule(hub.database, connection)


def resume(actor: Actor, hub: Hub, connection: str) -> Schedule:
    """Resumes a paused schedule; errors as `pause`."""
    permit = allow(actor, "schedule.set")
    with recorded(hub, permit, "connection", connection, paused=False):
        return jobs.resume_schedule(hub.database, connection, now=hub.now())
