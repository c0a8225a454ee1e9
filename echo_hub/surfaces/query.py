"""What the address of a list says: the same parameters on pages and in the API."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import Query
from pydantic import BeforeValidator, Field

from echo_hub.services.views import Filters, Kind
from echo_hub.surfaces.ids import LARGEST_ID

Remote = Literal["on_site", "hybrid", "remote"]
Value = Annotated[str, Query(max_length=300)]
RowId = Annotated[int, Field(ge=0, le=LARGEST_ID)]
"""The number a list shows for a round, a pair, a decision or a batch."""
SystemName = Annotated[str, Field(max_length=63, pattern=r"^[A-Za-z0-9._-]+$")]
"""The name of a connection or of one of its streams."""
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most")]
"""How many rows a list of the API answers."""
PAGE = 20
"""How many results a page holds unless asked otherwise."""


def _unset(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Hours = Annotated[
    Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)] | None,
    BeforeValidator(_unset),
]
"""A form sends an untouched number field as an empty text: no limit."""


class ListQuery:
    """Filters and paging of a list, read from the query string."""

    def __init__(
        self,
        kind: Annotated[list[Kind] | None, Query(description="Kinds of opportunity; all when left out")] = None,
        country: Annotated[
            list[Value] | None, Query(description="ISO 3166 alpha-2 codes or names; what is open anywhere always fits")
        ] = None,
        remote: Annotated[list[Remote] | None, Query(description="Where the work is done")] = None,
        department: Annotated[list[Value] | None, Query(description="Department names, as facets list them")] = None,
        skill: Annotated[list[Value] | None, Query(description="Skill ids or names, as facets list them")] = None,
        language: Annotated[list[Value] | None, Query(description="Primary language tags (`en`) or names")] = None,
        hours_max: Annotated[Hours, Query(description="Hours a week at most")] = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many results to skip")] = 0,
        limit: Annotated[int, Query(ge=1, le=100, description="How many results to return")] = PAGE,
    ) -> None:
        self.filters = Filters(
            kind=tuple(dict.fromkeys(kind or ())),
            country=tuple(dict.fromkeys(country or ())),
            remote=tuple(dict.fromkeys(remote or ())),
            department=tuple(dict.fromkeys(department or ())),
            skill=tuple(dict.fromkeys(skill or ())),
            language=tuple(dict.fromkeys(language or ())),
            hours_max=hours_max,
        )
        self.offset = offset
        self.limit = limit


def address(path: str, filters: Filters | None = None, **more: str | int | None) -> str:
    """The address of a page with these filters; empty values are left out."""
    pairs: list[tuple[str, str]] = [(key, str(value)) for key, value in more.items() if value not in (None, "")]
    for name, value in filters or ():
        if isinstance(value, tuple):
            pairs += [(name, item) for item in value]
        elif isinstance(value, float):
            pairs.append((name, f"{value:g}"))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def opportunity_path(opportunity_id: str) -> str:
    """The page of an opportunity. Slashes are escaped too, or a browser would resolve the dots in `a/../b`."""
    return f"/opportunities/{quote(opportunity_id, safe=':')}"


def requirements_path(opportunity_id: str) -> str:
    """The page on which somebody decides about the skills of an opportunity."""
    return f"/requirements/{quote(opportunity_id, safe=':')}"


def candidates_path(opportunity_id: str, *, also: bool = False) -> str:
    """The page of those who fit an opportunity; with `also`, of everybody else who may take it up."""
    return f"/{'also-eligible' if also else 'candidates'}/{quote(opportunity_id, safe=':')}"
