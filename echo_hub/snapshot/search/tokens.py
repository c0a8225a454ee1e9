"""Texts as the words that search compares: the search fold of `text.normal_form`, cut into words."""

from __future__ import annotations

import re

from echo_core.text.normal_form import MARKS, fold

_BY_SIGN = r"\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Scripts written without spaces are indexed sign by sign, all others word by word; "C++" and "C#" stay whole.
_TOKENS = re.compile(rf"[{_BY_SIGN}]|[^\W_{_BY_SIGN}]+(?:[{MARKS}]+[^\W_{_BY_SIGN}]*)*[+#]*")
_LONGEST = 100


def tokens(text: str) -> list[str]:
    """The words of a text in their order; a word too long to be one is left out."""
    words: list[str] = _TOKENS.findall(text.lower() if text.isascii() else fold(text))
    return [word for word in words if len(word) <= _LONGEST] if len(text) > _LONGEST else words
