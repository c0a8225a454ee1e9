"""`/api/v1` for alerts: what is broken, a test of the channels, silence for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from echo_hub.services.alert_views import AlertsView, ChannelTest
from echo_hub.services.hub import Hub
from echo_hub.services.intents import alerts as alerting
from echo_hub.services.intents.alerts import LONGEST_HOURS
from echo_hub.services.views import View
from echo_hub.surfaces.api.problem import Answers, ApiError
from echo_hub.surfaces.messages.locales import current_locale
from echo_hub.surfaces.messages.wording import saying, worded
from echo_hub.surfaces.query import Limit
from echo_hub.surfaces.sign_in.acting import Acting

NOT_THERE: Answers = {404: {"model": ApiError, "description": "No such channel or connection"}}
NO_CHANNEL: Answers = {
    **NOT_THERE,
    409: {"model": ApiError, "description": "No channel is set"},
}


class WantedTest(View):
    """Which channel to test."""

    channel: str | None = Field(None, max_length=63, description="mail, slack or a webhook's name; null for all")


class WantedMute(View):
    """Of which connection nobody is to be told, and for how long."""

    connection: str = Field(max_length=63)
    hours: int = Field(ge=0, le=LONGEST_HOURS, description="0 ends it")


class Muted(View):
    """Until when nobody is told of a connection; null when people are."""

    connection: str
    muted_until: datetime | None


def alert_routes(hub: Hub) -> APIRouter:
    """The routes for alerts."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/alerts", summary="What is broken in syncing")
    def alerts(
        actor: Acting,
        closed: Annotated[bool, Query(description="Also what is over")] = False,
        limit: Limit = 100,
    ) -> AlertsView:
        """The latest first, with the channels that are told and the connections that are muted."""
        return worded(alerting.alerts(actor, hub, closed=closed, limit=limit))

    @routes.post("/alerts/test", summary="Send a test", responses=NO_CHANNEL)
    def try_channels(actor: Acting, wanted: WantedTest) -> list[ChannelTest]:
        """Sends at once, and answers what came of it when every channel has answered or given up."""
        return alerting.try_channels(actor, hub, saying(current_locale()), wanted.channel)

    @routes.post("/alerts/mute", summary="Tell nobody of a connection for a while", responses=NOT_THERE)
    def mute(actor: Acting, wanted: WantedMute) -> Muted:
        """Alerts are kept all the same, and what is still broken afterwards is told."""
        until = alerting.mute(actor, hub, wanted.connection, wanted.hours)
        return Muted(connection=wanted.connection, muted_until=until)

    return routes
