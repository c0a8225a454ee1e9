"""Where somebody goes after the sign-in: a path of ours, never another site's address."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 1_500
"""Characters; it travels in a cookie."""


def return_path(to: str) -> str:
    """The path as it may be used, "/" where it is none of ours.

    Browsers read `//name` and `/\\name` as other sites, drop tabs and line ends, and take a backslash for a slash.
    """
    ours = to.startswith("/") and not to.startswith("//") and "\\" not in to and len(to) <= LONGEST
    if not ours or any(ord(character) < 0x20 or ord(character) == 0x7F for character in to):
        return "/"
    parts = urlsplit(to)
    return to if not parts.scheme and not parts.netloc and not parts.path.startswith("/sign-") else "/"
