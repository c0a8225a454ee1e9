"""`/api/v1` for schedules: when connections sync, and setting that."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import schedules as planned
from echo_hub.services.intents.schedules import Timing
from echo_hub.services.views import View
from echo_hub.surfaces.api.problem import Answers, ApiError
from echo_hub.surfaces.api.records import PlanView, ScheduleView
from echo_hub.surfaces.query import SystemName
from echo_hub.surfaces.sign_in.acting import Acting

Connection = Annotated[SystemName, Path(description="Name of the connection")]
Text = Annotated[str, Field(max_length=200)]
NO_SCHEDULE: Answers = {404: {"model": ApiError, "description": "No such connection, or it has no schedule"}}


class SetSchedule(View):
    """When a connection is to sync: either `cron` or `every`."""

    cron: Text | None = Field(None, description="Five fields, as crontab reads them", examples=["0 6 * * 1-5"])
    every: Text | None = Field(None, description="An interval: 15m, 6h, 1d")
    time_zone: Text = Field("UTC", description="IANA name; cron and blackouts are read in it")
    blackouts: tuple[Text, ...] = Field(
        (), max_length=20, description="When no run starts", examples=[["mon-fri 08:00-18:00", "2026-12-24/2027-01-02"]]
    )
    jitter: Text | None = Field(None, description="By how much a run may come later: 10m")
    after: Text | None = Field(
        None, description="The connection whose run it waits for; left out: the people's; null: none"
    )
    dry_run: bool = Field(False, description="Answer when it would run, store nothing")

    @property
    def timing(self) -> Timing:
        """As services take it."""
        timing: Timing = {
            "cron": self.cron,
            "every": self.every,
            "time_zone": self.time_zone,
            "blackouts": self.blackouts,
            "jitter": self.jitter,
        }
        if "after" in self.model_fields_set:
            timing["after"] = self.after
        return timing


def schedule_routes(hub: Hub) -> APIRouter:
    """The routes for schedules."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/schedules", summary="When connections sync")
    def schedules(actor: Acting) -> list[ScheduleView]:
        """Every schedule, by connection."""
        return [ScheduleView.of(schedule) for schedule in planned.schedules(actor, hub)]

    @routes.put("/schedules/{connection}", summary="Set a schedule", responses=NO_SCHEDULE)
    def set_schedule(actor: Acting, connection: Connection, wanted: SetSchedule) -> PlanView:
        """Replaces the schedule the connection had, and answers its next five runs; with `dry_run` only those."""
        plan = planned.plan(actor, hub, connection, **wanted.timing)
        if not wanted.dry_run:
            planned.set_schedule(actor, hub, connection, **wanted.timing)
        return PlanView.of(plan, saved=not wanted.dry_run)

    @routes.post("/schedules/{connection}/pause", summary="Pause a schedule", responses=NO_SCHEDULE)
    def pause(actor: Acting, connection: Connection) -> ScheduleView:
        """Starts no run until it is resumed; a run under way goes on."""
        return ScheduleView.of(planned.pause(actor, hub, connection))

    @routes.post("/schedules/{connection}/resume", summary="Resume a schedule", responses=NO_SCHEDULE)
    def resume(actor: Acting, connection: Connection) -> ScheduleView:
        """Lets a paused schedule start runs again."""
        return ScheduleView.of(planned.resume(actor, hub, connection))

    return routes
