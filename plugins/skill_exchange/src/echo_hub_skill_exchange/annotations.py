"""The annotation convention: what `<prefix>/opportunity` and its neighbours may say, read one field at a time.

A value nobody can read is left out and remembered as a `Problem`; it never costs the record or the run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from echo_hub_skill_exchange.skill_list import SkillMention, read_skills
from echo_hub_skill_exchange.text import one_line

Remote = Literal["on_site", "hybrid", "remote"]
Status = Literal["open", "paused", "filled", "closed"]
Direction = Literal["offer", "request"]

CONVENTION: tuple[tuple[str, str, str], ...] = (
    ("opportunity", "`embed`, `hack`, `collab`, `project`, `mentorship`, `pair`", "kind; absent: `project`"),
    ("status", "`open`, `paused`, `filled`, `closed`", "absent: `open`; unreadable: `paused`"),
    ("start-date", "`2027-01-11`", "first day"),
    ("end-date", "`2027-03-05`", "last day; dropped when before the first"),
    ("weekly-hours", "`16`", "hours per week, up to 168"),
    ("duration-weeks", "`8`", "weeks"),
    ("location", "`Stockholm`", "free text"),
    ("countries", "`SE, DE`", "ISO 3166 codes; absent: anywhere"),
    ("remote", "`true`, `false`, `hybrid`", "where the work is done"),
    ("seats", "`2`, `unlimited`", "absent: 1, for a hack no limit"),
    ("seats-taken", "`1`", "seats already given"),
    (
        "skills",
        "`graphql:4, typescript, go?`",
        "name or id, `:level` 1 to 5, `?` desired; mentoring: what is taught",
    ),
    ("desired-skills", "`kotlin:2`", "desired skills, same form"),
    ("languages", "`en, pt-BR`", "languages the work needs"),
    ("contact", "`user:default/ada`", "a User entity or an e-mail address; absent: `spec.owner` when it is a user"),
    ("apply-url", "`https://…`", "where to register interest; http and https only"),
    ("direction", "`offer`, `request`", "mentoring: absent means offer"),
)
"""Annotation name, example, meaning: the README's table."""

_STATUS: dict[str, Status] = {
    "open": "open",
    "active": "open",
    "paused": "paused",
    "on-hold": "paused",
    "draft": "paused",
    "filled": "filled",
    "full": "filled",
    "closed": "closed",
    "done": "closed",
    "finished": "closed",
    "completed": "closed",
    "cancelled": "closed",
    "canceled": "closed",
}
_REMOTE: dict[str, Remote] = {
    "true": "remote",
    "yes": "remote",
    "remote": "remote",
    "hybrid": "hybrid",
    "false": "on_site",
    "no": "on_site",
    "on-site": "on_site",
    "onsite": "on_site",
}
_DIRECTION: dict[str, Direction] = {"offer": "offer", "request": "request"}
_TAG = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that was left out: which annotation, what stood there (shortened), why."""

    field: str
    value: str
    reason: str


class Annotations:
    """One record's values by convention name, read with memory: `problems` lists what could not be read."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[Problem] = []

    @classmethod
    def of_entity(cls, annotations: Mapping[str, str], prefix: str) -> Annotations:
        """The annotations below one prefix, without it."""
        start = prefix + "/"
        return cls({key[len(start) :]: value for key, value in annotations.items() if key.startswith(start)})

    def raw(self, name: str) -> str:
        """The value as written, without outer white space; "" when absent."""
        return self._values.get(name, "").strip()

    def drop(self, name: str, reason: str) -> None:
        """Remember that a value was left out."""
        self.problems.append(Problem(name, one_line(self.raw(name), cap=60), reason))

    def line(self, name: str, *, cap: int) -> str | None:
        """A text on one line, at most `cap` characters."""
        return one_line(self.raw(name), cap=cap) or None

    def day(self, name: str) -> date | None:
        """An ISO date. Of a date with time only the day as written counts: dates here have no zone."""
        text = self.raw(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text).date()
        except ValueError:
            self.drop(name, "is not a date such as 2027-01-31")
            return None

    def number(self, name: str, *, most: float) -> float | None:
        """A number above 0 and at most `most`."""
        text = self.raw(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 < value <= most:
            self.drop(name, f"is not a number above 0 and at most {most:g}")
            return None
        return value

    def count(self, name: str, *, default: int | None) -> int | None:
        """A whole number from 0, None for "unlimited"; `default` when absent or unreadable."""
        text = self.raw(name).lower()
        if not text:
            return default
        if text == "unlimited":
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text):
            self.drop(name, 'is neither a whole number nor "unlimited"')
            return default
        return int(text)

    def status(self) -> Status:
        """The status. An unreadable one counts as paused: nothing that may be over is advertised."""
        text = self.raw("status").lower().replace(" ", "-").replace("_", "-")
        if not text:
            return "open"
        if text not in _STATUS:
            self.drop("status", "is none of open, paused, filled, closed; shown as paused")
            return "paused"
        return _STATUS[text]

    def remote(self) -> Remote | None:
        """Where the work is done."""
        text = self.raw("remote").lower().replace(" ", "-").replace("_", "-")
        if text and text not in _REMOTE:
            self.drop("remote", "is none of true, false, hybrid")
        return _REMOTE.get(text)

    def direction(self) -> Direction | None:
        """Offer or request; None when it says neither, for the caller to refuse: a request is no offer."""
        text = self.raw("direction").lower()
        return _DIRECTION.get(text) if text else "offer"

    def languages(self) -> tuple[str, ...]:
        """BCP 47 tags, the primary tag in lower case, the region in upper case."""
        return self._codes("languages", _TAG, _language)

    def countries(self) -> tuple[str, ...]:
        """ISO 3166-1 alpha-2 codes in upper case."""
        return self._codes("countries", re.compile(r"^[A-Za-z]{2}$"), str.upper)

    def _codes(self, name: str, shape: re.Pattern[str], write: Callable[[str], str]) -> tuple[str, ...]:
        codes: list[str] = []
        for piece in self.raw(name).split(","):
            code = piece.strip()
            if not code:
                continue
            if shape.match(code):
                codes.append(write(code))
            else:
                self.drop(name, f"{one_line(code, cap=20)!r} is not a code")
        return tuple(dict.fromkeys(codes))

    def skills(self, name: str, *, id_scheme: str) -> tuple[SkillMention, ...]:
        """A skills list; see `skill_list.read_skills`."""
        result = read_skills(self.raw(name), id_scheme=id_scheme)
        for reason in result.problems:
            self.drop(name, reason)
        return result.mentions


def _language(code: str) -> str:
    primary, *rest = code.split("-")
    return "-".join([primary.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
