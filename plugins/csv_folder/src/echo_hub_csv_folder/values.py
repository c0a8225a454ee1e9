"""Values as people and spreadsheets write them in cells: dates, numbers, words, lists, skills with levels.

Dates, numbers and words that decide who sees what are strict: what cannot be read for certain raises `RecordError`.
No error quotes a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, TypeVar

from echo_core.connectors import RecordError
from echo_core.skills.levels import level_of
from echo_core.text.countries import country_code
from echo_core.text.normal_form import comparable

Meaning = TypeVar("Meaning", bound=str)

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?: .*)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_PARTS = re.compile(r"[|;\n]")
_LAST_OF_THIS_CENTURY = 29
_ADDRESS_CHARS = 254
_MOST = 1_000_000
LABEL_CHARS = 300


def key(cell: str, column: str) -> str:
    """An id, as it is written.

    Raises:
        RecordError: it is empty, or a spreadsheet took it for a number and rounded it.
    """
    if not cell:
        raise RecordError(f"{column} is empty, so nobody knows whose row it is.", field=column, value_type="str")
    if _ROUNDED.fullmatch(cell):
        raise RecordError(
            f"{column} was rounded by a spreadsheet, which took it for a number. Format the column as text before the "
            "ids are put in.",
            field=column,
            value_type="str",
        )
    return cell


def day(cell: str, column: str, order: Literal["day_first", "month_first"] | None) -> date | None:
    """A date; None for an empty cell. Dots are read day first: no country writes them otherwise.

    Two digits of a year are read as Excel reads them: up to 29 of this century.

    Raises:
        RecordError: another format, a date that does not exist, or one that can be read two ways.
    """
    if not cell:
        return None
    if match := _YEAR_FIRST.fullmatch(cell):
        year, month, number = int(match[1]), int(match[3]), int(match[4])
    elif match := _YEAR_LAST.fullmatch(cell):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if len(match[4]) == 2:
            year += 2000 if year <= _LAST_OF_THIS_CENTURY else 1900
        if match[2] == "." or first > 12 or first == second:
            order = "day_first"
        elif second > 12:
            order = "month_first"
        if order is None:
            raise RecordError(
                f"{column} can be read day first or month first. Say which in `date_order`, or write the year first.",
                field=column,
                value_type="str",
            )
        number, month = (first, second) if order == "day_first" else (second, first)
    else:
        raise RecordError(f"{column} is no date like 2026-12-31 or 31.12.2026.", field=column, value_type="str")
    try:
        return date(year, month, number)
    except ValueError:
        raise RecordError(f"{column} is a date that does not exist.", field=column, value_type="str") from None


def number(cell: str, column: str) -> float | None:
    """A number with a point or a comma before its fraction; None for an empty cell.

    Raises:
        RecordError: it is none.
    """
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise RecordError(f"{column} is no number like 8 or 37.5.", field=column, value_type="str")
    return float(cell.replace(",", "."))


def count(cell: str, column: str) -> int | None:
    """A whole number of people; None for an empty cell.

    Raises:
        RecordError: it is none, or larger than any company.
    """
    value = number(cell, column)
    if value is not None and not (value.is_integer() and value <= _MOST):
        raise RecordError(f"{column} is no whole number up to {_MOST:,}.", field=column, value_type="str")
    return None if value is None else int(value)


def meaning(
    cell: str, column: str, words: Mapping[Meaning, tuple[str, ...]], own: Mapping[str, Meaning], setting: str
) -> Meaning | None:
    """What a word means; None for an empty cell.

    Args:
        words: known words in `comparable` form by what they mean, which is a word itself.
        own: the company's words.
        setting: where to add more.

    Raises:
        RecordError: nobody knows the word.
    """
    if not cell:
        return None
    word = comparable(cell)
    if word in own:
        return own[word]
    for value, spellings in words.items():
        if word in (value, value.replace("_", " "), value.replace("_", "-"), *spellings):
            return value
    raise RecordError(
        f"{column} is none of {', '.join(words)}. Add the company's word to `{setting}`.",
        field=column,
        value_type="str",
    )


def parts(cell: str, separator: str) -> tuple[str, ...]:
    """The parts of a cell, each once."""
    if separator:
        pieces = [piece for line in cell.split("\n") for piece in line.split(separator)]
    else:
        pieces = _PARTS.split(cell) if _PARTS.search(cell) else cell.split(",")
    return tuple(dict.fromkeys(text for piece in pieces if (text := " ".join(piece.split()))))


def with_levels(cell: str, separator: str) -> Iterator[tuple[str, int | None, str | None]]:
    """Each name of a cell with its level 1..5 and how that was written: "Python (expert)", "SQL: 3", "Go".

    What stands in brackets or behind a colon and is no level belongs to the name: "Go (language)", "AWS: Lambda".
    """
    for text in parts(cell, separator):
        name, mark, written = text[:-1].rpartition("(") if text.endswith(")") else text.rpartition(":")
        level = level_of(written) if mark and name.strip() else None
        yield (name.strip()[:LABEL_CHARS], level, written.strip()) if level else (text[:LABEL_CHARS], None, None)


def countries(cell: str, column: str, separator: str) -> tuple[str, ...]:
    """The ISO codes of countries by name or code.

    Raises:
        RecordError: one is unknown; left out, the row would be open to other countries than it says.
    """
    codes = [country_code(name) for name in parts(cell, separator)]
    if None in codes:
        raise RecordError(f"{column} has a name that is no country's.", field=column, value_type="str")
    return tuple(dict.fromkeys(code for code in codes if code))


def address(cell: str) -> str | None:
    """A mail address in lower case; None for anything else."""
    text = cell.removeprefix("mailto:").strip().lower()
    return text if len(text) <= _ADDRESS_CHARS and re.fullmatch(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]+", text) else None
