"""The page on which people decide what names of skills mean."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.actor import Actor
from echo_hub.services.errors import RequestError
from echo_hub.services.hub import Hub
from echo_hub.services.intents import queue as names
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.services.wrong_items import sentences
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import RowId, address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.rendering import render

PAGE = 25
RECENT = 12
_NOTHING = "Nothing was chosen: pick what a name means, or tick names and use a button."


def queue_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, actor: Actor, offset: int, **more: Any) -> Response:
        page = worded(names.waiting_names(actor, hub, limit=PAGE, offset=offset))
        ahead = offset + PAGE
        return render(
            request,
            "queue.html",
            "skills",
            page=page,
            recent=names.history(actor, hub, limit=RECENT),
            previous=address("/skills/queue", offset=max(0, offset - PAGE) or None) if offset else None,
            following=address("/skills/queue", offset=ahead) if ahead < page.total else None,
            credits=credit_lines(actor, hub),
            **more,
        )

    @routes.get("/skills")
    def skills() -> Response:
        return RedirectResponse("/skills/queue")

    @routes.get("/skills/queue")
    def queue(
        request: Request,
        actor: Acting,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        done: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        batch: RowId = 0,
        undone: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:
        return show(request, actor, offset, done=done, batch=batch, undone=undone, asked=Form({}), problems=())

    @routes.post("/skills/queue")
    def store(request: Request, actor: Acting, form: Submitted) -> Response:
        problems: tuple[str, ...] = (_NOTHING,)
        if wanted := _wanted(form):
            try:
                made = names.decide_names(actor, hub, wanted).decisions
            except RequestError as error:
                problems = sentences(error)
            else:
                batch = made[0].batch if made else None
                return RedirectResponse(address("/skills/queue", done=len(made) or None, batch=batch), 303)
        return show(request, actor, form.number("offset"), asked=form, problems=problems, status=409)

    @routes.post("/skills/queue/undo")
    def undo(actor: Acting, form: Submitted) -> Response:
        if number := form.number("decision"):
            undone = names.undo(actor, hub, [number])
        else:
            undone = names.undo(actor, hub, batch=form.number("batch"))
        return RedirectResponse(address("/skills/queue", undone=len(undone)), 303)

    return routes


def _wanted(form: Form) -> list[names.NameWanted]:
    """What a form asks for. A button for ticked names looks at the ticks only."""
    bulk = form.one("bulk")
    if bulk in ("accept", "reject"):
        return [names.NameWanted(name=item, action=bulk) for item in form.every("pick")]
    named = form.called("skill-")
    wanted = []
    for item, what in form.called("do-").items():
        action, _, chosen = what.partition(" ")
        if action:
            wanted.append(names.NameWanted(name=item, action=action, skill=chosen or named.get(item) or None))
    return wanted
