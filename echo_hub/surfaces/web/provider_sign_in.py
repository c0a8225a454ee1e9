"""To the company's sign-in provider, back from it, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from echo_hub.services.sign_in import SignInRefusedError
from echo_hub.surfaces.sign_in.attempt import Attempt, attempt_of
from echo_hub.surfaces.sign_in.gate import SessionGate
from echo_hub.surfaces.sign_in.oidc import CALLBACK, OpenIdConnect
from echo_hub.surfaces.sign_in.problems import AttemptError, ProviderError
from echo_hub.surfaces.web.admission import Admission


def provider_pages(connect: OpenIdConnect, admission: Admission, gate: SessionGate) -> APIRouter:
    """The routes to and from the provider; waiting for it takes no thread from anybody who is signed in."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    async def sign_in(request: Request, to: Annotated[str, Query(max_length=8_000, alias="next")] = "/") -> Response:
        attempt = Attempt.begin(to)
        try:
            answer = RedirectResponse(await connect.begin(attempt), 303)
        except ProviderError as error:
            return await run_in_threadpool(admission.refused, request, error)
        gate.cookies.keep_attempt(request, answer, attempt)
        return answer

    @routes.get(CALLBACK)
    async def back(request: Request) -> Response:
        said = dict(request.query_params)
        try:
            attempt = attempt_of(request.cookies, gate.cookies.prefix, said.get("state", ""))
        except AttemptError as error:
            return await run_in_threadpool(admission.refused, request, error)
        try:
            proven = await connect.finish(attempt, said)
            answer = await run_in_threadpool(admission.let_in, request, proven.claims, attempt.to)
            gate.cookies.keep_hint(answer, proven.id_token)
        except (AttemptError, ProviderError, SignInRefusedError) as error:
            answer = await run_in_threadpool(admission.refused, request, error)
        gate.cookies.drop_attempt(answer, attempt)
        return answer

    return routes
