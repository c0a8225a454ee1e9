"""How platforms hand out a long list: the closed set of page strategies a dialect may name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from echo_core.connectors.errors import ContractError, ResumeExpired
from echo_core.http.walk import Walk, next_link_of
from echo_hub_lxp.field_path import parse
from echo_hub_lxp.strategies import BodyUrl, LinkHeader, OffsetTotalHeader, Page, SinglePage

if TYPE_CHECKING:
    from echo_core.http.client import Client, Response

_MOST_DIGITS = 19
_LAST = re.compile(r'<([^>]*)>\s*;\s*rel="?last"?')


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. `resume` leads to the page after it, None at the end; `total` is the platform's own count."""

    body: Any
    headers: Mapping[str, str]
    resume: Any = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """The first request of a walk. `params` are for it alone: a link to the next page carries its own."""

    path: str
    params: Mapping[str, Any]
    records: str = ""
    accept: str = "application/json"


def walk(client: Client, rule: Page, request: Request, resume: Any = None) -> Iterator[Fetched]:
    """Yields the answers of one list in order, beginning after the answer that carried `resume` when given.

    Raises:
        ResumeExpired: the platform no longer knows the next page (the statuses a dialect lists as `expired`).
        ContractError: a page leads back to one already read, or is no list.
    """
    if isinstance(rule, OffsetTotalHeader):
        return _by_offset(client, rule, request, resume)
    if isinstance(rule, SinglePage):
        return iter([_fetched(client.get(request.path, params=dict(request.params), accept=request.accept))])
    return _by_link(client, rule, request, resume)


def items(body: Any, path: str) -> list[Mapping[str, Any]]:
    """The records inside an answer. One among them that is no object is handed on, to be set aside alone.

    Raises:
        ContractError: there is no list of objects at `path`.
    """
    records = parse(path).find(body) if path == "" or isinstance(body, Mapping) else None
    if not isinstance(records, list) or (records and not any(isinstance(item, Mapping) for item in records)):
        where = path or "the top"
        raise ContractError(
            "The platform's answer holds no list of records where it should.",
            detail=f"a list of objects was expected at {where}, found {type(records).__name__}",
            code="source.no_list",
        )
    return records


def _fetched(response: Response, resume: Any = None, total: int | None = None) -> Fetched:
    return Fetched(response.json(), response.headers, resume, total)


def _by_link(client: Client, rule: BodyUrl | LinkHeader, request: Request, resume: Any) -> Iterator[Fetched]:
    steps = Walk(request.path)
    link: str | None = resume
    steps.start(link)
    while True:
        if link is None:
            limit = {rule.limit_param: rule.limit} if rule.limit_param else {}
            response = client.get(request.path, params={**request.params, **limit}, accept=request.accept)
        else:
            response = client.get(link, accept=request.accept, ok=rule.expired)
            _still_known(response, rule.expired)
        body = response.json()
        next_link = _next_in_body(body, rule) if isinstance(rule, BodyUrl) else next_link_of(_fields(response))
        # A relative link is relative to the address just read, not to the connection's base path.
        link = None if next_link is None else client.resolve(next_link, response.url)
        steps.step(link)
        yield Fetched(body, response.headers, link)
        if link is None:
            return


def _next_in_body(body: Any, rule: BodyUrl) -> str | None:
    link = parse(rule.next).find(body) if isinstance(body, Mapping) else None
    if isinstance(link, list):
        link = link[0] if link else None
    if link is not None and not isinstance(link, str):
        raise ContractError(
            "The platform's answer holds no address where the next page's should be.",
            detail=f"text was expected at {rule.next}, found {type(link).__name__}",
        )
    return link or None


def _fields(response: Response) -> list[str]:
    return response.headers.get_list("link")


def _by_offset(client: Client, rule: OffsetTotalHeader, request: Request, resume: Any) -> Iterator[Fetched]:
    steps = Walk(request.path)
    offset, pin = (int(resume["offset"]), resume.get("pin")) if resume else (0, None)
    while True:
        params: dict[str, Any] = {**request.params, rule.offset_param: offset, rule.limit_param: rule.limit}
        if pin is not None and rule.pin_param:
            params[rule.pin_param] = pin
        later = offset > 0
        response = client.get(request.path, params=params, accept=request.accept, ok=rule.expired if later else ())
        if later:
            _still_known(response, rule.expired)
        body = response.json()
        read = len(items(body, request.records))
        pin = response.headers.get(rule.pin_header or "") or pin
        total = _total(response, rule)
        offset += read
        # Without a total the list ends with a short page; an empty page ends it in any case, or it would never end.
        more = read > 0 and (offset < total if total is not None else read == rule.limit)
        after = {"offset": offset, "pin": pin} if more else None
        steps.step(offset if more else None)
        yield Fetched(body, response.headers, after, total)
        if not more:
            return


def _total(response: Response, rule: OffsetTotalHeader) -> int | None:
    text = response.headers.get(rule.total_header, "")
    if text.strip().isdecimal() and len(text) < _MOST_DIGITS:
        return int(text)
    link = _LAST.search(", ".join(_fields(response)))
    last = parse_qs(urlsplit(link[1] if link else "").query).get(rule.offset_param, [""])[0]
    # The last page begins at `last`, so there is at least one record from there on.
    return int(last) + 1 if last.isdecimal() and len(last) < _MOST_DIGITS else None


def _still_known(response: Response, expired: tuple[int, ...]) -> None:
    if response.status in expired:
        raise ResumeExpired(
            "The platform no longer knows the next page; the list is read again from its start.",
            detail=f"status {response.status} on a later page",
        )
