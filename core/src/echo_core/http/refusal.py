"""What an HTTP status or a broken connection means for the run: one error of the tree for each."""

from __future__ import annotations

import re
import ssl

import httpx

from echo_core.connectors.errors import (
    AuthError,
    ConfigError,
    ContractError,
    HubError,
    NotPermitted,
    RateLimited,
    TransientError,
)
from echo_core.http.backoff import TryAgain

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before a byte of the request left: any request may be tried again."""


def refusal(response: httpx.Response, where: str, *, told_s: float | None, body_json: object) -> HubError | TryAgain:
    """The error for a status that is not a success. `TryAgain` where another attempt may help.

    Args:
        where: host and path.
        told_s: how long the source asked us to wait, in seconds.
        body_json: the error body, kept on the error for the connector and in no text.
    """
    status = response.status_code
    outcome = _outcome(status, where, response.headers, told_s)
    error = outcome.error if isinstance(outcome, TryAgain) else outcome
    error.status, error.body_json = status, body_json
    return outcome


def _outcome(status: int, where: str, headers: httpx.Headers, told_s: float | None) -> HubError | TryAgain:
    match status:
        case 429:
            limited = RateLimited(
                f"{where} is busy: its request quota is used up.", retry_after_s=told_s or 0.0, detail="status 429"
            )
            return TryAgain(limited, told_s=told_s, throttled=True)
        case 401:
            return AuthError(f"{where} did not accept the credentials. Check and reconnect them.", detail="status 401")
        case 403:
            scope = _missing_scope(headers)
            return NotPermitted(
                f"{where} knows the credentials but does not permit this. Grant {scope or 'read access to it'}.",
                detail="status 403",
            )
        case 404 | 410:
            return ConfigError(
                f"{where} does not exist. Check the address and the names in the settings.",
                detail=f"status {status}",
                code="source.not_found",
            )
        case 408 | 425:
            return TryAgain(_unavailable(where, status), told_s=told_s)
        case _ if status >= 500:
            return TryAgain(_unavailable(where, status), told_s=told_s, throttled=told_s is not None)
        case _:
            return ContractError(f"{where} refused the request.", detail=f"status {status}", code="source.refused")


def _unavailable(where: str, status: int) -> TransientError:
    return TransientError(f"{where} has trouble at the moment.", detail=f"status {status}")


def _missing_scope(headers: httpx.Headers) -> str | None:
    """The scope an RFC 6750 challenge names: `WWW-Authenticate: Bearer error="insufficient_scope", scope="…"`."""
    match = re.search(r'scope="([\w:./ -]{1,200})"', headers.get("www-authenticate", ""))
    return f"the permission {match[1]}" if match else None


def broken_connection(error: httpx.TransportError, where: str) -> HubError:
    """The error for a failure below HTTP. Nothing of the library's text is passed on: it may hold URLs and headers."""
    kind = type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return TransientError(f"{where} did not answer in time.", detail=kind, code="source.timeout")
    if isinstance(error, httpx.LocalProtocolError):
        return ConfigError(
            "A header of this connection holds a character HTTP does not allow, often a line break pasted together "
            "with a token.",
            detail=kind,
            code="config.header",
        )
    if isinstance(error, httpx.UnsupportedProtocol):
        return ContractError(f"{where} is not a web address.", detail=kind, code="source.bad_link")
    if _is_certificate_problem(error):
        return ConfigError(
            f"The certificate of {where} is not trusted by this machine.", detail=kind, code="config.certificate"
        )
    if isinstance(error, httpx.ConnectError):
        return TransientError(f"{where} cannot be reached.", detail=kind, code="source.unreachable")
    return TransientError(f"{where} broke the connection.", detail=kind, code="source.disconnected")


def _is_certificate_problem(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
