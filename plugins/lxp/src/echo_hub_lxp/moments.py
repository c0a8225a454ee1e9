"""Times, dates and durations as vendors write them, turned into aware UTC times and minutes."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta

_ZERO_DATES = ("0000-00-00", "0001-01-01")
_MILLISECONDS_FROM = 100_000_000_000
"""Epoch numbers from here on are milliseconds: in seconds they would lie beyond the year 5000."""

_DURATION = re.compile(
    r"^P(?:(?P<weeks>\d+(?:\.\d+)?)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)

MINUTES_PER_UNIT = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
WEEKS_PER_UNIT = {"day": 1 / 7, "week": 1.0, "month": 52 / 12, "year": 52.0}


def moment(value: object) -> datetime | None:
    """An aware UTC time from ISO 8601 text or an epoch number (seconds or milliseconds, told apart by size).

    Text without a zone is UTC; more than six digits of a second are cut; the zero dates some databases print for
    "never" give None.

    Raises:
        ValueError: neither a time nor a zero date.
    """
    if isinstance(value, str):
        text = value.strip()
        if text.startswith(_ZERO_DATES) or not text:
            return None
        if not text.lstrip("-").replace(".", "", 1).isdigit():
            return _from_iso(text)
    seconds = number(value)
    if abs(seconds) >= _MILLISECONDS_FROM:
        seconds /= 1000
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("an epoch number that is a time was expected") from None


def _from_iso(text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("an ISO 8601 time was expected") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def day(value: object) -> date | None:
    """The UTC date of `moment(value)`."""
    instant = moment(value)
    return None if instant is None else instant.date()


def is_midnight(value: object) -> bool:
    """Whether a time says no more than its date: exactly midnight UTC."""
    instant = moment(value)
    return instant is not None and instant.timetz().replace(tzinfo=None) == time()


def iso_minutes(value: object) -> float:
    """Minutes of an ISO 8601 duration such as "PT1H9M44S". Months and years are calendar spans, not effort.

    Raises:
        ValueError: not such a duration.
    """
    match = _DURATION.match(value) if isinstance(value, str) else None
    if match is None or value in ("P", "PT"):
        raise ValueError("an ISO 8601 duration in weeks to seconds was expected")
    parts = {name: float(text) for name, text in match.groupdict().items() if text}
    return timedelta(**parts).total_seconds() / 60


def unit_name(value: object) -> str:
    """The singular, lower-case name of a unit: "Hours" and "HOUR" are "hour"."""
    return str(value).strip().lower().removesuffix("s")


def number(value: object) -> float:
    """A finite number, also when it arrives as text.

    Raises:
        ValueError: anything else, also true, false, NaN and infinity.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a number was expected")
    try:
        number = float(value)
    except ValueError:
        raise ValueError("a number was expected") from None
    if not math.isfinite(number):
        raise ValueError("a finite number was expected")
    return number
