"""The page of service tokens: which there are, making one, revoking one."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import ROLE_WORDS, allows
from echo_hub.services.actor import Actor
from echo_hub.services.errors import ChoiceError
from echo_hub.services.hub import Hub
from echo_hub.services.intents import tokens
from echo_hub.services.intents.tokens import LONGEST_NAME, MOST_DAYS, MadeToken
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.rendering import render


def token_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    def page(
        request: Request,
        actor: Actor,
        *,
        made: MadeToken | None = None,
        refused: str = "",
        submitted: Form | None = None,
    ) -> Response:
        choices = tokens.choices(actor, hub)
        return render(
            request,
            "tokens.html",
            "connections",
            status=409 if refused else 200,
            tokens=tokens.tokens(actor, hub),
            choices=choices,
            role_words=ROLE_WORDS,
            made=made,
            refused=refused,
            name=submitted.text("name") if submitted else "",
            chosen=submitted.every("role") if submitted else choices.roles[:1] if len(choices.roles) == 1 else (),
            limited=submitted.every("intent") if submitted else (),
            days=submitted.text("days") if submitted else 90,
            longest_name=LONGEST_NAME,
            most_days=MOST_DAYS,
            may_make=allows(actor, "token.make"),
            may_revoke=allows(actor, "token.revoke"),
        )

    @routes.get("/tokens")
    def listed(request: Request, actor: Acting) -> Response:
        return page(request, actor)

    @routes.post("/tokens")
    def make(request: Request, actor: Acting, submitted: Submitted) -> Response:
        # The answer shows the token itself, once; a redirect would have to carry it in an address or keep it.
        try:
            made = tokens.make(
                actor,
                hub,
                submitted.text("name"),
                roles=submitted.every("role"),
                days=submitted.number("days"),
                intents=submitted.every("intent") or None,
            )
        except ChoiceError as error:
            return page(request, actor, refused=error.message, submitted=submitted)
        return page(request, actor, made=made)

    @routes.post("/tokens/revoke")
    def revoke(actor: Acting, submitted: Submitted) -> Response:
        number = submitted.number("number")
        if not number:
            raise HTTPException(422, "This form names no token. Go back and reload the page.")
        tokens.revoke(actor, hub, number)
        return RedirectResponse("/tokens", 303)

    return routes
