"""The page of alerts: what is broken, a test of the channels, silence for a while."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.intents import alerts as alerting
from echo_hub.services.intents.alerts import LONGEST_HOURS, ChannelTest
from echo_hub.surfaces.messages.locales import current_locale
from echo_hub.surfaces.messages.wording import saying, worded
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.rendering import render

SHOWN = 100


def alert_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    def page(
        request: Request, actor: Actor, *, closed: bool = False, tried: list[ChannelTest] | None = None
    ) -> Response:
        return render(
            request,
            "alerts.html",
            "connections",
            view=worded(alerting.alerts(actor, hub, closed=closed, limit=SHOWN)),
            closed=closed,
            tried=tried,
            may_test=allows(actor, "alert.test"),
            may_mute=allows(actor, "alert.mute"),
        )

    @routes.get("/alerts")
    def listed(request: Request, actor: Acting, closed: bool = False) -> Response:
        return page(request, actor, closed=closed)

    @routes.post("/alerts/test")
    def try_channels(request: Request, actor: Acting, submitted: Submitted) -> Response:
        # What came of it is in no row, so a redirect could not show it.
        tried = alerting.try_channels(actor, hub, saying(current_locale()), submitted.text("channel") or None)
        return page(request, actor, tried=tried)

    @routes.post("/alerts/mute")
    def mute(actor: Acting, submitted: Submitted) -> Response:
        hours = submitted.number("hours")
        if hours > LONGEST_HOURS:
            raise HTTPException(422, f"A connection can be muted for {LONGEST_HOURS} hours at most.")
        alerting.mute(actor, hub, submitted.text("connection"), hours)
        return RedirectResponse("/alerts", 303)

    return routes
