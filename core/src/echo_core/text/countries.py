"""Countries by every usual name and code, from CLDR through Babel, which is imported at the first question."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from echo_core.text.normal_form import WORD, fold

_LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "pl", "cs", "sk", "hu", "ro", "bg", "hr",
    "sr", "sr_Latn", "sl", "el", "tr", "uk", "ru", "et", "lv", "lt", "ga", "ca", "eu", "gl", "ja", "zh", "zh_Hant",
    "ko", "ar", "he", "hi", "th", "vi", "id", "ms",
)  # fmt: skip
"""In which languages countries are known by name; an earlier language goes before a later one."""

_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
"""Two letters that CLDR has a name for and that are no country's code in ISO 3166-1. XK, for Kosovo, is in use."""

_ALIASES = """
AE uae|emirates;BA bosnia;BQ bonaire|bonaire sint eustatius and saba|caribbean nl;CD dr congo|congo dr|zaire
CD democratic republic of the congo|democratic republic of congo|congo kinshasa;CG congo|congo brazzaville
CI ivory coast;CN china prc|prc|mainland china;CV cape verde;CZ czech republic
FK falkland islands malvinas;GB uk|britain|great britain|england|scotland|wales|northern ireland|britain uk
GB united kingdom of great britain and northern ireland;GR el;GS south georgia and the south sandwich islands
HK hong kong|hong kong sar;IE republic of ireland|eire;IN bharat;KP korea north|democratic peoples republic of korea
KR korea|korea south|republic of korea|한국;LA lao peoples democratic republic|lao pdr;MF st martin french part
MK macedonia;MM burma;MO macao|macau|macao sar;NL holland;NZ aotearoa;PS palestine;PT portugal continental
RU russian federation;SA ksa;SX sint maarten dutch part;SY syrian arab republic;SZ swaziland;TL east timor
TF french southern territories;TR turkey;TW taiwan china|taiwan province of china|taiwan roc
TW republic of china|chinese taipei
UM united states minor outlying islands;US us|usa|united states of america|america;VA holy see|vatican
VA holy see vatican city state;VC st vincent and the grenadines;VG virgin islands british|virgin islands uk
VI virgin islands us|virgin islands of the united states|united states virgin islands;WS western samoa|samoa western
"""
"""What people write and CLDR lacks. These go before all others: the "Republic of China" is not China."""

_STATE_FORM = re.compile(
    r"((federal|federated|islamic|federative|independent|plurinational|bolivarian|eastern|arab|united|peoples|democratic|"
    r"socialist|co operative|hashemite) )*"
    r"(republic|kingdom|states?|commonwealth|principality|sultanate|union|grand duchy) of (the )?"
)
_WORDS = re.compile(WORD)
_LONGEST = 100
_ELSEWHERE_TOO = frozenset({"columbia", "georgia", "granada", "jersey", "norfolk", "us", "el"})
"""In a text on a location these may be an American state, a city, or a small word; in a column of countries they are
what they say. "US" in capitals is the country."""


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country given by code or by name; None for what is neither, never a guess.

    "de", "DEU", "276", "Deutschland" and "Federal Republic of Germany" are DE; "EL" and "UK" are GR and GB, as the
    European Union writes them. "NA" is None: it stands for "not available" far more often than for Namibia. Kosovo
    is XK.
    """
    code = text.strip().upper()
    if code == "NA":
        return None
    if code.isdecimal() and code.isascii():
        code = code.zfill(3)
    return _codes().get(code) or _by_name(text)


def country_named(text: str) -> str | None:
    """The country that a part of a text on a location names; None also where it could as well be another place.

    Codes are no names here, as "CA" is California or Canada; "UK", "USA" and "UAE" are.
    """
    if _spelling(text) in _ELSEWHERE_TOO and text.strip() not in ("US", "U.S."):
        return None
    return _by_name(text)


def is_country(code: str) -> bool:
    """Whether this is a country's ISO 3166-1 alpha-2 code in upper case, or XK."""
    return code in _english()


def country_name(code: str) -> str:
    """The English name of a country, "Germany" for "DE"; the code itself where there is none."""
    return _english().get(code, code)


@lru_cache(maxsize=16_384)
def _by_name(text: str) -> str | None:
    spelling = _spelling(text)
    if known := _aliases().get(spelling) or _names().get(spelling):
        return known
    name, comma, form = text.partition(",")
    if comma and form.rstrip().lower().endswith((" of", " of the")):
        return _by_name(f"{form} {name}")
    state = _STATE_FORM.match(spelling)
    rest = spelling[state.end() :] if state else ""
    return _aliases().get(rest) or _names().get(rest)


def _spelling(text: str) -> str:
    plain = fold(text[:_LONGEST].replace("&", " and ")).replace("'", "").replace(".", "")
    words = ["st" if word in ("saint", "sankt") else word for word in _WORDS.findall(plain)]
    return " ".join(words[1:] if words[:1] == ["the"] else words)


@cache
def _english() -> dict[str, str]:
    from babel import Locale

    names = Locale("en").territories.items()
    return {code: name for code, name in names if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES}


@cache
def _codes() -> dict[str, str]:
    """Alpha-2, alpha-3 and numeric codes to alpha-2; withdrawn codes where one country followed."""
    from babel.core import get_global

    countries = _english()
    codes = {code: code for code in countries}
    for alias, now in get_global("territory_aliases").items():
        if len(now) == 1 and now[0] in countries:
            codes.setdefault(alias, now[0])
    return codes | {"XKX": "XK"}


@cache
def _aliases() -> dict[str, str]:
    entries = [entry.strip().partition(" ") for line in _ALIASES.strip().splitlines() for entry in line.split(";")]
    return {name: code for code, _, names in entries for name in names.split("|")}


@cache
def _names() -> dict[str, str]:
    """Names in all `_LANGUAGES`. What is English for one country means it; what means two in others means none."""
    from babel import Locale

    english = {_spelling(name): code for code, name in _english().items()}
    others: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in _english():
                others.setdefault(_spelling(name), set()).add(code)
    return {name: codes.pop() for name, codes in others.items() if len(codes) == 1} | english
