"""Values as spreadsheets of several countries write them."""

from __future__ import annotations

from datetime import date

import pytest

from echo_core.connectors import RecordError
from echo_hub_csv_folder.values import day, number, parts, with_levels

NEW_YEARS_EVE = date(2026, 12, 31)


@pytest.mark.parametrize(
    "cell",
    ["2026-12-31", "2026/12/31", "2026-12-31 00:00:00", "2026-12-31T00:00", "31.12.2026", "31.12.26", "31/12/2026",
     "31-12-2026", "12/31/2026", "12/31/26"],
)  # fmt: skip
def test_a_date_that_can_be_read_one_way_only_needs_no_setting(cell):
    assert day(cell, "c", None) == NEW_YEARS_EVE


def test_a_date_that_can_be_read_two_ways_is_read_as_the_setting_says():
    assert day("10/05/2026", "c", "day_first") == date(2026, 5, 10)
    assert day("10/05/2026", "c", "month_first") == date(2026, 10, 5)
    assert day("10.05.2026", "c", "month_first") == date(2026, 5, 10)
    assert day("5/5/2026", "c", None) == date(2026, 5, 5)
    assert (day("1.2.29", "c", None), day("1.2.30", "c", None)) == (date(2029, 2, 1), date(1930, 2, 1))
    assert day("", "c", None) is None


@pytest.mark.parametrize("cell", ["10/05/2026", "31.02.2026", "46021", "soon", "2026-13-01", "1.2/2026", "0.0.2026"])
def test_what_is_no_date_for_certain_is_refused(cell):
    with pytest.raises(RecordError):
        day(cell, "c", None)


def test_a_number_may_have_a_comma_before_its_fraction():
    assert (number("37,5", "c"), number("37.5", "c"), number("8", "c"), number("", "c")) == (37.5, 37.5, 8, None)
    for cell in ("1.000,5", "-8", "8 h", "nan"):
        with pytest.raises(RecordError):
            number(cell, "c")


@pytest.mark.parametrize(
    ("cell", "separator", "names"),
    [
        ("Python, SQL", "", ("Python", "SQL")),
        ("Health, safety; SQL", "", ("Health, safety", "SQL")),
        ("A | B\nC;; C ", "", ("A", "B", "C")),
        ("A/B, C", "/", ("A", "B, C")),
        ("", "", ()),
    ],
)
def test_a_cell_holds_several_values(cell, separator, names):
    assert parts(cell, separator) == names


@pytest.mark.parametrize(
    ("cell", "skill"),
    [
        ("Python (expert)", ("Python", 5, "expert")),
        ("SQL: 3", ("SQL", 3, "3")),
        ("C++:advanced", ("C++", 4, "advanced")),
        ("Go (language)", ("Go (language)", None, None)),
        ("AWS: Lambda", ("AWS: Lambda", None, None)),
        ("AWS: Lambda (2)", ("AWS: Lambda", 2, "2")),
        ("COBOL (85)", ("COBOL (85)", None, None)),
        ("(expert)", ("(expert)", None, None)),
    ],
)
def test_a_level_is_told_from_a_part_of_the_name(cell, skill):
    assert list(with_levels(cell, "")) == [skill]
