"""A strict learning record store, xAPI 1.0.3: the statements resource, read side.

Enforced: HTTP Basic; `X-Experience-API-Version` on every request; unknown or contradictory parameters are refused;
`since` exclusive and `until` inclusive over the stored time; newest first unless `ascending=true`; `more` is relative,
holds the place in a frozen list and grows old; voided statements vanish; every answer says how far it is complete.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self

from echo_core.testing.company import Company, Completion
from echo_core.testing.sandbox import FixedWindowLimit, Reply, Request, Sandbox, SandboxConnection
from echo_hub_lxp.sandbox.dress import ACTIVITY_TYPES, Library, activity_of, locale_of, stamp, uuid_of

USER, PASSWORD = "echo-hub", "sandbox-lrs-password"
SECRET = "ECHO_HUB_LRS_PASSWORD"  # noqa: S105 -- the name of a variable
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
MORE_LIFE_S = 600.0
MAX_PAGE = 1000
_PARAMETERS = {"statementId", "agent", "verb", "activity", "since", "until", "limit", "ascending", "format", "more"}


class LrsSandbox(Sandbox):
    """Statements with the time they were stored.

    Args:
        statements: as stored; one without `stored` counts as stored at its `timestamp`.
        page: how many statements an answer holds at most when the client asks for 0 or more than that.
        clock: seconds; for the quota and the life of `more`.
        consistent_through: what the header of that name says; the far future by default.
    """

    name = "lrs"

    def __init__(
        self,
        statements: Iterable[Mapping[str, Any]] = (),
        *,
        page: int = 100,
        clock: Callable[[], float] = time.monotonic,
        limit: FixedWindowLimit | None = None,
        consistent_through: str = "2999-01-01T00:00:00.000Z",
    ) -> None:
        self.consistent_through = consistent_through
        self._page = page
        self._clock = clock
        self._limit = limit
        self._lock = threading.Lock()
        self._statements: list[tuple[datetime, Mapping[str, Any]]] = []
        self._walks: dict[str, tuple[float, list[Mapping[str, Any]], int]] = {}
        self._numbers = count(1)
        for statement in statements:
            self.store(statement)

    @classmethod
    def from_company(cls, company: Company) -> Self:
        """The company's completions as statements; people are accounts named by their employee id."""
        library = Library(company)
        return cls(statement(library, completion) for completion in company.completions)

    def connection(self, url: str) -> SandboxConnection:
        """The connection `lrs`."""
        return SandboxConnection(
            name="lrs",
            connector="lxp",
            config={
                "dialect": "xapi",
                "base_url": f"{url}/xapi",
                "user": USER,
                "password": f"env:{SECRET}",
                "accounts": {"https://id.echo-hub.example": "employee_id"},
            },
            secrets={SECRET: PASSWORD},
        )

    def store(self, statement: Mapping[str, Any]) -> None:
        """Adds a statement, as a POST would."""
        stored = statement.get("stored") or statement.get("timestamp") or "1970-01-01T00:00:00Z"
        with self._lock:
            self._statements.append((_when(stored), {**statement, "stored": stored}))

    def handle(self, request: Request) -> Reply:
        """Routing and the rules that hold for every request."""
        known = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {known}":
            return self._refused(401, "credentials required", {"WWW-Authenticate": 'Basic realm="lrs"'})
        if self._limit is not None:
            quota = self._limit.spend(USER)
            if not quota.allowed:
                return quota.refusal({"message": "slow down"})
        if not request.headers.get("x-experience-api-version", "").startswith("1.0"):
            return self._refused(400, "X-Experience-API-Version 1.0.x is required")
        if request.path != "/xapi/statements" or request.method != "GET":
            return self._refused(404, "no such resource")
        if unknown := set(request.query) - _PARAMETERS:
            return self._refused(400, f"unknown parameters: {sorted(unknown)}")
        if "more" in request.query:
            return self._continue(request.param("more") or "")
        if "statementId" in request.query and set(request.query) - {"statementId", "format"}:
            return self._refused(400, "statementId goes with no filter")
        try:
            return self._list(request)
        except ValueError:
            return self._refused(400, "a parameter is malformed")

    def _list(self, request: Request) -> Reply:
        since, until = request.param("since"), request.param("until")
        verb, activity = request.param("verb"), request.param("activity")
        limit = int(request.param("limit", "0") or "0")
        ascending = request.param("ascending", "false")
        if limit < 0 or ascending not in ("true", "false"):
            raise ValueError
        with self._lock:
            known = list(self._statements)
        voided = {item["object"]["id"] for _, item in known if item.get("verb", {}).get("id") == VOIDED}
        statements = [
            item
            for stored, item in sorted(known, key=lambda pair: pair[0], reverse=ascending == "false")
            if (since is None or stored > _when(since))
            and (until is None or stored <= _when(until))
            and (verb is None or item["verb"]["id"] == verb)
            and (activity is None or item["object"].get("id") == activity)
            and item.get("id") not in voided
        ]
        return self._answer(statements, min(limit or self._page, self._page, MAX_PAGE))

    def _continue(self, token: str) -> Reply:
        with self._lock:
            made, rest, size = self._walks.get(token, (float("-inf"), [], 0))
        if self._clock() - made > MORE_LIFE_S:
            return self._refused(404, "this list is no longer held")
        return self._answer(rest, size)

    def _answer(self, statements: list[Mapping[str, Any]], size: int) -> Reply:
        body: dict[str, Any] = {"statements": statements[:size], "more": ""}
        if len(statements) > size:
            with self._lock:
                token = f"walk-{next(self._numbers)}"
                self._walks[token] = (self._clock(), statements[size:], size)
            body["more"] = f"/xapi/statements?more={token}"
        return Reply(200, body, self._headers())

    def _headers(self) -> dict[str, str]:
        return {
            "X-Experience-API-Version": "1.0.3",
            "X-Experience-API-Consistent-Through": self.consistent_through,
        }

    def _refused(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> Reply:
        return Reply(status, {"message": message}, {**self._headers(), **(headers or {})})


def statement(library: Library, completion: Completion) -> dict[str, Any]:
    """A completion as a statement: passed or failed where it was scored, completed otherwise."""
    company, colleague = library.company, library.people[completion.colleague]
    course = library.courses[completion.course]
    verb = "completed" if course.kind != "course" else "passed" if completion.passed else "failed"
    made = f"{completion.colleague} {completion.course} {completion.completed_on}"
    return {
        "id": uuid_of(company, "statement", made),
        "actor": {
            "objectType": "Agent",
            "name": colleague.name,
            "account": {"homePage": "https://id.echo-hub.example/", "name": colleague.number},
        },
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en-US": verb}},
        "object": {
            "objectType": "Activity",
            "id": activity_of(company, course),
            "definition": {
                "type": ACTIVITY_TYPES[course.kind],
                "name": {locale_of(course.language): course.title},
            },
        },
        "result": {
            "success": completion.passed,
            "completion": True,
            "score": {"scaled": completion.score},
            "duration": f"PT{course.minutes}M",
        },
        "timestamp": stamp(completion.completed_on, 16),
        "stored": stamp(completion.completed_on, 17),
    }


def _when(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
