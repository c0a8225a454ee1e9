"""Plain text from a vendor as paragraphs, lists and the short lines that head them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

_ITEM = re.compile(r"^\s*[-*•‣·–]\s+(.*)$")
_LONGEST_HEAD = 60
_ENDS_SENTENCE = (".", "!", "?", ",", ";", "…", "。")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or head of one line, or a list of several."""

    kind: Literal["paragraph", "head", "list"]
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """The text in blocks. Nothing is left out and nothing reworded; only marks of list items become a list."""
    rough = list(_rough(text))
    return [
        Block("head", block.lines) if _is_head(block) and place + 1 < len(rough) else block
        for place, block in enumerate(rough)
    ]


def _is_head(block: Block) -> bool:
    line = block.lines[0]
    return block.kind == "paragraph" and len(line) <= _LONGEST_HEAD and not line.endswith(_ENDS_SENTENCE)


def _rough(text: str) -> Iterator[Block]:
    items: list[str] = []
    for raw in text.splitlines():
        item = _ITEM.match(raw)
        if item:
            items.append(item.group(1))
            continue
        line = raw.strip()
        if line:
            if items:
                yield Block("list", tuple(items))
                items = []
            yield Block("paragraph", (line,))
    if items:
        yield Block("list", tuple(items))


def with_code(text: str) -> Markup:
    """The text, escaped, with what stands between two back quotes marked up as code."""
    parts = re.split(r"`([^`]+)`", text)
    marked = [Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)]
    return Markup("").join(marked)
