"""Cells of a CSV table that a spreadsheet opens: none of them is taken for a formula, and each can be read back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

from echo_core.text.neutral import neutral

_FORMULA = re.compile(r"(^ *|[;,|\t\r\n])('*)(?=[=+\-@\t＝＋－＠])")
"""Where a spreadsheet may take what follows for a formula, and the apostrophes there already.

Source: OWASP, "CSV Injection". Also behind what parts cells: where another country's separator is expected, a semicolon
in a cell begins a new one, and quotation marks do not hold.
"""
_GUARDED = re.compile(_FORMULA.pattern.replace("'*", "'+"))


class TableWriter:
    """Writes rows as CSV whose texts are neutral and safe to open in a spreadsheet. Numbers are written as they are.

    Args:
        out: opened with `newline=""`, in UTF-8.
        byte_order_mark: by it Excel knows UTF-8; programs that read the file may not expect one.
    """

    def __init__(self, out: TextIO, *, line_end: str = "\r\n", byte_order_mark: bool = True) -> None:
        self._rows = csv.writer(out, lineterminator=line_end)
        if byte_order_mark:
            out.write("\ufeff")

    def write(self, cells: Iterable[object]) -> None:
        """Writes one row; None is an empty cell."""
        self._rows.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1\2'", neutral(text))


def plain_cell(text: str) -> str:
    """A cell as it was before `safe_cell`, without blanks around it."""
    return (_GUARDED.sub(lambda match: match[1] + match[2][1:], text) if "'" in text else text).strip()
