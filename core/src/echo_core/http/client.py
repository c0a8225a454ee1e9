"""The HTTP client every connector reads through: retries, budget, allowed hosts, limits and redaction built in."""

from __future__ import annotations

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import IO, Any, Self

import httpx

from echo_core.connectors.errors import HubError, RateLimited, TransientError
from echo_core.connectors.events import Retried, Throttled, current_stream
from echo_core.connectors.redaction import guard_http_loggers
from echo_core.http.allowed_hosts import host_and_path, host_of, with_params
from echo_core.http.auth import Auth
from echo_core.http.backoff import Retry, TryAgain, patiently
from echo_core.http.body import read_chunks
from echo_core.http.budget import Budget
from echo_core.http.quota import retry_after_s
from echo_core.http.refusal import NEVER_SENT, broken_connection, refusal
from echo_core.http.response import JSON, Response, demand_type
from echo_core.http.settings import ClientStats, HttpSettings
from echo_core.http.shared import Shared
from echo_core.http.throttle import Throttle
from echo_core.http.transfer import error_body
from echo_core.http.wire import Wire

__all__ = ["Auth", "Budget", "Client", "ClientStats", "HttpSettings", "Response", "Retry"]

SPOOL_BYTES, CHUNK_BYTES = 4_000_000, 65_536

Params = Mapping[str, Any] | Sequence[tuple[str, Any]]

_SYSTEM_RANDOM = random.SystemRandom()


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a successful answer must look like, and whether the request may be sent twice."""

    accept: str | None
    ok: Collection[int]
    repeatable: bool
    sink: IO[bytes] | None = None


class Client:
    """One per connection, shared by its streams' threads.

    Every method returns only complete, successful answers and raises one of the error tree otherwise:
    AuthError (401 after one refresh), NotPermitted (403), ConfigError (404, code "source.not_found"),
    RateLimited (429 for longer than allowed), TransientError (5xx, time-outs, broken connections, after the retries),
    ContractError (other refusals, foreign hosts, wrong content). Errors caused by an answer carry `status` and
    `body_json`.

    Args:
        connection: its name, for events.
        clock: monotonic seconds; clients share host budgets only when they share the clock.
        now: wall time, aware; read only where a source gives a date.
        sleep: waits so many seconds; may raise to stop.
        on_event: told of every wait and retry.
        transport: another httpx transport, for tests.
        shared: tokens and permits of all processes; without it this one has its own.
    """

    def __init__(
        self,
        settings: HttpSettings,
        *,
        connection: str = "",
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = _SYSTEM_RANDOM.random,
        on_event: Callable[[Throttled | Retried], None] | None = None,
        transport: httpx.BaseTransport | None = None,
        shared: Shared | None = None,
    ) -> None:
        guard_http_loggers()
        self.settings, self.connection = settings, connection
        self._now, self._jitter, self._on_event = now, jitter, on_event
        self._lock = threading.Lock()
        self._stats: dict[str, ClientStats] = {}
        self._throttle = Throttle(
            connection,
            cap_s=settings.retry.retry_after_cap_s,
            allowance_s=settings.throttle_allowance_s,
            clock=clock,
            sleep=sleep,
            waited=self._note_wait,
        )
        self._wire = Wire(
            settings,
            throttle=self._throttle,
            clock=clock,
            now=now,
            sending=partial(self._count, requests=1),
            transport=transport,
            shared=shared or Shared(),
        )

    def get(
        self,
        path_or_url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str | None = JSON,
        ok: Collection[int] = (),
    ) -> Response:
        """Reads a path below the base URL, or an absolute URL on an allowed host exactly as given.

        Args:
            params: added to the URL's own query; None values are left out.
            accept: the content type demanded; None takes any.
            ok: statuses that are answers too, e.g. (422,); their content type is not checked.
        """
        wanted = _Wanted(accept, ok, repeatable=True)
        return self._request("GET", path_or_url, wanted, params=params, headers=headers)

    def post(
        self,
        path_or_url: str,
        *,
        json: Any = None,
        data: Mapping[str, Any] | None = None,
        content: bytes | str | None = None,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str | None = JSON,
        ok: Collection[int] = (),
        idempotent: bool = False,
    ) -> Response:
        """Sends JSON, a form or raw content. Sent again after a failure only when `idempotent` (a SOAP read is), or
        when it certainly never arrived or was refused with 429."""
        wanted = _Wanted(accept, ok, repeatable=idempotent)
        return self._request(
            "POST", path_or_url, wanted, params=params, headers=headers, json=json, data=data, content=content
        )

    @contextlib.contextmanager
    def stream(
        self,
        path_or_url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str | None = JSON,
    ) -> Iterator[Iterator[bytes]]:
        """A large answer in pieces of at most 64 KB: `with client.stream("report") as chunks: …`.

        The whole answer is fetched first, into a temporary file once it outgrows 4 MB, so that an answer that breaks
        off is fetched again instead of being half processed, and memory stays small.
        """
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            wanted = _Wanted(accept, (), repeatable=True, sink=spool)
            self._request("GET", path_or_url, wanted, params=params, headers=headers)
            spool.seek(0)
            yield iter(partial(spool.read, CHUNK_BYTES), b"")

    @property
    def stats(self) -> ClientStats:
        """Everything counted since the run began, over all streams."""
        with self._lock:
            return sum(self._stats.values(), ClientStats())

    def stats_of(self, stream: str) -> ClientStats:
        """What was counted while `events.current_stream` was this stream."""
        with self._lock:
            return ClientStats() + self._stats.get(stream, ClientStats())

    def begin_run(self) -> None:
        """Starts counting from zero, with the whole throttling allowance."""
        with self._lock:
            self._stats.clear()
        self._throttle.begin_run()

    def resolve(self, link: str, seen_at: str | None = None) -> str:
        """The absolute URL of a path, or of a link seen at the URL `seen_at`, on an allowed host.

        Raises:
            ContractError: code "source.foreign_host".
        """
        return str(
            self._wire.allowed_hosts.resolve(link)
            if seen_at is None
            else self._wire.allowed_hosts.follow(link, seen_at)
        )

    def close(self) -> None:
        """Closes the connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def _request(
        self,
        method: str,
        path_or_url: str,
        wanted: _Wanted,
        *,
        params: Params | None,
        headers: Mapping[str, str] | None,
        **body: Any,
    ) -> Response:
        url = self._wire.allowed_hosts.resolve(path_or_url)
        if params and (given := _given(params)):
            url = with_params(url, given)
        sent_headers = httpx.Headers({"Accept": wanted.accept or "*/*"})
        sent_headers.update(headers)
        wanted = replace(wanted, accept=sent_headers["accept"])
        host = host_of(url)

        def attempt() -> Response:
            return self._attempt(self._wire.build(method, url, headers=sent_headers, **body), wanted)

        return patiently(attempt, self.settings.retry, pause=partial(self._pause, host), jitter=self._jitter)

    def _attempt(self, request: httpx.Request, wanted: _Wanted) -> Response:
        """One try: the answer, a final HubError, or TryAgain."""
        reached: list[httpx.Request] = []
        problem: HubError
        try:
            with contextlib.closing(self._wire.send(request, reached)) as response:
                return self._accept(response, wanted)
        except httpx.TransportError as error:
            problem = broken_connection(error, host_and_path(request.url))
            unsent = isinstance(error, NEVER_SENT)
        except RateLimited:
            raise
        except TransientError as error:
            problem, unsent = error, False
        # Raised outside the handlers: a chained library exception may hold URLs and headers.
        if isinstance(problem, TransientError) and (wanted.repeatable or unsent or not reached):
            raise TryAgain(problem)
        raise problem

    def _accept(self, response: httpx.Response, wanted: _Wanted) -> Response:
        url = response.request.url
        where = host_and_path(url)
        if not response.is_success and response.status_code not in wanted.ok:
            told_s = retry_after_s(response.headers, self._now(), status=response.status_code)
            outcome = refusal(response, where, told_s=told_s, body_json=error_body(response))
            if isinstance(outcome, TryAgain) and not (wanted.repeatable or isinstance(outcome.error, RateLimited)):
                raise outcome.error
            raise outcome
        if response.is_success and response.status_code != 204 and response.headers.get("content-length") != "0":
            demand_type(response.headers, wanted.accept, where)
        content = self._read(response, where, wanted.sink)
        return Response(response.status_code, response.headers, str(url), content)

    def _read(self, response: httpx.Response, where: str, sink: IO[bytes] | None) -> bytes:
        chunks: list[bytes] = []
        if sink is not None:
            sink.seek(0)
            sink.truncate()
        for chunk in read_chunks(response, self.settings.max_body_bytes, where):
            self._count(bytes=len(chunk))
            if sink is None:
                chunks.append(chunk)
            else:
                sink.write(chunk)
        return b"".join(chunks)

    def _pause(self, host: str, wait_s: float, attempt: int, failure: TryAgain) -> None:
        self._count(retries=1)
        if failure.throttled:
            self._throttle.await_told(host, wait_s)
            return
        if self._on_event:
            code = failure.error.error_code
            self._on_event(Retried(self.connection, current_stream.get(), host, wait_s, attempt, code))
        self._throttle.sleep(wait_s)

    def _note_wait(self, event: Throttled) -> None:
        self._count(throttled_s=event.wait_s)
        if self._on_event:
            self._on_event(event)

    def _count(self, **counts: Any) -> None:
        with self._lock:
            counted = self._stats.get(stream := current_stream.get(), ClientStats())
            self._stats[stream] = counted + ClientStats(**counts)


def _given(params: Params) -> list[tuple[str, Any]]:
    pairs = params.items() if isinstance(params, Mapping) else params
    given: list[tuple[str, Any]] = []
    for name, value in pairs:
        values = value if isinstance(value, (list, tuple)) else [value]
        given.extend((name, value) for value in values if value is not None)
    return given
