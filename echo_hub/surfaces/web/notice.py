"""What the hub matches, on what, and whom to ask: shown at the first sign-in, and whenever somebody asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.intents import sessions
from echo_hub.services.intents.operations import titles
from echo_hub.services.intents.people import profile
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.surfaces.sign_in.acting import ActingBeforeNotice
from echo_hub.surfaces.sign_in.return_path import return_path
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.rendering import render


def notice_pages(hub: Hub, settings: SignInSettings) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/notice")
    def notice(
        request: Request, actor: ActingBeforeNotice, to: Annotated[str, Query(max_length=8_000, alias="next")] = ""
    ) -> Response:
        return render(
            request,
            "notice.html",
            "",
            due=getattr(request.state, "notice_due", False),
            next=return_path(to),
            sources=_systems(actor, hub),
            contact=settings.contact,
        )

    @routes.post("/notice")
    def read(actor: ActingBeforeNotice, form: Submitted) -> Response:
        if actor.person is not None:
            sessions.acknowledge(actor, hub)
        return RedirectResponse(return_path(form.text("next", 2_000)), 303)

    return routes


def _systems(actor: Actor, hub: Hub) -> list[str]:
    """The systems that hold something of the reader; all of them for somebody who is nobody on file."""
    named = titles(actor, hub)
    own = profile(actor, hub).sources if actor.person else tuple(named)
    return sorted({named[source] for source in own})
