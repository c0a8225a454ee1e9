"""The language of an answer: the best the reader's browser or program accepts that there are sentences in."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.locales import accepted_locale, choose_locale


class ReaderLanguage:
    """ASGI middleware: sentences of this request are in the language of its `Accept-Language` header."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._available = catalogue().locales()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] == "http":
            choose_locale(accepted_locale(Headers(scope=scope).get("accept-language", ""), self._available))
        await self.app(scope, receive, send)
