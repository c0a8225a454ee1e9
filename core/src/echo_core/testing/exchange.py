"""One HTTP request and one reply, as a vendor's sandbox sees them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class Headers(Mapping[str, str]):
    """Header fields looked up without regard to case; a repeated field is joined with ", " as RFC 9110 allows."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, str] = {}
        for name, value in fields:
            key = name.lower()
            self._fields[key] = f"{self._fields[key]}, {value}" if key in self._fields else value

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __repr__(self) -> str:
        return f"Headers({sorted(self._fields)})"


@dataclass(frozen=True, slots=True)
class Request:
    """What the client sent.

    `path` is decoded, `target` is path and query exactly as sent; `query` keeps the order and repeats of parameters.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Headers
    body: bytes = field(default=b"", repr=False)
    target: str = ""

    @classmethod
    def parse(cls, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> Request:
        """A request from its request line: `Request.parse("GET", "/v3/jobs?per_page=2")`."""
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
        return cls(method.upper(), unquote(parts.path) or "/", query, Headers(headers), body, target)

    def json(self) -> Any:
        """The body read as JSON; `ValueError` when it is not."""
        return json.loads(self.body)

    def form(self) -> dict[str, list[str]]:
        """The body read as an HTML form (`application/x-www-form-urlencoded`)."""
        return parse_qs(self.body.decode(), keep_blank_values=True)

    def param(self, name: str, default: str | None = None) -> str | None:
        """The last value of a query parameter, or `default`."""
        values = self.query.get(name)
        return values[-1] if values else default


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sandbox answers. A list or dict is encoded as JSON, text as UTF-8.

    An empty `content_type` sends none. `Content-Length` and `Connection` are the server's own business.
    """

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def content(self) -> bytes:
        """The body as bytes on the wire."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()
