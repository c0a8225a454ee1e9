"""How a connection proves who it is: basic, bearer, and tokens that are minted, shared by threads and renewed."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import weakref
from abc import abstractmethod
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import httpx
from httpx import Auth
from pydantic import SecretStr

from echo_core.connectors.errors import AuthError, ConfigError, ContractError, HubError, RateLimited, TransientError
from echo_core.connectors.redaction import SECRETS
from echo_core.http.allowed_hosts import host_and_path
from echo_core.http.backoff import TryAgain
from echo_core.http.quota import retry_after_s
from echo_core.http.shared import Credential, SharedToken, SharedTokens

__all__ = ["Auth", "BasicAuth", "BearerAuth", "ClientCredentials", "RefreshToken", "TokenAuth"]

OAUTH_ERRORS = frozenset(
    {
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
"""Error codes of RFC 6749 section 5.2. Only these are repeated in messages; descriptions may hold credentials."""

Flow = Generator[httpx.Request, httpx.Response, None]
TokenFlow = Generator[httpx.Request, httpx.Response, str]
REPLACED_AT_MOST = 3
"""Tokens tried for one request: another process may mint while one that it minted before is still on its way."""


class BasicAuth(Auth):
    """User and password with every request (RFC 7617). The password may be blank: some vendors take a key as user."""

    def __init__(self, user: str, password: SecretStr) -> None:
        self._header = _basic(user, password)

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        """Adds the header."""
        request.headers["Authorization"] = self._header
        yield request


class BearerAuth(Auth):
    """A fixed token with every request (RFC 6750)."""

    def __init__(self, token: SecretStr) -> None:
        value = _checked(token, "token")
        SECRETS.add(value)
        self._header = f"Bearer {value}"

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        """Adds the header."""
        request.headers["Authorization"] = self._header
        yield request


class TokenAuth(Auth):
    """A token minted at an OAuth endpoint, renewed `skew_s` before it expires and once after a 401.

    Threads that need a token at the same time wait for one request. Credentials the endpoint refused are not sent
    again by this object: many vendors lock accounts that keep trying. Tokens in use are in the register of secrets;
    it lets go of them some time after they were replaced or `release`d, or this object is gone.

    Processes that `share` mint one token together: some vendors end the token before when they hand out the next one.
    """

    def __init__(self, token_url: str, *, skew_s: float, default_ttl_s: float) -> None:
        self.token_url = token_url
        self._skew_s = skew_s
        self._default_ttl_s = default_ttl_s
        self._clock: Callable[[], float] = time.monotonic
        self._now: Callable[[], datetime] = partial(datetime.now, UTC)
        self._lock = threading.Lock()
        self._token: str | None = None
        self._renew_at = float("-inf")
        self._in_use: list[str] = []
        weakref.finalize(self, _retire_all, self._in_use).atexit = False
        self._refused: tuple[str, str, str] | None = None
        self._shared: SharedTokens | None = None
        self._sleep: Callable[[float], None] = time.sleep

    def use_clocks(self, clock: Callable[[], float], now: Callable[[], datetime]) -> None:
        """Takes the client's clocks: monotonic seconds, and wall time for expiry dates."""
        self._clock, self._now = clock, now

    def share(self, tokens: SharedTokens, sleep: Callable[[float], None]) -> None:
        """Takes tokens that another process minted, and lets others have its own."""
        self._shared, self._sleep = tokens, sleep

    def credential(self) -> Credential | None:
        """What the tokens are shared under; None: they are not."""
        return None

    def release(self) -> None:
        """Lets go of the tokens, as a client does when it is closed; the next request would mint another."""
        self._token = None
        _retire_all(self._in_use)

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        """Adds a valid token, asking for one first where needed."""
        token = yield from self._valid_token(rejected=None)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        for _ in range(REPLACED_AT_MOST if self._shared is not None else 1):
            if response.status_code != 401:
                return
            token = yield from self._valid_token(rejected=token)
            request.headers["Authorization"] = f"Bearer {token}"
            response = yield request

    @abstractmethod
    def token_request(self) -> httpx.Request:
        """The request that mints a token."""

    def granted(self, body: Mapping[str, Any]) -> None:
        """Looks at a successful token answer before the token is used."""

    def adopt(self, token: SharedToken) -> None:
        """Looks at the token of all processes, over or not, before it is used or the next one is minted."""

    def replaced_refresh_token(self) -> str | None:
        """The refresh token that the endpoint handed out in place of the one that was given; None: none."""
        return None

    def _valid_token(self, rejected: str | None) -> TokenFlow:
        # The lock is held while the client sends the token request, so that other threads wait for its outcome.
        with self._lock:
            if self._refused is not None:
                message, detail, code = self._refused
                raise AuthError(message, detail=detail, code=code)
            current, self._token = self._token, None
            if current is not None and current != rejected and self._clock() < self._renew_at:
                self._token = current
                self._hold(current)
                return current
            credential = self.credential()
            if self._shared is None or credential is None:
                return (yield from self._mint(current)).access_token
            return (yield from self._shared_token(self._shared, credential, current, rejected))

    def _shared_token(
        self, shared: SharedTokens, credential: Credential, current: str | None, rejected: str | None
    ) -> TokenFlow:
        """The token of all processes; minted, once no other process is about to."""
        claimed = False
        try:
            while True:
                kept = shared.read(credential)
                if kept is not None:
                    self.adopt(kept)
                if kept is not None and kept.access_token != rejected and self._now() < kept.renew_at:
                    self._use(kept, instead_of=current)
                    return kept.access_token
                if claimed:  # looked once more: another process may have minted just before
                    break
                wait_s = shared.claim(credential)
                claimed = wait_s <= 0
                if not claimed:
                    self._sleep(wait_s)
            minted = yield from self._mint(current)
            claimed = False
            shared.write(credential, minted)
            return minted.access_token
        finally:
            if claimed:
                shared.give_back(credential)

    def _mint(self, current: str | None) -> Generator[httpx.Request, httpx.Response, SharedToken]:
        response = yield self.token_request()
        body = self._granted_body(response)
        ttl_s = self._ttl_s(body)
        self.granted(body)
        renew_at = self._now() + timedelta(seconds=ttl_s - min(self._skew_s, ttl_s / 2))
        minted = SharedToken(str(body["access_token"]), renew_at, self.replaced_refresh_token())
        self._use(minted, instead_of=current)
        return minted

    def _use(self, token: SharedToken, *, instead_of: str | None) -> None:
        self._hold(token.access_token, instead_of=instead_of)
        self._token = token.access_token
        self._renew_at = self._clock() + (token.renew_at - self._now()).total_seconds()

    def _granted_body(self, response: httpx.Response) -> Mapping[str, Any]:
        where, status = host_and_path(response.request.url), response.status_code
        body = _object(response)
        if response.is_success and body.get("access_token"):
            return body
        told_s = retry_after_s(response.headers, self._now(), status=status)
        if status == 429:
            limited = RateLimited(f"{where} gives no more tokens for now.", retry_after_s=told_s or 0.0)
            raise TryAgain(limited, told_s=told_s, throttled=True)
        if status >= 500:
            raise TryAgain(TransientError(f"{where} has trouble at the moment.", detail=f"status {status}"))
        raise self._refusal(where, status, body)

    def _refusal(self, where: str, status: int, body: Mapping[str, Any]) -> HubError:
        stated = body.get("error")
        reason = stated if isinstance(stated, str) and stated in OAUTH_ERRORS else None
        if status == 404:
            return ConfigError(f"There is no token endpoint at {where}.", detail="status 404", code="auth.token_url")
        if 400 <= status < 500:
            message = f"{where} did not accept the credentials. Check and reconnect them."
            detail = f"status {status}" + (f", {reason}" if reason else "")
            code = f"auth.{reason}" if reason else "auth.refused"
            if reason in ("invalid_client", "invalid_grant", "unauthorized_client"):
                self._refused = (message, detail, code)
            return AuthError(message, detail=detail, code=code)
        return ContractError(f"{where} answered without a token.", detail=f"status {status}", code="auth.no_token")

    def _hold(self, token: str, *, instead_of: str | None = None) -> None:
        if token not in self._in_use:
            self._in_use.append(token)
            SECRETS.add(token)
        if instead_of != token and instead_of in self._in_use:
            self._in_use.remove(instead_of)
            SECRETS.retire(instead_of)

    def _ttl_s(self, body: Mapping[str, Any]) -> float:
        """Seconds the token lives: expires_in (seconds), else expires_at or expires (ISO date), else the default."""
        try:
            if body.get("expires_in") is not None:
                return max(0.0, float(body["expires_in"]))
            until = datetime.fromisoformat(str(body.get("expires_at") or body["expires"]))
        except (KeyError, ValueError, TypeError):
            return self._default_ttl_s
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - self._now()).total_seconds())


class ClientCredentials(TokenAuth):
    """OAuth client credentials (RFC 6749 section 4.4).

    Args:
        body: how the parameters are encoded; some vendors want JSON.
        client_auth: whether id and secret travel as a basic header or in the body.
        extra: further parameters of the token request, e.g. {"sub": "4711"}.
        skew_s: how long before its end a token is renewed, at most half its life.
        default_ttl_s: how long a token lives when the endpoint does not say.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: SecretStr,
        *,
        body: Literal["form", "json"] = "form",
        client_auth: Literal["basic", "body"] = "basic",
        extra: Mapping[str, str] | None = None,
        scope: str | None = None,
        skew_s: float = 60.0,
        default_ttl_s: float = 3600.0,
    ) -> None:
        super().__init__(token_url, skew_s=skew_s, default_ttl_s=default_ttl_s)
        self._client = _Client(client_id, client_secret, client_auth)
        self._body = body
        self._parameters = {"grant_type": "client_credentials", **({"scope": scope} if scope else {}), **(extra or {})}

    def credential(self) -> Credential:
        """The client at this endpoint, with these parameters."""
        return Credential(_hash(self.token_url, self._client.id, self._parameters), _hash(self._client.secret))

    def token_request(self) -> httpx.Request:
        """POST with the grant."""
        return self._client.post(self.token_url, self._parameters, self._body)


class RefreshToken(TokenAuth):
    """OAuth refresh token grant (RFC 6749 section 6).

    Args:
        on_rotate: given the new refresh token when the endpoint replaces it, before the access token is used. It
            must store it: the old one is spent.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: SecretStr,
        refresh_token: SecretStr,
        *,
        client_auth: Literal["basic", "body"] = "basic",
        skew_s: float = 60.0,
        default_ttl_s: float = 3600.0,
        on_rotate: Callable[[SecretStr], None] | None = None,
    ) -> None:
        super().__init__(token_url, skew_s=skew_s, default_ttl_s=default_ttl_s)
        self._client = _Client(client_id, client_secret, client_auth)
        self._refresh_token = self._given = _checked(refresh_token, "refresh token")
        self._on_rotate = on_rotate
        self._hold(self._refresh_token)

    def credential(self) -> Credential:
        """The client at this endpoint, with the refresh token that was given."""
        name = _hash(self.token_url, self._client.id, self._given)  # nobody guesses a refresh token from its hash
        return Credential(name, _hash(self._client.secret))

    def adopt(self, token: SharedToken) -> None:
        """Goes on with the refresh token that another process was handed."""
        if token.refresh_token is not None and token.refresh_token != self._refresh_token:
            self._hold(token.refresh_token, instead_of=self._refresh_token)
            self._refresh_token = token.refresh_token

    def replaced_refresh_token(self) -> str | None:
        """The refresh token in use, where it is not the one that was given."""
        return None if self._refresh_token == self._given else self._refresh_token

    def token_request(self) -> httpx.Request:
        """POST with the refresh token."""
        self._hold(self._refresh_token)
        parameters = {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        return self._client.post(self.token_url, parameters, "form")

    def granted(self, body: Mapping[str, Any]) -> None:
        """Keeps a rotated refresh token."""
        rotated = body.get("refresh_token")
        if isinstance(rotated, str) and rotated and rotated != self._refresh_token:
            self._hold(rotated, instead_of=self._refresh_token)
            self._refresh_token = rotated
            if self._on_rotate:
                self._on_rotate(SecretStr(rotated))


class _Client:
    """Id and secret of an OAuth client, and where they go in a token request."""

    def __init__(self, client_id: str, client_secret: SecretStr, client_auth: Literal["basic", "body"]) -> None:
        self.id = client_id
        self.secret = _checked(client_secret, "client secret")
        self._basic = _basic(client_id, client_secret) if client_auth == "basic" else None

    def post(self, url: str, parameters: Mapping[str, str], body: Literal["form", "json"]) -> httpx.Request:
        sent = dict(parameters)
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": "echo-hub"}
        if self._basic:
            headers["Authorization"] = self._basic
        else:
            sent |= {"client_id": self.id, "client_secret": self.secret}
        if body == "json":
            return httpx.Request("POST", url, headers=headers, json=sent)
        return httpx.Request("POST", url, headers=headers, data=sent)


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _retire_all(tokens: list[str]) -> None:
    while tokens:
        SECRETS.retire(tokens.pop())


def _basic(user: str, password: SecretStr) -> str:
    value = password.get_secret_value()
    if value:  # a blank one is what several vendors want beside an API key as the user
        _checked(password, "password")
    encoded = base64.b64encode(f"{user}:{value}".encode()).decode()
    SECRETS.add(value, encoded)
    return f"Basic {encoded}"


def _checked(secret: SecretStr, what: str) -> str:
    value = secret.get_secret_value()
    if not value or not value.isprintable() or value != value.strip():
        raise ConfigError(
            f"The {what} is empty or holds a space or line break at one end or a control character, often pasted with "
            "it. Enter it again.",
            detail=f"{len(value)} characters",
            code="config.secret",
        )
    return value


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
