"""Where somebody is signed in, and signing out: here, there, everywhere; for HR operations, also of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from echo_hub.services.access import ROLE_WORDS
from echo_hub.services.actor import GIVEN
from echo_hub.services.hub import Hub
from echo_hub.services.intents import sessions
from echo_hub.services.intents.people import profile
from echo_hub.settings.sign_in import SignInSettings
from echo_hub.surfaces.query import address
from echo_hub.surfaces.sign_in.acting import ActingBeforeNotice
from echo_hub.surfaces.sign_in.gate import SIGNED_OUT, SessionGate
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.pages import Who, named
from echo_hub.surfaces.web.rendering import render

if TYPE_CHECKING:
    from echo_hub.surfaces.sign_in.oidc import OpenIdConnect


def account_pages(hub: Hub, settings: SignInSettings, gate: SessionGate, connect: OpenIdConnect | None) -> APIRouter:
    """The routes. `connect`: the provider that can end its own session too."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/account")
    def account(request: Request, actor: ActingBeforeNotice, person: Who = None) -> Response:
        viewer = profile(actor, hub, named(person))
        return render(
            request,
            "account.html",
            "",
            viewer=viewer,
            sessions=sessions.sessions(actor, hub, viewer.id, current=request.state.session),
            given=[
                *(ROLE_WORDS[role] for role in GIVEN if role in actor.roles),
                *(f"{ROLE_WORDS[scoped.role]} for {scoped.scope.words}" for scoped in actor.scoped),
            ],
            idle=settings.idle_minutes,
            longest=int(settings.longest_hours * 60),
        )

    @routes.post("/account/end")
    def end(actor: ActingBeforeNotice, form: Submitted, person: Who = None) -> Response:
        sessions.end(actor, hub, named(person), only=form.number("session"))
        return RedirectResponse(address("/account", person=named(person)), 303)

    @routes.post("/account/end-all")
    def end_all(actor: ActingBeforeNotice, form: Submitted, person: Who = None) -> Response:
        del form  # its token was checked when it was read
        sessions.end(actor, hub, named(person))
        if named(person):
            return RedirectResponse(address("/account", person=named(person)), 303)
        answer = RedirectResponse(SIGNED_OUT, 303)
        gate.cookies.drop_session(answer)
        return answer

    @routes.post("/account/unlink")
    def unlink(actor: ActingBeforeNotice, form: Submitted, person: Who = None) -> Response:
        del form
        sessions.unlink(actor, hub, person or "")
        return RedirectResponse(address("/account", person=named(person)), 303)

    @routes.post("/sign-out")
    async def sign_out(request: Request, form: Submitted) -> Response:
        del form
        known = await run_in_threadpool(gate.before, request)
        if known is not None:
            await run_in_threadpool(sessions.end, known.actor, hub, only=known.session.id)
        further = settings.sign_out_url
        if connect is not None:
            further = await connect.sign_out_address(gate.cookies.hint(request))
        answer = _signed_out(request, further)
        # A redirect would be refused: pages may send their forms to this host only, redirects of the answer included.
        if further:
            answer.headers["refresh"] = f"0; url={further}"
        gate.cookies.drop_session(answer)
        return answer

    @routes.get(SIGNED_OUT)
    def signed_out(request: Request) -> Response:
        return _signed_out(request, None)

    return routes


def _signed_out(request: Request, further: str | None) -> Response:
    return render(request, "signed_out.html", "", further=further)
