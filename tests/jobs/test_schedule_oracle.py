"""Cron is held against a walk from minute to minute, in zones whose clocks change in every known way."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from cronsim import CronSim

from benchmarks import schedule_oracle
from benchmarks.schedule_oracle import EXPRESSIONS, Crontab, around, changes, made_up, rules, shown_minutes, walk, zones
from echo_hub.jobs.cron import zone

pytestmark = pytest.mark.thorough

SEED = 8
ODD = (  # at two, at midnight, at one, by half an hour, by two hours, by three, in the south, around Ramadan
    *("Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Havana"),
    *("Atlantic/Azores", "Australia/Lord_Howe", "Antarctica/Troll", "Antarctica/Casey", "Australia/Sydney"),
    *("Africa/Casablanca", "America/Scoresbysund", "Asia/Gaza", "Asia/Pyongyang", "America/Nuuk", "Africa/Juba"),
)
"""Antarctica/Casey goes back by three hours, the most that any zone's clocks did lately."""


@pytest.mark.parametrize(
    ("expression", "right"),
    [  # written by hand; Berlin skips 02:00 to 03:00 on 29 March 2026
        ("30 2 * * *", ["28T01:30", "29T01:00", "30T00:30"]),
        ("0,30 2,3 29 3 *", ["29T01:00", "29T01:30"]),
        ("*/30 2 * * *", ["28T01:00", "28T01:30", "30T00:00", "30T00:30"]),
        ("0 6 29 3 1", ["29T04:00", "30T04:00"]),
        ("0 6 */2 3 1", []),
        ("0 12 LW * *", []),
        ("0 12 * * 0L", ["29T10:00"]),
    ],
)
def test_the_walk_itself_starts_what_crontab_says(expression: str, right: list[str]) -> None:
    minutes = shown_minutes(
        zone("Europe/Berlin"), datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, 20, tzinfo=UTC)
    )
    starts = walk(Crontab.read(expression), minutes)
    assert [f"{moment:%dT%H:%M}" for moment in starts] == right


def test_no_zone_loses_or_doubles_a_run_where_its_clocks_change() -> None:
    chance = random.Random(SEED)  # noqa: S311
    others = chance.sample([name for name in zones() if changes(name, 2026, 2026)], 30)
    for name in (*ODD, *others):
        for change, _, _ in chance.choices(changes(name, 2018, 2028), k=2):
            expressions = [*chance.sample(EXPRESSIONS, 10), *(made_up(chance) for _ in range(4))]
            assert around(name, change, expressions, chance) == []


def test_the_walk_notices_a_cron_that_strays(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(expression: str, time_zone: str, after: datetime) -> datetime:
        return next(CronSim(expression, after.astimezone(zone(time_zone)))).astimezone(UTC)

    monkeypatch.setattr(schedule_oracle, "next_moment", plain)
    change = changes("Australia/Lord_Howe", 2026, 2026)[0][0]
    chance = random.Random(SEED)  # noqa: S311
    assert around("Australia/Lord_Howe", change, ["30 * * * *"], chance)


def test_zones_with_the_same_clocks_are_walked_through_once() -> None:
    alike = rules(2026)
    assert sum(len(names) for names in alike.values()) == len(zones())
    assert any({"Europe/Berlin", "Europe/Stockholm"} <= set(names) for names in alike.values())
    assert not any({"Europe/Berlin", "Europe/London"} <= set(names) for names in alike.values())
