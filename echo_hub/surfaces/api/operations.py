"""`/api/v1` for HR operations: connections, runs, schedules, holds, quarantine."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from echo_hub.application import Hub
from echo_hub.jobs import list_schedules
from echo_hub.store.holds import list_holds
from echo_hub.store.quarantine import list_quarantine
from echo_hub.surfaces.api.records import ConnectionView, HoldView, QuarantineView, RunView, ScheduleView

Name = Annotated[str | None, Query(max_length=63, pattern=r"^[A-Za-z0-9._-]+$", description="Of this connection only")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most")]


def operation_routes(hub: Hub) -> APIRouter:
    """The routes for HR operations."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/connections", summary="What is connected")
    def connections() -> list[ConnectionView]:
        """Every connection: how its last run went, when it runs next."""
        return [ConnectionView.of(state) for state in hub.connection_states()]

    @routes.get("/runs", summary="The latest runs")
    def runs(connection: Name = None, limit: Limit = 50) -> list[RunView]:
        """One entry per stream and attempt, newest first."""
        return [RunView.of(run) for run in hub.runs(connection, limit=limit)]

    @routes.get("/schedules", summary="When connections sync")
    def schedules() -> list[ScheduleView]:
        """Every schedule, by connection."""
        return [ScheduleView.of(schedule) for schedule in list_schedules(hub.database)]

    @routes.get("/holds", summary="Removals that wait for a person")
    def holds(
        decided: Annotated[bool, Query(description="Also those that were decided")] = False,
    ) -> list[HoldView]:
        """Runs that would have removed suspiciously many records and removed none, the latest first."""
        return [HoldView.of(hold) for hold in list_holds(hub.database, decided=decided)]

    @routes.get("/quarantine", summary="Records that could not be stored")
    def quarantine(
        connection: Name = None,
        resolved: Annotated[bool, Query(description="Also those that came in after all")] = False,
        limit: Limit = 200,
    ) -> list[QuarantineView]:
        """Records set aside with the reason, the latest first. What they held is not shown here."""
        found = list_quarantine(hub.database, connection, resolved=resolved, limit=limit)
        return [QuarantineView.of(one) for one in found]

    return routes
