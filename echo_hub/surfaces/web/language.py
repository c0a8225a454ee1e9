"""The language of an answer: the best the reader's browser or program accepts that there are sentences in."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.locales import ENGLISH, accepted_locale, choose_locale


class ReaderLanguage:
    """ASGI middleware: sentences of this request are in the language of its `Accept-Language` header.

    Args:
        default: the language where the header asks for none that there are sentences in.
    """

    def __init__(self, app: ASGIApp, default: str = ENGLISH) -> None:
        self.app, self._default = app, default
        self._available = catalogue().locales()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] == "http":
            choose_locale(
                accepted_locale(Headers(scope=scope).get("accept-language", ""), self._available, self._default)
            )
        await self.app(scope, receive, send)
