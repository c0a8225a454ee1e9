"""One page per receipt: what was shown, what it was made from, and whether the same comes out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.services.receipt_keeping import keep_answer
from echo_hub.services.receipt_replay import replay
from echo_hub.services.receipts import receipt_view, receipts_of
from echo_hub.store.receipts import Surface, read_receipt
from echo_hub.surfaces.query import ListQuery, address
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.pages import Who, viewer_of
from echo_hub.surfaces.web.rendering import render


def receipt_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/receipts")
    def receipts(request: Request, person: Who = None) -> Response:
        viewer = viewer_of(hub, person)
        found = receipts_of(hub.database, hub.snapshot(), viewer.id if viewer else None, limit=100)
        return render(request, "receipts.html", "", viewer=viewer, receipts=found)

    @routes.get("/receipts/{receipt_id}")
    def one_receipt(request: Request, receipt_id: str, person: Who = None) -> Response:
        receipt = receipt_view(read_receipt(hub.database, receipt_id))
        titles = {one.id: listing.record.title for one in receipt.items if (listing := hub.snapshot().listing(one.id))}
        again = replay(hub.database, receipt_id)
        return render(
            request,
            "receipt.html",
            "",
            viewer=viewer_of(hub, person),
            receipt=receipt,
            replay=again,
            replayed={one.id: one for one in again.items},
            titles=titles,
            whose=hub.snapshot().person(receipt.person),
            credits=hub.credits(),
        )

    @routes.post("/receipts")
    def keep_one(
        form: Submitted,
        asked: Annotated[ListQuery, Depends()],
        q: Annotated[str, Query(max_length=300)] = "",
        person: Who = None,
    ) -> Response:
        """The receipt of what the page showed; what it asked for comes with the form's address."""
        who = hub.person(person or "").id
        named = form.one("list")
        surface: Surface = "explanation" if named == "explanation" else "search" if named == "search" else "for_you"
        identity = keep_answer(
            hub.receipts,
            hub.snapshot(),
            surface,
            who,
            opportunity_id=form.one("opportunity", 700),
            query=q.strip(),
            filters=asked.filters,
            limit=asked.limit,
            offset=asked.offset,
        )
        return RedirectResponse(address(f"/receipts/{identity}", None, person=who), 303)

    return routes
