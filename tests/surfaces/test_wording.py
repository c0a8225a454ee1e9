"""How facts are worded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_hub.surfaces import words
from echo_hub.surfaces.query import opportunity_path
from echo_hub.surfaces.web.prose import Block, blocks


@given(st.lists(st.floats(-1, 1, allow_nan=False), max_size=12))
def test_printed_points_add_up_to_the_printed_total(parts):
    printed, total = words.points(parts, sum(parts))
    tenths = [round(float(one.replace("−", "-")) * 10) for one in printed]
    assert sum(tenths) == (round(float(total) * 10) if parts else 0)
    assert all(abs(one - part * 1000) <= 1.001 for one, part in zip(tenths, parts, strict=True))


@pytest.mark.parametrize(
    ("minutes", "text"), [(45, "45 min"), (60, "1 h"), (150, "2 h 30 min"), (1234, "21 h"), (0.4, "0 min")]
)
def test_durations_are_said_as_people_say_them(minutes, text):
    assert words.duration(minutes) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "under 1 s"), (12, "12 s"), (60, "1 min"), (75, "1 min 15 s"), (7_500, "2 h 5 min")]
)
def test_runs_say_how_long_they_took(seconds, text):
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert words.took(start, start + timedelta(seconds=seconds)) == text


def test_dates_leave_no_doubt_about_their_order():
    assert words.day(date(2026, 11, 2)) == "2 Nov 2026"
    assert words.moment(datetime(2026, 11, 2, 9, 5, tzinfo=UTC)) == "2 Nov 2026, 09:05 UTC"


def test_countries_and_languages_have_names_and_unknown_ones_their_code():
    assert words.country("SE") == "Sweden"
    assert words.country("US") == "United States"
    assert words.country("XX") == "XX"
    assert words.language("pt-BR") == "Portuguese"
    assert words.language("qqq") == "qqq"


def test_a_text_is_marked_with_its_language_only_when_that_is_certain():
    assert words.text_language(("de",)) == "de"
    assert words.text_language(("en",)) is None
    assert words.text_language(("de", "en")) is None
    assert words.text_language(("klingon",)) is None


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lindqvist", "AL"), ("Björk", "B"), ("Anna Maria di Rossi", "AR"), ("🎧", "?"), ("", "?")],
)
def test_initials_stand_for_a_name(name, letters):
    assert words.initials(name) == letters


def test_a_vendor_s_text_becomes_heads_lists_and_paragraphs():
    assert blocks("What you bring\n\n- Python\n* SQL\n\nWe look forward to you.") == [
        Block("head", ("What you bring",)),
        Block("list", ("Python", "SQL")),
        Block("paragraph", ("We look forward to you.",)),
    ]
    assert blocks("") == []
    assert blocks("Only a short line") == [Block("paragraph", ("Only a short line",))]


def test_the_path_of_an_opportunity_has_no_dots_a_browser_would_resolve():
    assert opportunity_path("a:b:x/../y z?q#f") == "/opportunities/a:b:x%2F..%2Fy%20z%3Fq%23f"
