"""The hub below a path of a host it shares (`https://intranet.example/echo`): one place that knows, the pages do not.

Inside, every path is as at the root of a host. On the way in the base path is taken off (a proxy may have done so
already), on the way out it is put before every path of ours: links and forms, redirects, cookies, the header `Link`.
"""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LINK = re.compile(rb'(?<=\s)(href|src|action|formaction)="/(?!/)')
"""A path of ours in a page. Quotes in what people write are escaped, so no text can look like this."""
_COOKIE_PATH = re.compile(r"(;\s*path=)(/[^;]*)", re.IGNORECASE)
_LINK_HEADER = re.compile(r"<(?=/(?!/))")


class BasePath:
    """ASGI middleware: see the module.

    Args:
        base: "/echo"; with "" nothing is done.
    """

    def __init__(self, app: ASGIApp, *, base: str = "") -> None:
        self.app = app
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on as if there were no base path."""
        if scope["type"] != "http" or not self._base:
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path == self._base or path.startswith(f"{self._base}/"):
            path = path[len(self._base) :] or "/"
        await self.app({**scope, "path": path}, receive, _Rewritten(self._base, send))


class _Rewritten:
    """What the application sends, with the base path before every path of ours."""

    def __init__(self, base: str, send: Send) -> None:
        self._base = base
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"] if isinstance(message["headers"], list) else [])
            self._rewrite_headers(headers)
            message = {**message, "headers": headers.raw}
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        body = _LINK.sub(rb'\1="' + self._base.encode() + b"/", self._body)
        headers = MutableHeaders(raw=start["headers"])
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        self._start = None
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

    def _rewrite_headers(self, headers: MutableHeaders) -> None:
        target = headers.get("location", "")
        if target.startswith("/") and not target.startswith("//"):
            headers["location"] = self._base + target
        if "link" in headers:
            headers["link"] = _LINK_HEADER.sub(f"<{self._base}", headers["link"])
        cookies = headers.getlist("set-cookie")
        if cookies:
            del headers["set-cookie"]
        for cookie in cookies:
            # Browsers refuse a cookie `__Host-…` of any other path than "/" (RFC 6265bis, section 4.1.3.2).
            hosts_own = cookie.startswith("__Host-")
            headers.append("set-cookie", cookie if hosts_own else _COOKIE_PATH.sub(self._cookie_path, cookie))

    def _cookie_path(self, match: re.Match[str]) -> str:
        return f"{match[1]}{self._base}{'' if match[2] == '/' else match[2]}"
