"""The page of tasks: what waits, what is under way, what failed; cancelling and trying again."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.hub import Hub
from echo_hub.services.intents import tasks as work
from echo_hub.services.intents.tasks import State
from echo_hub.surfaces.ids import LARGEST_ID
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.rendering import render

SHOWN = 100


def task_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/tasks")
    def tasks(request: Request, actor: Acting, state: State | Literal[""] = "") -> Response:
        listed = work.tasks(actor, hub, state=state or None, limit=SHOWN + 1)
        return render(
            request,
            "tasks.html",
            "connections",
            tasks=listed[:SHOWN],
            more=len(listed) > SHOWN,
            state=state,
            may_cancel=allows(actor, "task.cancel"),
            may_retry=allows(actor, "task.retry"),
        )

    @routes.post("/tasks/{task_id}/{step}")
    def change(
        actor: Acting,
        task_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
        step: Literal["cancel", "retry"],
        submitted: Submitted,
    ) -> Response:
        del submitted  # its token was checked when it was read
        (work.cancel if step == "cancel" else work.retry)(actor, hub, task_id)
        return RedirectResponse(f"/tasks#task-{task_id}", 303)

    return routes
