"""Reads any platform by its dialect: spans, pages, joins, look-ups, voids, and what may be kept of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from echo_core.connectors.declaration import Page, Read, StreamContext, Window
from echo_core.connectors.errors import NotPermitted, RecordError, TransientError
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.dialect import Dialect, StreamRecord
from echo_hub_lxp.field_path import Selection, parse
from echo_hub_lxp.mapping import key_of
from echo_hub_lxp.moments import moment
from echo_hub_lxp.paging import Fetched, Request, items, walk
from echo_hub_lxp.report import Patience, fetch, order
from echo_hub_lxp.strategies import Join, Lookup, Void
from echo_hub_lxp.windows import Span, bounds, spans, written

_ROWS_PER_PAGE = 1000
"""A report arrives whole; it is handed on in pages of this size so that each is one small transaction."""


def selection(stream: StreamRecord, config: LxpConfig) -> Selection:
    """What may be kept of a raw record: what the dialect's rules look at, and nothing else.

    Launch parameters, single sign-on links, names and texts nobody maps are dropped before a page leaves the reader,
    so they can reach neither log nor database nor quarantine.
    """
    paths = list(stream.paths)
    if config.person is not None and stream.person:
        paths.append(config.person.field)
    paths += [_quoted(extra.into) for extra in (stream.join, stream.lookup) if extra is not None]
    if stream.void is not None:
        paths.append(_quoted(stream.void.flag))
    return Selection(paths)


def reader(dialect: Dialect, stream: StreamRecord, config: LxpConfig, *, pause: Callable[[float], None]) -> Read:
    """The `read` of one stream. `pause` waits between two questions for a report, in seconds."""
    seen = selection(stream, config)
    patience = Patience(config.report_poll_s, config.report_wait_s, pause)

    def read(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
        todo = spans(window, stream.window, timedelta(days=config.history_days), config.span_days)
        reached, inside = (resume["reached"], resume.get("page")) if resume else (None, None)
        if reached is not None:
            todo = [span for span in todo if span.until > datetime.fromisoformat(reached)]
        for span in todo:
            here = None if span.since is None else span.since.isoformat()
            # With the last page this says that nothing is left, so a run killed right after it does not start anew.
            after = {"reached": span.until.isoformat()}
            for fetched in _answers(ctx, span, inside if here == reached else None, window):
                position = after if fetched.resume is None else {"reached": here, "page": fetched.resume}
                yield _page(dialect, stream, seen, fetched, position)
            inside = None

    def _answers(ctx: StreamContext, span: Span, inside: Any, window: Window) -> Iterator[Fetched]:
        try:
            if stream.job is not None:
                yield from _report(ctx, span)
            elif stream.lookup is not None and config.details:
                yield from _with_lookups(ctx, span)
            else:
                yield from _listed(ctx, span, inside, window)
        except NotPermitted as error:
            if stream.scope:
                raise NotPermitted(
                    f"{dialect.title} refuses this list: grant the connection the permission {stream.scope!r}.",
                    detail=error.detail,
                    code="auth.scope_missing",
                ) from None
            raise

    def _listed(ctx: StreamContext, span: Span, inside: Any, window: Window) -> Iterator[Fetched]:
        complete_to = []
        for fetched in walk(ctx.http, stream.page, first_request(dialect, stream, config, span), inside):
            if stream.window is not None and stream.window.consistent_through is not None:
                complete_to.append(moment(fetched.headers.get(stream.window.consistent_through, "")))
            yield fetched
        _refuse_gap(stream, window, min((known for known in complete_to if known), default=None))

    def _with_lookups(ctx: StreamContext, span: Span) -> Iterator[Fetched]:
        # All pages first: one request per record takes longer than a platform keeps its place in a list.
        pages = list(walk(ctx.http, stream.page, first_request(dialect, stream, config, span)))
        lookup = stream.lookup
        assert lookup is not None
        for fetched in pages:
            joined_pages = [
                _looked_up(ctx, lookup, record, dialect) if isinstance(record, Mapping) else record
                for record in items(fetched.body, stream.records)
            ]
            yield Fetched(_replaced(fetched.body, stream.records, joined_pages), fetched.headers)

    def _report(ctx: StreamContext, span: Span) -> Iterator[Fetched]:
        job = stream.job
        assert job is not None
        number = order(ctx.http, job, placed(job.post, config), bounds(span, stream.window))
        rows = fetch(ctx.http, job, placed(job.get, config), number, patience)
        for start in range(0, max(len(rows), 1), _ROWS_PER_PAGE):
            chunk = rows[start : start + _ROWS_PER_PAGE]
            # A report cannot be entered in the middle: after a crash the span is ordered again.
            yield Fetched(chunk, {}, None if start + _ROWS_PER_PAGE >= len(rows) else {}, len(rows))

    return read


def first_request(dialect: Dialect, stream: StreamRecord, config: LxpConfig, span: Span) -> Request:
    """The request that opens a list for one span."""
    params: dict[str, Any] = {**stream.params, **bounds(span, stream.window)}
    if stream.changes is not None and config.catalogue == "changes" and span.since is not None:
        params[stream.changes.param] = written(span.since, stream.changes.format)
    return Request(placed(stream.get or "", config), params, stream.records, dialect.accept)


def placed(path: str, config: LxpConfig) -> str:
    """A request path with the connection's organisation id in its place."""
    return path.replace("{organisation}", quote(config.organisation or "", safe=""))


def prepared(
    dialect: Dialect, stream: StreamRecord, seen: Selection, records: list[dict[str, Any]], body: Any
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Raw records ready to be kept, joined, flagged and pruned, and the keys of the ones they take back."""
    if stream.join is not None:
        _join(records, body, stream.join)
    removed = _void(records, stream.void, dialect, stream) if stream.void is not None else ()
    kept: dict[object, dict[str, Any]] = {}
    for place, record in enumerate(records):
        pruned = seen.prune(record)
        # The same record twice on one page counts once, the last copy.
        kept[key_of(dialect, stream, pruned) or place] = pruned
    return list(kept.values()), removed


def _page(dialect: Dialect, stream: StreamRecord, seen: Selection, fetched: Fetched, resume: Any) -> Page:
    listed = items(fetched.body, stream.records)
    raw_records = [dict(record) for record in listed if isinstance(record, Mapping)]
    records, removed = prepared(dialect, stream, seen, raw_records, fetched.body)
    # What is no object has no key and nothing to prune; the hub sets it aside and says so.
    none = [record for record in listed if not isinstance(record, Mapping)]
    return Page(records=[*records, *none], resume=resume, removed=removed, total=fetched.total)


def _join(records: Sequence[dict[str, Any]], body: Any, join: Join) -> None:
    included = parse(join.included).find(body)
    there = {
        _identity(item): item for item in (included if isinstance(included, list) else ()) if isinstance(item, Mapping)
    }
    for record in records:
        ref = _at(record, join.ref)
        if isinstance(ref, Mapping) and (joined := there.get(_identity(ref))) is not None:
            record[join.into] = joined


def _identity(item: Mapping[str, Any]) -> tuple[str, str]:
    """Type and id as texts: one that is a list or an object must not stop the page it is on."""
    return str(item.get("type")), str(item.get("id"))


def _void(records: Sequence[dict[str, Any]], void: Void, dialect: Dialect, stream: StreamRecord) -> tuple[str, ...]:
    withdrawing = [record for record in records if _at(record, void.path) == void.equals]
    targets = {str(target) for record in withdrawing if (target := _at(record, void.target)) is not None}
    here = {key: record for record in records if (key := key_of(dialect, stream, record)) in targets}
    for record in here.values():
        record[void.flag] = True
    return tuple(sorted(targets - set(here)))


def _at(record: Mapping[str, Any], path: str) -> Any:
    """What lies at `path`; nothing in a malformed record, which the mapping will refuse on its own."""
    try:
        return parse(path).find(record)
    except RecordError:
        return None


def _looked_up(ctx: StreamContext, lookup: Lookup, record: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    path = lookup.get.replace("{key}", quote(str(record.get("id", "")), safe=""))
    response = ctx.http.get(path, accept=dialect.accept, ok=lookup.missing)
    records = [] if response.status in lookup.missing else items(response.json(), lookup.records)
    return {**record, lookup.into: list(records)}


def _replaced(body: Any, path: str, records: list[dict[str, Any]]) -> Any:
    return records if path == "" else {**body, path: records}


def _refuse_gap(stream: StreamRecord, window: Window, complete_to: Any) -> None:
    """A source that lags further behind than the next window reaches back would leave a gap nobody sees."""
    rule = stream.window
    if rule is None or complete_to is None:
        return
    if complete_to < window.until - timedelta(days=rule.overlap_days):
        raise TransientError(
            f"The source is complete only up to {complete_to.isoformat()}; the window is read again later.",
            detail=f"{rule.consistent_through} lies more than {rule.overlap_days} days behind",
            code="source.lagging",
        )


def _quoted(key: str) -> str:
    return f'"{key}"'
