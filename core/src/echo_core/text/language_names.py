"""Languages by name and tag, from CLDR through Babel, which is imported at the first question."""

from __future__ import annotations

import re
from functools import cache

from echo_core.text.normal_form import fold

_NAMED_IN = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "pl", "ja", "zh")
"""In which languages other languages are known by name; each language is known by its own name as well."""

_ALIASES = {"farsi": "fa", "mandarin": "zh", "castilian": "es", "flemish": "nl", "bahasa indonesia": "id"}


def primary(code: str) -> str:
    """The primary tag of a BCP 47 code: "pt" for "pt-BR". People and posts are compared on it."""
    return code.replace("_", "-").split("-")[0].strip().lower()


def language_name(code: str) -> str:
    """The English name of a primary tag, "German" for "de"; the code itself where there is none."""
    return _english().get(code, code)


def language_code(text: str) -> str | None:
    """The primary tag a tag or a name means: "pt" for "pt-BR", "Portuguese" and "português"; None for neither."""
    code = primary(text)
    return code if code in _english() else _names().get(fold(text))


def is_language(code: str) -> bool:
    """Whether this is the primary tag of a language CLDR knows."""
    return code in _english()


@cache
def _english() -> dict[str, str]:
    from babel import Locale

    return {code: name for code, name in Locale("en").languages.items() if re.fullmatch("[a-z]{2,3}", code)}


@cache
def _names() -> dict[str, str]:
    from babel import Locale
    from babel.localedata import exists

    names = {fold(name): code for code, name in _english().items()} | _ALIASES
    for code in _english():
        if exists(code) and (own := Locale.parse(code).languages.get(code)):
            names.setdefault(fold(own), code)
    for language in _NAMED_IN:
        for code, name in Locale.parse(language).languages.items():
            if code in _english():
                names.setdefault(fold(name), code)
    return names
