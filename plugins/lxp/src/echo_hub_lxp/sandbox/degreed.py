"""A strict imitation of Degreed's API v2: token, pathways with tags, content, completions.

Enforced: tokens by client credentials in a form, good only for the scopes asked for; `limit` up to 1000; a cursor that
dies two minutes after the last page and changes with every page; completions only between two dates at most seven days
apart; 70 requests a minute with the vendor's odd headers; its error bodies.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Self
from urllib.parse import urlencode

from echo_core.testing.company import Company
from echo_core.testing.sandbox import FixedWindowLimit, Reply, Request, Sandbox, SandboxConnection
from echo_hub_lxp.sandbox.dress import uuid_of

CLIENT_ID, CLIENT_SECRET = "echo-hub-sandbox", "sandbox-degreed-secret"
SECRET = "ECHO_HUB_DEGREED_SECRET"  # noqa: S105 -- the name of a variable
CURSOR_LIFE_S = 120.0
MAX_SPAN = timedelta(days=7)
_SCOPES = {"pathways": "pathways:read", "content": "content:read", "completions": "completions:read"}
_PARAMETERS = {
    "pathways": {"limit", "next"},
    "content": {"limit", "next", "filter[modified_after]", "filter[include_restricted]"},
    "completions": {"limit", "next", "filter[start_date]", "filter[end_date]"},
}
Item = Mapping[str, Any]


class DegreedSandbox(Sandbox):
    """One organisation's pathways, content and completions, each a list of JSON:API objects.

    Args:
        tags: tag names by pathway id; a pathway that is missing here answers 404, one in `private` 403.
        clock: seconds; for the quota, the life of cursors and of tokens.
        limit: the quota, by token; 70 a minute by default.
    """

    name = "degreed"

    def __init__(
        self,
        *,
        pathways: Sequence[Item] = (),
        content: Sequence[Item] = (),
        completions: Sequence[Item] = (),
        tags: Mapping[str, Sequence[str]] | None = None,
        private: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
        limit: FixedWindowLimit | None = None,
    ) -> None:
        self.lists: dict[str, list[Item]] = {
            "pathways": list(pathways),
            "content": list(content),
            "completions": list(completions),
        }
        self.tags = dict(tags or {})
        self.private = private
        self._clock = clock
        self._limit = limit or FixedWindowLimit(70, 60.0, clock)
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._tokens: dict[str, frozenset[str]] = {}
        self._cursors: dict[str, tuple[float, str, list[Item], int]] = {}

    @classmethod
    def from_company(cls, company: Company) -> Self:
        """The company's paths as pathways tagged with their skills, everything else as content."""
        paths = [course for course in company.courses if course.kind == "path"]
        rest = [course for course in company.courses if course.kind != "path"]
        return cls(
            pathways=[
                pathway(uuid_of(company, "path", path.key), path.title, path.text, path.updated_on) for path in paths
            ],
            content=[
                content(
                    uuid_of(company, "course", lesson.key),
                    lesson.kind.title(),
                    lesson.title,
                    lesson.text,
                    lesson.minutes,
                    lesson.updated_on,
                )
                for lesson in rest
            ],
            completions=[
                completion(f"k{number}", done.colleague, uuid_of(company, "course", done.course), done.completed_on)
                for number, done in enumerate(company.completions)
                if done.passed
            ],
            tags={uuid_of(company, "path", path.key): path.skills for path in paths},
        )

    def connection(self, url: str) -> SandboxConnection:
        """The connection `degreed`."""
        return SandboxConnection(
            name="degreed",
            connector="lxp",
            config={
                "dialect": "degreed",
                "base_url": f"{url}/api/v2",
                "token_url": f"{url}/oauth/token",
                "client_id": CLIENT_ID,
                "client_secret": f"env:{SECRET}",
                "history_days": 28,
            },
            secrets={SECRET: CLIENT_SECRET},
        )

    def handle(self, request: Request) -> Reply:
        """Routing and the rules that hold for every request."""
        if request.path == "/oauth/token" and request.method == "POST":
            return self._token(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self._tokens:
            return _refused(401, "The access token is missing or invalid")
        quota = self._limit.spend(token)
        reset = datetime.fromtimestamp(quota.reset_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
        headers = {
            "X-Rate-Limit-Limit": "1m",
            "X-Rate-Limit-Remaining": str(quota.remaining),
            "X-Rate-Limit-Reset": reset,
        }
        if not quota.allowed:
            return _refused(429, "Too many requests", {**headers, "Retry-After": str(max(1, round(quota.reset_s)))})
        if not request.path.startswith("/api/v2/") or request.method != "GET":
            return _refused(404, "No such resource", headers)
        name, *rest = request.path.removeprefix("/api/v2/").split("/")
        if name not in self.lists:
            return _refused(404, "No such resource", headers)
        if _SCOPES[name] not in self._tokens[token]:
            return _refused(403, f"The access token lacks the scope {_SCOPES[name]}", headers)
        if rest:
            return self._tags_of(rest, headers)
        return self._list(request, name, headers)

    def _token(self, request: Request) -> Reply:
        form = {name: values[-1] for name, values in request.form().items()}
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type"})
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return Reply(401, {"error": "invalid_client"})
        with self._lock:
            token = f"sandbox-degreed-token-{next(self._numbers)}"
            self._tokens[token] = frozenset(form.get("scope", "").replace(",", " ").split())
        return Reply(200, {"access_token": token, "token_type": "bearer", "expires_in": 5183999})

    def _tags_of(self, rest: Sequence[str], headers: Mapping[str, str]) -> Reply:
        identity = rest[0]
        if rest[1:] != ["tags"]:
            return _refused(404, "No such resource", headers)
        if identity in self.private:
            return _refused(403, "The owner made this pathway private", headers)
        if identity not in self.tags:
            return _refused(404, "No such pathway", headers)
        tags = [
            {"type": "tags", "id": f"{identity}-{place}", "attributes": {"name": name}}
            for place, name in enumerate(self.tags[identity])
        ]
        return Reply(200, {"links": {"self": request_url(f"pathways/{identity}/tags", {})}, "data": tags}, headers)

    def _list(self, request: Request, name: str, headers: Mapping[str, str]) -> Reply:
        if unknown := set(request.query) - _PARAMETERS[name]:
            return _refused(400, f"Unknown parameters: {sorted(unknown)}", headers)
        limit = request.param("limit", "100") or ""
        if not limit.isdigit() or not 1 <= int(limit) <= 1000:
            return _refused(400, "limit must be from 1 to 1000", headers)
        if "next" in request.query:
            return self._continue(request.param("next") or "", name, headers)
        try:
            chosen = self._chosen(request, name)
        except ValueError as error:
            return _refused(400, str(error), headers)
        return self._answer(name, chosen, int(limit), headers)

    def _chosen(self, request: Request, name: str) -> list[Item]:
        chosen = self.lists[name]
        if name == "completions":
            start, end = request.param("filter[start_date]"), request.param("filter[end_date]")
            if start is None or end is None:
                raise ValueError("filter[start_date] and filter[end_date] are required")
            low, high = _day(start), _day(end)
            if not timedelta(0) <= high - low <= MAX_SPAN:
                raise ValueError("The dates may be at most 7 days apart")
            return [item for item in chosen if low <= _day(item["attributes"]["completed-at"]) <= high]
        after = request.param("filter[modified_after]")
        if after is None:
            return list(chosen)
        return [item for item in chosen if _day(item["attributes"]["modified-at"]) >= _day(after)]

    def _continue(self, cursor: str, name: str, headers: Mapping[str, str]) -> Reply:
        with self._lock:
            made, owner, rest, limit = self._cursors.pop(cursor, (float("-inf"), "", [], 0))
        if self._clock() - made > CURSOR_LIFE_S or owner != name:
            return _refused(400, "The next token is invalid or has expired", headers)
        return self._answer(name, rest, limit, headers)

    def _answer(self, name: str, items: list[Item], limit: int, headers: Mapping[str, str]) -> Reply:
        links = {"self": request_url(name, {"limit": limit})}
        if len(items) > limit:
            with self._lock:
                cursor = f"c{next(self._numbers)}"
                self._cursors[cursor] = (self._clock(), name, items[limit:], limit)
            links["next"] = request_url(name, {"limit": limit, "next": cursor})
        body: dict[str, Any] = {"links": links, "data": items[:limit]}
        if name == "completions":
            wanted = {item["relationships"]["content"]["data"]["id"] for item in items[:limit]}
            body["included"] = [item for item in self.lists["content"] if item["id"] in wanted]
        return Reply(200, body, headers)


def request_url(name: str, query: Mapping[str, Any]) -> str:
    """An address of a list, relative to the host so that it is right wherever the sandbox is served."""
    return f"/api/v2/{name}" + (f"?{urlencode(query)}" if query else "")


def pathway(identity: str, title: str, summary: str, modified: date, visibility: str = "Organization") -> Item:
    """A pathway as the vendor sends it: times without zone, seven digits."""
    attributes = {
        "title": title,
        "summary": summary,
        "visibility": visibility,
        "sections": [],
        "created-at": f"{modified.isoformat()}T08:00:00",
        "modified-at": f"{modified.isoformat()}T21:05:55.8954545",
    }
    return {"type": "pathways", "id": identity, "attributes": attributes}


def content(identity: str, kind: str, title: str, summary: str, minutes: float, modified: date) -> Item:
    """A piece of content as the vendor sends it."""
    attributes = {
        "content-type": kind,
        "external-id": f"X-{identity}",
        "title": title,
        "summary": summary,
        "url": f"https://learning.example/{identity}?sso_token=launch",
        "is-obsolete": False,
        "language": "en",
        "duration": minutes,
        "duration-type": "Minutes",
        "provider": "Internal",
        "created-at": f"{modified.isoformat()}T08:00:00",
        "modified-at": f"{modified.isoformat()}T21:05:55.8954545",
    }
    return {"type": "content", "id": identity, "attributes": attributes}


def completion(identity: str, employee: str | None, content_id: str, day: date) -> Item:
    """A completion as the vendor sends it; its content comes in `included`."""
    return {
        "type": "completions",
        "id": identity,
        "attributes": {
            "employee-id": employee,
            "completed-at": f"{day.isoformat()}T00:00:00",
            "added-at": f"{day.isoformat()}T10:12:01.1230000",
            "points-earned": 10,
            "is-verified": True,
        },
        "relationships": {
            "user": {"data": {"type": "users", "id": f"u-{identity}"}},
            "content": {"data": {"type": "content", "id": content_id}},
        },
    }


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _refused(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, {"errors": [{"status": str(status), "detail": detail}]}, headers or {})
