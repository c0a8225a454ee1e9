"""A table that was written is no formula to any spreadsheet, and is read back as it was."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from echo_core.text.neutral import neutral
from echo_core.text.table_cells import TableWriter, plain_cell, safe_cell
from echo_core.text.table_reader import read_table


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "＝1", "'=1", "''-1"])
def test_a_cell_is_no_formula_and_reads_back(text):
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text.strip()


@pytest.mark.parametrize("text", ["", "a=b", "O'Brien", "'quoted'", "C++", "1-2"])
def test_an_ordinary_cell_stays_as_it_is(text):
    assert safe_cell(text) == text
    assert plain_cell(text) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Go;=1+1", "Go;'=1+1"),
        ("a\n-2", "a\n'-2"),
        ("\t=1", "'\t'=1"),
        ("  =1", "  '=1"),
    ],
)
def test_no_cell_begins_with_a_formula_where_another_country_parts_cells(text, cell):
    assert safe_cell(text) == cell
    assert plain_cell(cell) == text.strip()


def written(*rows: list[object], **options: object) -> bytes:
    out = io.StringIO(newline="")
    table = TableWriter(out, **options)
    for row in rows:
        table.write(row)
    return out.getvalue().encode()


def test_a_table_keeps_numbers_and_makes_texts_safe():
    assert written(["=cmd|' /C calc'!A0", "a\x1b\u202eb", -1.5, None, 7], byte_order_mark=False).decode() == (
        "'=cmd|' /C calc'!A0,a\ufffdb,-1.5,,7\r\n"
    )


def test_a_table_begins_with_the_mark_by_which_excel_knows_utf_8():
    assert written(["name"]) == b"\xef\xbb\xbfname\r\n"


@given(st.lists(st.text(), min_size=2, max_size=2))
@example(["=1;-2,+3\n@x", "''\t=\"a\""])
@example(["'", "\r\r"])
def test_what_was_written_is_read_back(texts):
    (row,) = read_table(written(["a", "b", "c"], [*texts, "end"])).rows()
    assert row.fault == ""
    assert list(row.cells.values()) == [*(neutral(text).strip() for text in texts), "end"]
