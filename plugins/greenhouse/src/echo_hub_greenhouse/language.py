"""Greenhouse's language codes as BCP 47 tags."""

from __future__ import annotations

import re

VENDOR_CODES = {
    "zhHant": "zh-Hant",
    "iw": "he",
    "se": "sv",
}
"""Codes that are not what they look like. `iw` is the withdrawn code for Hebrew. `se` would be Northern Sami, but
the vendor's list names Finnish and Norwegian and no `sv`: it can only be meant as Swedish."""

_TAG = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$")


def bcp47(code: str | None) -> str | None:
    """The BCP 47 tag for a vendor's code, None for an empty or unreadable one (a post may have no language)."""
    if not code or not code.strip():
        return None
    text = code.strip()
    if text in VENDOR_CODES:
        return VENDOR_CODES[text]
    text = text.replace("_", "-")
    if not _TAG.match(text):
        return None
    primary, *rest = text.split("-")
    shaped = [part.title() if len(part) == 4 else part.upper() for part in rest]
    primary = VENDOR_CODES.get(primary.lower(), primary.lower())
    return "-".join([primary, *shaped])
