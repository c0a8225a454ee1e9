"""Values as reports write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.connectors import RecordError
from echo_hub_workday.values import (
    boolean,
    day,
    fraction,
    identifier,
    instances,
    moment,
    number,
    shape,
    text,
    work_mail,
)


@pytest.mark.parametrize("value", ["1", "TRUE", "true", "Y", "y", "Yes", "YES", "True", True, 1, [{"X": "1"}]])
def test_every_spelling_of_yes_is_yes(value: Any) -> None:
    assert boolean(value, "Active") is True


@pytest.mark.parametrize("value", ["0", "FALSE", "N", "No", "False", False, 0, " no "])
def test_every_spelling_of_no_is_no(value: Any) -> None:
    assert boolean(value, "Active") is False


@pytest.mark.parametrize("value", [None, "", []])
def test_an_empty_flag_is_neither(value: Any) -> None:
    assert boolean(value, "Active") is None


@given(st.text(min_size=1, max_size=12))
def test_a_flag_is_yes_no_empty_or_refused_but_never_guessed(value: str) -> None:
    known = {"1": True, "true": True, "yes": True, "y": True, "0": False, "false": False, "no": False, "n": False}
    word = text(value)
    if word is None or word.lower() in known:
        assert boolean(value, "Active") is (None if word is None else known[word.lower()])
    else:
        with pytest.raises(RecordError, match="neither yes nor no"):
            boolean(value, "Active")


@pytest.mark.parametrize(
    ("value", "order", "wanted"),
    [
        ("2000-01-01", None, date(2000, 1, 1)),
        ("1960-01-01-07:00", None, date(1960, 1, 1)),
        ("2026-04-18T07:00:00.000Z", None, date(2026, 4, 18)),
        ("2026-04-18T23:59:00.000-11:00", None, date(2026, 4, 18)),
        ("2020/5/9", None, date(2020, 5, 9)),
        ("10/05/2020", "month_first", date(2020, 10, 5)),
        ("10/05/2020", "day_first", date(2020, 5, 10)),
        ("5.10.2020", "day_first", date(2020, 10, 5)),
        ([{"Date": "2000-01-01"}], None, date(2000, 1, 1)),
        (None, None, None),
        ("", "month_first", None),
    ],
)
def test_dates_are_read_by_the_calendar_not_by_the_clock(value: Any, order: Any, wanted: date | None) -> None:
    assert day(value, "Hire_Date", order) == wanted


@pytest.mark.parametrize(
    ("value", "order"),
    [
        ("10/05/2020", None),
        ("25/12/2020", None),
        ("25/12/2020", "month_first"),
        ("2020-13-01", None),
        ("2020-02-30", None),
        ("10/05/20", "month_first"),
        ("soon", None),
        ("2020-05-01x", None),
    ],
)
def test_a_date_that_is_not_certain_is_refused_without_quoting_it(value: str, order: Any) -> None:
    with pytest.raises(RecordError) as caught:
        day(value, "Hire_Date", order)
    assert caught.value.field == "Hire_Date"
    assert value not in str(caught.value)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["month_first", "day_first"]))
def test_a_date_survives_every_way_of_writing_it(value: date, order: Any) -> None:
    written = f"{value:%m/%d/%Y}" if order == "month_first" else f"{value:%d/%m/%Y}"
    assert day(written, "Hire_Date", order) == value
    assert day(value.isoformat() + "+14:00", "Hire_Date", order) == value
    assert day(f"{value.isoformat()}T00:00:00.000-12:00", "Hire_Date", order) == value


def test_a_moment_needs_its_zone() -> None:
    assert moment("2026-04-18T07:00:00.000-07:00") == datetime(2026, 4, 18, 14, tzinfo=UTC)
    assert moment("2026-04-18T07:00:00") is None
    assert moment("2026-04-18") is None
    assert moment("yesterday") is None


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("80", 80.0), ("0,8", 0.8), ("-3", -3.0), ("1,234.50", 1234.5), ("USD 12", 12.0), (40, 40.0), ("80 %", 80.0)],
)
def test_numbers_arrive_as_text(value: Any, wanted: float) -> None:
    assert number(value, "FTE") == wanted


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        ("100", "auto", 1.0),
        ("80", "auto", 0.8),
        ("0.8", "auto", 0.8),
        ("1", "auto", 1.0),
        ("1.2", "auto", 1.2),
        ("50%", "fraction", 0.5),
        ("1", "percent", 0.01),
        (0.5, "fraction", 0.5),
        (None, "auto", None),
    ],
)
def test_full_time_equivalents_are_fractions_or_percentages(value: Any, unit: Any, wanted: float | None) -> None:
    assert fraction(value, "FTE", unit) == wanted


@pytest.mark.parametrize("value", ["full", "-1", "300", "-"])
def test_an_impossible_full_time_equivalent_is_refused(value: str) -> None:
    with pytest.raises(RecordError, match="FTE"):
        fraction(value, "FTE", "auto")


@pytest.mark.parametrize(
    ("value", "separator", "wanted"),
    [
        (None, None, []),
        ("", None, []),
        ([], None, []),
        ("Python", None, [(None, "Python")]),
        ("Python; SQL", None, [(None, "Python; SQL")]),
        ("Python; SQL;", ";", [(None, "Python"), (None, "SQL")]),
        ("Python\nSQL", ";", [(None, "Python"), (None, "SQL")]),
        (["Python", "SQL"], None, [(None, "Python"), (None, "SQL")]),
        ({"Descriptor": "Python", "ID": "S-1"}, None, [("S-1", "Python")]),
        ([{"Skill": "Python", "Skill_ID": "S-1"}, {"Skill": "SQL"}], None, [("S-1", "Python"), (None, "SQL")]),
        ([{"ID": "S-1"}], None, [("S-1", None)]),
        ([{"PublicEmailAddress": "x@y.example"}], None, [(None, "x@y.example")]),
        (21001, None, [(None, "21001")]),
        (21001.0, None, [(None, "21001")]),
    ],
)
def test_a_multi_instance_column_reads_the_same_in_every_set_up(value: Any, separator: Any, wanted: Any) -> None:
    assert list(instances(value, separator)) == wanted


def test_texts_lose_entities_and_line_breaks() -> None:
    assert text("R&amp;D\n  Engineer &#39;A&#39;") == "R&D Engineer 'A'"
    assert text([{"ID": "L-1", "Descriptor": "Paris"}]) == "Paris"
    assert identifier([{"ID": "L-1", "Descriptor": "Paris"}]) == "L-1"
    assert identifier("E-42X") == "E-42X"


@pytest.mark.parametrize(
    ("value", "domains", "wanted"),
    [
        ("Ada@Corp.Example", (), "ada@corp.example"),
        ("ada@home.example", ("corp.example",), None),
        ("ada@corp.example; ada@home.example", (), None),
        ("ada@corp.example; ada@home.example", ("corp.example",), "ada@corp.example"),
        ("ada@corp.example\nADA@corp.example", (), "ada@corp.example"),
        ("not an address", (), None),
        (None, (), None),
        ([{"Email": "h@x.example", "Usage": "HOME"}, {"Email": "w@x.example", "Usage": "WORK"}], (), "w@x.example"),
        ([{"Email": "h@x.example", "Usage": "HOME"}], (), None),
        ([{"Email_-_Primary_Home": "ada@home.example"}], (), None),
        ([{"Email": "a@x.example"}, {"Email": "b@x.example", "Usage": "Work"}], (), "b@x.example"),
        ([{"Email": "a@x.example"}, {"Email": "b@x.example"}], (), None),
    ],
)  # fmt: skip
def test_only_a_certain_work_address_is_taken(value: Any, domains: tuple[str, ...], wanted: str | None) -> None:
    assert work_mail(value, domains) == wanted


def test_a_shape_tells_the_form_and_not_the_value() -> None:
    assert shape("10/05/2020 Ünal") == "99/99/9999 aaaa"
    assert shape([{"a": 1}]) == "list"
