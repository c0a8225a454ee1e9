"""The page on which people decide what names of skills mean."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.intents import queue as names
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.decisions import Count, Outcome, stored, taken_back
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.rendering import render

PAGE = 25
RECENT = 12
_NOTHING = "Nothing was chosen: pick what a name means, or tick names and use a button."


def queue_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, actor: Actor, offset: int, **more: Any) -> Response:
        page = worded(names.waiting_names(actor, hub, limit=PAGE, offset=offset))

        def at(start: int) -> str:
            return address("/skills/queue", offset=start or None)

        return render(
            request,
            "queue.html",
            "skills",
            page=page,
            may_decide=allows(actor, "queue.decide"),
            recent=names.history(actor, hub, limit=RECENT),
            **neighbours(at, offset, PAGE, more=offset + PAGE < page.total),
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
        outcome: Outcome,
        offset: Count = 0,
    ) -> Response:
        return show(request, actor, offset, **asdict(outcome), form=Form({}), problems=())

    @routes.post("/skills/queue")
    def store(request: Request, actor: Acting, form: Submitted) -> Response:
        result = stored(
            "/skills/queue", _wanted(form), lambda wanted: names.decide_names(actor, hub, wanted).decisions, _NOTHING
        )
        if isinstance(result, Response):
            return result
        return show(request, actor, form.number("offset"), form=form, problems=result, status=409)

    @routes.post("/skills/queue/undo")
    def undo(actor: Acting, form: Submitted) -> Response:
        return taken_back("/skills/queue", form, partial(names.undo, actor, hub))

    return routes


def _wanted(form: Form) -> list[names.NameWanted]:
    """What a form asks for. A button for ticked names looks at the ticks only."""
    bulk = form.text("bulk")
    if bulk in ("accept", "reject"):
        return [names.NameWanted(name=item, action=bulk) for item in form.every("pick")]
    named = form.called("skill-")
    wanted = []
    for item, what in form.called("do-").items():
        action, _, chosen = what.partition(" ")
        if action:
            wanted.append(names.NameWanted(name=item, action=action, skill=chosen or named.get(item) or None))
    return wanted
