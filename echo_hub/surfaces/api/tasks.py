"""`/api/v1` for tasks: what waits, what is under way, what failed; cancelling and trying again. Never a payload."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from echo_hub.services.hub import Hub
from echo_hub.services.intents import tasks as work
from echo_hub.services.intents.tasks import State
from echo_hub.services.task_views import TaskView
from echo_hub.surfaces.api.problem import Answers, ApiError
from echo_hub.surfaces.ids import LARGEST_ID
from echo_hub.surfaces.query import Limit
from echo_hub.surfaces.sign_in.acting import Acting

TaskId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="Number of the task")]
Kind = Annotated[str | None, Query(max_length=63, pattern=r"^[a-z0-9_.-]+$", description="Of this kind only")]
NO_TASK: Answers = {404: {"model": ApiError, "description": "No such task"}}
NOT_AS_IT_IS: Answers = {
    **NO_TASK,
    409: {"model": ApiError, "description": "The task cannot be cancelled or retried as it stands"},
}


def task_routes(hub: Hub) -> APIRouter:
    """The routes for tasks."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/tasks", summary="Work that waits, is under way or is over")
    def tasks(
        actor: Acting,
        state: Annotated[State | None, Query(description="In this state only")] = None,
        kind: Kind = None,
        limit: Limit = 100,
    ) -> list[TaskView]:
        """The latest first. What is over is kept for thirty days."""
        return work.tasks(actor, hub, state=state, kind=kind, limit=limit)

    @routes.get("/tasks/{task_id}", summary="One task", responses=NO_TASK)
    def task(actor: Acting, task_id: TaskId) -> TaskView:
        """How far it is, and what went wrong last."""
        return work.task(actor, hub, task_id)

    @routes.post("/tasks/{task_id}/cancel", summary="Cancel a task", responses=NOT_AS_IT_IS)
    def cancel(actor: Acting, task_id: TaskId) -> TaskView:
        """One that is under way is stopped soon, and stores nothing more."""
        return work.cancel(actor, hub, task_id)

    @routes.post("/tasks/{task_id}/retry", summary="Try a task again", responses=NOT_AS_IT_IS)
    def retry(actor: Acting, task_id: TaskId) -> TaskView:
        """For one that failed for good or was cancelled: it begins anew, with all its attempts."""
        return work.retry(actor, hub, task_id)

    return routes
