"""The web application: pages and the REST API, and the worker beside them where this process has one."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from echo_hub import __version__
from echo_hub.application import Background, Hub
from echo_hub.services.watching import figures, readiness
from echo_hub.surfaces.api.description import ABOUT, TAGS
from echo_hub.surfaces.api.prefix import API_PREFIX, is_api
from echo_hub.surfaces.api.problem import problem_document
from echo_hub.surfaces.api.routes import api_routes
from echo_hub.surfaces.base_path import BasePath
from echo_hub.surfaces.limits import HeadAsGet, SizeLimits
from echo_hub.surfaces.messages.wording import saying
from echo_hub.surfaces.metrics import Metrics
from echo_hub.surfaces.probes import Probes
from echo_hub.surfaces.problems import EXPECTED, FAULT, Problem, problem_of
from echo_hub.surfaces.query import address
from echo_hub.surfaces.rates import Rates
from echo_hub.surfaces.requests import RequestWatch, RouteNames
from echo_hub.surfaces.sign_in.bearer import TokenGate
from echo_hub.surfaces.sign_in.cookie import COOKIE, CookieSigner
from echo_hub.surfaces.sign_in.development import DevelopmentGate
from echo_hub.surfaces.sign_in.gate import SessionGate
from echo_hub.surfaces.sign_in.problems import NoticeDueError, SignInNeededError
from echo_hub.surfaces.web.access import access_pages
from echo_hub.surfaces.web.account import account_pages
from echo_hub.surfaces.web.admission import Admission
from echo_hub.surfaces.web.alerts import alert_pages
from echo_hub.surfaces.web.api_reference import api_pages
from echo_hub.surfaces.web.candidates import candidate_pages
from echo_hub.surfaces.web.corrections import profile_pages
from echo_hub.surfaces.web.development_sign_in import development_pages
from echo_hub.surfaces.web.identity import identity_pages
from echo_hub.surfaces.web.language import ReaderLanguage
from echo_hub.surfaces.web.looks import look_pages
from echo_hub.surfaces.web.mentoring import mentoring_pages
from echo_hub.surfaces.web.notice import notice_pages
from echo_hub.surfaces.web.operations import operation_pages
from echo_hub.surfaces.web.pages import web_pages
from echo_hub.surfaces.web.policy import policy_pages
from echo_hub.surfaces.web.proxy_sign_in import proxy_pages
from echo_hub.surfaces.web.quarantine import quarantine_pages
from echo_hub.surfaces.web.queue import queue_pages
from echo_hub.surfaces.web.receipts import receipt_pages
from echo_hub.surfaces.web.rendering import STATIC, problem_page
from echo_hub.surfaces.web.requirements import requirement_pages
from echo_hub.surfaces.web.schedules import schedule_pages
from echo_hub.surfaces.web.security import OwnNames, OwnPagesOnly, SecurityHeaders
from echo_hub.surfaces.web.tasks import task_pages
from echo_hub.surfaces.web.tokens import token_pages

log = logging.getLogger(__name__)


def create_app(hub: Hub, *, worker: bool = False) -> FastAPI:
    """The application for an opened hub.

    Args:
        hub: settings, database and snapshot; stays open as long as the application runs.
        worker: also run schedules and tasks in this process.
    """

    serve, metrics = hub.settings.serve, Metrics(lambda: figures(hub))

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        background = Background(hub, saying(hub.settings.locale)) if worker else None
        if background is not None:
            background.start()
        yield
        if background is not None:
            background.stop()

    app = FastAPI(
        title="Echo Hub",
        version=__version__,
        summary="Jobs, projects, mentoring and learning in one list, with reasons.",
        description=ABOUT,
        openapi_tags=TAGS,
        openapi_url=f"{API_PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": serve.base_path}] if serve.base_path else None,
        lifespan=life,
    )
    app.state.hub = hub
    app.state.rates = Rates(serve.requests_per_minute)
    app.add_middleware(RouteNames)
    app.add_middleware(LastResort)
    app.add_middleware(ReaderLanguage, default=hub.settings.locale)
    app.add_middleware(SizeLimits, refuse=_answer)
    app.add_middleware(OwnPagesOnly, refuse=_answer)
    app.add_middleware(OwnNames, refuse=_answer, public=hub.settings.sign_in.public_host)
    app.add_middleware(Probes, readiness=lambda: readiness(hub), metrics=metrics, settings=serve)
    app.add_middleware(SecurityHeaders, https=hub.settings.sign_in.is_https)
    app.add_middleware(BasePath, base=serve.base_path)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestWatch, metrics=metrics, proxies=serve.proxies)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(api_routes(hub), prefix=API_PREFIX)
    _add_sign_in(app, hub)
    app.include_router(access_pages(hub))
    app.include_router(look_pages(hub))
    app.include_router(api_pages(app))
    app.include_router(web_pages(hub))
    app.include_router(candidate_pages(hub))
    app.include_router(requirement_pages(hub))
    app.include_router(operation_pages(hub))
    app.include_router(schedule_pages(hub))
    app.include_router(token_pages(hub))
    app.include_router(quarantine_pages(hub))
    app.include_router(identity_pages(hub))
    app.include_router(task_pages(hub))
    app.include_router(alert_pages(hub))
    app.include_router(queue_pages(hub))
    app.include_router(profile_pages(hub))
    app.include_router(mentoring_pages(hub))
    app.include_router(receipt_pages(hub))
    app.include_router(policy_pages(hub))
    for kind in EXPECTED:
        app.add_exception_handler(kind, _explain)
    return app


def _add_sign_in(app: FastAPI, hub: Hub) -> None:
    """The pages of the sign-in that the settings choose, and what tells who acts in a request."""
    settings = hub.settings.sign_in
    if settings.public_url:  # where the provider sends people back to lies below the base path too
        public = settings.public_url + hub.settings.serve.base_path
        settings = settings.model_copy(update={"public_url": public})
    app.state.development = settings.method == "development"
    if app.state.development:
        signer = CookieSigner(hub.settings.data_dir)
        app.state.gate, app.state.session_cookie = TokenGate(hub, DevelopmentGate(hub, signer)), COOKIE
        app.include_router(development_pages(hub, signer))
    else:
        gate = SessionGate(hub, settings)
        app.state.gate, app.state.session_cookie = TokenGate(hub, gate, gate.proxy), gate.cookies.session
        admission = Admission(hub, settings, gate)
        if gate.proxy is not None:
            connect = None
            app.include_router(proxy_pages(gate.proxy, admission))
        else:
            from echo_hub.surfaces.sign_in.oidc import OpenIdConnect
            from echo_hub.surfaces.web.provider_sign_in import provider_pages

            connect = OpenIdConnect(settings)
            app.include_router(provider_pages(connect, admission, gate))
        app.include_router(account_pages(hub, settings, gate, connect))
    app.include_router(notice_pages(hub, settings))


async def _explain(request: Request, error: Exception) -> Response:
    if request.method in ("GET", "HEAD") and not is_api(request.scope["path"]):
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if isinstance(error, SignInNeededError):
            return RedirectResponse(address("/sign-in", next=path), 303)
        if isinstance(error, NoticeDueError):
            return RedirectResponse(address("/notice", next=path), 303)
    return _answer(request, problem_of(error))


def _answer(request: Request, problem: Problem) -> Response:
    """One sentence instead of a trace: JSON for the API, a page for people."""
    if is_api(request.scope["path"]):
        return problem_document(problem)
    return problem_page(request, problem)


class LastResort:
    """ASGI middleware: logs what nobody foresaw and answers with a sentence.

    Starlette's own handler stands outside all middleware, where its answer would go out without our headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; a fault before the first byte becomes a page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            await _answer(Request(scope), FAULT)(scope, receive, send)
