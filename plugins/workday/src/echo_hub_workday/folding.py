"""One spelling for many: how names of countries, cities, languages and levels are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ı": "i", "&": " and ", "'": "", "’": ""})


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The text in lower case without accents and punctuation: "São  Tomé & Co." becomes "sao tome and co"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    words = re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(words.replace("_", " ").split())
