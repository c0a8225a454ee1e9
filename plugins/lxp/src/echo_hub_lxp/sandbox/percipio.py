"""A strict imitation of Percipio's content discovery v2 and reporting v1.

Enforced: the bearer token; the organisation in the path; `max` from 1 to 1000; later pages must carry the
`pagingRequestId` of the first answer, which pins the data set and grows stale; reports take start and end *or* a time
frame, are PENDING for a while and then a bare array of rows whose numbers are texts; 429 with Retry-After.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from itertools import count
from typing import Any, Self
from urllib.parse import quote

from echo_core.testing.company import Company, Completion, Course
from echo_core.testing.sandbox import FixedWindowLimit, Reply, Request, Sandbox, SandboxConnection
from echo_hub_lxp.sandbox.dress import ACTIVITY_TYPES, SHELF, Library, activity_of, locale_of, stamp, uuid_of

ORGANISATION = "3f0c2a52-6a0e-4d5c-9d3b-54f1a4c0be11"
TOKEN = "sandbox-percipio-token"  # noqa: S105 -- invented, for loopback only
SECRET = "ECHO_HUB_LXP_TOKEN"  # noqa: S105 -- the name of a variable
PINNED_S = 600.0
_TIME_FRAMES = ("DAY", "WEEK", "THIRTY_DAYS", "CALENDAR_MONTH")
_CATALOGUE_PARAMETERS = {"offset", "max", "updatedSince", "pagingRequestId", "transformName", "system"}


class PercipioSandbox(Sandbox):
    """One organisation's catalogue and learning activity.

    Args:
        items: catalogue items as the vendor sends them.
        rows: report rows as the vendor sends them.
        pending_polls: how many questions are answered PENDING before a report is there.
        clock: seconds; for the quota and the age of pins.
        limit: the quota, by token; none by default, because the vendor publishes none.
    """

    name = "percipio"

    def __init__(
        self,
        items: Sequence[Mapping[str, Any]],
        rows: Sequence[Mapping[str, Any]] = (),
        *,
        pending_polls: int = 1,
        clock: Callable[[], float] = time.monotonic,
        limit: FixedWindowLimit | None = None,
    ) -> None:
        self.items = list(items)
        self.rows = list(rows)
        self.fail_reports = False
        self._pending_polls = pending_polls
        self._clock = clock
        self._limit = limit
        self._lock = threading.Lock()
        self._pins: dict[str, tuple[float, list[Mapping[str, Any]]]] = {}
        self._reports: dict[str, tuple[list[Mapping[str, Any]], int]] = {}
        self._numbers = count(1)

    @classmethod
    def from_company(cls, company: Company) -> Self:
        """The company's courses and paths as a catalogue, its completions as report rows."""
        library = Library(company)
        return cls(
            [catalogue_item(library, course) for course in company.courses],
            [report_row(library, completion) for completion in company.completions],
        )

    def connection(self, url: str) -> SandboxConnection:
        """The connection `lxp`."""
        return SandboxConnection(
            name="lxp",
            connector="lxp",
            config={
                "dialect": "percipio",
                "base_url": url,
                "organisation": ORGANISATION,
                "token": f"env:{SECRET}",
                "person": {"field": "employeeId", "scheme": "employee_id"},
                "history_days": 3650,
                "span_days": 3650,
                "report_poll_s": 0.05,
            },
            secrets={SECRET: TOKEN},
        )

    def handle(self, request: Request) -> Reply:
        """Routing and the rules that hold for every request."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refused(401, "Unauthorized", {"WWW-Authenticate": "Bearer"})
        if self._limit is not None:
            quota = self._limit.spend(TOKEN)
            if not quota.allowed:
                return quota.refusal({"message": "Too Many Requests"})
        catalogue = f"/content-discovery/v2/organizations/{ORGANISATION}/catalog-content"
        reports = f"/reporting/v1/organizations/{ORGANISATION}/report-requests/"
        if request.path == catalogue and request.method == "GET":
            return self._catalogue(request)
        if request.path == f"{reports}learning-activity" and request.method == "POST":
            return self._order(request)
        if request.path.startswith(reports) and request.method == "GET":
            return self._report(request.path.removeprefix(reports))
        return _refused(404, "No such resource")

    def _catalogue(self, request: Request) -> Reply:
        unknown = set(request.query) - _CATALOGUE_PARAMETERS
        offset, size = request.param("offset", "0") or "", request.param("max", "1000") or ""
        pin = request.param("pagingRequestId")
        if unknown:
            return _refused(400, f"unknown parameters: {sorted(unknown)}")
        if not offset.isdigit() or not size.isdigit() or not 1 <= int(size) <= 1000:
            return _refused(400, "offset must be 0 or more, max from 1 to 1000")
        if int(offset) > 0 and pin is None:
            return _refused(400, "pagingRequestId is required when offset is above 0")
        with self._lock:
            if pin is None:
                pin = f"pin-{next(self._numbers)}"
                self._pins[pin] = (self._clock(), self._since(request.param("updatedSince")))
            made, pinned = self._pins.get(pin, (float("-inf"), []))
        if self._clock() - made > PINNED_S:
            return _refused(400, "pagingRequestId is stale")
        start, step = int(offset), int(size)
        last = max(0, (len(pinned) - 1) // step * step)
        address = f"{request.path}?offset={last}&max={step}&pagingRequestId={quote(pin)}"
        headers = {
            "x-total-count": str(len(pinned)),
            "x-paging-request-id": pin,
            "Link": f'<{address}>; rel="last"',
        }
        return Reply(200, pinned[start : start + step], headers)

    def _since(self, bound: str | None) -> list[Mapping[str, Any]]:
        if bound is None:
            return list(self.items)
        since = datetime.fromisoformat(bound)
        return [item for item in self.items if datetime.fromisoformat(item["lifecycle"]["lastUpdatedDate"]) >= since]

    def _order(self, request: Request) -> Reply:
        try:
            body = request.json()
        except ValueError:
            return _refused(400, "a JSON body is required")
        bounded = bool(body.get("start") and body.get("end"))
        framed = body.get("timeFrame") in _TIME_FRAMES
        if bounded == framed or body.get("formatType", "JSON") not in ("JSON", "CSV", "XLSX"):
            return _refused(400, "give start and end, or timeFrame; formatType is JSON, CSV or XLSX")
        if body.get("isFileRequiredInSftp") is not False:
            return _refused(400, "this organisation has no SFTP: isFileRequiredInSftp must be false")
        rows = self._between(body["start"], body["end"]) if bounded else list(self.rows)
        with self._lock:
            number = sha256(f"report {next(self._numbers)}".encode()).hexdigest()[:32]
            self._reports[number] = (rows, self._pending_polls)
        return Reply(200, {"id": number, "status": "PENDING"})

    def _between(self, start: str, end: str) -> list[Mapping[str, Any]]:
        low, high = datetime.fromisoformat(start), datetime.fromisoformat(end)
        return [row for row in self.rows if low <= datetime.fromisoformat(row["lastAccess"]) <= high]

    def _report(self, number: str) -> Reply:
        with self._lock:
            if number not in self._reports:
                return _refused(404, "no such report request")
            rows, pending = self._reports[number]
            if self.fail_reports:
                return Reply(200, {"status": "FAILED"})
            if pending > 0:
                self._reports[number] = (rows, pending - 1)
                return Reply(200, {"status": "IN_PROGRESS" if pending == 1 else "PENDING"})
        return Reply(200, rows)


def catalogue_item(library: Library, course: Course) -> dict[str, Any]:
    """A course as a catalogue item; the path it belongs to is named on the child, as the vendor does."""
    company = library.company
    identity = uuid_of(company, "course", course.key)
    locale = locale_of(course.language)
    kind = SHELF[course.kind].upper()
    parent = library.courses.get(course.parent or "")
    within = None if parent is None else {"id": uuid_of(company, "course", parent.key), "title": parent.title}
    minutes = f"PT{course.minutes // 60}H{course.minutes % 60}M"
    return {
        "id": identity,
        "code": course.key,
        "xapiActivityId": activity_of(company, course),
        "xapiActivityTypeId": ACTIVITY_TYPES[course.kind],
        "contentType": {"percipioType": kind, "category": kind, "displayLabel": kind.title(), "source": None},
        "localeCodes": [locale],
        "localizedMetadata": [
            {"localeCode": locale, "title": course.title, "description": f"<p>{_escaped(course.text)}</p>"}
        ],
        "lifecycle": {
            "status": "ACTIVE",
            "publishDate": stamp(course.updated_on),
            "lastUpdatedDate": stamp(course.updated_on, 6),
            "plannedRetirementDate": None,
            "retiredDate": None,
        },
        "link": f"https://share.percipio.com/cd/{identity[:8]}",
        "aiccLaunch": {"params": f"sid=sandbox-launch-{identity[:8]}"},
        "keywords": [],
        "duration": minutes,
        "by": [],
        "expertiseLevels": [course.level.upper()],
        "modalities": ["READ" if course.kind == "book" else "WATCH"],
        "technologies": [],
        "associations": {
            "areas": [],
            "subjects": [],
            "channels": [],
            "parent": within if parent is not None and parent.kind != "path" else None,
            "journeys": [within] if parent is not None and parent.kind == "path" else [],
            "skills": [{"localeCode": locale, "skills": list(course.skills)}],
        },
    }


def report_row(library: Library, completion: Completion) -> dict[str, str]:
    """A completion as a report row: texts only, absent keys instead of nulls, the date at midnight."""
    company, colleague = library.company, library.people[completion.colleague]
    course = library.courses[completion.course]
    row = {
        "userId": colleague.login,
        "userUuid": uuid_of(company, "user", colleague.number),
        "employeeId": colleague.number,
        "contentUuid": uuid_of(company, "course", course.key),
        "contentTitle": course.title,
        "contentType": SHELF[course.kind].title(),
        "languageCode": locale_of(course.language),
        "status": "Completed" if completion.passed else "Started",
        "duration": str(course.minutes * 60),
        "firstAccess": stamp(completion.completed_on, 9),
        "lastAccess": stamp(completion.completed_on, 16),
        "totalAccesses": "2",
        "userStatus": "Active" if colleague.status != "left" else "Inactive",
    }
    if completion.passed:
        row["completedDate"] = stamp(completion.completed_on)
    if course.kind == "course":
        row["highScore"] = row["lastScore"] = str(round(completion.score * 100))
    return row


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _refused(status: int, message: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, {"error": HTTPStatus(status).phrase, "message": message}, headers or {})
