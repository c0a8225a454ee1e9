"""Walking through the pages of a list, for each way vendors cut lists into pages.

Every function yields `Page`s whose `resume` value (JSON) lets the same function continue after that page; the last
page's says that nothing follows. Every function refuses to walk in circles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from echo_core.connectors.declaration import Page
from echo_core.http.walk import Items, Total, Walk, is_over, next_link_of, pick, records_of, resumed, total_of

if TYPE_CHECKING:
    from echo_core.http.client import Client
    from echo_core.http.response import Response

__all__ = ["body_link", "cursor", "link_header", "next_link_of", "offset", "page_number"]

Params = Mapping[str, Any] | None


def _whole_body(body: Any) -> Any:
    return body


def _links_next(body: Any) -> Any:
    return (body.get("links") or {}).get("next")


def link_header(
    client: Client,
    path: str,
    *,
    params: Params = None,
    resume: Any = None,
    items: Items = _whole_body,
    total: Total = None,
) -> Iterator[Page]:
    """Follows `Link: <…>; rel="next"` (RFC 8288) verbatim; `params` go with the first request only."""

    def following(response: Response, _body: Any) -> str | None:
        return next_link_of(response.headers.get_list("link"))

    return _links(client, path, params, resume, items, total, following)


def body_link(
    client: Client,
    path: str,
    *,
    params: Params = None,
    resume: Any = None,
    items: Items,
    next_link: Callable[[Any], str | None] = _links_next,
    total: Total = None,
) -> Iterator[Page]:
    """Follows an absolute or relative link in the body verbatim; `params` go with the first request only."""

    def following(_response: Response, body: Any) -> str | None:
        return pick(next_link, body, "the link to the next page")

    return _links(client, path, params, resume, items, total, following)


def _links(
    client: Client,
    path: str,
    params: Params,
    resume: Any,
    items: Items,
    total: Total,
    following: Callable[[Response, Any], str | None],
) -> Iterator[Page]:
    if is_over(resume, "next"):
        return
    walk, link = Walk(path), resumed(resume, "next")
    walk.start(link)
    while True:
        response = client.get(path, params=params) if link is None else client.get(link)
        walk.start(response.url)
        body = response.json()
        following_link = following(response, body)
        link = client.resolve(following_link, response.url) if following_link else None
        walk.step(link)
        yield Page(records_of(items, body), {"next": link}, total=total_of(total, response, body))
        if link is None:
            return


def cursor(
    client: Client,
    path: str,
    *,
    params: Params = None,
    resume: Any = None,
    items: Items,
    next_cursor: Callable[[Any], str | int | None],
    cursor_param: str = "cursor",
    keep_params: bool = True,
    total: Total = None,
) -> Iterator[Page]:
    """Sends the cursor of one page with the request for the next.

    Args:
        next_cursor: reads the cursor from the body; None or "" ends the walk.
        keep_params: whether `params` are sent along with a cursor; some vendors refuse that.
    """
    if is_over(resume, "cursor"):
        return
    walk, mark = Walk(path), resumed(resume, "cursor")
    walk.start(mark)
    while True:
        sent = dict(params or {}) if mark is None or keep_params else {}
        if mark is not None:
            sent[cursor_param] = mark
        response = client.get(path, params=sent)
        body = response.json()
        value = pick(next_cursor, body, "the cursor")
        mark = None if value in (None, "") else value
        walk.step(mark)
        yield Page(records_of(items, body), {"cursor": mark}, total=total_of(total, response, body))
        if mark is None:
            return


def offset(
    client: Client,
    path: str,
    *,
    params: Params = None,
    resume: Any = None,
    items: Items,
    limit: int,
    offset_param: str = "offset",
    limit_param: str = "limit",
    total: Total = None,
) -> Iterator[Page]:
    """Counts records from 0 up to a short or an empty page.

    A short page does not end the walk while `total` says that there is more: many sources give less than asked.
    """
    return _counted(
        client,
        path,
        params,
        resume,
        items,
        total,
        size=limit,
        key="offset",
        first=0,
        place=lambda at: {offset_param: at, limit_param: limit},
        advance=lambda at, count: at + count,
    )


def page_number(
    client: Client,
    path: str,
    *,
    params: Params = None,
    resume: Any = None,
    items: Items,
    size: int,
    page_param: str = "page",
    size_param: str = "per_page",
    first: int = 1,
    total: Total = None,
) -> Iterator[Page]:
    """Counts pages from `first` up to a short or an empty one.

    A short page does not end the walk while `total` says that there is more: many sources give less than asked.
    """
    return _counted(
        client,
        path,
        params,
        resume,
        items,
        total,
        size=size,
        key="page",
        first=first,
        place=lambda at: {page_param: at, size_param: size},
        advance=lambda at, _count: at + 1,
    )


def _counted(
    client: Client,
    path: str,
    params: Params,
    resume: Any,
    items: Items,
    total: Total,
    *,
    size: int,
    key: str,
    first: int,
    place: Callable[[int], dict[str, int]],
    advance: Callable[[int, int], int],
) -> Iterator[Page]:
    if is_over(resume, key):
        return
    walk = Walk(path)
    at, seen = (first, 0) if resume is None else (resumed(resume, key), resumed(resume, "seen"))
    before: Sequence[Mapping[str, Any]] = ()
    while True:
        response = client.get(path, params={**(params or {}), **place(at)})
        body = response.json()
        records = records_of(items, body)
        if records and records == before:
            raise walk.repeats("the same records for another position, which the source seems to ignore")
        there_are = total_of(total, response, body)
        before, at, seen = records, advance(at, len(records)), seen + len(records)
        more = bool(records) and (len(records) >= size or seen < (there_are or 0))
        walk.step(at if more else None)
        yield Page(records, {key: at if more else None, "seen": seen}, total=there_are)
        if not more:
            return
