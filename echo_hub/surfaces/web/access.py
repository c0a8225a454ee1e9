"""The page that says who may do what, made from the table that every request is held against."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from echo_hub.services.hub import Hub
from echo_hub.services.intents.access import table
from echo_hub.surfaces.sign_in.acting import ActingBeforeNotice
from echo_hub.surfaces.web.rendering import render


def access_pages(hub: Hub) -> APIRouter:
    """The route of this page, which the notice leads to and so can be read before it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/access")
    def access(request: Request, actor: ActingBeforeNotice) -> Response:
        return render(request, "access.html", "", rights=table(actor, hub))

    return routes
