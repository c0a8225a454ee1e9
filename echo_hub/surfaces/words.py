"""How facts are worded on pages: kinds, durations, dates, names of countries."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from echo_core.text.countries import country_name
from echo_core.text.language_names import is_language, language_name, primary
from echo_core.text.neutral import neutral
from echo_hub.services.access import ROLE_WORDS
from echo_hub.services.actor import ROLES, Role

KIND_WORDS = {"job": "Job", "project": "Project", "mentorship": "Mentoring", "learning_path": "Learning"}
KINDS_WORDS = {"job": "Jobs", "project": "Projects", "mentorship": "Mentoring", "learning_path": "Learning"}
REMOTE_WORDS = {"on_site": "On site", "hybrid": "Hybrid", "remote": "Remote"}
OUTCOME_WORDS = {
    "done": "Done",
    "held": "On hold",
    "failed": "Failed",
    "paused": "Paused",
    "stopped": "Stopped",
    "cancelled": "Cancelled",
    "skipped": "Skipped",
}
TASK_STATE_WORDS = {
    "waiting": "Waiting",
    "leased": "Under way",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
HOLD_STATE_WORDS = {
    "open": "Waits for a decision",
    "confirmed": "Confirmed: the records were removed",
    "refused": "Refused: the records stay",
    "superseded": "A later run knows better",
}
STANCE_WORDS = {
    "has": "Has",
    "teaches": "Can teach",
    "wants_to_use": "Wants to use",
    "wants_to_learn": "Wants to learn",
    "avoids": "Wants to avoid",
}
LEVEL_WORDS = ("aware", "working", "practitioner", "advanced", "expert")
RULING_WORDS = {
    "essential": "asked for",
    "desired": "good to have",
    "teaches": "taught",
    "not_asked": "not asked for",
}
SURFACE_WORDS = {"for_you": "For you", "search": "Search", "explanation": "Why it fits"}
LOOK_WORDS = {
    "feed.read": "Your list",
    "search.read": "A search with your match",
    "explanation.read": "Why something fits you",
    "profile.read": "Your profile",
    "matching.read": "Whether you are matched",
    "receipt.list": "Which receipts there are of your lists",
    "receipt.read": "A receipt of your list",
    "receipt.keep": "Your list, and kept a receipt of it",
    "session.list": "Where you are signed in",
}
INPUT_WORDS = {
    "snapshot": "The opportunities, their requirements and rules, and the skills graph around them",
    "weights": "The scorer's numbers",
    "side": "The person's skills, wishes, country and languages",
    "choice": "What the filters or words let through",
}
FILTER_FIELDS = (
    ("department", "Department"),
    ("country", "Country"),
    ("remote", "Place of work"),
    ("skill", "Skill"),
    ("language", "Language"),
)
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def country(code: str) -> str:
    """The English name of an ISO 3166 code's country; the code itself where we have no name."""
    return country_name(code)


def language(code: str) -> str:
    """The English name of a BCP 47 code's language; the code itself where we have no name."""
    return language_name(primary(code))


def text_language(codes: Sequence[str]) -> str | None:
    """The `lang` attribute of a text in another language than the page; None in doubt, a wrong one misleads."""
    code = primary(codes[0]) if len(codes) == 1 else ""
    return code if is_language(code) and code != "en" else None


def roles_in_words(roles: Sequence[Role]) -> str:
    """Access roles as a table says them: "HR operations, an auditor"; "everybody" for all of them."""
    return "everybody" if len(roles) == len(ROLES) else ", ".join(ROLE_WORDS[role] for role in roles)


def hours(value: float) -> str:
    """`6.0` as "6 h", `1.5` as "1.5 h"."""
    return f"{value:g} h"


def duration(minutes: float) -> str:
    """Minutes of effort as people say it: "45 min", "3 h", "2 h 30 min"."""
    whole = round(minutes)
    if whole < 60:
        return f"{whole} min"
    full, rest = divmod(whole, 60)
    if full >= 10:
        return f"{round(whole / 60)} h"
    return f"{full} h {rest} min" if rest else f"{full} h"


def took(start: datetime, end: datetime) -> str:
    """How long a run took: "under 1 s", "12 s", "3 min 20 s"."""
    seconds = round((end - start).total_seconds())
    if seconds < 1:
        return "under 1 s"
    full, rest = divmod(seconds, 60)
    if full >= 60:
        return duration(full)
    return (f"{full} min {rest} s" if rest else f"{full} min") if full else f"{rest} s"


def day(value: date | datetime) -> str:
    """A date without doubt about its order: "2 Nov 2026"."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """A moment in UTC: "2 Nov 2026, 14:05 UTC"."""
    return f"{day(value)}, {value:%H:%M} UTC"


def local_moment(value: datetime, time_zone: str) -> str:
    """A moment as clocks of an IANA zone show it: "Mon 2 Nov 2026, 15:05 CET"."""
    shown = value.astimezone(ZoneInfo(time_zone))
    return f"{shown:%a} {day(shown)}, {shown:%H:%M %Z}"


def number(value: float) -> str:
    """A count with thousands apart: "1,211"."""
    return f"{value:,}"


def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    letters = [part[0] for part in name.split() if part[0].isalpha()]
    return "".join(letters[:1] + letters[1:][-1:]).upper() or "?"


def web_link(address: str | None) -> str | None:
    """An address as a link, if a browser would open it as a page of the web; never a script or a file."""
    if not address or _CONTROL.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def emphasised(text: str, *names: str | None) -> Markup:
    """A sentence with these names in it marked; everything is escaped."""
    text = neutral(text)
    wanted = sorted({neutral(name) for name in names if name}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    parts = (str(escape(part)) for part in _any_of(tuple(wanted)).split(text))
    return Markup("".join(f"<b>{part}</b>" if place % 2 else part for place, part in enumerate(parts)))  # noqa: S704, escaped


@lru_cache(4096)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)")


def points(parts: Sequence[float], total: float) -> tuple[list[str], str]:
    """Contributions and their sum in points of 100, rounded so that the printed numbers add up exactly.

    Each is at most a tenth of a point from its true value.
    """
    tenths = [part * 1000 for part in parts]
    whole = [math.floor(part) for part in tenths]
    by_rest = sorted(range(len(parts)), key=lambda at: whole[at] - tenths[at])
    for at in by_rest[: max(0, round(total * 1000) - sum(whole))]:
        whole[at] += 1
    return [f"{part / 10:+.1f}".replace("-", "−") for part in whole], f"{round(total * 1000) / 10:.1f}"
