"""`/api/v1` for HR operations: connections, runs, holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from echo_hub.services.health import Health
from echo_hub.services.hold_views import HoldRecordsView, HoldView
from echo_hub.services.hub import Hub
from echo_hub.services.intents import operations
from echo_hub.services.task_views import TaskView
from echo_hub.services.views import View
from echo_hub.surfaces.api.decisions import Text
from echo_hub.surfaces.api.problem import Answers, ApiError
from echo_hub.surfaces.api.records import ConnectionView, RunView
from echo_hub.surfaces.ids import LARGEST_ID
from echo_hub.surfaces.query import Limit, SystemName
from echo_hub.surfaces.sign_in.acting import Acting

Name = Annotated[SystemName | None, Query(description="Of this connection only")]
HoldId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="Number of the hold")]
NO_CONNECTION: Answers = {404: {"model": ApiError, "description": "No such connection"}}
NOT_TO_CANCEL: Answers = {
    404: {"model": ApiError, "description": "No such run"},
    409: {"model": ApiError, "description": "It is over"},
}
NO_HOLD: Answers = {404: {"model": ApiError, "description": "No such hold"}}
NOT_TO_DECIDE = NO_HOLD | {409: {"model": ApiError, "description": "It has been decided"}}


class HoldDecision(View):
    """Why a removal is confirmed or refused."""

    reason: Text = Field("", description="For whoever asks later")


class HoldConfirmed(View):
    """What a decision did."""

    removed: int = Field(description="Records that were removed")


def operation_routes(hub: Hub) -> APIRouter:
    """The routes for HR operations."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/health", summary="Whether the hub works, and what it left out")
    def health(actor: Acting) -> Health:
        """Whether lists are up to date, and every stored item that cannot be used, with the reason."""
        return operations.health(actor, hub)

    @routes.get("/connections", summary="What is connected")
    def connections(actor: Acting) -> list[ConnectionView]:
        """Every connection: how its last run went, when it runs next."""
        return [ConnectionView.of(state) for state in operations.connections(actor, hub)]

    @routes.get("/runs", summary="The latest runs")
    def runs(actor: Acting, connection: Name = None, limit: Limit = 50) -> list[RunView]:
        """One entry per stream and attempt, newest first."""
        return [RunView.of(run) for run in operations.runs(actor, hub, connection, limit=limit)]

    @routes.post(
        "/connections/{connection}/sync", summary="Sync a connection", status_code=202, responses=NO_CONNECTION
    )
    def sync(
        actor: Acting,
        connection: Annotated[SystemName, Path(description="Name of it")],
        full: Annotated[bool, Query(description="Read everything again, from the beginning")] = False,
    ) -> TaskView | None:
        """As soon as a worker is free; what failed or was stopped goes on where it stood. Null: it waits already."""
        return operations.sync_soon(actor, hub, connection, full=full)

    @routes.post("/runs/{run_id}/cancel", summary="Cancel a run", responses=NOT_TO_CANCEL)
    def cancel(
        actor: Acting, run_id: Annotated[int, Path(ge=1, le=LARGEST_ID, description="Number of the run")]
    ) -> RunView:
        """It stores no further page. What it has stored stays; the next run begins its window anew."""
        return RunView.of(operations.cancel_run(actor, hub, run_id))

    @routes.get("/holds", summary="Removals that wait for a person")
    def holds(
        actor: Acting,
        decided: Annotated[bool, Query(description="Also those that were decided")] = False,
    ) -> list[HoldView]:
        """Runs that would have removed suspiciously many records and removed none, the latest first."""
        return operations.holds(actor, hub, decided=decided)

    @routes.get("/holds/{hold_id}", summary="Who would go", responses=NO_HOLD)
    def hold(
        actor: Acting,
        hold_id: HoldId,
        limit: Limit = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="How many records to skip")] = 0,
    ) -> HoldRecordsView:
        """One hold, and the records that confirming would remove, by name where they have one."""
        return operations.hold_records(actor, hub, hold_id, limit=limit, offset=offset)

    @routes.post("/holds/{hold_id}/confirm", summary="Remove what a run did not find", responses=NOT_TO_DECIDE)
    def confirm(actor: Acting, hold_id: HoldId, decision: HoldDecision) -> HoldConfirmed:
        """What later runs met again stays. A record that comes back is restored."""
        return HoldConfirmed(removed=operations.confirm(actor, hub, hold_id, reason=decision.reason))

    @routes.post("/holds/{hold_id}/refuse", summary="Keep what a run did not find", responses=NOT_TO_DECIDE)
    def refuse(actor: Acting, hold_id: HoldId, decision: HoldDecision) -> HoldConfirmed:
        """The next complete run asks again if the records are still missing."""
        operations.refuse(actor, hub, hold_id, reason=decision.reason)
        return HoldConfirmed(removed=0)

    return routes
