"""The page of accounts that fit nobody or several people, and of managers who cannot be."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.services.hub import Hub
from echo_hub.services.intents.people import unmatched
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.rendering import render

SHOWN = 50


def identity_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/people/unmatched")
    def listed(request: Request, actor: Acting, offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0) -> Response:
        accounts = worded(unmatched(actor, hub, limit=SHOWN + 1, offset=offset))

        def at(start: int) -> str:
            return address("/people/unmatched", None, offset=start or None)

        return render(
            request,
            "unmatched.html",
            "connections",
            accounts=accounts[:SHOWN],
            **neighbours(at, offset, SHOWN, more=len(accounts) > SHOWN),
        )

    return routes
