"""Texts with HTML tags in them: tags are blanked out in place, so that every position stays where it was."""

from __future__ import annotations

import re

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_TAG_OR_COMMENT = re.compile(_TAG.pattern + "|<!--.*?-->", re.DOTALL)
_BLOCK = re.compile(r"p|div|br|[uo]l|li|h[1-6]|t[rd]|table|section|article|header|footer|blockquote|hr", re.IGNORECASE)


def without_tags(text: str) -> str:
    """The text at the same length with every tag blank, blocks as line breaks and list items as bullets."""
    if "<" not in text:
        return text
    # Behind the last end of a comment none can end: there each "<!--" would be followed to the end of the text in vain.
    closed = text.rfind("-->") + 3 if "<!--" in text else 0
    return _TAG_OR_COMMENT.sub(_blank, text[:closed]) + _TAG.sub(_blank, text[closed:])


def _blank(match: re.Match[str]) -> str:
    name = match[1] or ""
    if not _BLOCK.fullmatch(name):
        return " " * len(match[0])
    mark = "\n•" if name.lower() == "li" and not match[0].startswith("</") else "\n"
    return mark.ljust(len(match[0]))


def lowered(text: str) -> str:
    """The text in small letters at the same length (the dotted capital I would grow by one)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
