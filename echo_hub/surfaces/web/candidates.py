"""Who fits an opportunity, and who else may take it up: the owner's pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.services.candidate_views import Candidate
from echo_hub.services.hub import Hub
from echo_hub.services.intents.candidates import also_eligible, candidates
from echo_hub.services.intents.operations import titles
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import PAGE, address, candidates_path
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.rendering import render
from echo_hub.surfaces.words import points


def candidate_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/candidates/{opportunity_id:path}")
    def best(request: Request, actor: Acting, opportunity_id: str) -> Response:
        listed = worded(candidates(actor, hub, opportunity_id))
        return render(
            request,
            "candidates.html",
            "",
            candidate_list=listed,
            shown=[(candidate, _sum(candidate)) for candidate in listed.candidates],
            rest=listed.eligible - len(listed.candidates),
            titles=titles(actor, hub),
            credits=credit_lines(actor, hub),
        )

    @routes.get("/also-eligible/{opportunity_id:path}")
    def also(
        request: Request,
        actor: Acting,
        opportunity_id: str,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:
        listed = also_eligible(actor, hub, opportunity_id, limit=PAGE, offset=offset)

        def at(start: int) -> str:
            path = candidates_path(listed.opportunity.id, also=True)
            return address(path, None, offset=start or None)

        return render(
            request,
            "also_eligible.html",
            "",
            also_eligible=listed,
            rest=listed.total,
            **neighbours(at, offset, PAGE, more=offset + PAGE < listed.total),
            titles=titles(actor, hub),
            credits=credit_lines(actor, hub),
        )

    return routes


def _sum(candidate: Candidate) -> tuple[list[tuple[str, str]], str]:
    """A score as printed addends that come to the printed total."""
    printed, total = points([reason.contribution for reason in candidate.reasons], candidate.score)
    return list(zip([reason.text for reason in candidate.reasons], printed, strict=True)), total
