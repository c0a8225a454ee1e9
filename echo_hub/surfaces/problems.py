"""What went wrong with a request: a status, a stable code and one sentence, for pages and for the API alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from echo_core.connectors.errors import HubError
from echo_hub.services.access import ForbiddenError
from echo_hub.services.errors import (
    AmbiguousPersonError,
    ChoiceError,
    NotMatchedError,
    RequestError,
    UnknownPersonError,
)
from echo_hub.services.refusals import (
    AlertError,
    CapacityError,
    DecisionError,
    HoldError,
    MentoringError,
    QuarantineError,
    ReceiptError,
    RunError,
    ScheduleError,
    TaskError,
)
from echo_hub.services.views import PersonView
from echo_hub.services.vocabulary import UnknownValueError
from echo_hub.surfaces.messages.wording import refusal
from echo_hub.surfaces.rates import TooManyRequestsError
from echo_hub.surfaces.sign_in.problems import SignInNeededError


@dataclass(frozen=True, slots=True)
class Problem:
    """`title` heads a page; `message` is a whole sentence; `candidates` are people who may have been meant.

    `without` is the parameter and the value without which the address would work.
    """

    status: int
    code: str
    title: str
    message: str
    candidates: tuple[PersonView, ...] = ()
    without: tuple[str, str] | None = None
    headers: Mapping[str, str] | None = None


TITLE = "That address does not work"
_UNREADABLE = "There was an error parsing the body"
"""What FastAPI says of bytes that are not UTF-8, of a number of thousands of digits, and of too many brackets."""
LARGEST_BODY = 2_000_000
"""Bytes of a body. The largest request of ours, 10,000 decisions at once, has half as many."""
_SHOWN = 100
"""Characters of a refused name or value that are said again."""
_FIELDS = 5
"""Refused fields that are named."""
FAULT = Problem(
    500,
    "hub.fault",
    "Something broke",
    "This is a fault in Echo Hub, not in what you did. The log of the server has the details.",
)
TOO_LARGE = Problem(
    413,
    "request.too_large",
    "That is too large",
    f"A request may hold {LARGEST_BODY:,} bytes at most; this one holds more. Send it in parts.",
)
Refuse = Callable[[Request, Problem], Response]
"""Makes the answer that tells a problem: a page, or JSON for the API."""
EXPECTED = (HTTPException, RequestValidationError, HubError, RequestError)
"""Errors with a problem of their own; anything else is a `FAULT`."""

_IMPOSSIBLE = "Not possible as it is"
_MISSING = ("mentoring.round", "mentoring.pair")
"""Codes that say that something is not there, beside those that end in `.unknown`."""
_REFUSALS: dict[type[HubError], tuple[str, str, int]] = {
    ReceiptError: ("No such receipt", "This receipt cannot be trusted", 409),
    TaskError: ("No such task", _IMPOSSIBLE, 409),
    ScheduleError: ("Not here", "Not a schedule", 422),
    **dict.fromkeys(
        (MentoringError, CapacityError, QuarantineError, HoldError, RunError, AlertError),
        ("Not here", _IMPOSSIBLE, 409),
    ),
}
"""What stores and jobs refuse: the title where something is missing (404), the title otherwise, and its status."""


def problem_of(error: Exception) -> Problem:
    """The problem behind an error."""
    if isinstance(error, AmbiguousPersonError):
        return Problem(409, error.code, "Several people fit", error.message, error.candidates)
    if isinstance(error, UnknownPersonError):
        return Problem(404, error.code, "Nobody by that name", error.message, error.candidates)
    if isinstance(error, ForbiddenError):
        if isinstance(error, SignInNeededError):
            challenge = {"WWW-Authenticate": error.challenge}
            return Problem(401, error.error_code, "Sign in first", error.message, headers=challenge)
        return Problem(403, error.error_code, "Not yours to see or do", error.message)
    if isinstance(error, ChoiceError | DecisionError):
        code = error.code if isinstance(error, ChoiceError) else error.error_code
        return Problem(409, code, _IMPOSSIBLE, error.message)
    if isinstance(error, NotMatchedError):
        return Problem(409, error.code, "Not matched", refusal(error))
    if isinstance(error, UnknownValueError):
        return Problem(
            422, error.code, "Nothing like that to filter by", error.message, without=(error.field, error.value)
        )
    if isinstance(error, RequestError):
        return Problem(404, error.code, "Not listed", refusal(error))
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _refused(error)
    for kind, (missing, otherwise, status) in _REFUSALS.items():
        if isinstance(error, kind):
            if error.error_code.endswith(".unknown") or error.error_code in _MISSING:
                return Problem(404, error.error_code, missing, error.message)
            return Problem(status, error.error_code, otherwise, error.message)
    if isinstance(error, TooManyRequestsError):
        wait = {"Retry-After": str(error.wait_s)}
        return Problem(429, error.error_code, "Too many at once", error.message, headers=wait)
    if isinstance(error, HubError):
        return Problem(503, error.error_code, "Not possible right now", error.message)
    return FAULT


def _invalid(error: RequestValidationError) -> Problem:
    errors = error.errors()
    first = errors[0]
    if first["type"] == "json_invalid":
        return Problem(422, "request.invalid", TITLE, f"The body is not JSON: {first['ctx']['error'].lower()}.")
    where = "In the body" if first["loc"][0] == "body" else "In this address"
    if first["type"] == "literal_error":
        path = first["loc"][1:] if where == "In the body" else first["loc"][1:2]  # one given twice has a number
        name, value = ".".join(map(str, path)), str(first["input"])
        text = f"{where} {name} is {value[:_SHOWN]!r}; it can be {first['ctx']['expected']}."
        return Problem(422, "request.invalid", TITLE, text, without=(name, value))
    fields = list(dict.fromkeys(".".join(str(part) for part in each["loc"][1:])[:_SHOWN] for each in errors))
    reason = first["msg"] if len(fields) == 1 else "see the API description for what they may be"
    noun = "this parameter has a value" if len(fields) == 1 else "these parameters have values"
    names = ", ".join(fields[:_FIELDS]) + (f" and {len(fields) - _FIELDS:,} more" if len(fields) > _FIELDS else "")
    text = f"{where} {noun} that cannot be: {names or 'all of it'} ({reason[:1].lower()}{reason[1:]})."
    return Problem(422, "request.invalid", TITLE, text)


def _refused(error: HTTPException) -> Problem:
    if error.status_code == 404:
        return Problem(404, "request.not_found", "Not here", "There is no such page.")
    if error.status_code == 405:
        takes = (error.headers or {}).get("Allow", "")
        text = f"This address takes {' or '.join(sorted(takes.split(', ')))} only."
        if takes in ("", "GET"):
            text = "This address can only be read."
        return Problem(405, "request.method", "That does not work", text, headers={"Allow": takes} if takes else None)
    if error.status_code == 413 and error.detail == TOO_LARGE.message:
        return TOO_LARGE
    if error.status_code == 400 and error.detail == _UNREADABLE:
        text = "The body cannot be read: it has to be JSON in UTF-8, nested a few levels deep at most."
        return Problem(400, "request.unreadable", "That does not work", text)
    return Problem(error.status_code, "request.refused", "That does not work", str(error.detail))
