"""Every request has an id, is counted and timed by the template of its path, and may leave one line in the log."""

from __future__ import annotations

import logging
import re
import secrets
import time
from ipaddress import IPv4Network, IPv6Network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from echo_hub.log_context import logged_under
from echo_hub.surfaces.forwarded import source_address
from echo_hub.surfaces.metrics import Metrics

log = logging.getLogger(__name__)
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""An id that somebody before us gave is kept when it looks like this; anything else could forge a line of the log."""
NO_ROUTE = "none"


class RequestWatch:
    """ASGI middleware, the outermost.

    Args:
        proxies: whose `X-Forwarded-For` is believed.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, proxies: tuple[IPv4Network | IPv6Network, ...] = ()) -> None:
        self.app = app
        self._metrics = metrics
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on under its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        state = scope.setdefault("state", {})
        state["source"] = source_address(scope, self._proxies)
        started, status = time.perf_counter(), 500

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with logged_under("request_id", request_id):
            try:
                await self.app(scope, receive, marked)
            finally:
                took, route = time.perf_counter() - started, state.get("route", NO_ROUTE)
                self._metrics.count(scope["method"], route, status, took)
                log.info("%s %s %d %.0f ms", scope["method"], route, status, took * 1000)


class RouteNames:
    """ASGI middleware, the innermost: notes the template of the path, such as `/opportunities/{opportunity_id}`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and looks where it went."""
        try:
            await self.app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                route = getattr(scope.get("route"), "path", None)
                name = "/static" if scope["path"].startswith("/static/") else route or NO_ROUTE
                scope.setdefault("state", {})["route"] = name
