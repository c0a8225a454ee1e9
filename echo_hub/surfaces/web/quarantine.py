"""The page of records that could not be read: how many for which reason, each of them, and reading them again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.intents import quarantine as aside
from echo_hub.services.intents.quarantine import ReplayView
from echo_hub.surfaces.query import address
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.paging import neighbours
from echo_hub.surfaces.web.rendering import render

SHOWN = 50
Name = Annotated[str, Query(max_length=63, pattern="^[A-Za-z0-9._-]*$")]


def quarantine_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def page(
        request: Request,
        actor: Actor,
        replayed: list[ReplayView],
        connection: str | None,
        stream: str | None,
        *,
        code: str | None = None,
        field: str | None = None,
        offset: int = 0,
    ) -> Response:
        only = {"connection": connection, "stream": stream, "code": code, "field": field}
        reasons = aside.reasons(actor, hub, connection, stream)
        total = sum(reason.count for reason in reasons if code in (None, reason.code) and field in (None, reason.field))
        records = aside.records(actor, hub, connection, stream, code=code, field=field, limit=SHOWN, offset=offset)
        values = {}
        if allows(actor, "quarantine.value"):
            values = {record.id: aside.value(actor, hub, record.id).value for record in records}

        def at(start: int) -> str:
            return address("/quarantine", None, **only, offset=start or None)

        return render(
            request,
            "quarantine.html",
            "connections",
            only=only,
            reasons=reasons,
            records=records,
            values=values,
            offset=offset,
            total=total,
            **neighbours(at, offset, SHOWN, more=offset + SHOWN < total),
            may_replay=allows(actor, "quarantine.replay"),
            replayed=replayed,
        )

    @routes.get("/quarantine")
    def quarantine(
        request: Request,
        actor: Acting,
        connection: Name = "",
        stream: Name = "",
        code: Annotated[str, Query(max_length=100)] = "",
        field: Annotated[str, Query(max_length=500)] = "",
        offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    ) -> Response:
        return page(
            request,
            actor,
            [],
            connection or None,
            stream or None,
            code=code or None,
            field=field if code else None,
            offset=offset,
        )

    @routes.post("/quarantine/replay")
    def replay(request: Request, actor: Acting, submitted: Submitted) -> Response:
        record_id = submitted.number("record")
        if record_id:
            replayed = [aside.replay_record(actor, hub, record_id)]
        else:
            replayed = aside.replay(actor, hub, submitted.text("connection", 63), submitted.text("stream", 63) or None)
        return page(request, actor, replayed, replayed[0].connection, replayed[0].stream)

    return routes
