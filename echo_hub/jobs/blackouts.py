"""Blackouts: times of the week and days of the year in which no scheduled sync starts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from echo_hub.jobs.errors import ScheduleError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST = 20
"""Blackouts of one schedule."""
LONGEST = timedelta(days=366)
"""How far a run may be put off; a blackout beyond that is a mistake."""

_HOURS = re.compile(r"(?:([a-z]{3}(?:[-,][a-z]{3})*)\s+)?([0-9]{1,2}:[0-9]{2})\s*-\s*([0-9]{1,2}:[0-9]{2})")
_DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*/\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Blackout:
    """A time in which nothing starts, as wall clocks show it: its first minute counts, its last does not.

    Either hours of some weekdays (`start` to `end`, over midnight when `end` is not later; a night belongs to the
    weekday it begins on), or whole days from `first` to `last`.
    """

    weekdays: frozenset[int] = frozenset(range(7))
    start: time = time()
    end: time = time()
    first: date | None = None
    last: date | None = None

    def ends(self, shown: datetime) -> datetime | None:
        """When it is over that covers this wall time; None when it does not."""
        if self.first is not None and self.last is not None:
            over = datetime.combine(self.last + timedelta(days=1), time())
            return over if datetime.combine(self.first, time()) <= shown < over else None
        for begun in (shown.date() - timedelta(days=1), shown.date()):
            if begun.weekday() in self.weekdays:
                over = datetime.combine(begun, self.end)
                if self.end <= self.start:
                    over += timedelta(days=1)
                if datetime.combine(begun, self.start) <= shown < over:
                    return over
        return None


def blackout(text: str) -> Blackout:
    """What "mon-fri 08:00-18:00", "22:00-04:00", "2026-12-24" or "2026-12-24/2027-01-02" says.

    Raises:
        ScheduleError: it says nothing of the kind.
    """
    words = text.strip().lower()
    try:
        if hours := _HOURS.fullmatch(words):
            days, start, end = hours.groups()
            return Blackout(_weekdays(days or "mon-sun"), _time(start), _time(end))
        if span := _DAYS.fullmatch(words):
            first = date.fromisoformat(span[1])
            last = date.fromisoformat(span[2] or span[1])
            if last < date.max and first <= last:
                return Blackout(first=first, last=last)
    except ValueError:
        pass  # an hour, a day or a weekday that does not exist
    raise ScheduleError(
        f"{text[:100]!r} is not a blackout; write hours such as 'mon-fri 08:00-18:00' or '22:00-04:00', or days such "
        "as '2026-12-24/2027-01-02'."
    )


def blackouts(texts: Iterable[str]) -> tuple[Blackout, ...]:
    """Several of them; raises as `blackout`, and for more than `MOST`."""
    read = tuple(blackout(text) for text in texts)
    if len(read) > MOST:
        raise ScheduleError(f"{len(read)} blackouts are too many; a schedule has {MOST} at most.")
    return read


def first_free(closed: Iterable[Blackout], in_zone: ZoneInfo, moment: datetime) -> datetime:
    """The first moment from `moment` on in which something may start.

    Raises:
        ScheduleError: there is none within a year.
    """
    closed = tuple(closed)
    free = moment.astimezone(UTC)
    while over := _over(closed, in_zone, free):
        free = over
        if free - moment > LONGEST:
            raise ScheduleError("The blackouts leave no moment for a run within a year; make them shorter.")
    return free


def _over(closed: tuple[Blackout, ...], in_zone: ZoneInfo, moment: datetime) -> datetime | None:
    shown = moment.astimezone(in_zone).replace(tzinfo=None)
    for period in closed:
        if end := period.ends(shown):
            # A wall time that the clocks repeat comes twice: the blackout ends with the first that is still to come.
            passes = (end.replace(tzinfo=in_zone, fold=fold).astimezone(UTC) for fold in (0, 1))
            return min(later for later in passes if later > moment)
    return None


def _weekdays(text: str) -> frozenset[int]:
    chosen: set[int] = set()
    for term in text.split(","):
        first, _, last = term.partition("-")
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        chosen |= {(start + step) % 7 for step in range(length)}
    return frozenset(chosen)


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time() if (hour, minute) == ("24", "00") else time(int(hour), int(minute))
