"""A complete, successful answer, and what type of content it must have."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from echo_core.connectors.errors import ContractError
from echo_core.http.allowed_hosts import host_and_path

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer. `url` is where it came from, after redirects, with its query."""

    status: int
    headers: httpx.Headers = field(repr=False)
    url: str = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as text, in the charset the source names, else UTF-8; undecodable bytes are replaced.

        A charset nobody knows counts as none.
        """
        charset = httpx.Response(self.status, headers={"content-type": self.headers.get("content-type", "")})
        try:
            return self.content.decode(charset.charset_encoding or "utf-8", errors="replace")
        except (LookupError, ValueError):
            return self.content.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body read as JSON.

        Raises:
            ContractError: code "source.not_json".
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            size = len(self.content)
        raise ContractError(
            f"{host_and_path(httpx.URL(self.url))} sent something that is not JSON.",
            detail=f"{size} bytes, content type {_media_type(self.headers) or 'not given'}",
            code="source.not_json",
        )


def demand_type(headers: httpx.Headers, accept: str | None, where: str) -> None:
    """Refuses content nobody asked for, such as the HTML of a login page answered with status 200.

    Raises:
        ContractError: code "source.not_json" where JSON was asked for, else "source.wrong_type".
    """
    wanted = [part.split(";")[0].strip().lower() for part in (accept or "*/*").split(",")]
    got = _media_type(headers)
    if any(_matches(got, media_type) for media_type in wanted):
        return
    looks_like_login = got in ("text/html", "application/xhtml+xml")
    advice = " It looks like a web page, perhaps a login page: check the address and the credentials."
    raise ContractError(
        f"{where} answered with {got or 'an unnamed content type'} instead of {wanted[0]}."
        + (advice if looks_like_login else ""),
        detail=f"asked for {', '.join(wanted)}",
        code="source.not_json" if wanted[0] == JSON else "source.wrong_type",
    )


def _media_type(headers: httpx.Headers) -> str:
    return str(headers.get("content-type", "")).split(";")[0].strip().lower()[:80]


def _matches(got: str, wanted: str) -> bool:
    if wanted in ("*/*", got):
        return True
    if wanted.endswith("/*"):
        return got.startswith(wanted[:-1])
    return _family(got) is not None and _family(got) == _family(wanted)


def _family(media_type: str) -> str | None:
    """json or xml, for types such as application/vnd.api+json and text/xml; None for all others."""
    subtype = media_type.partition("/")[2]
    for family in ("json", "xml"):
        if subtype == family or subtype.endswith(f"+{family}"):
            return family
    return None
