"""Spans of change times: never longer than allowed, without a gap, as the platform writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from echo_core.connectors import Window
from echo_hub_lxp.strategies import TimeFormat, WindowRule
from echo_hub_lxp.windows import Span, bounds, spans, written

UNTIL = datetime(2026, 3, 1, 11, 45, tzinfo=UTC)
YEAR = timedelta(days=365)


def rule(**changes: object) -> WindowRule:
    return WindowRule.model_validate({"since": "from", "until": "to", **changes})


def test_without_a_limit_the_window_is_one_span_and_may_be_open() -> None:
    assert spans(Window(None, UNTIL), rule(), YEAR) == [Span(None, UNTIL)]
    assert spans(Window(None, UNTIL), None, YEAR) == [Span(None, UNTIL)]


@pytest.mark.parametrize("form", ["iso", "date"])
def test_spans_join_without_a_gap_and_none_is_longer_than_allowed(form: TimeFormat) -> None:
    since = datetime(2026, 1, 1, 8, tzinfo=UTC)
    found = spans(Window(since, UNTIL), rule(max_days=7, format=form), YEAR)
    assert found[0].since is not None
    assert found[0].since <= since
    assert found[-1].until >= UNTIL
    assert all(left.until == right.since for left, right in pairwise(found))
    assert all(span.since is not None and span.until - span.since <= timedelta(days=7) for span in found)


def test_where_only_dates_can_be_asked_for_both_ends_are_whole_days() -> None:
    found = spans(Window(datetime(2026, 2, 27, 8, tzinfo=UTC), UNTIL), rule(max_days=7, format="date"), YEAR)
    assert [bounds(span, rule(format="date")) for span in found] == [{"from": "2026-02-27", "to": "2026-03-02"}]


def test_a_first_run_reaches_back_as_far_as_the_connection_says() -> None:
    found = spans(Window(None, UNTIL), rule(max_days=7), timedelta(days=21))
    assert len(found) == 3
    assert found[0].since == UNTIL - timedelta(days=21)


def test_a_connection_may_overrule_what_is_usual_but_not_what_the_platform_demands() -> None:
    window = Window(UNTIL - timedelta(days=60), UNTIL)
    assert len(spans(window, rule(usual_days=30), YEAR)) == 2
    assert len(spans(window, rule(usual_days=30), YEAR, 3650)) == 1
    assert len(spans(window, rule(max_days=7), YEAR, 3650)) == 9


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso", "2026-03-01T11:45:00Z"),
        ("iso_ms", "2026-03-01T11:45:00.000Z"),
        ("date", "2026-03-01"),
        ("epoch_ms", "1772365500000"),
    ],
)
def test_times_are_written_as_the_platform_reads_them(form: TimeFormat, text: str) -> None:
    assert written(UNTIL, form) == text
    assert bounds(Span(None, UNTIL), rule(format=form)) == {"to": text}
