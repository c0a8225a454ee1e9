"""Who fits an opportunity, and who else may take it up: the owner's pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services.candidate_views import Candidate
from echo_hub.services.candidates import also_eligible, candidates
from echo_hub.surfaces.query import PAGE, address, candidates_path
from echo_hub.surfaces.web.pages import Who, viewer_of
from echo_hub.surfaces.web.rendering import render
from echo_hub.surfaces.words import points


def candidate_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/candidates/{opportunity_id:path}")
    def best(request: Request, opportunity_id: str, person: Who = None) -> Response:
        viewer = viewer_of(hub, person)
        found = candidates(hub.snapshot(), opportunity_id)
        return render(
            request,
            "candidates.html",
            "",
            viewer=viewer,
            found=found,
            shown=[(one, _sum(one)) for one in found.candidates],
            rest=found.eligible - len(found.candidates),
            titles=_titles(hub),
            credits=hub.credits(),
        )

    @routes.get("/also-eligible/{opportunity_id:path}")
    def also(
        request: Request,
        opportunity_id: str,
        person: Who = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:
        viewer = viewer_of(hub, person)
        found = also_eligible(hub.snapshot(), opportunity_id, limit=PAGE, offset=offset)

        def at(start: int) -> str:
            path = candidates_path(found.opportunity.id, also=True)
            return address(path, None, offset=start or None, person=viewer.id if viewer else None)

        return render(
            request,
            "also_eligible.html",
            "",
            viewer=viewer,
            found=found,
            rest=found.total,
            previous=at(max(0, offset - PAGE)) if offset else None,
            following=at(offset + PAGE) if offset + PAGE < found.total else None,
            first=at(0),
            titles=_titles(hub),
            credits=hub.credits(),
        )

    return routes


def _sum(one: Candidate) -> tuple[list[tuple[str, str]], str]:
    """A score as printed addends that come to the printed total."""
    printed, total = points([reason.contribution for reason in one.reasons], one.score)
    return list(zip([reason.text for reason in one.reasons], printed, strict=True)), total


def _titles(hub: Hub) -> dict[str, str]:
    """What connections are called, by name."""
    return {one.name: one.connector.title for one in hub.settings.connections}
