"""One page per receipt: what was shown, what it was made from, and whether the same comes out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.hub import Hub
from echo_hub.services.intents import receipts as intents
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import ListQuery
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.pages import Who, named
from echo_hub.surfaces.web.rendering import render
from echo_hub.surfaces.words import points

_SURFACES: dict[str, intents.Surface] = {"for_you": "for_you", "search": "search", "explanation": "explanation"}


def receipt_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/receipts")
    def receipts(request: Request, actor: Acting, person: Who = None) -> Response:
        listed = intents.list_receipts(actor, hub, named(person), limit=100)
        whose = listed.name or listed.person if listed.person != actor.person else None
        return render(request, "receipts.html", "", person=listed.person, whose=whose, receipts=worded(listed.receipts))

    @routes.get("/receipts/{receipt_id}")
    def one_receipt(request: Request, actor: Acting, receipt_id: str) -> Response:
        page = worded(intents.receipt_page(actor, hub, receipt_id, catalogue().render))
        return render(
            request,
            "receipt.html",
            "",
            receipt=page.receipt,
            replay=page.replay,
            replayed={item.id: item for item in page.replay.items},
            titles=page.titles,
            printed={
                item.id: points([reason.contribution for reason in item.reasons], item.score)[0]
                for item in page.receipt.items
            },
            whose=page.name,
            credits=credit_lines(actor, hub),
        )

    @routes.post("/receipts")
    def keep_one(
        form: Submitted,
        actor: Acting,
        list_query: Annotated[ListQuery, Depends()],
        q: Annotated[str, Query(max_length=300)] = "",
        person: Who = None,
    ) -> Response:
        surface = _SURFACES.get(form.text("list"))
        if surface is None:
            raise HTTPException(422, "This form does not say what the receipt is of. Go back and reload the page.")
        kept = intents.keep(
            actor,
            hub,
            surface,
            person,
            in_words=worded,
            filters=list_query.filters,
            query=q.strip(),
            opportunity_id=form.text("opportunity", 700),
            limit=list_query.limit,
            offset=list_query.offset,
        )
        return RedirectResponse(f"/receipts/{kept.id}", 303)

    return routes
