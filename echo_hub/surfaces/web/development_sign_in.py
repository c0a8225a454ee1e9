"""The page on which somebody at this machine says whom they act as."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from echo_hub.services.access import ROLE_WORDS, ForbiddenError
from echo_hub.services.actor import GIVEN
from echo_hub.services.errors import AmbiguousPersonError, RequestError, UnknownPersonError
from echo_hub.services.hub import Hub
from echo_hub.surfaces.sign_in.cookie import COOKIE, LASTS_S, Choice, CookieSigner
from echo_hub.surfaces.sign_in.development import chosen_actor
from echo_hub.surfaces.sign_in.return_path import return_path
from echo_hub.surfaces.web.forms import Submitted
from echo_hub.surfaces.web.rendering import render


def development_pages(hub: Hub, signer: CookieSigner) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    def choose(
        request: Request,
        person: Annotated[str, Query(max_length=500)] = "",
        to: Annotated[str, Query(max_length=2_000, alias="next")] = "/",
    ) -> Response:
        return _show(request, to, person)

    @routes.post("/sign-in")
    def sign_in(request: Request, form: Submitted) -> Response:
        to, person = return_path(form.text("next", 2_000)), form.text("person")
        try:
            actor = chosen_actor(hub, Choice(person, tuple(form.every("role"))))
        except AmbiguousPersonError as error:
            return _show(request, to, person, error.message, error, status=409)
        except UnknownPersonError as error:
            return _show(request, to, person, error.message, error, status=404)
        except ForbiddenError as error:
            return _show(request, to, person, error.message, status=403)
        answer = RedirectResponse(to, 303)
        answer.set_cookie(
            COOKIE,
            signer.sign(Choice(actor.person or "", tuple(form.every("role")))),
            max_age=LASTS_S,
            httponly=True,
            samesite="strict",
            path="/",
        )
        return answer

    @routes.post("/sign-out")
    def sign_out(form: Submitted) -> Response:
        del form  # its token was checked when it was read
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
        return answer

    return routes


def _show(
    request: Request, to: str, person: str, problem: str = "", error: RequestError | None = None, *, status: int = 200
) -> Response:
    candidates = error.candidates if isinstance(error, AmbiguousPersonError | UnknownPersonError) else ()
    return render(
        request,
        "development_sign_in.html",
        "",
        status=status,
        next=return_path(to),
        person_text=person,
        problem=problem,
        candidates=candidates,
        given=[(role, ROLE_WORDS[role]) for role in GIVEN],
    )
