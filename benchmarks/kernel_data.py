"""The records every candidate of the kernel benchmark reads: made in process, the same ones each time.

12 fields, one nested object, one list, two time stamps, about 440 bytes of JSON each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PAGE = 1000
_COUNTRIES = ("SE", "DE", "US", "GB", "BR", "IN", "ES", "NL")
_STAMPS = [f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:{n % 59:02}+00:00" for n in range(997)]
_DEPARTMENTS = [f"Department of invented things {n}" for n in range(61)]
_FIRST = [f"First{n:05}" for n in range(9973)]
_LAST = [f"Last{n:05}" for n in range(7919)]
_TEAMS = [f"team-{n}" for n in range(300)]
_TITLES = [f"Senior specialist for subject {n}" for n in range(499)]
_PLACES = [
    {"city": f"City {n}", "country": _COUNTRIES[n % 8], "building": f"House {n % 12}, floor {n % 7}"} for n in range(97)
]


def record(n: int) -> dict[str, Any]:
    """The nth record."""
    return {
        "id": n,
        "first_name": _FIRST[n % 9973],
        "last_name": _LAST[n % 7919],
        "email": f"first.last{n}@example.invalid",
        "title": _TITLES[n % 499],
        "department": _DEPARTMENTS[n % 61],
        "location": dict(_PLACES[n % 97]),
        "teams": [_TEAMS[n % 300], _TEAMS[n % 211], _TEAMS[n % 97]],
        "manager_id": n // 8 + 1,
        "fte": 1.0,
        "created_at": _STAMPS[n % 997],
        "updated_at": _STAMPS[n % 991],
    }


def pages(count: int) -> Iterator[list[dict[str, Any]]]:
    """`count` records, a thousand at a time."""
    for start in range(1, count + 1, PAGE):
        yield [record(n) for n in range(start, min(start + PAGE, count + 1))]
