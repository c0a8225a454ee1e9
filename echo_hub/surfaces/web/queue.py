"""The page on which people decide what names of skills mean."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services.deciding import Deciding
from echo_hub.services.errors import RequestError
from echo_hub.services.queue import history_views, queue_page
from echo_hub.store.decisions import Choice, decide, decision_history, standing_decisions, undo_batch, undo_decisions
from echo_hub.surfaces.query import RowId, address
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.pages import Who, decider_of, viewer_of
from echo_hub.surfaces.web.rendering import render

PAGE = 25
RECENT = 12


def queue_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, person: str | None, offset: int, **more: Any) -> Response:
        snapshot = hub.snapshot()
        standing = standing_decisions(hub.database)
        page = queue_page(snapshot, standing, limit=PAGE, offset=offset)
        recent = history_views(decision_history(hub.database, limit=RECENT), standing)
        return render(
            request,
            "queue.html",
            "skills",
            viewer=viewer_of(hub, person),
            page=page,
            recent=recent,
            previous=address("/skills/queue", None, person=person, offset=max(0, offset - PAGE) or None)
            if offset
            else None,
            following=address("/skills/queue", None, person=person, offset=offset + PAGE)
            if offset + PAGE < page.total
            else None,
            credits=hub.credits(),
            **more,
        )

    @routes.get("/skills")
    def skills(person: Who = None) -> Response:
        return RedirectResponse(address("/skills/queue", None, person=person))

    @routes.get("/skills/queue")
    def queue(
        request: Request,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        done: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        batch: RowId = 0,
        undone: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        person: Who = None,
    ) -> Response:
        return show(request, person, offset, done=done, batch=batch, undone=undone, asked=Form({}), problems=())

    @routes.post("/skills/queue")
    def store(request: Request, form: Submitted, person: Who = None) -> Response:
        choices, problems = _choices(form, Deciding(hub.snapshot()))
        if problems or not choices:
            problems = problems or ["Nothing was chosen: pick what a name means, or tick names and use a button."]
            return show(request, person, form.number("offset"), asked=form, problems=problems, status=409)
        made = decide(hub.database, choices, by=decider_of(hub, person), now=hub.now())
        batch = made[0].batch if made else None
        where = address("/skills/queue", None, person=person, done=len(made) or None, batch=batch)
        return RedirectResponse(where, 303)

    @routes.post("/skills/queue/undo")
    def undo(form: Submitted, person: Who = None) -> Response:
        by, now = decider_of(hub, person), hub.now()
        if one := form.number("decision"):
            undone = undo_decisions(hub.database, [one], by=by, now=now)
        else:
            undone = undo_batch(hub.database, form.number("batch"), by=by, now=now)
        return RedirectResponse(address("/skills/queue", None, person=person, undone=len(undone)), 303)

    return routes


def _choices(form: Form, deciding: Deciding) -> tuple[list[Choice], list[str]]:
    """What a form asks for, and what of it cannot be done. A button for ticked names looks at the ticks only."""
    bulk = form.one("bulk")
    if bulk in ("accept", "reject"):
        wanted = [(item, bulk, "") for item in form.every("pick")]
    else:
        named = form.called("skill-")
        wanted = [(item, what, named.get(item, "")) for item, what in form.called("do-").items() if what]
    choices: list[Choice] = []
    problems: list[str] = []
    for item, what, skill in wanted:
        action, _, chosen = what.partition(" ")
        try:
            choices += deciding.choices(action, item, skill=chosen or skill or None)
        except RequestError as error:
            problems.append(error.message)
    return choices, problems
