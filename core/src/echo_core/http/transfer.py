"""Moving bodies: small ones into memory for the client's own use, error bodies as far as they help."""

from __future__ import annotations

import contextlib
import json

import httpx

from echo_core.connectors.errors import ContractError
from echo_core.http.allowed_hosts import AllowedHosts, host_and_path
from echo_core.http.body import read_chunks

SMALL_BYTES = 1_000_000
"""Token answers and error bodies above this are not read."""

TRAVELLING_HEADERS = ("accept", "accept-encoding", "user-agent")
"""What a redirected request keeps on another host: nothing that could be a credential."""

WIRE_HEADERS = ("content-encoding", "content-length", "transfer-encoding")


def whole_response(response: httpx.Response) -> httpx.Response:
    """The same answer with its body read and decoded, within `SMALL_BYTES`; the original is closed."""
    with contextlib.closing(response):
        content = b"".join(read_chunks(response, SMALL_BYTES, host_and_path(response.request.url)))
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in WIRE_HEADERS]
    return httpx.Response(response.status_code, headers=headers, content=content, request=response.request)


def error_body(response: httpx.Response) -> object:
    """The parsed JSON of an error answer; None when it is none, unreadable or too large.

    Raises:
        TransientError: it broke off in the middle.
    """
    try:
        content = b"".join(read_chunks(response, SMALL_BYTES, host_and_path(response.request.url)))
        parsed: object = json.loads(content)
    except (ContractError, ValueError, RecursionError):
        return None
    return parsed


def redirected(request: httpx.Request, response: httpx.Response, allowed_hosts: AllowedHosts) -> httpx.Request:
    """The request that follows a redirect, on an allowed host.

    Only the method the source was asked for is repeated: a POST is never turned into a GET, and its body never goes
    to another host. On another host no header that could carry a credential is sent.

    Raises:
        ContractError: code "source.foreign_host" on another host, "source.redirected" for what is not followed.
    """
    where = host_and_path(request.url)
    target = allowed_hosts.follow(response.headers["location"], str(request.url))
    same_host = (target.scheme, target.host, target.port) == (
        request.url.scheme,
        request.url.host,
        request.url.port,
    )
    reading = request.method in ("GET", "HEAD")
    if not reading and not (same_host and response.status_code in (307, 308)):
        raise ContractError(
            f"{where} sent a {request.method} request elsewhere, which is not followed.",
            detail=f"status {response.status_code} to {host_and_path(target)}",
            code="source.redirected",
        )
    kept = {
        name: value
        for name, value in request.headers.items()
        if (same_host and name not in ("host", "cookie")) or name in TRAVELLING_HEADERS
    }
    content = None if reading else request.content
    return httpx.Request(request.method, target, headers=kept, content=content, extensions=request.extensions)
