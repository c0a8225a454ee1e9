"""Character references ("&amp;", "&#228;") as the characters they stand for."""

from __future__ import annotations

import re
from html import unescape

_ENDLESS = re.compile(r"&#(?:[0-9]{100,}|[xX][0-9a-fA-F]{100,});?")
"""A number no character has. Python refuses to read a number of thousands of digits at all."""


def unescaped(text: str) -> str:
    """The text with its character references resolved, as browsers do; a number no character has is U+FFFD."""
    if "&" not in text:
        return text
    return unescape(_ENDLESS.sub("\ufffd", text))
