"""Whether a text can be read as a name at all: it has a letter or a digit that is seen."""

from __future__ import annotations

import unicodedata

_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
"""The fillers of Hangul: letters to Unicode, nothing to the eye."""


def has_letters_or_digits(text: str) -> bool:
    """True when the text has a letter or digit of any script that is seen.

    False for "???", "—", "💡", marks without a letter, spaces, and characters of no width, the fillers of Hangul
    included. A name without any has no key (`wording.key`) and nobody could ask for it.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return any(char.isalnum() and char not in _INVISIBLE_LETTERS for char in text)
