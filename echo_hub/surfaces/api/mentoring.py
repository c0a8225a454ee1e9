"""`/api/v1/mentoring`: rounds of pairs, decided by people, and mentors' places."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import mentoring
from echo_hub.services.mentoring import TITLE
from echo_hub.services.mentoring_views import CapacityView, PairView, RoundDetail, RoundSettings, RoundView
from echo_hub.services.views import View
from echo_hub.surfaces.api.problem import NO_PERSON, Answers, ApiError
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import RowId
from echo_hub.surfaces.sign_in.acting import Acting

RoundId = Annotated[RowId, InPath(description="The round's number, as lists of rounds show it")]
PairId = Annotated[RowId, InPath(description="The pair's number, as a round shows it")]
REFUSED: Answers = {
    404: {"model": ApiError, "description": "There is no such round, pair or person"},
    409: {"model": ApiError, "description": "Not possible as it is; the message names what stands in the way"},
}


class NewRound(View):
    """A round to draft."""

    title: Annotated[str, Field(max_length=200)] = TITLE
    settings: RoundSettings = RoundSettings()


class Pinning(View):
    """Whether a pair stays when its round is run again."""

    pinned: bool = True


class NewCapacity(View):
    """Mentees a mentor takes in all, whatever the offers say."""

    mentor: Annotated[
        str | None, Field(max_length=500, description="Somebody else, for those who may; left out, oneself")
    ] = None
    places: Annotated[int, Field(ge=0, le=100)]


def mentoring_routes(hub: Hub) -> APIRouter:
    """The routes for mentoring."""
    routes = APIRouter(prefix="/mentoring", tags=["mentoring"], responses=REFUSED)
    _rounds(routes, hub)
    _pairs(routes, hub)

    @routes.get("/capacity", summary="Mentors' places")
    def capacity(actor: Acting) -> tuple[CapacityView, ...]:
        """What the offers say, what a person decided, what is taken and what is free; by name."""
        return mentoring.capacity(actor, hub)

    @routes.post("/capacity", summary="Decide a mentor's places", responses=NO_PERSON | REFUSED)
    def decide_capacity(actor: Acting, wanted: NewCapacity) -> CapacityView:
        """Refused below the mentor's live pairs."""
        return mentoring.decide_capacity(actor, hub, wanted.mentor, wanted.places)

    return routes


def _rounds(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/rounds", summary="All rounds")
    def rounds(actor: Acting) -> tuple[RoundView, ...]:
        """Every mentoring round, the latest first."""
        return mentoring.rounds(actor, hub)

    @routes.post("/rounds", summary="Draft a round", status_code=201, responses=REFUSED)
    def draft(actor: Acting, wanted: NewRound) -> RoundDetail:
        """Pairs the whole pool for the best total and keeps the result as a draft; nobody is paired yet."""
        return worded(mentoring.draft(actor, hub, wanted.settings, title=wanted.title))

    @routes.get("/rounds/{round_id}", summary="One round")
    def one(actor: Acting, round_id: RoundId) -> RoundDetail:
        """Its pairs, best first, each with the reasons that sum to its score, and who has no mentor and why."""
        return worded(mentoring.round_detail(actor, hub, round_id))

    @routes.post("/rounds/{round_id}/run", summary="Run a draft again", responses=REFUSED)
    def run(actor: Acting, round_id: RoundId) -> RoundDetail:
        """Pinned pairs stay, removed ones do not come back; the settings are those of the draft."""
        return worded(mentoring.redraft(actor, hub, round_id))

    @routes.post("/rounds/{round_id}/publish", summary="Publish a draft", responses=REFUSED)
    def publish(actor: Acting, round_id: RoundId) -> RoundDetail:
        """All pairs become live, or none: a pair that lost its place meanwhile is named and nothing is published."""
        return worded(mentoring.publish(actor, hub, round_id))

    @routes.post("/rounds/{round_id}/withdraw", summary="Withdraw a draft", responses=REFUSED)
    def withdraw(actor: Acting, round_id: RoundId) -> RoundDetail:
        """Closes a draft that shall not be published."""
        return worded(mentoring.withdraw(actor, hub, round_id))


def _pairs(routes: APIRouter, hub: Hub) -> None:
    @routes.post("/pairs/{pair_id}/pin", summary="Pin a pair", responses=REFUSED)
    def pin(actor: Acting, pair_id: PairId, wanted: Pinning) -> PairView:
        """A pinned pair stays when its round is run again."""
        return worded(mentoring.change_pair(actor, hub, pair_id, "pin" if wanted.pinned else "unpin"))

    @routes.post("/pairs/{pair_id}/remove", summary="Remove a proposed pair", responses=REFUSED)
    def remove(actor: Acting, pair_id: PairId) -> PairView:
        """The pair leaves its draft for good."""
        return worded(mentoring.change_pair(actor, hub, pair_id, "remove"))

    @routes.post("/pairs/{pair_id}/end", summary="End a live pair", responses=REFUSED)
    def end(actor: Acting, pair_id: PairId) -> PairView:
        """Its place is free again."""
        return worded(mentoring.change_pair(actor, hub, pair_id, "end"))
