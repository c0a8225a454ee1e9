"""Cron expressions as Debian's cron reads them: which moments one means in a time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from echo_hub.jobs.errors import ScheduleError

LONGEST = 200
"""Characters of an expression; the longest useful one has fewer."""


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

    Read as Debian's crontab(5): with both a day of the month and a weekday, either is enough; weekdays count from
    Sunday. A fixed time that the clocks skip comes at the first moment after the gap, one they repeat comes once.

    Raises:
        ScheduleError: it is no such expression, or its day never comes.
    """
    if len(expression) > LONGEST or len(expression.split()) != 5:  # cronsim takes six fields too, for seconds
        raise _refused(expression, f"{len(expression.split())} fields, {len(expression)} characters")
    try:
        for moment in CronSim(expression, after.astimezone(zone(time_zone))):
            # Within an hour that the clocks repeat, cronsim answers with its first pass, which may be over.
            if (met := moment.astimezone(UTC)) > after:
                return met
    except CronSimError as error:
        if str(error) == "Bad day-of-month" and _can_be_read(expression):
            raise _never(expression) from None
        raise _refused(expression, str(error)) from None
    except (ValueError, OverflowError) as error:  # a number of thousands of digits, a year after 9999
        raise _refused(expression, str(error)) from None
    raise _never(expression)  # nothing within 50 years, which holds every leap day on every weekday


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
