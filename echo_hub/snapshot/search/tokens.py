"""Texts as the words that search compares: lower case, without accents."""

from __future__ import annotations

import re
import unicodedata

_BY_SIGN = r"\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09d7"
# Scripts written without spaces are indexed sign by sign, all others word by word; "C++" and "C#" stay whole.
_TOKENS = re.compile(rf"[{_BY_SIGN}]|(?:[^\W_{_BY_SIGN}][{_MARKS}]*)+[+#]*")
_LONGEST = 100
_LATIN = (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00))
_WHOLE = {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ø": "o", "Ø": "O"}
_WHOLE |= {"ð": "d", "Ð": "D", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N"}


def _plain(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


_FOLDED = {code: plain for code in _LATIN if (plain := _plain(chr(code))).isascii()} | str.maketrans(_WHOLE)
"""Latin letters without what they wear; letters of other scripts are different letters with it and stay."""


def tokens(text: str) -> list[str]:
    """The words of a text in their order; a word too long to be one is left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    found = _TOKENS.findall(text.lower())
    return [one for one in found if len(one) <= _LONGEST] if len(text) > _LONGEST else found
