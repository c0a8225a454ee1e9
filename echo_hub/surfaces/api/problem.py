"""Errors of the API: one JSON object with a code and a sentence."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from starlette.responses import JSONResponse

from echo_hub.services.views import View
from echo_hub.surfaces.limits import LONGEST_ADDRESS
from echo_hub.surfaces.problems import LARGEST_BODY, Problem


class Candidate(View):
    """A person who may have been meant."""

    id: str
    name: str
    title: str | None
    org_unit: str | None


class ApiError(View):
    """What went wrong. `code` is stable, `message` is one sentence for people."""

    code: str = Field(examples=["person.unknown"])
    message: str = Field(examples=["There is no person 'E10'."])
    candidates: tuple[Candidate, ...] = Field((), description="People who may have been meant")


Answers = dict[int | str, dict[str, Any]]
"""What a call may answer beside what it is for, by status."""
ERRORS: Answers = {
    400: {"model": ApiError, "description": "The host's name is not ours, or the body is no JSON in UTF-8"},
    401: {"model": ApiError, "description": "Nobody has signed in, or the token is not valid"},
    403: {
        "model": ApiError,
        "description": "Not for the one who acts, or a change asked for by another site's page or by a cookie alone",
    },
    405: {"model": ApiError, "description": "The address takes another method; `Allow` says which"},
    413: {"model": ApiError, "description": f"The body holds more than {LARGEST_BODY:,} bytes"},
    414: {"model": ApiError, "description": f"The address has more than {LONGEST_ADDRESS:,} bytes"},
    422: {"model": ApiError, "description": "A parameter has a value that cannot be"},
    429: {"model": ApiError, "description": "More requests than one may make; `Retry-After` says when to go on"},
    500: {"model": ApiError, "description": "A fault in the hub; the log of the server has the details"},
    503: {"model": ApiError, "description": "Not possible right now; the message says why"},
}
"""Answers every call may give."""
NO_OPPORTUNITY: Answers = {
    404: {
        "model": ApiError,
        "description": "No such person or listed opportunity; the message says which rule hides it",
    }
}
IMPOSSIBLE: Answers = {
    404: {"model": ApiError, "description": "No such person or skill"},
    409: {"model": ApiError, "description": "It cannot be done as things stand; the message says why"},
}
NO_PERSON: Answers = {
    404: {"model": ApiError, "description": "Nobody is meant by that; people of similar names are listed"},
    409: {"model": ApiError, "description": "Several people are meant by that; they are listed"},
}
NOT_MATCHED: Answers = {
    409: {
        "model": ApiError,
        "description": "Several people are meant by that, or nothing is matched for the person (`matching.off`)",
    },
}


def problem_document(problem: Problem) -> JSONResponse:
    """A problem as the API tells it."""
    answer = ApiError(
        code=problem.code,
        message=problem.message,
        candidates=tuple(
            Candidate(id=candidate.id, name=candidate.name, title=candidate.title, org_unit=candidate.org_unit)
            for candidate in problem.candidates
        ),
    )
    return JSONResponse(answer.model_dump(mode="json"), problem.status, problem.headers)
