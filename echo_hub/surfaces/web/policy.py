"""The pages of saying no: what HR operations switch off, and a person's own word on being matched."""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import allows
from echo_hub.services.actor import Actor
from echo_hub.services.errors import ChoiceError
from echo_hub.services.hub import Hub
from echo_hub.services.intents import matching as own
from echo_hub.services.intents import policy
from echo_hub.services.intents.people import profile
from echo_hub.services.policy_views import Scope, What
from echo_hub.surfaces import words
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import address
from echo_hub.surfaces.sign_in.acting import Acting, ActingBeforeNotice
from echo_hub.surfaces.web.forms import Form, Submitted
from echo_hub.surfaces.web.pages import Who, named
from echo_hub.surfaces.web.rendering import render

_WHAT: tuple[What, ...] = get_args(What)
_SCOPES: tuple[Scope, ...] = get_args(Scope)
_LONGEST = 500
WHAT_WORDS = {"matching": "Matching", **words.KINDS_WORDS}


def policy_pages(hub: Hub) -> APIRouter:
    """The routes of these pages."""
    routes = APIRouter(include_in_schema=False)

    def show(request: Request, actor: Actor, form: Form, refused: str = "", status: int = 200) -> Response:
        off_now = policy.switches(actor, hub)
        return render(
            request,
            "policy.html",
            "policy",
            status=status,
            switches=off_now,
            history=[each for each in policy.switches(actor, hub, history=True, limit=50) if each not in off_now],
            places=policy.places(actor, hub),
            what_words=WHAT_WORDS,
            form=form,
            refused=refused,
            may_set=allows(actor, "policy.set"),
        )

    @routes.get("/policy")
    def switches(request: Request, actor: Acting) -> Response:
        return show(request, actor, Form({}))

    @routes.post("/policy")
    def switch(request: Request, actor: Acting, form: Submitted) -> Response:
        what = next((what for what in _WHAT if what == form.text("what")), None)
        scope = next((scope for scope in _SCOPES if scope == form.text("scope")), None)
        if what is None or scope is None:
            raise HTTPException(
                422, "This form does not say what to switch, and for whom. Go back and reload the page."
            )
        value = form.text(scope, _LONGEST) if scope != "everybody" else ""
        is_off, reason = form.text("off") == "1", form.text("reason", _LONGEST)
        try:
            policy.switch(actor, hub, what, off=is_off, scope=scope, value=value, reason=reason)
        except ChoiceError as error:
            return show(request, actor, form, error.message, 409)
        return RedirectResponse("/policy", 303)

    @routes.post("/policy/undo")
    def undo(actor: Acting, form: Submitted) -> Response:
        policy.undo(actor, hub, [form.number("decision")])
        return RedirectResponse("/policy", 303)

    # Who has not read the notice yet may object to what it says.
    @routes.get("/matching")
    def matching(request: Request, actor: ActingBeforeNotice, person: Who = None) -> Response:
        viewer = profile(actor, hub, named(person))
        return render(request, "matching.html", "", viewer=viewer, state=worded(own.matching(actor, hub, viewer.id)))

    @routes.post("/matching/opt-out")
    def opt_out(actor: ActingBeforeNotice, form: Submitted, person: Who = None) -> Response:
        del form  # its token was checked when it was read
        own.opt(actor, hub, named(person), out=True)
        return RedirectResponse(address("/matching", person=named(person)), 303)

    @routes.post("/matching/opt-in")
    def opt_in(actor: ActingBeforeNotice, form: Submitted, person: Who = None) -> Response:
        del form
        own.opt(actor, hub, named(person), out=False)
        return RedirectResponse(address("/matching", person=named(person)), 303)

    return routes
