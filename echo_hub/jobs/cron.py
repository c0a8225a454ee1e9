"""Cron expressions as Debian's cron reads them: which moments one means in a time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from echo_hub.jobs.errors import ScheduleError

LONGEST = 200
"""Characters of an expression; the longest useful one has fewer."""
_SPAN_OF_ONE = re.compile(r"(?<!\w)0*(\w+)-0*\1/0*[1-9][0-9]*", re.IGNORECASE)
"""2-2/3 is 2; cronsim takes it for 2/3, which goes on to the end."""


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        ScheduleError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ScheduleError(f"{name!r} is not a time zone; use an IANA name such as Europe/Stockholm or UTC.") from None


def next_moment(expression: str, time_zone: str, after: datetime) -> datetime:
    """The first moment after `after` that a five-field cron expression means, in UTC.

    Read as Debian's crontab(5): with both a day of the month and a weekday, either is enough, unless one begins with a
    star; weekdays count from Sunday. A fixed time that the clocks skip comes at the first moment after the gap, one
    they repeat comes once. With a star for minute or hour it goes by what the clock shows: a skipped hour has no runs,
    a repeated one has them twice.

    Raises:
        ScheduleError: it is no such expression, or its day never comes.
    """
    fields = expression.split()
    if len(expression) > LONGEST or len(fields) != 5:  # cronsim takes six fields too, for seconds
        raise _refused(expression, f"{len(fields)} fields, {len(expression)} characters")
    read = _SPAN_OF_ONE.sub(r"\1", expression)
    try:
        if fields[0].startswith("*") or fields[1].startswith("*"):
            return _by_the_clock_shown(read, zone(time_zone), after.astimezone(UTC))
        for moment in CronSim(read, after.astimezone(zone(time_zone))):
            # Within an hour that the clocks repeat, cronsim answers with its first pass, which may be over.
            if (met := moment.astimezone(UTC)) > after:
                return met
    except CronSimError as error:
        if str(error) == "Bad day-of-month" and _can_be_read(expression):
            raise _never(expression) from None
        raise _refused(expression, str(error)) from None
    except StopIteration:
        pass
    except (ValueError, OverflowError) as error:  # a number of thousands of digits, a year after 9999
        raise _refused(expression, str(error)) from None
    raise _never(expression)  # nothing within 50 years, which holds every leap day on every weekday


def _by_the_clock_shown(expression: str, in_zone: ZoneInfo, after: datetime) -> datetime:
    """As `next_moment`, for an expression with a star for minute or hour.

    cronsim steps whole hours there, and strays where clocks change by half an hour or by three (Lord Howe, Casey). So
    it counts between two changes only, on clocks that do not change.
    """
    since = after
    offset = _offset(in_zone, after)
    while True:
        shown = (after + offset).replace(tzinfo=None)
        moment = next(CronSim(expression, shown)).replace(tzinfo=UTC) - offset
        change = _first_change(in_zone, since, moment)
        if change is None:
            return moment
        since, after, offset = change, change - timedelta(seconds=1), _offset(in_zone, change)


def _first_change(in_zone: ZoneInfo, since: datetime, until: datetime) -> datetime | None:
    """The first moment after `since`, and not after `until`, from which the zone's clocks differ; None without one.

    No zone changes its clocks twice within a day.
    """
    before = _offset(in_zone, since)
    low = since.replace(microsecond=0)
    while low < until:
        high = min(low + timedelta(days=1), until)
        if _offset(in_zone, high) != before:
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
                low, high = (middle, high) if _offset(in_zone, middle) == before else (low, middle)
            return high
        low = high
    return None


def _offset(in_zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(in_zone).utcoffset() or timedelta(0)


def _can_be_read(expression: str) -> bool:
    """Whether only the months keep the day from coming."""
    minute, hour, day, _, weekday = expression.split()
    try:
        CronSim(f"{minute} {hour} {day} * {weekday}", datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError:
        return False
    return True


def _refused(expression: str, detail: str) -> ScheduleError:
    return ScheduleError(
        f"{expression[:LONGEST]!r} is not a cron expression; it has five fields, e.g. '0 6 * * 1-5' for weekdays at "
        "six.",
        detail=detail,
    )


def _never(expression: str) -> ScheduleError:
    return ScheduleError(f"{expression!r} never comes: none of its months has that day. Choose another day.")
