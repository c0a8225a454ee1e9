"""The closed set of conversions a dialect may name. Each turns one raw value into what a record's field wants.

A converter is called as `converter(value, context, **options)` and never with None. It answers None for "nothing
there" and raises ValueError, saying what it expected and never what it got: values may be personal.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from echo_core.text.html import html_to_text
from echo_hub_lxp.languages import bcp47, preferred
from echo_hub_lxp.moments import (
    MINUTES_PER_UNIT,
    WEEKS_PER_UNIT,
    day,
    is_midnight,
    iso_minutes,
    moment,
    number,
    unit_name,
)

_PRIVATE_PARAMETERS = frozenset({
    "access", "auth", "authorization", "email", "jwt", "key", "loginname", "mail", "nonce", "pwd", "sid", "sig",
    "session", "sessionid", "sso", "sso_id", "user", "userid", "user_id", "username", "aicc_sid", "aicc_url",
    "accountid", "account_id",
})  # fmt: skip
_PRIVATE_PARTS = ("token", "secret", "signature", "password", "credential")


@dataclass(frozen=True, slots=True)
class MapContext:
    """What a conversion may know besides the value: the dialect's word tables and the connection's choices.

    `object_kinds` and the tables are keyed by casefolded words; `locales` is in order of preference.
    """

    locales: tuple[str, ...] = ("en",)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    object_kinds: Mapping[str, str] = field(default_factory=dict)


def text(value: Any, _: MapContext) -> str:
    """The value as trimmed text; numbers are written out."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("text was expected")
    return str(value).strip()


def html(value: Any, _: MapContext) -> str:
    """HTML as plain text."""
    if not isinstance(value, str):
        raise ValueError("text was expected")
    return html_to_text(value, plain_lines=True)


def prefix(value: Any, context: MapContext, *, text: str) -> str:
    """The value behind a fixed text, so that ids of several lists cannot collide."""
    return f"{text}{_text(value, context)}"


_text = text


def as_list(value: Any, _: MapContext) -> list[Any]:
    """A list, also from a single value; blanks and repeats are dropped."""
    values: list[Any] = []
    for item in value if isinstance(value, list) else [value]:
        cleaned = item.strip() if isinstance(item, str) else item
        if cleaned not in (None, "", *values):
            values.append(cleaned)
    return values


def only(value: Any, context: MapContext) -> Any:
    """The one element of a list; nothing when there are none or several."""
    values = as_list(value, context)
    return values[0] if len(values) == 1 else None


def join(value: Any, context: MapContext, *, by: str = ", ") -> str:
    """A list as one text."""
    return by.join(text(item, context) for item in as_list(value, context))


def words(value: Any, context: MapContext, *, table: str, otherwise: str | None = None) -> Any:
    """A vendor's word through a table of the dialect, without regard to case; lists word by word."""
    if isinstance(value, list):
        return [text for item in value if (text := words(item, context, table=table, otherwise=otherwise))]
    key = str(value).strip().casefold()
    return context.words[table].get(key, otherwise)


def kind(value: Any, context: MapContext, *, table: str, otherwise: str | None = None) -> Any:
    """Like `words`, but what the connection's `object_kinds` say about the word comes first."""
    chosen = context.object_kinds.get(str(value).strip().casefold())
    return chosen or words(value, context, table=table, otherwise=otherwise)


def locale(value: Any, context: MapContext) -> Any:
    """BCP 47; words that name no language are dropped."""
    if isinstance(value, list):
        return as_list([bcp47(text(item, context)) for item in value], context)
    return bcp47(text(value, context))


def pick_locale(value: Any, context: MapContext, *, locale_key: str, value_key: str) -> Any:
    """From a list of objects, one per language, the value in the preferred language."""
    versions = value if isinstance(value, list) else [value]
    if not all(isinstance(version, Mapping) for version in versions):
        raise ValueError("a list of objects, one per language, was expected")
    there = [(str(version.get(locale_key) or ""), version[value_key]) for version in versions if version.get(value_key)]
    return preferred(there, context.locales)


def language_map(value: Any, context: MapContext) -> Any:
    """From an object of language tag to text, the text in the preferred language."""
    if not isinstance(value, Mapping):
        raise ValueError("an object of language tag to text was expected")
    return preferred(((str(tag), words) for tag, words in value.items() if words), context.locales)


def time(value: Any, _: MapContext) -> datetime | None:
    """An aware UTC time from ISO text or an epoch number."""
    return moment(value)


def as_date(value: Any, _: MapContext) -> date | None:
    """A date from ISO text or an epoch number."""
    return day(value)


def precision(value: Any, _: MapContext) -> str:
    """What a time is worth: "date" when it is exactly midnight UTC, else "instant"."""
    return "date" if is_midnight(value) else "instant"


def iso_duration(value: Any, _: MapContext) -> float:
    """Minutes from an ISO 8601 duration."""
    return iso_minutes(value)


def minutes(value: Any, _: MapContext) -> float:
    """A number of minutes."""
    return number(value)


def seconds(value: Any, _: MapContext) -> float:
    """A number of seconds, as minutes."""
    return number(value) / 60


def hours(value: Any, _: MapContext) -> float:
    """A number of hours, as minutes."""
    return number(value) * 60


def unit_value(value: Any, _: MapContext, *, unit: str, amount: str) -> float | None:
    """Minutes of effort from an object holding amount and unit; nothing for calendar units or unknown ones."""
    return _measured(value, unit, amount, MINUTES_PER_UNIT)


def unit_weeks(value: Any, _: MapContext, *, unit: str, amount: str) -> float | None:
    """Calendar weeks from an object holding amount and unit; nothing for units of effort."""
    return _measured(value, unit, amount, WEEKS_PER_UNIT)


def _measured(value: Any, unit: str, amount: str, table: Mapping[str, float]) -> float | None:
    if not isinstance(value, Mapping):
        raise ValueError("an object with an amount and a unit was expected")
    factor = table.get(unit_name(value.get(unit)))
    if factor is None or value.get(amount) is None:
        return None
    return number(value[amount]) * factor


def percent(value: Any, _: MapContext) -> float:
    """0 to 100, with or without a percent sign, as 0 to 1."""
    percent = number(value.strip().removesuffix("%") if isinstance(value, str) else value) / 100
    if not 0 <= percent <= 1:
        raise ValueError("a percentage from 0 to 100 was expected")
    return percent


def ratio(value: Any, _: MapContext) -> float:
    """A number from 0 to 1."""
    ratio = number(value)
    if not 0 <= ratio <= 1:
        raise ValueError("a number from 0 to 1 was expected")
    return ratio


def score(value: Any, _: MapContext) -> float | None:
    """0 to 1 from an object with `scaled` (-1 to 1, negative counts as 0), or `raw` between `min` and `max`."""
    if not isinstance(value, Mapping):
        raise ValueError("a score object was expected")
    if value.get("scaled") is not None:
        return min(1.0, max(0.0, number(value["scaled"])))
    if value.get("raw") is None or value.get("max") is None:
        return None
    low, high = number(value.get("min") or 0), number(value["max"])
    return min(1.0, max(0.0, (number(value["raw"]) - low) / (high - low))) if high > low else None


def boolean(value: Any, _: MapContext) -> bool:
    """True or false, also as the words "true", "false", "yes", "no"."""
    if isinstance(value, bool):
        return value
    boolean = {"true": True, "yes": True, "false": False, "no": False}.get(str(value).strip().lower())
    if boolean is None:
        raise ValueError("true or false was expected")
    return boolean


def link(value: Any, _: MapContext) -> str | None:
    """A web address without user, fragment and any parameter that looks like a credential or names a person."""
    if not isinstance(value, str):
        raise ValueError("a web address was expected")
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    kept = [(name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if not _is_private(name)]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))


def _is_private(name: str) -> bool:
    lowered = name.lower()
    return lowered in _PRIVATE_PARAMETERS or any(part in lowered for part in _PRIVATE_PARTS)


Converter = Callable[..., Any]

CONVERTERS: Mapping[str, Converter] = {
    "text": text, "html": html, "prefix": prefix, "list": as_list, "only": only, "join": join, "words": words,
    "kind": kind, "locale": locale, "pick_locale": pick_locale, "language_map": language_map, "time": time,
    "date": as_date, "precision": precision, "iso_duration": iso_duration, "minutes": minutes, "seconds": seconds,
    "hours": hours, "unit_value": unit_value, "unit_weeks": unit_weeks, "percent": percent, "ratio": ratio,
    "score": score, "boolean": boolean, "link": link,
}  # fmt: skip
"""Every converter by the name a dialect uses."""


def options_of(name: str) -> tuple[set[str], set[str]]:
    """The options a converter takes and the ones it demands."""
    taken = {
        option: parameter
        for option, parameter in inspect.signature(CONVERTERS[name]).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    return set(taken), {option for option, parameter in taken.items() if parameter.default is parameter.empty}
