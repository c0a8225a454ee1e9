"""What a free-text location says: which countries, and whether the work is remote.

Greenhouse keeps locations as people typed them ("Remote, Italy", "London, UK; Ontario, CAN"). The rule for doubt:
an opportunity without countries is open to anyone, so a text that cannot be read completely gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from echo_core.text.countries import country_named
from echo_hub_greenhouse.country_names import CITIES, PAIRS, REGIONS, country_of_code

RemoteMode = Literal["on_site", "hybrid", "remote"]

_HYBRID = re.compile(r"\bh[yí]bride?o?\b", re.IGNORECASE)
_REMOTE = re.compile(
    r"\b(remote|remotely|home ?office|work from home|wfh|telecommute|anywhere|distributed|t[ée]l[ée]travail|remoto|"
    r"teletrabajo|distans)\b",
    re.IGNORECASE,
)
_ON_SITE = re.compile(
    r"\b(on-?site|on site|in-?office|in office|in-?person|vor ort|pr[ée]sentiel|presencial)\b", re.IGNORECASE
)
_NOT_REMOTE = re.compile(r"\b(?:not|no|non|never)[ -]+(?:fully[ -]+)?(?:remote|home ?office|wfh)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(remote(ly)?(-friendly)?|friendly|fully|first|100%|hybride?|h[íy]brido|on-?site|on site|in-?office|in-?person|"
    r"home ?office|work from home|wfh|anywhere|within|in|from|based|only|office|hq|headquarters|optional|eligible|"
    r"travel required|peo|distributed|flexible)\b",
    re.IGNORECASE,
)
_SEGMENTS = re.compile(r"\s*(?:[;|•\n]|\s/\s|\s+or\s+)\s*")
_PARTS = re.compile(r"\s*[,()\[\]:·/]\s*|\s+[-–—]\s+")
_HYPHENS = re.compile(r"\s*[-–—]\s*")
_AND = re.compile(r"\s*(?:&|\band\b)\s*", re.IGNORECASE)
_LONGEST = 1_000
"""Characters of a location; a longer text is a description, whose countries say nothing of where the work is."""
_CODE, _THREE = re.compile("[A-Z]{2}"), re.compile("[A-Z]{3}")
_EDGES = " \t.,-–—&"


@dataclass(frozen=True, slots=True)
class Location:
    """What the texts of one post add up to. Empty `countries`: anywhere, or not readable."""

    countries: tuple[str, ...] = ()
    remote: RemoteMode | None = None


def read_location(texts: Iterable[str]) -> Location:
    """Countries and remote mode of a post with these location texts, several places to a text allowed.

    Countries come out sorted, and only when every place named resolves to one: a job in "London, UK; Springfield"
    must not be hidden from Springfield. A bare "Remote" beside other places also means anywhere.
    """
    given = [text.strip() for text in texts]
    segments = [segment for text in given for segment in _SEGMENTS.split(text[:_LONGEST]) if segment]
    readable = all(len(text) <= _LONGEST for text in given)
    countries = [_countries(segment) for segment in segments] if readable else [frozenset()]
    known = sorted({code for codes in countries for code in codes}) if all(countries) else []
    return Location(tuple(known), _remote(segments))


def country_of(text: str | None) -> str | None:
    """The one country a place is in, None when the text names none or several."""
    countries = read_location([text]).countries if text else ()
    return countries[0] if len(countries) == 1 else None


def city_of(text: str | None) -> str | None:
    """The city of an address such as "New York, NY, USA": its first part, unless that is a country or region."""
    parts = [part for part in _PARTS.split((text or "").strip()[:_LONGEST]) if part]
    if len(parts) < 2 or _remote(parts) is not None:
        return None
    first = parts[0].strip()
    return None if (_country(first) or _lookup(first, REGIONS)) and first.casefold() not in CITIES else first


def _remote(segments: Iterable[str]) -> RemoteMode | None:
    joined = "\n".join(segments)
    if _NOT_REMOTE.search(joined):
        return "on_site"
    if _HYBRID.search(joined):
        return "hybrid"
    if _REMOTE.search(joined):
        return "remote"
    return "on_site" if _ON_SITE.search(joined) else None


def _countries(segment: str) -> frozenset[str]:
    whole = segment.strip(_EDGES)
    if code := _country(whole):
        return frozenset((code,))
    if len(several := [part for part in _AND.split(whole) if part]) > 1:
        codes = [_countries(part) for part in several]
        if all(codes):
            return frozenset().union(*codes)
    listed = [_readings(part) for part in _PARTS.split(whole) if part]
    # "Canada, Germany, UK" and "New York, London" are lists: every part is a place of one kind by itself.
    for of in (_country, _city):
        each = [{code for reading in readings if (code := of(reading))} for readings in listed if readings]
        if len(each) > 1 and all(each):
            return frozenset().union(*each)
    return _address([reading for readings in listed for reading in readings])


def _address(parts: list[str]) -> frozenset[str]:
    """The country of an address, which goes from the small to the large: "Holland, MI" is not in the Netherlands."""
    pairs = [PAIRS.get(f"{city}, {state}".casefold()) for city, state in pairwise(parts)]
    regions = [_lookup(part, REGIONS) for part in parts]
    countries = [_country(part) for part in parts]
    cities = [_city(part) for part in parts]
    codes = [country_of_code(part) if _CODE.fullmatch(part) else None for part in parts]
    last = regions[-1:] if len(parts) == 2 and len(parts[-1]) == 2 else []
    for names in (pairs, last, countries[::-1], regions[::-1], cities, codes[::-1]):
        if code := next(filter(None, names), None):
            return frozenset((code,))
    return frozenset()


def _readings(part: str) -> list[str]:
    readings = [part, *_HYPHENS.split(part)] if _HYPHENS.search(part) else [part]
    cleaned = [_FILLER.sub(" ", reading) for reading in readings]
    return [text for text in (" ".join(reading.split()).strip(_EDGES) for reading in cleaned) if text]


def _country(text: str) -> str | None:
    return country_named(text) or (country_of_code(text) if _THREE.fullmatch(text) else None)


def _city(text: str) -> str | None:
    return _lookup(text, CITIES)


def _lookup(text: str, table: dict[str, str]) -> str | None:
    if len(text) == 2 and not text.isupper():
        return None  # "us" or "or" inside a sentence is a word, not a code
    return table.get(text.casefold())
