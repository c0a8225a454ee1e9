"""Cells of a CSV table that a spreadsheet opens: none of them is taken for a formula, and each can be read back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

from echo_core.text.neutral import neutral

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""How a formula begins, to one spreadsheet or another; after apostrophes, so that reading back takes one off."""


class TableWriter:
    """Writes rows as CSV whose texts are neutral and safe to open in a spreadsheet. Numbers are written as they are."""

    def __init__(self, out: TextIO, *, line_end: str = "\r\n") -> None:
        self._rows = csv.writer(out, lineterminator=line_end)

    def write(self, cells: Iterable[object]) -> None:
        """Writes one row; None is an empty cell."""
        self._rows.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    text = neutral(text)
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """A cell as it was before `safe_cell`, without blanks around it."""
    text = text.strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
