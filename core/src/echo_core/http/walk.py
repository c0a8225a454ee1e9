"""What every way of paging needs: a guard against circles, and careful looks into answers nobody has validated yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from echo_core.connectors.errors import ContractError

if TYPE_CHECKING:
    from echo_core.http.response import Response

MAX_PAGES = 100_000
"""No walk is longer; a source that has no end must not keep a run for ever."""
_LONGEST_FIELD = 16_384
"""Characters of a Link header: several addresses, each longer than servers commonly take."""

Items = Callable[[Any], Sequence[Mapping[str, Any]]]
Total = Callable[[Any], int | None] | str | None
"""How many records there are: read from the body by a function, or the name of a response header."""

T = TypeVar("T")


class Walk:
    """What one walk through a list has seen."""

    def __init__(self, path: str, *, max_pages: int = MAX_PAGES) -> None:
        self._path = path
        self._max_pages = max_pages
        self._seen: set[Hashable] = set()
        self._pages = 0

    def step(self, mark: Hashable) -> None:
        """Counts a page that leads to `mark` (None: to the end).

        Raises:
            ContractError: code "source.page_repeats" or "source.too_many_pages".
        """
        self._pages += 1
        if mark is None:
            return
        if mark in self._seen:
            raise self.repeats("a cursor or link that was given before")
        self._seen.add(mark)
        if self._pages >= self._max_pages:
            raise ContractError(
                f"The list {self._path} does not end.", detail=f"{self._pages} pages", code="source.too_many_pages"
            )

    def start(self, mark: Hashable) -> None:
        """The walk begins at `mark`, so nothing may lead back there."""
        if mark is not None:
            self._seen.add(mark)

    def repeats(self, detail: str) -> ContractError:
        """The error for a list that leads in a circle."""
        return ContractError(
            f"The list {self._path} leads in a circle: a page repeats.", detail=detail, code="source.page_repeats"
        )


def resumed(resume: Any, key: str) -> Any:
    """The position in a resume value; None at the start and after the last page.

    Raises:
        ContractError: the value is not one this kind of paging made.
    """
    if resume is None:
        return None
    if not isinstance(resume, Mapping) or key not in resume:
        raise ContractError(
            "A stored position does not belong to this list.", detail=f"no {key!r} in it", code="source.resume_unknown"
        )
    return resume[key]


def is_over(resume: Any, key: str) -> bool:
    """True when the resume value was given with the last page."""
    return resume is not None and resumed(resume, key) is None


def pick(read: Callable[[Any], T], body: Any, what: str) -> T:
    """`read(body)`, where a body of another shape is the source's fault and not a bug.

    Raises:
        ContractError: code "source.shape".
    """
    try:
        return read(body)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        kind = type(error).__name__
    raise ContractError(
        f"The source's answer does not hold {what} where it should.",
        detail=f"{kind} in a {type(body).__name__}",
        code="source.shape",
    )


def records_of(items: Items, body: Any) -> Sequence[Mapping[str, Any]]:
    """The page's records.

    Raises:
        ContractError: code "source.shape" when they are no list.
    """
    records = pick(items, body, "the records")
    if not isinstance(records, list | tuple):
        raise ContractError(
            "The source's answer does not hold a list of records where it should.",
            detail=f"a {type(records).__name__}",
            code="source.shape",
        )
    return records


def total_of(total: Total, response: Response, body: Any) -> int | None:
    """The number of records the source claims to have, None where it says nothing usable."""
    if total is None:
        return None
    value = response.headers.get(total) if isinstance(total, str) else pick(total, body, "the total")
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):
        return None


def next_link_of(fields: Sequence[str]) -> str | None:
    """The target of rel="next" among Link header fields (RFC 8288); None when there is none.

    Raises:
        ContractError: code "source.bad_link", the header is longer than any address may be.
    """
    for field in fields:
        if len(field) > _LONGEST_FIELD:
            raise ContractError(
                "The source gave a Link header that is too long to hold an address.",
                detail=f"{len(field)} characters",
                code="source.bad_link",
            )
        for target, parameters in re.findall(r'<([^>]*)>((?:[^<"]|"[^"]*")*)', field):
            rel = re.search(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', parameters, re.IGNORECASE)
            if rel and "next" in (rel[1] or rel[2] or "").lower().split():
                return str(target)
    return None
