"""HTML cut into texts and tags, in one pass whatever the markup looks like.

The standard library's parser reads from every tag that never ends to the end of the text, so that some pages of junk
stop it for minutes. Here a place once searched in vain is not searched again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_NAME = re.compile(r"[a-zA-Z][^\t\n\r\f />\x00]*")
_VALUE_OR_END = re.compile(r"""=[ \t\n\r\f]*+(["'])|>""")
_COMMENT_ENDS = re.compile(r"--!?>")
_RAW = frozenset({"script", "style", "textarea", "title", "iframe"})
"""What is in these elements is text to the end tag, whatever it looks like."""


class Token(NamedTuple):
    """A piece of text as written, or a tag by its name in small letters; `closed` is an open tag that ends in "/>"."""

    kind: Literal["text", "open", "close"]
    value: str
    closed: bool = False


def tokens(html: str) -> Iterator[Token]:
    """The texts and tags of HTML in their order; comments, declarations and instructions are left out.

    What only begins like a tag is text: nothing is lost because a tag does not end.
    """
    scanner = _Scanner(html)
    at = said = 0
    while (at := html.find("<", at)) >= 0:
        tokens = scanner.tag(at)
        if tokens is None:
            at += 1
            continue
        token, end = tokens
        if at > said:
            yield Token("text", html[said:at])
        if token is not None:
            yield token
            if token.kind == "open" and token.value in _RAW and not token.closed:
                closing = scanner.closing(token.value, end)
                if closing > end:
                    yield Token("text", html[end:closing])
                    end = closing
        at = said = end
    if said < len(html):
        yield Token("text", html[said:])


class _Scanner:
    """Finds the ends of tags, and remembers which ends are not to be found any more."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._last_end = html.rfind(">")
        self._quotes_end = True
        self._comments_end = True
        self._closings_end: dict[str, bool] = {}

    def tag(self, at: int) -> tuple[Token | None, int] | None:
        """What stands at a "<" and where it ends: a tag, or None for what is no content; None where it is text."""
        html = self._html
        if at >= self._last_end:
            return None
        if html.startswith("<!--", at) and (end := self._comment_end(at + 4)) >= 0:
            return None, end
        if html[at + 1] in "!?":
            return None, html.index(">", at) + 1
        close = html[at + 1] == "/"
        name = _NAME.match(html, at + 1 + close)
        if name is None:
            return (None, at + 3) if close and html[at + 2] == ">" else None
        end = self._tag_end(name.end())
        value = name[0].lower()
        return Token("close", value) if close else Token("open", value, html[end - 2] == "/"), end

    def closing(self, name: str, at: int) -> int:
        """Where the next end tag of a name begins, -1 where none comes."""
        if not self._closings_end.get(name, True):
            return -1
        match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._html, at)
        self._closings_end[name] = match is not None
        return match.start() if match else -1

    def _comment_end(self, at: int) -> int:
        match = _COMMENT_ENDS.search(self._html, at) if self._comments_end else None
        self._comments_end = match is not None
        return match.end() if match else -1

    def _tag_end(self, at: int) -> int:
        """The place after the ">" that ends a tag: not one in quotes, unless the quotes never end."""
        html, place = self._html, at
        while self._quotes_end:
            match = _VALUE_OR_END.search(html, place)
            if match is None:
                self._quotes_end = False
            elif match[1] is None:
                return match.end()
            else:
                place = html.find(match[1], match.end()) + 1
                self._quotes_end = place > 0
        return html.index(">", at) + 1
