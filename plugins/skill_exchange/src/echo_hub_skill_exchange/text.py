"""Texts and links from a catalog anybody in the company may edit: cleaned, capped, never trusted."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urljoin, urlsplit

TITLE_CAP = 300
LINE_CAP = 200
DESCRIPTION_CAP = 20_000
LINK_CAP = 2_000

# Overrides and isolates reorder the letters around them (a title could show another title); the marks that
# right-to-left languages need (U+200E, U+200F) and the joiner inside emoji (U+200D) stay.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str | None, *, cap: int = DESCRIPTION_CAP) -> str:
    """The text without control and reordering characters, line ends as "\\n", at most `cap` characters."""
    if not text:
        return ""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        letter
        for letter in unified
        if letter in "\n\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _REORDERING)
    )
    return kept.strip()[:cap].rstrip()


def one_line(text: str | None, *, cap: int = LINE_CAP) -> str:
    """The text on one line with single spaces, at most `cap` characters."""
    return re.sub(r"\s+", " ", clean(text, cap=max(cap * 4, cap))).strip()[:cap].rstrip()


def safe_link(link: str | None, base: str) -> str | None:
    """The absolute http or https address of a link, resolved against `base`; None for anything else.

    `javascript:` and `data:` links are refused by Backstage's own notification route too.
    """
    if not link:
        return None
    text = link.strip()
    if not text or len(text) > LINK_CAP or any(letter.isspace() or ord(letter) < 32 for letter in text):
        return None
    try:
        absolute = urljoin(base.rstrip("/") + "/", text)
        parts = urlsplit(absolute)
    except ValueError:
        return None
    return absolute if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None
