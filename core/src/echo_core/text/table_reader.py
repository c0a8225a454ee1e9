"""Reads the tables people give as CSV: whatever a spreadsheet in any country has made of them.

    with file.open("rb") as source:
        table = read_table(source)
        for row in table.rows():
            row.line, row.cells["employee id"], row.fault

Parted by commas, semicolons, tabs or bars; in UTF-8, UTF-16 or a code page of Windows; with a byte order mark, a first
line `sep=;`, empty columns at the end or line breaks in quotation marks. Every cell is text, so "00017" stays "00017".

The standard library parses; encodings and separators are told by rule, because spreadsheets write few of them. Those
that guess did worse on short exports: charset-normalizer took each of four lists in cp1252 for cp1250 (two then had
wrong letters), `csv.Sniffer` took a line end for the separator; CleverCSV was right, and takes four libraries along.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO

from echo_core.text.normal_form import comparable
from echo_core.text.table_cells import plain_cell

CODE_PAGE = "cp1252"
"""How Windows writes western languages where nobody asked for UTF-8: Excel's plain "CSV"."""
MOST_BYTES = 256_000_000
SEPARATORS = (",", ";", "\t", "|")

_MARKS = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 16
_AHEAD = 20
_EXCEL_BLOCK = 16
_SAID = re.compile(r'"?sep=([^"\w\r\n])"?\s*[\r\n]', re.IGNORECASE)


class TableError(ValueError):
    """The file is no table that can be read; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row under the header.

    Args:
        line: where it begins in the file, from 1; a cell with line breaks takes several lines.
        cells: by the column's name in `comparable` form; without blanks around it, "" where nothing stands.
        fault: a sentence on what is wrong with the row as a whole, e.g. more cells than columns; "" for a good one.
    """

    line: int
    cells: dict[str, str]
    fault: str = ""


class Table:
    """A table that is read row by row. Made by `read_table`.

    `columns` are the names in the header as they stand there, without those of empty columns; `repeated` those that
    stand there twice (such a cell is not given: which of the two is meant?). `encoding` and `separator` are what was
    found.
    """

    def __init__(self, source: IO[bytes], encoding: str, *, short_rows: bool) -> None:
        self.encoding = encoding
        self._short_rows = short_rows
        source.seek(0)
        text = io.TextIOWrapper(source, encoding, newline="")
        ahead = text.read(_CHUNK)
        said = _SAID.match(ahead)
        self.separator = said[1] if said else _separator(ahead)
        text.seek(0)
        self._skipped = 1 if said else 0
        if said:
            text.readline()
        self._reader = csv.reader(text, delimiter=self.separator, strict=True)
        self._blanks = 0
        header = self._header()
        while header and not header[-1].strip():
            header.pop()
        self._names = [comparable(plain_cell(name)) for name in header]
        self.columns = tuple(plain_cell(name) for name in header if name.strip())
        twice = {name for name in self._names if name and self._names.count(name) > 1}
        self.repeated = tuple(dict.fromkeys(name for name in self.columns if comparable(name) in twice))
        self._places = [(at, name) for at, name in enumerate(self._names) if name and name not in twice]

    def has(self, column: str) -> bool:
        """Whether the header has a column of this name, once; case and blanks do not matter."""
        return any(name == comparable(column) for _, name in self._places)

    def rows(self) -> Iterator[TableRow]:
        """The rows, once; lines without a cell are passed over.

        Raises:
            TableError: a quotation mark is never closed.
        """
        rows = self._parsed()
        width = len(self._names)
        # The header stands in the first block; what is left of it comes first, and is as wide.
        size, lengths = max(_EXCEL_BLOCK - 1 - self._blanks, 1), {width}
        while block := list(islice(rows, size)):
            lengths |= {len(cells) for _, cells, _ in block if cells}
            for line, cells, fault in block:
                if fault or any(cell.strip() for cell in cells):
                    yield self._row(line, cells, fault or self._fault(cells, width, lengths))
            size, lengths = _EXCEL_BLOCK, set()

    def _fault(self, cells: Sequence[str], width: int, lengths: set[int]) -> str:
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            return (
                f"It has {len(cells)} cells, and the header {width}: a cell with {_named(self.separator)} in it must "
                "stand in quotation marks."
            )
        # Excel leaves out separators at the end where the last columns are empty in all of sixteen rows together
        # (Microsoft KB 77295). Any other short row is a cell with a line break, or half a row.
        if len(cells) < width and not self._short_rows and len(lengths) > 1:
            return (
                f"It has {len(cells)} cells, and the header {width}: the row breaks off, or a cell with a line break "
                "in it does not stand in quotation marks."
            )
        return ""

    def _row(self, line: int, cells: Sequence[str], fault: str) -> TableRow:
        there = len(cells)
        return TableRow(line, {name: plain_cell(cells[at]) if at < there else "" for at, name in self._places}, fault)

    def _header(self) -> list[str]:
        for _, cells, fault in self._parsed():
            if fault:
                raise TableError(f"The header cannot be read. {fault}")
            if any(cell.strip() for cell in cells):
                return cells
            self._blanks += 1
        raise TableError("There is no header row: the first line must name the columns.")

    def _parsed(self) -> Iterator[tuple[int, list[str], str]]:
        """Every row from here on: the line it begins in, its cells, and why it could not be taken apart."""
        reader = self._reader
        while True:
            begins = reader.line_num + self._skipped + 1
            try:
                yield begins, next(reader), ""
            except StopIteration:
                return
            except csv.Error as error:
                if "expected after" not in str(error):
                    raise TableError(
                        f"The quotation mark that opens in line {begins} is never closed: the file is cut off, or the "
                        "mark belongs to the text and must be doubled."
                    ) from None
                lines = f"In lines {begins} to {ends}" if (ends := reader.line_num + self._skipped) > begins else "Here"
                yield begins, [], f"{lines} text stands behind a closing quotation mark: one in a cell must be doubled."


def read_table(
    source: IO[bytes] | bytes, *, code_page: str = CODE_PAGE, short_rows: bool = False, most_bytes: int = MOST_BYTES
) -> Table:
    """The table in a file; its rows are read while they are asked for, in memory that does not grow with the file.

    Args:
        source: opened for reading bytes, able to seek, and closed with the table; or the bytes.
        code_page: how a file is written that is neither UTF-8 nor UTF-16, e.g. "cp1250" for Polish or Czech.
        short_rows: a row may end early, as people write by hand; otherwise only as Excel leaves out empty columns.
        most_bytes: a larger file is refused.

    Raises:
        TableError: too large, in no encoding that is known, or without a header.
    """
    source = io.BytesIO(source) if isinstance(source, bytes) else source
    size = source.seek(0, io.SEEK_END)
    if size > most_bytes:
        raise TableError(f"It has {size:,} bytes; at most {most_bytes:,} are read. Divide it.")
    return Table(source, _encoding(source, code_page), short_rows=short_rows)


def _encoding(source: IO[bytes], code_page: str) -> str:
    """By the byte order mark; else UTF-16 where every other byte is zero; else UTF-8 if all of it is; else the page."""
    source.seek(0)
    begins = source.read(_CHUNK)
    even, odd = begins[::2].count(0), begins[1::2].count(0)
    marked = [encoding for mark, encoding in _MARKS if begins.startswith(mark)]
    if not marked and max(even, odd) > len(begins) / 5:
        marked = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in marked or ("utf-8", code_page):
        with suppress(UnicodeDecodeError):
            for _ in _decoded(source, encoding, "strict"):
                pass
            return encoding
        if encoding != code_page:
            _refuse_damage(source, encoding)
    raise TableError(f"It is no text in UTF-8, UTF-16 or {code_page}. Save it as “CSV UTF-8”, or name its encoding.")


def _refuse_damage(source: IO[bytes], encoding: str) -> None:
    """Raises for what is this encoding except in a few places: read in another, every name would come out wrong."""
    good = broken = 0
    for text in _decoded(source, encoding, "replace"):
        broken += text.count("\ufffd")
        good += len(text) - len(text.encode("ascii", "ignore"))
    if good > 2 * broken or encoding != "utf-8":
        raise TableError(
            f"It is text in {encoding.upper()} except in {broken} places: the file is cut off or damaged, or parts of "
            "it were saved in another encoding. Export it again."
        )


def _decoded(source: IO[bytes], encoding: str, errors: str) -> Iterator[str]:
    source.seek(0)
    decoder = getincrementaldecoder(encoding)(errors)
    while chunk := source.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _separator(text: str) -> str:
    """What parts the header into the most cells, and the rows below into as many; a comma for a single column."""

    def fit(separator: str) -> tuple[int, int]:
        with suppress(csv.Error):
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            rows = [row for row in islice(reader, _AHEAD) if any(row)]
            if rows and len(rows[0]) > 1:
                return (len(rows[0]), sum(len(row) == len(rows[0]) for row in rows))
        return (1, 0)

    return max(SEPARATORS, key=fit)


def _named(separator: str) -> str:
    return {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}.get(separator, repr(separator))
