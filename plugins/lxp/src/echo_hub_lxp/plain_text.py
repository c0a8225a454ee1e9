"""HTML as vendors put it into descriptions, turned into plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section"})
_SILENT = frozenset({"script", "style", "template", "head"})
_SPACE = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r"\s*\n\s*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- signature of HTMLParser
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in the source is a space; only tags break lines.
            self.parts.append(data.replace("\n", " "))


def plain(html: str) -> str:
    """Text without tags, one line per block, entities resolved, white space collapsed. Scripts and styles are dropped.

    Text that was plain already keeps its line breaks.
    """
    if "<" not in html:
        reader = _Reader()
        lines = []
        for line in html.splitlines():
            reader.parts.clear()
            reader.feed(line)
            reader.close()
            reader.reset()
            lines.append("".join(reader.parts))
        text = "\n".join(lines)
    else:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        text = "".join(reader.parts)
    return _LINES.sub("\n", _SPACE.sub(" ", text)).strip().removesuffix("\n-")
