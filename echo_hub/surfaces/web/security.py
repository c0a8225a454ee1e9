"""What keeps a page to itself: headers on every answer, and an eye on the name the browser used for us."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from echo_hub.surfaces.api.prefix import is_api
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
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
"""For a year a browser that was here over https comes over nothing else (RFC 6797)."""
ANOTHER_SITE = Problem(
    403,
    "request.another_site",
    "Not from here",
    "Only a page of this hub may change something here; another site asked for it.",
)
_READING = ("GET", "HEAD", "OPTIONS")
CACHED = b"public, max-age=86400"


class SecurityHeaders:
    """ASGI middleware: adds the headers to every answer; only static files may be kept by a browser.

    Args:
        https: browsers reach the hub over https.
    """

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        self._headers = (*HEADERS.items(), *((HTTPS_ONLY,) if https else ()))

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
                        for name, value in self._headers
                        if name not in present
                    ),
                ]
            await send(message)

        await self.app(scope, receive, dressed)


class OwnNames:
    """ASGI middleware: answers only requests addressed to the hub's public name, or to this machine by a loopback name.

    A page of another site can point its own name at our address and would then be allowed to read our answers (DNS
    rebinding); the Host header still says whose name it is.

    Args:
        public: host and port of the hub's public address, where it has one.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse, *, public: str | None = None) -> None:
        self.app = app
        self._refuse = refuse
        self._public = public
        names = f"{public}, 127.0.0.1 and localhost" if public else "127.0.0.1 and localhost"
        self._problem = Problem(400, "request.host", "Not our name", f"Echo Hub answers at {names} only.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is addressed to us."""
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "")
            if host.lower() != self._public and not _is_loopback(host):
                await self._refuse(Request({**scope, "query_string": b""}), self._problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)


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
        return not is_api(scope["path"])
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
