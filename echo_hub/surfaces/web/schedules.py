"""The pages of schedules: when each connection syncs, and setting that after a look at the next runs."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.intents import operations
from echo_hub.services.intents import schedules as planned
from echo_hub.services.intents.schedules import Plan, Timing
from echo_hub.services.refusals import ScheduleError
from echo_hub.surfaces.query import SystemName
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.rendering import render

Text = Annotated[str, Query(max_length=200)]
LONGEST = 2_000
"""Characters of all blackouts of a form."""
FIELDS = ("cron", "every", "time_zone", "blackouts", "jitter", "after")


def schedule_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    def form(
        request: Request, actor: Actor, connection: str, fields: dict[str, str] | None, status: int = 200
    ) -> Response:
        current = planned.plan_of(actor, hub, connection)
        preview: Plan | None = None
        refused = ""
        if fields is not None:
            try:
                preview = planned.plan(actor, hub, connection, **timing_of(fields))
            except ScheduleError as error:
                refused, status = error.message, 422
        titles = operations.titles(actor, hub)
        return render(
            request,
            "schedule.html",
            "connections",
            status=status,
            connection=connection,
            title=titles[connection],
            others=[(name, title) for name, title in sorted(titles.items()) if name != connection],
            current=current,
            preview=preview,
            refused=refused,
            fields=fields or fields_of(current, planned.usually_after(actor, hub, connection)),
            may_set=allows(actor, "schedule.set"),
        )

    @routes.get("/schedules")
    def schedules(request: Request, actor: Acting) -> Response:
        rows = {schedule.connection: schedule for schedule in planned.schedules(actor, hub)}
        titles = operations.titles(actor, hub)
        names = sorted({*titles, *rows}, key=lambda name: (titles[name].casefold(), name))
        return render(
            request,
            "schedules.html",
            "connections",
            connections=[(name, titles[name], name in titles, rows.get(name)) for name in names],
            may_set=allows(actor, "schedule.set"),
        )

    @routes.get("/schedules/{connection}")
    def one_schedule(
        request: Request,
        actor: Acting,
        connection: SystemName,
        cron: Text = "",
        every: Text = "",
        time_zone: Text = "",
        blackouts: Annotated[str, Query(max_length=LONGEST)] = "",
        jitter: Text = "",
        after: Text = "",
    ) -> Response:
        values = (cron, every, time_zone, blackouts, jitter, after)
        written = dict(zip(FIELDS, (value.strip() for value in values), strict=True))
        return form(request, actor, connection, written if "time_zone" in request.query_params else None)

    @routes.post("/schedules/{connection}")
    def set_schedule(actor: Acting, connection: SystemName, submitted: Submitted) -> Response:
        fields = {name: submitted.text(name, LONGEST) for name in FIELDS}
        planned.set_schedule(actor, hub, connection, **timing_of(fields))
        return RedirectResponse(f"/schedules#{quote(connection)}", 303)

    @routes.post("/schedules/{connection}/{step}")
    def change(
        actor: Acting, connection: SystemName, step: Literal["pause", "resume"], submitted: Submitted
    ) -> Response:
        del submitted  # its token was checked when it was read
        (planned.pause if step == "pause" else planned.resume)(actor, hub, connection)
        return RedirectResponse(f"/schedules#{quote(connection)}", 303)

    return routes


def timing_of(fields: dict[str, str]) -> Timing:
    """What a form says; a field that is left empty says nothing, and one blackout stands on each line."""
    return {
        "cron": fields["cron"] or None,
        "every": fields["every"] or None,
        "time_zone": fields["time_zone"] or "UTC",
        "blackouts": [line for line in fields["blackouts"].splitlines() if line.strip()],
        "jitter": fields["jitter"] or None,
        "after": fields["after"],
    }


def fields_of(plan: Plan | None, usually_after: str | None) -> dict[str, str]:
    """A form that says what is set, or what is usual."""
    if plan is None:
        return dict.fromkeys(FIELDS, "") | {"time_zone": "UTC", "after": usually_after or ""}
    row = plan.schedule
    return {
        "cron": row.cron or "",
        "every": "" if row.cron else row.text.removeprefix("every "),
        "time_zone": row.time_zone,
        "blackouts": "\n".join(row.blackout_texts),
        "jitter": row.jitter_text,
        "after": row.runs_after or "",
    }
