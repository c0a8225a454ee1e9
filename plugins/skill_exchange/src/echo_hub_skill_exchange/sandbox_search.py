"""The search index of the sandbox: types, terms, pages and caps as plugin-search-backend answers them."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from echo_hub_skill_exchange.sandbox_catalog import InputError

SEARCH_PAGE_CAP = 100
SEARCH_TERM_CAP = 100
SEARCH_PAGE_DEFAULT = 25


@dataclass(frozen=True, slots=True)
class Document:
    """One indexed search document: what a collator stored."""

    type: str
    document: Mapping[str, Any]


class SearchIndex:
    """Documents in rank order. An empty term finds them all."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)
        self.types = {document.type for document in self.documents}

    def page(self, *, term: str, types: Sequence[str], limit: int, cursor: str | None, salt: str) -> dict[str, Any]:
        """One answer of /query. `salt` varies the highlight's tags from query to query.

        Raises:
            InputError: a term or page beyond the caps, a type the index does not hold, a cursor that is none.
        """
        if len(term) > SEARCH_TERM_CAP:
            raise InputError(f'The term length "{len(term)}" is greater than "{SEARCH_TERM_CAP}"')
        if limit > SEARCH_PAGE_CAP:
            raise InputError(f'The page limit "{limit}" is greater than "{SEARCH_PAGE_CAP}"')
        if unknown := [name for name in types if name not in self.types]:
            raise InputError(f"Invalid enum value, received '{unknown[0]}'")
        number = _page_number(cursor)
        items = [item for item in self.documents if (not types or item.type in types) and _mentions(item, term)]
        start = number * limit
        answer: dict[str, Any] = {
            "numberOfResults": len(items),
            "results": [
                _result(item, rank, term, salt)
                for rank, item in enumerate(items[start : start + limit], start=start + 1)
            ],
        }
        if start + limit < len(items):
            answer["nextPageCursor"] = _page_cursor(number + 1)
        if number > 0:
            answer["previousPageCursor"] = _page_cursor(number - 1)
        return answer


def _page_number(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError) as error:
        raise InputError("Invalid page cursor") from error


def _page_cursor(page: int) -> str:
    return base64.b64encode(str(page).encode()).decode()


def _mentions(item: Document, term: str) -> bool:
    words = term.lower().split()
    text = " ".join(str(value) for value in item.document.values()).lower()
    return all(word in text for word in words)


def _result(item: Document, rank: int, term: str, salt: str) -> dict[str, Any]:
    mark = f"{zlib.crc32(f'{salt}{rank}'.encode()):08x}-mark"
    before, after = f"<{mark}>", f"</{mark}>"
    fields = {
        key: re.sub(f"({re.escape(term)})", rf"{before}\1{after}", value, flags=re.IGNORECASE)
        for key, value in item.document.items()
        if term and isinstance(value, str) and term.lower() in value.lower()
    }
    return {
        "type": item.type,
        "document": dict(item.document),
        "rank": rank,
        "highlight": {"preTag": before, "postTag": after, "fields": fields},
    }
