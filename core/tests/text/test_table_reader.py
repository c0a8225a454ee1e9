"""Tables that people give are read as they meant them, whatever spreadsheet in whatever country wrote the file."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from echo_core.text.table_reader import Table, TableError, read_table

PEOPLE = [
    ("Personal-Nr.", "Name", "Ort"),
    ("00017", "Jörg Größe", "Köln"),
    ("00018", "Zoë Lefèvre", "Besançon; Doubs"),
    ("00019", "Ada \"Countess\" King", "London,\nMarylebone"),
]  # fmt: skip


def as_excel(rows: list[tuple[str, ...]], separator: str, encoding: str, line_end: str = "\r\n") -> bytes:
    """As Excel saves a sheet: cells quoted where they hold the separator, a quotation mark or a line end."""

    def cell(text: str) -> str:
        special = separator in text or '"' in text or "\n" in text
        return '"' + text.replace('"', '""') + '"' if special else text

    return "".join(separator.join(map(cell, row)) + line_end for row in rows).encode(encoding)


def cells(table: Table) -> list[tuple[str, ...]]:
    rows = list(table.rows())
    assert [row.fault for row in rows if row.fault] == []
    return [tuple(row.cells.values()) for row in rows]


@pytest.mark.parametrize(
    ("separator", "encoding", "recognised"),
    [
        (",", "utf-8-sig", "utf-8-sig"),  # "CSV UTF-8", English
        (",", "cp1252", "cp1252"),  # "CSV", English
        (";", "utf-8-sig", "utf-8-sig"),  # "CSV UTF-8", German and French
        (";", "cp1252", "cp1252"),  # "CSV", German and French
        ("\t", "utf-16", "utf-16"),  # "Unicode text", everywhere
        ("\t", "cp1252", "cp1252"),  # "Text (tab delimited)"
        (";", "utf-8", "utf-8"),  # LibreOffice, Google Sheets
        ("|", "utf-8", "utf-8"),  # HR systems
        (";", "utf-16-le", "utf-16-le"),  # scripts that forget the mark
        (";", "utf-16-be", "utf-16-be"),
    ],
)
def test_every_way_a_spreadsheet_saves_a_table_gives_the_same_cells(separator, encoding, recognised):
    table = read_table(as_excel(PEOPLE, separator, encoding))
    assert cells(table) == PEOPLE[1:]
    assert (table.columns, table.separator, table.encoding) == (PEOPLE[0], separator, recognised)


def test_another_code_page_is_read_where_it_is_named():
    file = as_excel([("id", "imię"), ("1", "Łukasz Żak")], ";", "cp1250")
    assert cells(read_table(file, code_page="cp1250")) == [("1", "Łukasz Żak")]


@pytest.mark.parametrize("line_end", ["\n", "\r"])
def test_line_ends_of_unix_and_of_old_macs_are_line_ends(line_end):
    file = as_excel(PEOPLE, ",", "utf-8", line_end)
    assert [row.cells["personal-nr."] for row in read_table(file).rows()] == ["00017", "00018", "00019"]


@pytest.mark.parametrize("said", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_that_names_the_separator_is_believed_and_is_no_header(said):
    file = f"{said}\r\nname;a,b,c,d\r\nAda;1,2,3,4\r\n".encode("utf-8-sig")
    (row,) = read_table(file).rows()
    assert (row.line, row.cells) == (3, {"name": "Ada", "a,b,c,d": "1,2,3,4"})


def test_lines_are_counted_as_an_editor_counts_them():
    file = b'id,text\n1,"two\nlines"\n\n,,\n2,x\n'
    assert [(row.line, row.cells["id"]) for row in read_table(file).rows()] == [(2, "1"), (6, "2")]


def test_empty_columns_at_the_end_and_columns_without_a_name_are_left_out():
    file = b"id,,name,,\n1,note,Ada,,\n2,,Bo,\n"
    table = read_table(file, short_rows=True)
    assert table.columns == ("id", "name")
    assert cells(table) == [("1", "Ada"), ("2", "Bo")]


def test_a_column_is_known_whatever_its_case_and_blanks():
    table = read_table("Employee  ID;E\u2011Mail ;Größe\n1;a;b\n".encode())
    assert table.has("employee id")
    assert table.has("GRÖSSE")
    assert not table.has("name")


def test_a_name_that_stands_twice_in_the_header_is_told_and_its_cells_are_not_given():
    table = read_table(b"id,Note,name, note\n1,a,Ada,b\n")
    assert table.repeated == ("Note", "note")
    assert not table.has("note")
    assert cells(table) == [("1", "Ada")]


def test_a_row_with_too_many_cells_is_told_with_its_line_and_the_others_are_read():
    first, second, third = read_table(b"id;name\n1;Ada\n2;Bo;oops\n3;Cy;\n").rows()
    assert (first.fault, third.fault) == ("", "")
    assert second.line == 3
    assert "3 cells, and the header 2" in second.fault
    assert "semicolon" in second.fault


def test_a_row_that_ends_early_is_told_because_an_unquoted_line_break_makes_two_of_one():
    rows = list(read_table(b"id,name,note\n1,Ada,x\n2,Bo\nstill Bo's,y\n").rows())
    assert [(row.line, bool(row.fault)) for row in rows] == [(2, False), (3, True), (4, True)]
    assert "line break" in rows[1].fault


def test_the_rows_beside_the_header_are_as_wide_as_it_is():
    (row,) = read_table(b"id,name,note\n1,Ada\n").rows()
    assert "2 cells, and the header 3" in row.fault


def test_a_row_written_by_hand_may_end_early_where_that_is_allowed():
    assert cells(read_table(b"id,name,note\n1,Ada\n", short_rows=True)) == [("1", "Ada", "")]


def test_excel_may_leave_out_empty_columns_at_the_end_of_sixteen_rows_together():
    lines = [
        "id,name,note",
        *(f"{number},n,x" for number in range(1, 16)),
        *(f"{number},n" for number in range(16, 40)),
    ]
    rows = cells(read_table("\n".join(lines).encode()))
    assert (len(rows), rows[0], rows[-1]) == (39, ("1", "n", "x"), ("39", "n", ""))
    lines[20] += ","
    faults = [row.line for row in read_table("\n".join(lines).encode()).rows() if row.fault]
    assert faults == [line for line in range(17, 33) if line != 21]


def test_text_behind_a_quotation_mark_costs_that_row_only():
    rows = list(read_table(b'id,name\n1,"Ada" King\n2,5" screen\n').rows())
    assert "must be doubled" in rows[0].fault
    assert (rows[1].fault, rows[1].cells) == ("", {"id": "2", "name": '5" screen'})


@pytest.mark.parametrize("rest", ["", "\n3,Cy" * 40_000])
def test_a_quotation_mark_that_is_never_closed_ends_the_reading(rest):
    with pytest.raises(TableError, match="opens in line 3 is never closed"):
        list(read_table(f'id,name\n1,Ada\n2,"Bo{rest}'.encode()).rows())


def test_a_file_cut_off_within_a_character_is_not_taken_for_a_code_page():
    whole = as_excel(PEOPLE, ";", "utf-8")
    with pytest.raises(TableError, match="cut off or damaged"):
        read_table(whole[: whole.index("ç".encode()) + 1])
    with pytest.raises(TableError, match="cut off or damaged"):
        read_table(as_excel(PEOPLE, "\t", "utf-16")[:-1])


def test_a_few_letters_of_a_code_page_in_a_file_of_utf_8_are_damage():
    with pytest.raises(TableError, match="except in 1 places"):
        read_table("id;name\n1;Jörg\n2;Zoë\n3;François\n".encode() + b"4;Andr\xe9\n")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "no header"),
        (b"\n\r\n,,\n", "no header"),
        (b"\x81\x8d\n", "no text in UTF-8, UTF-16 or cp1252"),
        (b'"a" b,c\n', "header cannot be read"),
        (b"x" * 101, "101 bytes; at most 100"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(file, told):
    with pytest.raises(TableError, match=told):
        read_table(file, most_bytes=100)


def test_a_large_table_is_read_row_by_row():
    file = io.BytesIO(b"id,name\n" + b"1,Ada\n" * 200_000)
    rows = read_table(file).rows()
    assert next(rows).cells == {"id": "1", "name": "Ada"}
    assert file.tell() < 1_000_000


@given(st.one_of(st.binary(max_size=300), st.text(alphabet='a",;\t\r\n=sep é', max_size=300).map(str.encode)))
@example(b"\xff\xfea")
@example(b'sep="\r\na"b')
@example(b"sep=")
def test_whatever_a_file_holds_it_is_a_table_or_is_refused_as_none(file):
    try:
        rows = list(read_table(file).rows())
    except TableError:
        return
    assert [row.line for row in rows] == sorted({row.line for row in rows})


def test_a_file_of_a_single_endless_line_is_refused():
    with pytest.raises(TableError):
        list(read_table(b"x" * 1_000_000).rows())
