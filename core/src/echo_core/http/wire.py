"""One exchange with a source: authentication, redirects, allowed hosts and budget around a single httpx request."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

import httpx

from echo_core.connectors.errors import ContractError
from echo_core.http.allowed_hosts import AllowedHosts, host_and_path, host_of, is_loopback
from echo_core.http.auth import Auth, TokenAuth
from echo_core.http.body import ACCEPT_ENCODING
from echo_core.http.budget import HOST_BUDGETS, HostBudget
from echo_core.http.quota import read_quota, retry_after_s
from echo_core.http.settings import HttpSettings
from echo_core.http.shared import Shared
from echo_core.http.throttle import Throttle
from echo_core.http.transfer import redirected, whole_response

MAX_REDIRECTS = 5


class Wire:
    """Sends requests of one connection. Every request, also for tokens and redirects, stays on the allowed hosts, waits
    for its host's budget and is announced to `sending`."""

    def __init__(
        self,
        settings: HttpSettings,
        *,
        throttle: Throttle,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        sending: Callable[[], None],
        transport: httpx.BaseTransport | None,
        shared: Shared,
    ) -> None:
        auth = settings.auth or Auth()
        if isinstance(auth, TokenAuth):
            auth.use_clocks(clock, now)
            if shared.tokens is not None:
                auth.share(shared.tokens, throttle.sleep)
        self.allowed_hosts = AllowedHosts(
            settings.base_url, [*settings.allowed_hosts, *([auth.token_url] if isinstance(auth, TokenAuth) else [])]
        )
        self._auth, self._shared = auth, shared
        self._throttle, self._clock, self._now, self._sending = throttle, clock, now, sending
        self._http = httpx.Client(
            transport=transport,
            headers={"User-Agent": "echo-hub", **settings.headers, "Accept-Encoding": ACCEPT_ENCODING},
            timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s),
            follow_redirects=False,
            verify=_trusted_certificates(),
            trust_env=not is_loopback(httpx.URL(settings.base_url).host),
        )
        self.build = self._http.build_request
        self._withdraw: Callable[[], None] | None = None
        if settings.budget is not None:
            budget = self._budget(self.allowed_hosts.host)
            budget.declare(settings.budget)
            self._withdraw = partial(budget.withdraw, settings.budget)

    def close(self) -> None:
        """Closes the connections, lets go of tokens and takes the budget back: a raised one counts from the next
        client on."""
        self._http.close()
        if isinstance(self._auth, TokenAuth):
            self._auth.release()
        withdraw, self._withdraw = self._withdraw, None
        if withdraw is not None:
            withdraw()

    def send(self, request: httpx.Request, reached: list[httpx.Request]) -> httpx.Response:
        """The unread answer to `request`, with whatever token requests the authentication needs before and between.

        httpx can drive this flow itself, but would read token answers without limit and leave the allowed hosts.

        Args:
            reached: receives `request` when it is about to be sent itself; until then nothing can have happened.
        """
        flow = self._auth.sync_auth_flow(request)
        try:
            outgoing = next(flow)
            while True:
                if outgoing is request:
                    reached.append(request)
                    response = self._follow(outgoing)
                else:
                    response = whole_response(self._hop(outgoing))
                try:
                    outgoing = flow.send(response)
                except StopIteration:
                    return response
                except BaseException:
                    response.close()
                    raise
                response.close()
        finally:
            flow.close()

    def _follow(self, request: httpx.Request) -> httpx.Response:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._hop(request)
            if not response.has_redirect_location:
                return response
            response.close()
            request = redirected(request, response, self.allowed_hosts)
        raise ContractError(f"{host_and_path(request.url)} redirects without end.", code="source.redirected")

    def _hop(self, request: httpx.Request) -> httpx.Response:
        host = host_of(self.allowed_hosts.check(request.url))
        budget = self._budget(host)
        self._throttle.await_turn(budget, host)
        self._sending()
        response = self._http.send(request, stream=True, auth=None, follow_redirects=False)
        wall, moment = self._now(), self._throttle.now()
        budget.learn(read_quota(response.headers, wall), moment)
        if response.status_code == 429 and (told_s := retry_after_s(response.headers, wall)):
            budget.block(told_s, moment)
        return response

    def _budget(self, host: str) -> HostBudget:
        return HOST_BUDGETS.of(host, self._clock, self._shared.budgets)


@cache
def _trusted_certificates() -> ssl.SSLContext:
    # Reading the certificates takes some 20 ms; once per process is enough.
    return httpx.create_ssl_context()
