"""The page for HR operations: what is connected, how runs went, what waits for a decision."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.hub import Hub
from echo_hub.services.intents import operations, quarantine
from echo_hub.surfaces.ids import LARGEST_ID
from echo_hub.surfaces.query import SystemName, address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.rendering import render

RUNS = 60
SET_ASIDE = 20
NAMES = 100
HoldId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def operation_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/connections")
    def connections(
        request: Request,
        actor: Acting,
        connection: Annotated[str, Query(max_length=63, pattern="^[A-Za-z0-9._-]*$")] = "",
    ) -> Response:
        state = operations.health(actor, hub)
        return render(
            request,
            "connections.html",
            "connections",
            connections=operations.connections(actor, hub),
            only=connection,
            runs=operations.runs(actor, hub, connection or None, limit=RUNS),
            holds=operations.holds(actor, hub),
            reasons=quarantine.reasons(actor, hub, connection or None),
            health=state,
            may_sync=allows(actor, "sync.run"),
            may_cancel=allows(actor, "run.cancel"),
            unusable=state.set_aside[:SET_ASIDE],
            more_unusable=sum(state.set_aside_counts.values()) - len(state.set_aside[:SET_ASIDE]),
        )

    @routes.post("/connections/{connection}/sync")
    def sync(actor: Acting, connection: SystemName, submitted: Submitted) -> Response:
        operations.sync_soon(actor, hub, connection, full=submitted.text("full") == "1")
        return RedirectResponse("/tasks", 303)

    @routes.post("/runs/{run_id}/cancel")
    def cancel(actor: Acting, run_id: Annotated[int, Path(ge=1, le=LARGEST_ID)], submitted: Submitted) -> Response:
        del submitted  # its token was checked when it was read
        run = operations.cancel_run(actor, hub, run_id)
        return RedirectResponse(address("/connections", None, connection=run.connection), 303)

    @routes.get("/holds/{hold_id}")
    def hold(
        request: Request,
        actor: Acting,
        hold_id: HoldId,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    ) -> Response:
        missing = operations.hold_records(actor, hub, hold_id, limit=NAMES, offset=offset)

        def at(start: int) -> str:
            return address(f"/holds/{hold_id}", None, offset=start or None)

        return render(
            request,
            "hold.html",
            "connections",
            hold=missing.hold,
            missing=missing,
            **neighbours(at, offset, NAMES, more=offset + NAMES < missing.total),
            may_decide=allows(actor, "hold.decide"),
        )

    @routes.post("/holds/{hold_id}/{step}")
    def decide(actor: Acting, hold_id: HoldId, step: Literal["confirm", "refuse"], submitted: Submitted) -> Response:
        reason = submitted.text("reason")
        (operations.confirm if step == "confirm" else operations.refuse)(actor, hub, hold_id, reason=reason)
        return RedirectResponse(f"/holds/{hold_id}", 303)

    return routes
