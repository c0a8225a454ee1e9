"""How large a request may be, and that HEAD is a GET without its body."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from echo_hub.surfaces.problems import LARGEST_BODY, TOO_LARGE, Problem, Refuse

LONGEST_ADDRESS = 8_192
"""Bytes of path and query together."""
TOO_LONG = Problem(
    414,
    "request.too_long",
    "That address is too long",
    f"An address may have {LONGEST_ADDRESS:,} bytes at most; this one has more. Leave out some of the filters.",
)


class SizeLimits:
    """ASGI middleware: refuses an address that is too long and a body that is too large.

    A body that states its size is refused by it, before any of it is read; one that states none (chunked) when it has
    grown too large. FastAPI's own `max_body_size` answers outside our headers, and never as the API does. How long a
    request may take to arrive, and how large its headers may be, is the server's part: `echo_hub.surfaces.patience`.

    Args:
        refuse: makes the answer that says what went wrong.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope.get("raw_path") or scope["path"].encode()
        if len(path) + len(scope["query_string"]) > LONGEST_ADDRESS:
            await self._refuse(Request(scope), TOO_LONG)(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "0")  # the server has seen to it that it is a number
        if len(stated) > 15 or int(stated) > LARGEST_BODY:
            await self._refuse(Request(scope), TOO_LARGE)(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > LARGEST_BODY:
                raise HTTPException(413, TOO_LARGE.message)
            return message

        await self.app(scope, counted, send)


class HeadAsGet:
    """ASGI middleware: answers HEAD as GET would be answered, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Asks the application for a GET and leaves out what it says."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def silent(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, silent)
