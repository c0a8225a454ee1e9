"""HTML of a job post to clean text: paragraphs, "- " bullets, no tags, no entities.

Harvest returns real HTML, sanitised by the vendor but with iframe and video left in. The Job Board API returns the
same HTML with its entities escaped once; the vendor's documentation sample is escaped twice.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

_REAL_TAG = re.compile(r"<[a-zA-Z/!]")
_ESCAPED_TAG = re.compile(r"&(?:amp;)*(?:lt|#60|#x3c);/?[a-zA-Z!]", re.IGNORECASE)
_MAX_UNESCAPES = 2


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


def clean_text(html: str | None, *, escaped: bool = False) -> str:
    """The text a person would read: one line per paragraph, a blank line between blocks, "- " before list items.

    Args:
        html: the vendor's markup; None and "" give "".
        escaped: the source escapes its markup (Job Board API), so one unescape is due even when no tag is in it.

    Text inside scripts, styles and embedded media is dropped. Words of neighbouring blocks never run together.
    """
    if not html:
        return ""
    reader = _TextReader(_unescaped(html, escaped=escaped))
    return reader.text()


def _unescaped(html: str, *, escaped: bool) -> str:
    due = escaped
    for _ in range(_MAX_UNESCAPES):
        if _REAL_TAG.search(html) or not (due or _ESCAPED_TAG.search(html)):
            break
        html, due = unescape(html), False
    return html


class _TextReader(HTMLParser):
    """Collects lines while the parser walks the markup."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._lower = html.lower()
        self._lines: list[str] = []
        self._words: list[str] = []
        self._prefix = ""
        self._lists = 0
        self._items = 0
        self._blank_due = False
        self._inside: str | None = None
        self._inside_depth = 0
        self._opened: dict[str, int] = {}
        self.feed(html)
        self.close()

    def text(self) -> str:
        """Everything collected so far."""
        self._end_line()
        return "\n".join(self._lines).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the base's
        """Open a block, a list item or something whose content is dropped."""
        if self._inside is not None:
            self._inside_depth += tag == self._inside
            return
        if tag in _DROPPED:
            self._drop(tag)
        elif tag == "li":
            self._end_line()
            self._blank_due = self._blank_due and not self._items
            self._prefix = "  " * max(self._lists - 1, 0) + "- "
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

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A self-closed element: `<br/>` breaks the line, an empty embed or script hides nothing."""
        if self._inside is None and tag not in _DROPPED:
            self.handle_starttag(tag, attrs)
            if tag in _LISTS or tag == "li":
                self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what `handle_starttag` opened; a closing tag without its opening is harmless."""
        if self._inside is not None:
            if tag == self._inside:
                self._inside_depth -= 1
                if self._inside_depth == 0:
                    self._inside = None
            return
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

    def handle_data(self, data: str) -> None:
        """Keep text unless it stands inside a dropped element."""
        if self._inside is None:
            self._words.append(data)

    def _drop(self, tag: str) -> None:
        # A vendor's editor leaves `<iframe …>` and `<video …>` unclosed now and then; hiding the rest of the post
        # for that would lose the job's text, so only an element that has an end hides its content.
        self._opened[tag] = self._opened.get(tag, 0) + 1
        if self._lower.count(f"</{tag}") >= self._opened[tag]:
            self._inside, self._inside_depth = tag, 1
        self._words.append(" ")

    def _block(self) -> None:
        self._end_line()
        # A paragraph inside a list item belongs to the item: no blank line tears the list apart.
        self._blank_due = self._blank_due or self._items == 0

    def _end_line(self) -> None:
        text = _SPACES.sub(" ", _INVISIBLE.sub("", _CONTROLS.sub(" ", "".join(self._words)))).strip()
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
            self._lines.append("  " * max(self._lists, 1) + text)
        else:
            self._lines.append(text)
