"""What went wrong with a request: a status, a stable code and one sentence, for pages and for the API alike."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from echo_core.connectors.errors import HubError
from echo_hub.services.deciding import ChoiceError
from echo_hub.services.errors import AmbiguousPersonError, RequestError, UnknownPersonError
from echo_hub.services.views import PersonView
from echo_hub.services.vocabulary import UnknownValueError
from echo_hub.store.disputes import DisputeError
from echo_hub.store.ledger import DecisionError
from echo_hub.store.mentoring_places import CapacityError
from echo_hub.store.mentoring_rounds import MentoringError
from echo_hub.store.receipts import ReceiptError


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


FAULT = Problem(
    500,
    "hub.fault",
    "Something broke",
    "This is a fault in Echo Hub, not in what you did. The log of the server has the details.",
)
EXPECTED = (HTTPException, RequestValidationError, HubError, RequestError)
"""Errors with a problem of their own; anything else is a `FAULT`."""


def problem_of(error: Exception) -> Problem:
    """The problem behind an error."""
    if isinstance(error, AmbiguousPersonError):
        return Problem(409, error.code, "Several people fit", error.message, error.candidates)
    if isinstance(error, UnknownPersonError):
        return Problem(404, error.code, "Nobody by that name", error.message, error.candidates)
    if isinstance(error, ChoiceError | DecisionError | DisputeError):
        code = error.code if isinstance(error, ChoiceError) else error.error_code
        return Problem(409, code, "Not possible as it is", error.message)
    if isinstance(error, UnknownValueError):
        return Problem(
            422, error.code, "Nothing like that to filter by", error.message, without=(error.field, error.value)
        )
    if isinstance(error, RequestError):
        return Problem(404, error.code, "Not listed", error.message)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _refused(error)
    if isinstance(error, MentoringError | CapacityError):
        missing = error.error_code in ("mentoring.round", "mentoring.pair")
        title = "Not here" if missing else "Not possible as it is"
        return Problem(404 if missing else 409, error.error_code, title, error.message)
    if isinstance(error, ReceiptError):
        missing = error.error_code == "receipt.unknown"
        title = "No such receipt" if missing else "This receipt cannot be trusted"
        return Problem(404 if missing else 409, error.error_code, title, error.message)
    if isinstance(error, HubError):
        return Problem(503, error.error_code, "Not possible right now", error.message)
    return FAULT


def _invalid(error: RequestValidationError) -> Problem:
    errors = error.errors()
    one = errors[0]
    fields = list(dict.fromkeys(".".join(str(part) for part in each["loc"][1:]) for each in errors))
    first = one["msg"] if len(fields) == 1 else "see the API description for what they may be"
    noun = "this parameter has a value" if len(fields) == 1 else "these parameters have values"
    text = f"In this address {noun} that cannot be: {', '.join(fields)} ({first[:1].lower()}{first[1:]})."
    without = None
    if one["type"] == "literal_error":
        text = f"In this address {one['loc'][1]} is {one['input']!r}; it can be {one['ctx']['expected']}."
        without = (str(one["loc"][1]), str(one["input"]))
    return Problem(422, "request.invalid", "That address does not work", text, without=without)


def _refused(error: HTTPException) -> Problem:
    if error.status_code == 404:
        return Problem(404, "request.not_found", "Not here", "There is no such page.")
    if error.status_code == 405:
        return Problem(405, "request.method", "That does not work", "This address can only be read.")
    return Problem(error.status_code, "request.refused", "That does not work", str(error.detail))
