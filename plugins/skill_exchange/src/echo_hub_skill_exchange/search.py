"""Reading Backstage search: GET /api/search/query with an empty term, which lists every indexed document.

Server caps are 100 results a page and 100 characters a term by default. The index is rebuilt on a schedule, so it
lags; with permissions on, a service token may see more than one employee may, hence title and link only unless the
operator maps more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from echo_core.connectors import Page, StreamContext, Window
from echo_hub_skill_exchange.backend import Backend, listed, resumed, unseen
from echo_hub_skill_exchange.entities import SearchResult
from echo_hub_skill_exchange.grants import SEARCH
from echo_hub_skill_exchange.opportunities import document_key, read_result
from echo_hub_skill_exchange.reports import WalkReport

PAGE_CAP = 100


def walk(ctx: StreamContext, types: Sequence[str], resume: Any) -> Iterator[Page]:
    """Every document of the given types (none given: of all types), each location once per walk.

    Only type and document are passed on: `highlight` holds random tags, `rank` moves with every query; both would
    make an unchanged document look changed.

    Raises:
        ResumeExpired: Backstage refused the cursor.
        ContractError: no list of results, a cursor that repeats, or a type the index does not know.
    """
    backend = Backend(ctx)
    cursor = resumed(resume, "cursor")
    visited = {cursor} if cursor else set[str]()
    seen: set[str] = set()
    limit = str(min(PAGE_CAP, ctx.config.page_size))
    while True:
        params = [("term", ""), *((f"types[{number}]", name) for number, name in enumerate(types))]
        params.append(("pageLimit", limit))
        if cursor:
            params.append(("pageCursor", cursor))
        answer = backend.get(SEARCH, "query", params, cursor=cursor)
        results = [
            {"type": item.get("type"), "document": item.get("document")} if isinstance(item, Mapping) else item
            for item in listed(answer, "results", SEARCH)
            if _first_time(item, seen)
        ]
        following = answer.get("nextPageCursor")
        cursor = following if isinstance(following, str) and following else None
        unseen(cursor, visited, SEARCH)
        total = answer.get("numberOfResults")
        yield Page(
            results, resume={"cursor": cursor} if cursor else None, total=total if isinstance(total, int) else None
        )
        if cursor is None:
            return


def _first_time(item: Any, seen: set[str]) -> bool:
    key = document_key(item) if isinstance(item, Mapping) else None
    if key is None:
        return True
    if key in seen:
        return False
    seen.add(key)
    return True


def read_documents(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """The documents of the configured types."""
    del window
    report = WalkReport(ctx.log, "search_opportunities")
    for page in walk(ctx, ctx.config.search_types, resume):
        for raw in page.records:
            try:
                reading = read_result(SearchResult.model_validate(raw), ctx.config)
            except Exception:  # noqa: BLE001, S112 -- whatever it is, the kernel sets the record aside with it
                continue
            report.dropped(reading.record.source_id, reading.problems)
        yield page
    report.finish()


def types_seen(ctx: StreamContext, *, pages: int = 20) -> Counter[str]:
    """How many documents of each type the first pages of the whole index hold."""
    types: Counter[str] = Counter()
    for number, page in enumerate(walk(ctx, (), None), start=1):
        types.update(str(item.get("type")) for item in page.records if isinstance(item, Mapping))
        if number >= pages:
            break
    return types
