"""Values as reports write them: booleans in six spellings, dates, numbers as text, multi-instance columns.

Formats are strict: a date, boolean or number that cannot be read for certain raises `RecordError`, and the record
waits in quarantine. No error quotes a value; it shows its shape, digits as 9 and letters as a.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

from echo_core.connectors.errors import RecordError
from echo_core.text.entities import unescaped
from echo_hub_workday.folding import fold

_TRUE = frozenset({"1", "true", "yes", "y"})
_FALSE = frozenset({"0", "false", "no", "n"})
_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(Z|[+-]\d{2}:\d{2}|[T ].*)?$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$")
_YEAR_LAST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_ID_KEYS = ("id", "wid", "workday_id", "reference_id")


def shape(value: object) -> str:
    """What a value looks like without saying what it is: "10/05/2020" -> "99/99/9999"."""
    if not isinstance(value, str):
        return type(value).__name__
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))[:40]


def refused(column: str, value: object, message: str) -> RecordError:
    """The error for a value that cannot be read."""
    return RecordError(
        message, field=column, value_type=type(value).__name__, detail=f"{column} looks like {shape(value)}"
    )


def instances(value: Any, separator: str | None = None) -> Iterator[tuple[str | None, str | None]]:
    """The (id, label) pairs of a column, whatever its set-up: text, number, group, list of either.

    Args:
        value: the column's value. `[{"Descriptor": "Python", "ID": "SKILL-1"}]` gives ("SKILL-1", "Python"),
            `"Python; SQL"` gives one pair, or two with the separator ";".
        separator: splits texts; a newline in a text with a separator splits too.
    """
    if value is None or value == "":
        return
    if isinstance(value, list):
        for item in value:
            yield from instances(item, separator)
    elif isinstance(value, Mapping):
        texts = {key: _plain(item) for key, item in value.items() if isinstance(item, str | int | float)}
        ids = [text for key, text in texts.items() if key.lower() in _ID_KEYS or key.lower().endswith("_id")]
        labels = [text for key, text in texts.items() if key.lower() == "descriptor"] + [
            text for key, text in texts.items() if text not in ids and key.lower() != "descriptor"
        ]
        if any(ids) or any(labels):
            yield (next(filter(None, ids), None), next(filter(None, labels), None))
    else:
        whole = _plain(value)
        parts = re.split(rf"{re.escape(separator)}|\n", str(value)) if separator else [whole]
        for part in parts:
            if label := _plain(part):
                yield (None, label)


def text(value: Any) -> str | None:
    """The column as one line of text, HTML entities resolved; the first where there are several; None when empty."""
    if isinstance(value, str):
        return _plain_text(value) or None
    return next((label or identity for identity, label in instances(value)), None)


def identifier(value: Any) -> str | None:
    """The column as an id: a group's id before its label."""
    if isinstance(value, str):
        return _plain_text(value) or None
    return next((identity or label for identity, label in instances(value)), None)


def boolean(value: Any, column: str) -> bool | None:
    """Yes or no in any of Workday's spellings ("1", "TRUE", "Y", "Yes", "True", JSON true); None when empty.

    Raises:
        RecordError: any other text. "0" is no: a text is not true because it is not empty.
    """
    word = text(value)
    if word is None:
        return None
    if word.lower() in _TRUE:
        return True
    if word.lower() in _FALSE:
        return False
    raise refused(column, value, f"{column} is neither yes nor no.")


def day(value: Any, column: str, order: Literal["month_first", "day_first"] | None) -> date | None:
    """A date, never moved through a time zone: of a time stamp the first ten characters count. None when empty.

    Args:
        order: how to read 10/05/2020; None refuses such dates.

    Raises:
        RecordError: another format, a date that does not exist, or one that can be read two ways.
    """
    word = text(value)
    if word is None:
        return None
    match = _ISO_DATE.match(word) or _YEAR_FIRST.match(word)
    if match:
        year, month, number = (int(part) for part in match.groups()[:3])
    elif last := _YEAR_LAST.match(word):
        if order is None:
            raise refused(
                column,
                value,
                f"{column} can be read month first or day first. Say which in values.date_order, or let the report "
                "write year-first dates.",
            )
        first, second, year = (int(part) for part in last.groups())
        month, number = (first, second) if order == "month_first" else (second, first)
    else:
        raise refused(column, value, f"{column} is not a date the connector knows.")
    try:
        return date(year, month, number)
    except ValueError:
        raise refused(column, value, f"{column} is a date that does not exist.") from None


def moment(value: Any) -> datetime | None:
    """A time stamp with a zone as UTC; None for anything else, because without its zone it is no moment."""
    word = text(value)
    if word is None:
        return None
    try:
        stamp = datetime.fromisoformat(word)
    except ValueError:
        return None
    return stamp.astimezone(UTC) if stamp.tzinfo else None


def number(value: Any, column: str) -> float | None:
    """A number that may be text with a sign, a percent sign or a currency; "0,8" is 0.8. None when empty.

    Raises:
        RecordError: no number in it.
    """
    word = text(value)
    if word is None:
        return None
    digits = re.sub(r"[^\d.,+-]", "", word)
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    try:
        return float(digits.replace(",", ""))
    except ValueError:
        raise refused(column, value, f"{column} is not a number.") from None


def fraction(value: Any, column: str, unit: Literal["auto", "percent", "fraction"]) -> float | None:
    """A full-time equivalent between 0 and 2, 1 being full time. None when empty.

    Raises:
        RecordError: not a number, or out of range.
    """
    share = number(value, column)
    if share is None:
        return None
    percent = "%" in (text(value) or "")
    if percent or unit == "percent" or (unit == "auto" and share > 2):
        share /= 100
    if not 0 <= share <= 2:
        raise refused(column, value, f"{column} is not between 0 and 2 full-time jobs.")
    return round(share, 4)


def work_mail(value: Any, domains: tuple[str, ...]) -> str | None:
    """The one work address in a column, in lower case; None rather than a private or a doubtful one.

    A group that says it is a home address is dropped. Of several addresses one is taken only if it alone is marked
    as work, or if all are the same.

    Args:
        domains: where given, addresses of other domains are dropped.
    """
    addresses = list(_addresses(value))
    marked = {address for address, work in addresses if work}
    left = marked or {address for address, _ in addresses}
    if domains:
        left = {address for address in left if address.rpartition("@")[2] in domains}
    return left.pop() if len(left) == 1 else None


def _addresses(value: Any) -> Iterator[tuple[str, bool]]:
    """Every address in the column and whether its group marks it as a work address."""
    if isinstance(value, list):
        for item in value:
            yield from _addresses(item)
    elif isinstance(value, Mapping):
        about = fold(" ".join(str(part) for key, item in value.items() for part in (key, item) if "@" not in str(part)))
        if not re.search(r"\b(home|personal|private)\b", about):
            for item in value.values():
                yield from ((address, "work" in about.split()) for address, _ in _addresses(item))
    elif isinstance(value, str):
        for part in re.split(r"[\s;,]+", unescaped(value)):
            address = part.strip("<>").lower()
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
                yield (address, False)


def _plain_text(value: str) -> str:
    return " ".join(unescaped(value).split())


def _plain(value: object) -> str:
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
