"""A strict imitation of Greenhouse: token endpoint, Harvest v3 lists and the public Job Board API, on loopback.

Strict means that what the vendor documents as wrong is refused, with the error bodies seen in public recordings where
there are any. Where no source settles a behaviour, the stricter reading is served: an unknown parameter, an unknown
field name and a stale cursor are 422; an acting user who is not a Site Admin gets 403.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from echo_core.testing.company import Company
from echo_core.testing.sandbox import FixedWindowLimit, Reply, Request, Sandbox, SandboxConnection
from echo_hub_greenhouse.sandbox_board import BoardPages, boards_of
from echo_hub_greenhouse.sandbox_company import BOARD_TOKEN, dressed
from echo_hub_greenhouse.sandbox_query import RESOURCES, Query, RefusedError, Row, read_query

CLIENT_ID = "echo-demo-sandbox"
CLIENT_SECRET = "invented-greenhouse-secret"  # noqa: S105 -- opens nothing but this imitation
APP_URL = "https://greenhouse.example/"
"""Where links to jobs and internal posts lead: not the port of the day, so that two runs give the same records."""
ADMIN_USER, OTHER_USER = 4_000_000_101, 4_000_000_102
_CLIENT_ID_SHAPE = re.compile(r"^[a-z0-9-]+-sandbox$")


class GreenhouseSandbox(Sandbox):
    """One Greenhouse organisation.

    Args:
        rows: Harvest v3 rows by resource ("jobs", "job_posts", …), in any order.
        boards: Job Board API answers of `GET /jobs?content=true` by board token.
        scopes: resources the credential may list; None: all.
        site_admins: users for whom lists are answered. The credential's own service user is one.
        requests, per_s: the fixed window of the rate limit, shared by the whole account. The vendor's example is 75.
        token_ttl_s: how long a token lives; a newer token ends it sooner.
        clock: epoch seconds.
    """

    name = "greenhouse"

    def __init__(
        self,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        boards: Mapping[str, Mapping[str, Any]] | None = None,
        scopes: frozenset[str] | None = None,
        site_admins: frozenset[int] = frozenset((ADMIN_USER,)),
        requests: int = 75,
        per_s: float = 30.0,
        token_ttl_s: float = 3600.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.rows: dict[str, list[Row]] = {
            resource: sorted((dict(row) for row in rows.get(resource, ())), key=lambda row: row["id"], reverse=True)
            for resource in RESOURCES
        }
        self.boards = BoardPages(boards or {})
        self.scopes = scopes
        self.site_admins = site_admins
        self.tokens_minted = 0
        self._clock = clock
        self._limit = FixedWindowLimit(requests, per_s, clock)
        self._token_limit = FixedWindowLimit(30, 60.0, clock)
        self._token_ttl_s = token_ttl_s
        self._token: tuple[str, float, int | None] | None = None
        self._cursors: dict[str, tuple[str, dict[str, list[str]], int]] = {}
        self._generation = 0
        self._lock = threading.Lock()

    @classmethod
    def from_company(cls, company: Company, **options: Any) -> GreenhouseSandbox:
        """The fictional company's openings as a Greenhouse customer would have them; `options` as in the class."""
        rows = dressed(company)
        return cls(rows, **{"boards": boards_of(rows, BOARD_TOKEN, company.name), **options})

    def connection(self, url: str) -> SandboxConnection:
        """A Harvest connection to this sandbox."""
        return SandboxConnection(
            name="greenhouse",
            connector="greenhouse",
            config={
                "client_id": CLIENT_ID,
                "client_secret": "env:GREENHOUSE_CLIENT_SECRET",
                "acting_user_id": ADMIN_USER,
                "base_url": f"{url}/v3/",
                "token_url": f"{url}/token",
                "app_url": APP_URL,
                "requests_per_window": self._limit.requests,
            },
            secrets={"GREENHOUSE_CLIENT_SECRET": CLIENT_SECRET},
        )

    def board_connection(self, url: str, board_token: str = BOARD_TOKEN) -> SandboxConnection:
        """A connection to one public board of this sandbox."""
        return SandboxConnection(
            name=f"greenhouse-{board_token}",
            connector="greenhouse",
            config={"source": "job_board", "board_token": board_token, "board_url": f"{url}/v1/"},
        )

    def revoke_tokens(self) -> None:
        """End the token in use, as an administrator or a second process would."""
        with self._lock:
            self._token = None

    def expire_cursors(self) -> None:
        """Forget every cursor handed out so far."""
        with self._lock:
            self._cursors.clear()
            self._generation += 1

    def handle(self, request: Request) -> Reply:
        """Answer as Greenhouse would; unknown routes are 404 before any authentication."""
        if request.path == "/token" and request.method == "POST":
            return self._mint(request)
        resource = request.path.removeprefix("/v3/")
        if request.method == "GET" and request.path.startswith("/v3/") and resource in RESOURCES:
            return self._list(request, resource)
        if request.method == "GET" and request.path.startswith("/v1/boards/"):
            return self.boards.answer(request)
        return Reply(404, {"message": "Resource not found"})

    def _mint(self, request: Request) -> Reply:
        quota = self._token_limit.spend()
        if not quota.allowed:
            return quota.refusal({"message": "Rate limit exceeded"})
        credentials = _basic(request.headers.get("authorization", ""))
        form = request.form() if "form" in request.headers.get("content-type", "") else {}
        if credentials is None:
            return Reply(401, {"message": "Unauthorized", "errorId": "err-sandbox"})
        client_id, client_secret = credentials
        if not _CLIENT_ID_SHAPE.match(client_id):
            message = f"client_id={client_id} does not contain a valid client ID suffix"
            return Reply(400, {"message": message, "errorId": "err-sandbox"})
        if (client_id, client_secret) != (CLIENT_ID, CLIENT_SECRET):
            return Reply(401, {"error": "invalid_client"})
        if "grant_type" not in form:
            return Reply(400, {"message": "Must include `grant_type` parameter in /token request"})
        subject = form.get("sub", [None])[-1]
        if form["grant_type"] != ["client_credentials"] or (subject is not None and not subject.isdigit()):
            return Reply(400, {"error": "invalid_request"})
        with self._lock:
            self.tokens_minted += 1
            ends = self._clock() + self._token_ttl_s
            token = hashlib.sha256(f"sandbox token {self.tokens_minted}".encode()).hexdigest()
            self._token = (token, ends, int(subject) if subject else None)
        expires = datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Reply(200, {"access_token": token, "token_type": "Bearer", "expires_at": expires})

    def _list(self, request: Request, resource: str) -> Reply:
        with self._lock:
            token = self._token
        if token is None or request.headers.get("authorization") != f"Bearer {token[0]}" or token[1] <= self._clock():
            reason = "Token could not be decoded. Please ensure your token is from a trusted source."
            return Reply(401, {"message": "Unauthorized", "errors": [reason]})
        quota = self._limit.spend()
        if not quota.allowed:
            return quota.refusal({"message": "Rate limit exceeded"})
        if (self.scopes is not None and resource not in self.scopes) or token[2] not in (None, *self.site_admins):
            return Reply(403, {"message": "Forbidden"}, quota.headers())
        try:
            rows, link = self._page(request, resource)
        except RefusedError as refused:
            body = {"message": "Unprocessable Content", "errors": [refused.entry]}
            return Reply(422, body, quota.headers())
        return Reply(200, rows, {**quota.headers(), **link})

    def _page(self, request: Request, resource: str) -> tuple[list[Row], dict[str, str]]:
        parameters, after = request.query, None
        if cursor := request.param("cursor"):
            if len(request.query) > 1:
                raise RefusedError("When passing a cursor, do not include other query params.")
            with self._lock:
                owner, parameters, after = self._cursors.get(cursor, ("", {}, 0))
            if owner != resource:
                raise RefusedError({"cursor": "is not valid or has expired"})
        query = read_query(resource, parameters)
        kept = [row for row in self.rows[resource] if query.keeps(row) and (after is None or row["id"] < after)]
        rows, rest = kept[: query.per_page], kept[query.per_page :]
        shown = [{name: row[name] for name in query.fields} for row in rows]
        if not rest:
            return shown, {}
        cursor = self._cursor(resource, parameters, query, rows[-1]["id"])
        host = request.headers.get("host", "127.0.0.1")
        return shown, {"Link": f'<http://{host}/v3/{resource}?cursor={cursor}>; rel="next"'}

    def _cursor(self, resource: str, parameters: dict[str, list[str]], query: Query, last_id: int) -> str:
        with self._lock:
            text = f"{self._generation} {resource} {sorted(parameters.items())} {query.per_page} {last_id}"
            cursor = hashlib.sha256(text.encode()).hexdigest()[:40]
            self._cursors[cursor] = (resource, parameters, last_id)
        return cursor


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None
