"""When too much is wrong for a run to go on. Pure."""

from __future__ import annotations

import json
from typing import Any

from echo_core.connectors.errors import ContractError

MAX_RESUME_BYTES = 64 * 1024
MAX_REJECTED_RATIO = 0.05
MIN_REJECTED = 5
"""Fewer bad records than this never stop a run, whatever their share."""
EARLY_READ = 1000
"""The share is judged at the end of a run, and after each page once so many records were read."""
MIN_BAD_PAGE = 3
"""A page this large with no good record means that the source changed, not that three records are bad."""


def check_page(read: int, rejected: int) -> None:
    """Refuses a page without one good record.

    Raises:
        ContractError: code "source.page_rejected".
    """
    if read >= MIN_BAD_PAGE and rejected >= read:
        raise ContractError(
            f"None of the {read} records of a page could be read: the source has changed, or the connector is wrong.",
            detail="the records are in quarantine with the field that broke",
            code="source.page_rejected",
        )


def check_run(read: int, rejected: int, *, ended: bool) -> None:
    """Refuses a run in which more than one record in twenty was bad.

    Raises:
        ContractError: code "source.too_many_rejected".
    """
    if (ended or read >= EARLY_READ) and rejected >= MIN_REJECTED and rejected > MAX_REJECTED_RATIO * read:
        raise ContractError(
            f"{rejected} of {read} records could not be read, more than {MAX_REJECTED_RATIO:.0%}.",
            detail="the records are in quarantine with the field that broke",
            code="source.too_many_rejected",
        )


def resume_text(resume: Any) -> str | None:
    """A resume value as the JSON text to store; None for none.

    Raises:
        ContractError: not JSON ("connector.resume_not_json"), or larger than 64 KB ("connector.resume_too_large").
    """
    if resume is None:
        return None
    try:
        text = json.dumps(resume, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ContractError(
            "The connector's resume value cannot be stored.", detail=str(error), code="connector.resume_not_json"
        ) from error
    size = len(text.encode())
    if size > MAX_RESUME_BYTES:
        raise ContractError(
            f"The connector's resume value has {size:,} bytes; at most {MAX_RESUME_BYTES:,} are kept.",
            detail="a resume value is a cursor or a page number, not the data",
            code="connector.resume_too_large",
        )
    return text
