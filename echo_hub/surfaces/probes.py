"""`/healthz`, `/readyz` and `/metrics`: what load balancers and monitoring ask, whoever they are."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from echo_hub.services.watching import Check
from echo_hub.settings.serve import ServeSettings
from echo_hub.surfaces.forwarded import is_from_here, source_address, within
from echo_hub.surfaces.metrics import CONTENT_TYPE, Metrics

PATHS = ("/healthz", "/readyz", "/metrics")


class Probes:
    """ASGI middleware: answers the three paths and passes everything else on.

    Args:
        readiness: says what the hub needs to serve and whether it has it.
    """

    def __init__(
        self, app: ASGIApp, *, readiness: Callable[[], Sequence[Check]], metrics: Metrics, settings: ServeSettings
    ) -> None:
        self.app = app
        self._readiness = readiness
        self._metrics = metrics
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a probe without the application."""
        if scope["type"] != "http" or scope["path"] not in PATHS or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        scope["state"]["route"] = scope["path"]
        await (await self._answer(scope))(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        if scope["path"] == "/healthz":
            return JSONResponse({"alive": True})
        if scope["path"] == "/readyz":
            checks = await run_in_threadpool(self._readiness)
            ready = all(check.ok for check in checks)
            return JSONResponse({"ready": ready, "checks": [asdict(check) for check in checks]}, 200 if ready else 503)
        if not self._may_read(scope):
            return PlainTextResponse(
                "Metrics are for this machine, for the addresses in [serve] metrics_from, and for whoever sends the "
                "bearer token of [serve] metrics_token.\n",
                403,
            )
        return Response(await run_in_threadpool(self._metrics.page), media_type=CONTENT_TYPE)

    def _may_read(self, scope: Scope) -> bool:
        if is_from_here(scope):
            return True
        address = source_address(scope, self._settings.proxies)
        if address is not None and within(address, self._settings.metrics_from):
            return True
        scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
        token = self._settings.metrics_token
        return (
            token is not None
            and scheme.lower() == "bearer"
            and secrets.compare_digest(given.strip().encode(), token.get_secret_value().encode())
        )
