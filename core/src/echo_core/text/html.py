"""HTML as vendors put it into descriptions, turned into the text a person would read: paragraphs, "- " bullets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from echo_core.text.entities import unescaped
from echo_core.text.tags import Token, tokens

_REAL_TAG = re.compile(r"<[a-zA-Z/!]")
_ESCAPED_TAG = re.compile(r"&(?:amp;)*+(?:lt|#60|#x3c);/?[a-zA-Z!]", re.IGNORECASE)
_MAX_UNESCAPES = 2
_DEEPEST = 8
"""Levels of a list that are indented; deeper ones stand under the last, or the blanks would outgrow the text."""


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_DROPPED = _tags("script style template noscript head title iframe object video audio svg math canvas select textarea")
_PARAGRAPHS = _tags(
    "p div section article header footer main aside nav blockquote pre figure figcaption address table ul ol dl form "
    "fieldset details summary h1 h2 h3 h4 h5 h6 hr center"
)
_LINES = _tags("br tr caption dt dd option thead tbody tfoot")
_CELLS = _tags("td th")
_LISTS = _tags("ul ol menu")

_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""C0 and C1 controls. PostgreSQL refuses U+0000 in text, and nobody can read the others."""


def html_to_text(html: str | None, *, escaped: bool = False, plain_lines: bool = False) -> str:
    """The text a person would read: one line per paragraph, a blank line between blocks, "- " before list items.

    Text inside scripts, styles and embedded media is dropped. Words of neighbouring blocks never run together. Markup
    that was escaped once or twice is unescaped first. The time it takes grows as the text does.

    Args:
        html: the vendor's markup; None and "" give "".
        escaped: the source escapes its markup, so one unescape is due even when no tag is in it.
        plain_lines: the source may also send plain text: where there is no tag, line breaks are kept.
    """
    if not html:
        return ""
    html = _unescaped(html, escaped=escaped)
    if plain_lines and not _REAL_TAG.search(html):
        lines = [_one_line(unescaped(line)) for line in html.splitlines()]
        kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        return "\n".join(kept).strip()
    reader = _Reader()
    reader.read(list(tokens(html)))
    return reader.text()


def _unescaped(html: str, *, escaped: bool) -> str:
    due = escaped
    for _ in range(_MAX_UNESCAPES):
        if _REAL_TAG.search(html) or not (due or _ESCAPED_TAG.search(html)):
            break
        html, due = unescaped(html), False
    return html


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", _INVISIBLE.sub("", _CONTROLS.sub(" ", text))).strip()


def _hidden(read: Sequence[Token]) -> dict[int, int]:
    """Where a dropped element begins and ends.

    A vendor's editor leaves `<iframe …>` and `<video …>` unclosed now and then; hiding the rest of the post for that
    would lose the job's text, so only an element that has an end hides its content.
    """
    ends: dict[int, int] = {}
    waiting: dict[str, list[int]] = {}
    for at, token in enumerate(read):
        if token.kind == "open" and token.value in _DROPPED and not token.closed:
            waiting.setdefault(token.value, []).append(at)
        elif token.kind == "close" and (opened := waiting.get(token.value)):
            ends[opened.pop()] = at
    return ends


class _Reader:
    """Collects lines while the tokens of the markup go by."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._words: list[str] = []
        self._prefix = ""
        self._lists = 0
        self._items = 0
        self._blank_due = False

    def read(self, read: Sequence[Token]) -> None:
        """Goes through all tokens, past those of hidden elements."""
        hidden = _hidden(read)
        at = 0
        while at < len(read):
            token = read[at]
            if token.kind == "text":
                self._words.append(unescaped(token.value))
            elif token.value in _DROPPED:
                self._words.append(" ")
                at = hidden.get(at, at)
            elif token.kind == "open":
                self._open(token.value)
                if token.closed and (token.value in _LISTS or token.value == "li"):
                    self._close(token.value)
            else:
                self._close(token.value)
            at += 1

    def text(self) -> str:
        """Everything collected so far."""
        self._end_line()
        return "\n".join(self._lines).strip()

    def _open(self, tag: str) -> None:
        if tag == "li":
            self._end_line()
            self._blank_due = self._blank_due and not self._items
            self._prefix = "  " * min(max(self._lists - 1, 0), _DEEPEST) + "- "
            self._items += 1
        elif tag in _LISTS:
            self._lists += 1
            self._block()
        elif tag in _PARAGRAPHS:
            self._block()
        elif tag in _LINES:
            self._end_line()
        elif tag in _CELLS:
            self._words.append(" ")

    def _close(self, tag: str) -> None:
        """Closes what `_open` opened; a closing tag without its opening is harmless."""
        if tag == "li":
            self._end_line()
            self._prefix = ""
            self._items = max(self._items - 1, 0)
        elif tag in _LISTS:
            self._end_line()
            self._lists = max(self._lists - 1, 0)
            self._blank_due = self._blank_due or self._lists == 0
        elif tag in _PARAGRAPHS:
            self._block()
        elif tag in _LINES:
            self._end_line()
        elif tag in _CELLS:
            self._words.append(" ")

    def _block(self) -> None:
        self._end_line()
        # A paragraph inside a list item belongs to the item: no blank line tears the list apart.
        self._blank_due = self._blank_due or self._items == 0

    def _end_line(self) -> None:
        text = _one_line("".join(self._words))
        self._words.clear()
        if not text:
            return
        if self._blank_due and self._lines:
            self._lines.append("")
        self._blank_due = False
        if self._prefix:
            self._lines.append(self._prefix + text)
            self._prefix = ""
        elif self._items:
            self._lines.append("  " * min(max(self._lists, 1), _DEEPEST) + text)
        else:
            self._lines.append(text)
