"""`/api/v1/tokens`: service tokens, made, listed and revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import tokens
from echo_hub.services.intents.tokens import LONGEST_NAME, MOST_DAYS, MadeToken, TokenView
from echo_hub.services.views import View
from echo_hub.settings.sign_in import GivenRole
from echo_hub.surfaces.api.problem import Answers, ApiError
from echo_hub.surfaces.query import RowId
from echo_hub.surfaces.sign_in.acting import Acting

NO_TOKEN: Answers = {404: {"model": ApiError, "description": "No such token"}}
NOT_POSSIBLE: Answers = {409: {"model": ApiError, "description": "No token can be like that; the message says why"}}


class NewToken(View):
    """What a token is to be."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, description="Which program it is for")
    roles: frozenset[GivenRole] = Field(min_length=1, description="As what it acts; only roles that the maker has")
    days: int = Field(ge=1, le=MOST_DAYS, description="In how many days it expires")
    intents: frozenset[str] | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="All that it may do, as intents stand in events; null: all that its roles may",
        examples=[["run.read", "schedule.read"]],
    )


def token_routes(hub: Hub) -> APIRouter:
    """The routes of this resource."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/tokens", summary="Service tokens")
    def listed(actor: Acting) -> list[TokenView]:
        """Every token there ever was, the latest first: as what it acts, until when, when it was last used."""
        return tokens.tokens(actor, hub)

    @routes.post("/tokens", status_code=201, summary="Make a service token", responses=NOT_POSSIBLE)
    def make(actor: Acting, wanted: NewToken) -> MadeToken:
        """Answers the token this once; send it as `Authorization: Bearer eh_…`. A token cannot make another."""
        return tokens.make(actor, hub, wanted.name, roles=wanted.roles, days=wanted.days, intents=wanted.intents)

    @routes.delete("/tokens/{token_id}", summary="Revoke a service token", responses=NO_TOKEN)
    def revoke(actor: Acting, token_id: Annotated[RowId, Path(description="Number of the token")]) -> TokenView:
        """From this moment on it is refused, for good."""
        return tokens.revoke(actor, hub, token_id)

    return routes
