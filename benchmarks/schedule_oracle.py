"""Holds the hub's cron against a walk from minute to minute, in every time zone. Prints JSON, and differences as found.

    uv run python -m benchmarks.schedule_oracle --folder /tmp/schedule-oracle
    uv run python -m benchmarks.schedule_oracle --folder /tmp/schedule-oracle --first 2024 --last 2028 --whole 2026

The walk knows crontab(5) as Debian's cron documents it and nothing of how the hub computes it: `Crontab` reads the
fields, `walk` goes through every minute that passes and asks what a clock on the wall shows. Two parts: two days
around every change of every zone's clocks between `--first` and `--last`, and the whole years of `--whole` in one zone
of each distinct rule. Run it again with the same folder to go on where it stopped.
"""

from __future__ import annotations

import argparse
import calendar
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from echo_hub.jobs.cron import next_moment
from echo_hub.jobs.errors import ScheduleError

STATE = "schedule_oracle.json"
MINUTE = timedelta(minutes=1)
AROUND = timedelta(days=2)
MOST = 2_000
"""Steps of one expression in one stretch of time; of more, so many at random."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))

EXPRESSIONS = (
    *("0 0 * * *", "30 0 * * *", "59 23 * * *", "30 1 * * *", "0 2 * * *", "30 2 * * *", "0 3 * * *", "15,45 2 * * *"),
    *("* * * * *", "*/15 * * * *", "0 * * * *", "30 * * * *", "7-52/9 */2 * * *", "*/20 1-3 * * *", "* 2 * * *"),
    *("10 */3 * * *", "*/10 0 * * *", "5/25 1 * * *", "0 6 1 * 1", "0 6 */2 * 1", "0 6 1 * *", "0 6 * * 1-5"),
    *("0 0 1-7 * mon", "0 2 * * 1-5/2", "0 2 * * */2", "30 1 * * 0-6", "0 1 * * sun-thu", "0 0 * * 5-7", "15 2 * * 7"),
    *("0 0 * * mon#1", "30 2 * * sun#5", "0 2 * * 0L", "0 1 * * 5L", "0 0 L * *", "45 2 LW * *", "0 0 L * fri"),
    *("0 3 29 2 *", "0 0 31 * *", "0 0 1 jan,apr,jul,oct *", "*/30 2 L * sun", "0-59/20 0,1,2 25-31 3,10,11 0,6"),
)
"""One of each form people write, and the hours at which clocks change."""


@dataclass(frozen=True, slots=True)
class Crontab:
    """What an expression says of a wall clock's minute, as crontab(5) puts it."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    last_day: bool
    last_working_day: bool
    nth: frozenset[tuple[int, int]]
    both_days: bool
    by_the_clock: bool

    @classmethod
    def read(cls, expression: str) -> Crontab:
        """The fields of an expression that is known to be right."""
        fields = expression.lower().split()
        names = ((), (), (), MONTHS, WEEKDAYS)
        numbers = [_numbers(field, *limits, words) for field, limits, words in zip(fields, LIMITS, names, strict=True)]
        terms = fields[4].split(",")
        nth = {
            (_number(day, WEEKDAYS) % 7, int(count))
            for day, _, count in (term.partition("#") for term in terms)
            if count
        }
        nth |= {(_number(term[:-1], WEEKDAYS) % 7, -1) for term in terms if term.endswith("l")}
        return cls(
            *numbers[:4],
            weekdays=frozenset(day % 7 for day in numbers[4]),
            last_day="l" in fields[2].split(","),
            last_working_day="lw" in fields[2].split(","),
            nth=frozenset(nth),
            # crontab(5): with both days restricted, "i.e., do not contain the "*" character", either is enough.
            both_days=fields[2].startswith("*") or fields[4].startswith("*"),
            # cron(8): jobs that run "with a granularity greater than one hour" are the ones treated specially.
            by_the_clock=not fields[0].startswith("*") and not fields[1].startswith("*"),
        )

    def on(self, day: date) -> bool:
        """Whether the expression means that day."""
        if day.month not in self.months:
            return False
        length = calendar.monthrange(day.year, day.month)[1]
        of_month = day.day in self.days or (self.last_day and day.day == length)
        if self.last_working_day:
            working = [number for number in range(1, length + 1) if date(day.year, day.month, number).weekday() < 5]
            of_month = of_month or day.day == working[-1]
        weekday = day.isoweekday() % 7
        of_week = weekday in self.weekdays or (weekday, (day.day - 1) // 7 + 1) in self.nth
        of_week = of_week or ((weekday, -1) in self.nth and day.day + 7 > length)
        return (of_month and of_week) if self.both_days else (of_month or of_week)

    def at(self, shown: datetime) -> bool:
        """Whether the expression means the minute that a wall clock shows."""
        return shown.minute in self.minutes and shown.hour in self.hours and self.on(shown.date())


def _number(text: str, names: Sequence[str]) -> int:
    return int(text) if text.isdigit() else names.index(text) + (names is MONTHS)


def _numbers(field: str, low: int, high: int, names: Sequence[str]) -> frozenset[int]:
    numbers: set[int] = set()
    for term in field.split(","):
        span, _, step = term.partition("/")
        if "#" in span or span in {"l", "lw"} or (names is WEEKDAYS and span.endswith("l")):
            continue
        first, _, last = span.partition("-")
        if span == "*":
            ends = low, high
        elif last:
            ends = _number(first, names), _number(last, names)
        else:
            ends = _number(first, names), high if step else _number(first, names)
        numbers |= set(range(ends[0], ends[1] + 1, int(step or 1)))
    return frozenset(numbers)


def shown_minutes(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Every minute that passes, and what a wall clock of the zone shows then."""
    minutes = []
    moment = start
    while moment < end:
        minutes.append((moment, moment.astimezone(zone).replace(tzinfo=None)))
        moment += MINUTE
    return minutes


def walk(crontab: Crontab, minutes: Sequence[tuple[datetime, datetime]]) -> list[datetime]:
    """The moments at which cron would start a job, the first minute only being where it comes from.

    cron(8): jobs by the clock that fall into time that is skipped "run immediately after the change", those in time
    that is repeated are "not run again"; jobs with a star for minute or hour "run based on the new time immediately".
    """
    if not crontab.by_the_clock:
        return [moment for moment, shown in minutes[1:] if crontab.at(shown)]
    starts = []
    reached = minutes[0][1]
    for moment, shown in minutes[1:]:
        due = False
        while reached < shown:
            reached += MINUTE
            due = due or crontab.at(reached)
        if due:
            starts.append(moment)
    return starts


def changes(name: str, first: int, last: int) -> list[tuple[datetime, timedelta, timedelta]]:
    """When the clocks of a zone change in those years, from which offset to which; to the minute."""
    zone = ZoneInfo(name)
    met = []
    day = datetime(first, 1, 1, tzinfo=UTC)
    while day.year <= last:
        following = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, following):
            low, high = day, following
            while high - low > MINUTE:
                middle = low + (high - low) // MINUTE // 2 * MINUTE
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
            met.append((high, _offset(zone, low), _offset(zone, high)))
        day = following
    return met


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


@cache
def zones() -> tuple[str, ...]:
    """Every time zone of this machine's or tzdata's tables, by name."""
    return tuple(sorted(available_timezones() - {"localtime", "Factory"}))


def rules(year: int) -> dict[str, list[str]]:
    """One zone of each distinct rule of a year, with the zones that keep the same clocks."""
    same: dict[object, list[str]] = {}
    for name in zones():
        start = _offset(ZoneInfo(name), datetime(year, 1, 1, tzinfo=UTC))
        same.setdefault((start, tuple(changes(name, year, year))), []).append(name)
    return {names[0]: names for names in same.values()}


def made_up(random_: random.Random) -> str:
    """An expression at random, out of all the forms there are."""

    def field(low: int, high: int) -> str:
        first, last = sorted((random_.randint(low, high), random_.randint(low, high)))
        every = random_.randint(1, max(2, (high - low) // 3))
        forms = ("*", f"*/{every}", str(first), f"{first}-{last}", f"{first}-{last}/{every}", f"{first},{last}")
        return random_.choice((*forms, f"{first}/{every}"))

    minute, hour, day, month, weekday = (field(*limits) for limits in LIMITS)
    nth = f"{random_.choice(WEEKDAYS)}#{random_.randint(1, 5)}"
    weekday = random_.choice((weekday, "*", "*", nth, f"{random_.randint(0, 7)}L"))
    day = random_.choice((day, "*", "*", "L", "LW"))
    hour = random_.choice((hour, str(random_.randint(0, 3)), "0-3"))
    return f"{minute} {hour} {day} {random_.choice((month, '*', '*', '*'))} {weekday}"


def differences(
    expression: str, name: str, minutes: Sequence[tuple[datetime, datetime]], random_: random.Random
) -> Iterator[str]:
    """Where the hub's next moment is another than the walk's: from each to the next, and from moments in between."""
    due = walk(Crontab.read(expression), minutes)
    end = minutes[-1][0]
    sought = list(pairwise((minutes[0][0], *due)))
    if len(sought) > MOST:
        sought = random_.sample(sought, MOST)
    for _ in range(5):
        after = minutes[0][0] + random_.random() * (end - minutes[0][0])
        sought += [(after, moment) for moment in due if moment > after][:1]
    if not due or due[-1] < end:
        sought.append((due[-1] if due else minutes[0][0], end + MINUTE))  # nothing more until the end
    for after, moment in sought:
        try:
            answer = next_moment(expression, name, after)
        except ScheduleError as refused:
            if moment <= end or "never comes" not in refused.message:
                yield f"{expression!r}: {refused}"
            return
        if answer != moment and not (answer > end and moment > end):
            yield f"{expression!r} in {name} after {after:%F %T}: {answer:%F %H:%M}, not {moment:%F %H:%M}"


def around(name: str, change: datetime, expressions: Sequence[str], random_: random.Random) -> list[str]:
    """Differences within two days of a change of clocks."""
    minutes = shown_minutes(ZoneInfo(name), change - AROUND, change + AROUND)
    return [line for expression in expressions for line in differences(expression, name, minutes, random_)]


def whole_year(name: str, year: int, expressions: Sequence[str], random_: random.Random) -> list[str]:
    """Differences within a year."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    minutes = shown_minutes(ZoneInfo(name), start, end)
    return [line for expression in expressions for line in differences(expression, name, minutes, random_)]


def work(first: int, last: int, whole: Sequence[int]) -> Iterator[tuple[str, str, int]]:
    """What there is to do: ("changes" or "year", zone, year)."""
    for name in zones():
        for year in sorted({change.year for change, _, _ in changes(name, first, last)}):
            yield "changes", name, year
    for year in whole:
        for name in rules(year):
            yield "year", name, year


def main() -> None:
    """Goes through everything that was not gone through yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, required=True, help="where it writes how far it is")
    parser.add_argument("--first", type=int, default=2016)
    parser.add_argument("--last", type=int, default=2036)
    parser.add_argument("--whole", type=int, nargs="*", default=[2026])
    parser.add_argument("--random", type=int, default=8, help="expressions at random beside the written ones")
    parser.add_argument("--limit-s", type=float, default=None, help="stop after so many seconds")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    file = options.folder / STATE
    state = json.loads(file.read_text()) if file.exists() else {"done": {}, "seconds": 0.0}
    began = written = time.monotonic()
    for part, name, year in work(options.first, options.last, options.whole):
        key = f"{part} {name} {year}"
        if key in state["done"]:
            continue
        random_ = random.Random(key)  # noqa: S311
        expressions = [*EXPRESSIONS, *(made_up(random_) for _ in range(options.random))]
        if part == "changes":
            met = changes(name, year, year)
            lines = [line for change, _, _ in met for line in around(name, change, expressions, random_)]
        else:
            lines = whole_year(name, year, expressions, random_)
        state["done"][key] = lines
        for line in lines:
            print(line, flush=True)
        now = time.monotonic()
        if now - written > 5:
            state["seconds"] += now - written
            written = now
            file.write_text(json.dumps(state))
        if options.limit_s is not None and now - began > options.limit_s:
            break
    state["seconds"] += time.monotonic() - written
    file.write_text(json.dumps(state))
    parts = [key.split()[0] for key in state["done"]]
    print(
        json.dumps(
            {
                "zone_years_of_changes": parts.count("changes"),
                "whole_years": parts.count("year"),
                "zones": len({key.split()[1] for key in state["done"]}),
                "differences": sum(len(lines) for lines in state["done"].values()),
                "seconds": round(state["seconds"]),
            }
        )
    )


if __name__ == "__main__":
    main()
