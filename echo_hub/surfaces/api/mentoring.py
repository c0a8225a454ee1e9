"""`/api/v1/mentoring`: rounds of pairs, decided by people, and mentors' places."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import Field

from echo_hub.application import Hub
from echo_hub.services import mentoring
from echo_hub.services.mentoring_views import CapacityView, PairView, RoundDetail, RoundSettings, RoundView
from echo_hub.services.mentoring_words import pair_view
from echo_hub.services.views import View
from echo_hub.store import mentoring as store
from echo_hub.store.mentoring_places import set_capacity
from echo_hub.surfaces.api.problem import NO_PERSON, ApiError
from echo_hub.surfaces.query import RowId

By = Annotated[str, Field(max_length=500, description="Who decides: id, employee id, work e-mail or name")]
RoundId = Annotated[RowId, InPath(description="The round's number, as lists of rounds show it")]
PairId = Annotated[RowId, InPath(description="The pair's number, as a round shows it")]
REFUSED: dict[int | str, dict[str, Any]] = {
    404: {"model": ApiError, "description": "There is no such round, pair or person"},
    409: {"model": ApiError, "description": "Not possible as it is; the message names what stands in the way"},
}


class Decision(View):
    """Who decides. Nothing about a pair changes without a person."""

    by: By


class NewRound(View):
    """A round to draft."""

    by: By
    title: Annotated[str, Field(max_length=200)] = mentoring.TITLE
    settings: RoundSettings = RoundSettings()


class Pinning(View):
    """Whether a pair stays when its round is run again."""

    by: By
    pinned: bool = True


class NewCapacity(View):
    """Mentees a mentor takes in all, whatever the offers say."""

    by: By
    mentor: Annotated[str, Field(max_length=500, description="Id, employee id, work e-mail or name")]
    places: Annotated[int, Field(ge=0, le=100)]


def mentoring_routes(hub: Hub) -> APIRouter:
    """The routes for mentoring."""
    routes = APIRouter(prefix="/mentoring", tags=["mentoring"], responses=REFUSED)
    _rounds(routes, hub)
    _pairs(routes, hub)

    @routes.get("/capacity", summary="Mentors' places")
    def capacity() -> tuple[CapacityView, ...]:
        """What the offers say, what a person decided, what is taken and what is free; by name."""
        return mentoring.capacity(hub.database, hub.snapshot())

    @routes.post("/capacity", summary="Decide a mentor's places", responses=NO_PERSON | REFUSED)
    def decide_capacity(asked: NewCapacity) -> CapacityView:
        """Refused below the mentor's live pairs."""
        mentor, who = hub.person(asked.mentor).id, hub.person(asked.by).id
        set_capacity(hub.database, mentor, asked.places, by=who, now=hub.now())
        return next(one for one in mentoring.capacity(hub.database, hub.snapshot()) if one.mentor.id == mentor)

    return routes


def _rounds(routes: APIRouter, hub: Hub) -> None:
    @routes.get("/rounds", summary="All rounds")
    def rounds() -> tuple[RoundView, ...]:
        """Every mentoring round, the latest first."""
        return mentoring.rounds(hub.database)

    @routes.post("/rounds", summary="Draft a round", status_code=201, responses=NO_PERSON | REFUSED)
    def draft(asked: NewRound) -> RoundDetail:
        """Pairs the whole pool for the best total and keeps the result as a draft; nobody is paired yet."""
        who = hub.person(asked.by).id
        return mentoring.draft(
            hub.database, hub.fresh_snapshot(), asked.settings, title=asked.title, by=who, now=hub.now()
        )

    @routes.get("/rounds/{round_id}", summary="One round")
    def one(round_id: RoundId) -> RoundDetail:
        """Its pairs, best first, each with the reasons that sum to its score, and who has no mentor and why."""
        return mentoring.detail(hub.database, hub.snapshot(), round_id)

    @routes.post("/rounds/{round_id}/run", summary="Run a draft again", responses=NO_PERSON | REFUSED)
    def run(round_id: RoundId, asked: Decision) -> RoundDetail:
        """Pinned pairs stay, removed ones do not come back; the settings are those of the draft."""
        hub.person(asked.by)
        return mentoring.redraft(hub.database, hub.fresh_snapshot(), round_id)

    @routes.post("/rounds/{round_id}/publish", summary="Publish a draft", responses=NO_PERSON | REFUSED)
    def publish(round_id: RoundId, asked: Decision) -> RoundDetail:
        """All pairs become live, or none: a pair that lost its place meanwhile is named and nothing is published."""
        who = hub.person(asked.by).id
        return mentoring.publish(hub.database, hub.fresh_snapshot(), round_id, by=who, now=hub.now())

    @routes.post("/rounds/{round_id}/withdraw", summary="Withdraw a draft", responses=NO_PERSON | REFUSED)
    def withdraw(round_id: RoundId, asked: Decision) -> RoundDetail:
        """Closes a draft that shall not be published."""
        store.withdraw(hub.database, round_id, by=hub.person(asked.by).id, now=hub.now())
        return mentoring.detail(hub.database, hub.snapshot(), round_id)


def _pairs(routes: APIRouter, hub: Hub) -> None:
    @routes.post("/pairs/{pair_id}/pin", summary="Pin a pair", responses=NO_PERSON | REFUSED)
    def pin(pair_id: PairId, asked: Pinning) -> PairView:
        """A pinned pair stays when its round is run again."""
        who = hub.person(asked.by).id
        found = store.pin_pair(hub.database, pair_id, pinned=asked.pinned, by=who, now=hub.now())
        return pair_view(hub.snapshot(), found)

    @routes.post("/pairs/{pair_id}/remove", summary="Remove a proposed pair", responses=NO_PERSON | REFUSED)
    def remove(pair_id: PairId, asked: Decision) -> PairView:
        """The pair leaves its draft for good."""
        return pair_view(
            hub.snapshot(), store.remove_pair(hub.database, pair_id, by=hub.person(asked.by).id, now=hub.now())
        )

    @routes.post("/pairs/{pair_id}/end", summary="End a live pair", responses=NO_PERSON | REFUSED)
    def end(pair_id: PairId, asked: Decision) -> PairView:
        """Its place is free again."""
        return pair_view(
            hub.snapshot(), store.end_pair(hub.database, pair_id, by=hub.person(asked.by).id, now=hub.now())
        )
