"""What keeps a page to itself: headers on every answer, and an eye on the name the browser used for us."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from echo_hub.surfaces.problems import Problem, Refuse

HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    b"cache-control": b"no-store",
}
NOT_OUR_NAME = Problem(
    400,
    "request.host",
    "Not our name",
    "Echo Hub answers at 127.0.0.1 and localhost only.",
)
ANOTHER_SITE = Problem(
    403,
    "request.another_site",
    "Not from here",
    "Only a page of this hub may change something here; another site asked for it.",
)
_READING = ("GET", "HEAD", "OPTIONS")
CACHED = b"public, max-age=86400"


class SecurityHeaders:
    """ASGI middleware: adds the headers to every answer; only static files may be kept by a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and dresses the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = str(scope["path"]).startswith("/static/")

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                keep = static and message["status"] in (200, 304)
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name, CACHED if keep and name == b"cache-control" else value)
                        for name, value in HEADERS.items()
                        if name not in present
                    ),
                ]
            await send(message)

        await self.app(scope, receive, dressed)


class LoopbackNames:
    """ASGI middleware: answers only requests addressed to this machine by a loopback name.

    A page of another site can point its own name at 127.0.0.1 and would then be allowed to read our answers (DNS
    rebinding); the Host header still says whose name it is.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is addressed to us."""
        if scope["type"] != "http" or _is_loopback(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
            return
        await self._refuse(Request({**scope, "query_string": b""}), NOT_OUR_NAME)(scope, receive, send)


class OwnPagesOnly:
    """ASGI middleware: refuses what would change something when a page of another site makes the browser ask for it.

    Browsers say where a request comes from; other programs say nothing and are let through. Our pages send no
    referrer, and older browsers then call the origin of their forms `null`: the token in the form decides there.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what only reads, and what comes from here."""
        if scope["type"] != "http" or scope["method"] in _READING or _is_ours(scope):
            await self.app(scope, receive, send)
            return
        await self._refuse(Request(scope), ANOTHER_SITE)(scope, receive, send)


def _is_ours(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    if origin == "null":
        return not str(scope["path"]).startswith("/api/")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
