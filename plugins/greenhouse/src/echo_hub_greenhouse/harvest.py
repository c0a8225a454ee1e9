"""Walking the lists of Harvest v3: pages, windows, batches by id, and what a refusal means.

Rules of the vendor this file keeps: the Link header's `next` is followed as it is and its cursor travels alone;
`per_page` is at most 500 and goes with the first request only; `ids` and parent filters take at most 50 values;
rows come newest id first, so a window of change times is closed on both sides; 422 on a cursor means it expired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from echo_core.connectors import paging
from echo_core.connectors.declaration import Page, StreamContext, Window
from echo_core.connectors.errors import ContractError, NotPermitted, ResumeExpired

MOST_DIGITS = 19
"""Of an id of 64 bits; a longer text of digits is none, and Python refuses to read the longest."""

BEYOND_IDS = 2**63
"""The vendor refuses a request that asks for such an id, and with it every other id in the batch."""

MAX_IDS = 50
"""Most values a list filter takes in one request."""

Row = Mapping[str, Any]


def walk(
    ctx: StreamContext, resource: str, params: Mapping[str, str], *, resume: Any = None, page_size: int | None = None
) -> Iterator[Page]:
    """The pages of one list, continuing at `resume` when given.

    Raises:
        ResumeExpired: the vendor no longer knows the cursor (422 in mid-stream).
        NotPermitted: with the scope that is missing.
    """
    first = {"per_page": str(min(page_size or ctx.config.page_size, ctx.config.page_size)), **params}
    begun = resume is not None
    try:
        for page in paging.link_header(ctx.http, resource, params=first, resume=resume):
            yield page
            begun = True
    except ContractError as error:
        if begun and getattr(error, "status", None) == 422:
            raise ResumeExpired(
                f"Greenhouse no longer knows where the list of {resource} stopped; the window is read again",
                detail=error.detail,
            ) from error
        raise
    except NotPermitted as error:
        raise named(error, resource) from error


def rows_by(
    ctx: StreamContext, resource: str, filter_name: str, keys: Iterable[int], params: Mapping[str, str]
) -> Iterator[Row]:
    """Every row of a list whose `filter_name` is one of `keys`, asked for in batches of 50."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), MAX_IDS):
        batch = ",".join(str(key) for key in wanted[start : start + MAX_IDS])
        for page in walk(ctx, resource, {filter_name: batch, **params}, page_size=500):
            yield from page.records


def named(error: NotPermitted, resource: str) -> NotPermitted:
    """The same refusal, naming the scope."""
    return NotPermitted(f"Greenhouse refuses the list of {resource}: {scope_advice(resource)}", detail=error.detail)


def scope_advice(resource: str) -> str:
    """What an administrator has to do so that `resource` can be read."""
    return (
        f"grant the scope harvest:{resource}:list to the API credential and make sure the acting user is a Site Admin"
    )


def changed_within(window: Window) -> dict[str, str]:
    """The `updated_at` filter of a window, closed on both sides; without a lower bound on the first run."""
    until = f"lte|{_stamp(window.until)}"
    return {"updated_at": until if window.since is None else f"gte|{_stamp(window.since)}|{until}"}


def only(*fields: str) -> dict[str, str]:
    """The `fields` parameter: what is not asked for is not sent."""
    return {"fields": ",".join(fields)}


def key_of(row: Row, name: str) -> int | None:
    """An id in a raw row, None where it is missing or no number, or where the row is none."""
    return number_of(row.get(name)) if isinstance(row, Mapping) else None


def number_of(value: Any) -> int | None:
    """An id as the vendor writes them: a number, or its digits as text."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= MOST_DIGITS:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value < BEYOND_IDS else None


def keys_of(rows: Iterable[Row], name: str) -> set[int]:
    """The distinct ids in that field."""
    return {key for row in rows if (key := key_of(row, name)) is not None}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
