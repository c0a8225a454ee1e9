"""`/api/v1` for records that could not be stored: which, why, how many of each reason, and reading them again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from echo_hub.services.hub import Hub
from echo_hub.services.intents import quarantine as aside
from echo_hub.services.quarantine_views import QuarantinedValue, QuarantineView, ReasonView, ReplayView
from echo_hub.surfaces.api.problem import Answers, ApiError
from echo_hub.surfaces.ids import LARGEST_ID
from echo_hub.surfaces.query import Limit, SystemName
from echo_hub.surfaces.sign_in.acting import Acting

Connection = Annotated[SystemName | None, Query(description="Of this connection only")]
Stream = Annotated[SystemName | None, Query(description="Of this stream only")]
Resolved = Annotated[bool, Query(description="Also those that came in after all")]
RecordId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="Number of the record in quarantine")]
NO_RECORD: Answers = {404: {"model": ApiError, "description": "No such record"}}
NOT_AGAIN: Answers = {
    404: {"model": ApiError, "description": "No such record, connection or stream"},
    409: {"model": ApiError, "description": "The record came in meanwhile, or too little of it is kept"},
}


def quarantine_routes(hub: Hub) -> APIRouter:
    """The routes for records in quarantine."""
    routes = APIRouter(tags=["operations"], prefix="/quarantine")

    @routes.get("", summary="Records that could not be stored")
    def records(
        actor: Acting,
        connection: Connection = None,
        stream: Stream = None,
        code: Annotated[str | None, Query(max_length=100, description="Set aside with this code only")] = None,
        field: Annotated[str | None, Query(max_length=500, description="Because of this field only")] = None,
        resolved: Resolved = False,
        limit: Limit = 200,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to skip")] = 0,
    ) -> list[QuarantineView]:
        """Records set aside with the reason, the latest first. What they held is not shown here."""
        return aside.records(
            actor, hub, connection, stream, code=code, field=field, resolved=resolved, limit=limit, offset=offset
        )

    @routes.get("/reasons", summary="Why records could not be stored")
    def reasons(
        actor: Acting, connection: Connection = None, stream: Stream = None, resolved: Resolved = False
    ) -> list[ReasonView]:
        """How many there are of each reason, the most frequent first. The counts add up to all of them."""
        return aside.reasons(actor, hub, connection, stream, resolved=resolved)

    @routes.post("/replay", summary="Read records in quarantine again", responses=NOT_AGAIN)
    def replay(
        actor: Acting,
        connection: Annotated[SystemName, Query(description="Of this connection")],
        stream: Stream = None,
    ) -> list[ReplayView]:
        """After a fix of the mapping or the settings; the source is not asked. One answer for each stream."""
        return aside.replay(actor, hub, connection, stream)

    @routes.get("/{record_id}/value", summary="The value that put a record into quarantine", responses=NO_RECORD)
    def value(actor: Acting, record_id: RecordId) -> QuarantinedValue:
        """It may be a person's, so few may see it."""
        return aside.value(actor, hub, record_id)

    @routes.post("/{record_id}/replay", summary="Read one record again", responses=NOT_AGAIN)
    def replay_record(actor: Acting, record_id: RecordId) -> ReplayView:
        """As `/quarantine/replay`, for one of them."""
        return aside.replay_record(actor, hub, record_id)

    return routes
