"""How a run ends when something was raised."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

from echo_core.connectors.errors import (
    ConnectorBug,
    ContractError,
    HubError,
    NotPermitted,
    RateLimited,
    ResumeExpired,
)
from echo_core.connectors.redaction import redact
from echo_hub.store.runs import Outcome, RunCancelledError, RunReport
from echo_hub.sync.keys import clean

TRACEBACK_CHARS = 8_000
_START_OVER = {"source.too_many_rejected", "source.page_repeats", "source.too_many_pages", "connector.resume_too_large"}


_QUOTING = {"value_error", "assertion_error", "union_tag_invalid", "json_invalid", "json_type"}
_PLAIN = frozenset(get_args(ErrorType)) - _QUOTING
"""Kinds of validation errors whose wording is pydantic's own and quotes nothing of what was validated."""


def described(error: BaseException) -> str:
    """What was raised, without its text: exceptions quote what they choke on, and that is a person's data.

    Of a `ValidationError`: the first place and the rule it breaks. The hub's own errors speak for themselves.
    """
    if isinstance(error, HubError):
        return str(error)
    if not isinstance(error, ValidationError):
        return type(error).__name__
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"]) or "the whole"
    return f"{path}: {first['msg'] if first['type'] in _PLAIN else first['type']}"


def place(error: BaseException) -> str:
    """Where it was raised, e.g. " at mapping.py:34"; empty when unknown."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _traceback(error: BaseException) -> str:
    """As Python prints it, each exception described instead of quoted."""
    parts: list[str] = []
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        name = type(cause).__name__
        text = described(cause)
        lines = "".join(traceback.format_tb(cause.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{lines}{name if text == name else f'{name}: {text}'}\n")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\nwhich led to:\n\n".join(reversed(parts))


def as_hub_error(error: BaseException, stream: str) -> HubError:
    """The error itself when it is one of ours, else a `ConnectorBug` around it."""
    if isinstance(error, HubError):
        return error
    bug = ConnectorBug(
        f"The connector failed while reading {stream}; its author must look.", detail=described(error) + place(error)
    )
    bug.__cause__ = error
    return bug


def outcome_of(error: HubError, *, optional: bool) -> Outcome:
    """cancelled, paused when throttled, skipped when an optional stream's permission is missing, else failed."""
    if isinstance(error, RunCancelledError):
        return "cancelled"
    if isinstance(error, RateLimited):
        return "paused"
    if optional and isinstance(error, NotPermitted):
        return "skipped"
    return "failed"


def keeps_resume(error: HubError) -> bool:
    """Whether the next run may go on at the stored resume value; not when that value or the whole read is in doubt."""
    if isinstance(error, (ResumeExpired, RunCancelledError)):
        return False
    return not (isinstance(error, ContractError) and error.error_code in _START_OVER)


def note(report: RunReport, error: HubError, outcome: Outcome) -> None:
    """Writes the error into the report, secrets replaced; the traceback only of a connector's bug."""
    report.outcome = outcome
    report.error_code = error.error_code
    report.error_message = clean(redact(error.message))
    report.error_detail = clean(redact(error.detail))
    report.error_traceback = None
    if isinstance(error, ConnectorBug):
        cause = error.__cause__ or error
        report.error_traceback = clean(redact(_traceback(cause)))[-TRACEBACK_CHARS:]
