"""How the connector reaches a tenant: base address, sign-in, pace and limits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from datetime import datetime

import httpx
from pydantic import SecretStr

from echo_core.connectors import AuthError, BasicAuth, Budget, HttpSettings, RefreshToken, Retry
from echo_core.http.auth import TokenAuth
from echo_core.http.shared import SharedTokens
from echo_hub_workday.config import WorkdayConfig

_TRY_OTHER_FORM = frozenset({"auth.invalid_client", "auth.refused"})


class TenantToken(TokenAuth):
    """Access tokens from a tenant's refresh token, whichever form of the client id its token endpoint wants.

    Workday may show the client id as the Base64 of a UUID, and some token endpoints want the UUID. The forms are
    tried in order; the second only when the first is refused as a client, and then for good. Source: fact sheet
    section 2.1.

    Args:
        client_ids: the forms of the client id, in the order to try.
    """

    def __init__(
        self, token_url: str, client_ids: tuple[str, ...], client_secret: SecretStr, refresh_token: SecretStr
    ) -> None:
        super().__init__(token_url, skew_s=60.0, default_ttl_s=3600.0)
        self._forms = [RefreshToken(token_url, form, client_secret, refresh_token) for form in client_ids]
        self._choosing = threading.Lock()

    def use_clocks(self, clock: Callable[[], float], now: Callable[[], datetime]) -> None:
        """Takes the client's clocks for every form."""
        super().use_clocks(clock, now)
        for form in self._forms:
            form.use_clocks(clock, now)

    def share(self, tokens: SharedTokens, sleep: Callable[[float], None]) -> None:
        """Every form shares its tokens."""
        super().share(tokens, sleep)
        for form in self._forms:
            form.share(tokens, sleep)

    def token_request(self) -> httpx.Request:
        """The request that mints a token with the form in use."""
        return self._forms[0].token_request()

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds a valid token, moving on to the next form of the client id when one is refused."""
        while True:
            form = self._forms[0]
            try:
                yield from form.sync_auth_flow(request)
            except AuthError as error:
                if error.error_code not in _TRY_OTHER_FORM or not self._moved_on_from(form):
                    raise
            else:
                return

    def _moved_on_from(self, form: RefreshToken) -> bool:
        with self._choosing:
            if self._forms[0] is form and len(self._forms) > 1:
                self._forms.pop(0)
            return self._forms[0] is not form


def http_settings(config: WorkdayConfig) -> HttpSettings:
    """HTTP for one tenant: 5 requests a second, one repeat of a failed run, patience for long reports.

    Workday publishes no rate; about 10 calls a second per tenant are seen in practice, so half of that is used. A
    report may run for many minutes before it sends a byte, so it is repeated at most once. Source: fact sheet
    sections 3 and 5.1.
    """
    auth: TokenAuth | BasicAuth
    if config.user is not None and config.password is not None:
        auth = BasicAuth(config.user, config.password)
    else:
        assert config.client_secret is not None
        assert config.refresh_token is not None
        auth = TenantToken(config.token_url, config.client_id_forms(), config.client_secret, config.refresh_token)
    return HttpSettings(
        base_url=config.reports_url,
        auth=auth,
        budget=Budget(5, 1.0),
        retry=Retry(attempts=config.attempts),
        connect_timeout_s=10.0,
        read_timeout_s=config.read_timeout_s,
        max_body_bytes=config.max_body_mb * 1_000_000,
    )
