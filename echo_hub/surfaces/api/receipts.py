"""`/api/v1/receipts`: what people were shown, and whether the same comes out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from echo_hub.services.hub import Hub
from echo_hub.services.intents import receipts as kept
from echo_hub.services.receipt_views import ReceiptSummary, ReceiptView, Replay
from echo_hub.surfaces.api.problem import NO_OPPORTUNITY, NO_PERSON, NOT_MATCHED, Answers, ApiError
from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import Limit, ListQuery
from echo_hub.surfaces.sign_in.acting import Acting

NO_RECEIPT: Answers = {
    404: {"model": ApiError, "description": "There is no such receipt"},
    409: {"model": ApiError, "description": "The receipt or one of its inputs was changed after it was stored"},
}
ReceiptId = Annotated[str, Path(max_length=100, description="Id of the receipt", examples=["r-7f3a09c1d2e4b5a69788"])]


def receipt_routes(hub: Hub) -> APIRouter:
    """The routes for receipts."""
    routes = APIRouter(prefix="/receipts", tags=["receipts"])

    @routes.get("", summary="Receipts", responses=NO_PERSON)
    def receipts(
        actor: Acting,
        person: Annotated[str | None, Query(max_length=500, description="Only this person's")] = None,
        limit: Limit = 50,
    ) -> tuple[ReceiptSummary, ...]:
        """One's own, the latest first; for those who answer for lists, everybody's."""
        return worded(kept.list_receipts(actor, hub, person, limit=limit).receipts)

    @routes.post("", status_code=201, summary="Keep a receipt", responses=NO_OPPORTUNITY | NOT_MATCHED)
    def keep(
        actor: Acting,
        answer: Annotated[kept.Surface, Query(description="Which answer: one's list, a search or an explanation")],
        list_query: Annotated[ListQuery, Depends()],
        person: Annotated[
            str | None, Query(max_length=500, description="Whom it was shown to, for those who may; left out, oneself")
        ] = None,
        q: Annotated[str, Query(max_length=300, description="search: the words")] = "",
        opportunity_id: Annotated[str, Query(max_length=700, description="explanation: id of the opportunity")] = "",
    ) -> ReceiptView:
        """Keeps what the same parameters answer now, with everything it is made from."""
        receipt = kept.keep(
            actor,
            hub,
            answer,
            person,
            in_words=worded,
            opportunity_id=opportunity_id,
            query=q.strip(),
            filters=list_query.filters,
            limit=list_query.limit,
            offset=list_query.offset,
        )
        return worded(receipt)

    @routes.get("/{receipt_id}", summary="One receipt", responses=NO_RECEIPT)
    def one(actor: Acting, receipt_id: ReceiptId) -> ReceiptView:
        """Every opportunity as it was shown, with its sentences, the versions, and the inputs by SHA-256."""
        return worded(kept.receipt(actor, hub, receipt_id))

    @routes.get("/{receipt_id}/replay", summary="Run a receipt again", responses=NO_RECEIPT)
    def again(actor: Acting, receipt_id: ReceiptId) -> Replay:
        """From the stored inputs alone, by the code that makes lists; compared to the last digit."""
        return worded(kept.replay(actor, hub, receipt_id, catalogue().render))

    return routes
