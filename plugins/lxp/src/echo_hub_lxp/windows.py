"""Spans of change times as a platform accepts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from echo_core.connectors.declaration import Window
from echo_hub_lxp.strategies import TimeFormat, WindowRule


@dataclass(frozen=True, slots=True)
class Span:
    """One request's bounds. `since` None means from the beginning."""

    since: datetime | None
    until: datetime


def spans(window: Window, rule: WindowRule | None, history: timedelta, span_days: int | None = None) -> list[Span]:
    """The spans that cover a window, oldest first, none longer than the platform allows.

    Neighbours share their bound, because platforms differ in which end they include. Where only dates can be asked
    for, the first day and the last are covered whole. `span_days` overrules what is merely usual.
    """
    days = None if rule is None else rule.max_days or (rule.usual_days and (span_days or rule.usual_days))
    if rule is None or days is None:
        return [Span(window.since, window.until)]
    start, end = window.since or window.until - history, window.until
    if rule.format == "date":
        start = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        end = end.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    step = timedelta(days=days)
    spans = []
    while start < end:
        stop = min(start + step, end)
        spans.append(Span(start, stop))
        start = stop
    return spans


def written(moment: datetime, form: TimeFormat) -> str:
    """A time as the platform wants it in a request."""
    utc = moment.astimezone(UTC)
    if form == "date":
        return utc.date().isoformat()
    if form == "epoch_ms":
        return str(int(utc.timestamp() * 1000))
    if form == "iso_ms":
        return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")


def bounds(span: Span, rule: WindowRule | None) -> dict[str, str]:
    """The request parameters of a span."""
    if rule is None:
        return {}
    bounds = {rule.until: written(span.until, rule.format)}
    if span.since is not None:
        bounds[rule.since] = written(span.since, rule.format)
    return bounds
