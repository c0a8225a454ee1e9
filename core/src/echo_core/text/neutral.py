"""Text from elsewhere as it may be shown: nothing in it steers a terminal, a page's direction, or the reader's eye.

Stored text stays as its source wrote it; it is made neutral at the rims, where people see it. What spells a word stays:
Arabic and Hebrew, the joiners of Persian, Hindi and of emoji, marks, flags.
"""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
"""Shown for a control character: that something was there is worth knowing."""
_MOST_MARKS = 6
"""Combining marks on one letter. No living language stacks more; towers of them hide neighbouring lines."""

_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\ufffb"
_BREAK = r"\x85\u2028\u2029"
_JOINER = r"\u200c\u200d"
_MARK = r"\u061c\u200e\u200f"
_TAG = r"\U000e0000-\U000e007f"
_UNSEEN = rf"\xad\u034f\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0{_TAG}"
_STACKED = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"

_SUSPECT = re.compile(rf"[{_CONTROL}{_BREAK}{_JOINER}{_MARK}{_UNSEEN}]|[{_STACKED}]{{{_MOST_MARKS + 1}}}")
_LINE_END = re.compile(r"\r\n")
_SPACE_FOR = re.compile(rf"[{_BREAK}]")
_REPLACED = re.compile(rf"[{_CONTROL}]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,8}\U000e007f")
_DROPPED = re.compile(rf"(?P<flag>{_FLAG.pattern})|[{_UNSEEN}]")
_TOWER = re.compile(rf"([{_STACKED}]{{{_MOST_MARKS}}})[{_STACKED}]+")
_BETWEEN = re.compile(rf"[{_JOINER}{_MARK}]+")
_FROM_THE_RIGHT = re.compile(r"[\u05d0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ESCAPED = re.compile(rf"[\x7f-\x9f{_BREAK}{_MARK}\ud800-\udfff\ufff9-\ufffb\u200b\u202a-\u202e\u2060-\u206f\ufeff]")


def neutral(text: str) -> str:
    """The text without what steers or hides: controls are shown as a replacement character, the rest is left out.

    Line ends and tabs stay. A joiner stays where it joins (between letters of other alphabets or within an emoji), a
    direction mark in a text with letters that are read from the right. A second call changes nothing.
    """
    if _SUSPECT.search(text) is None:
        return text
    text = _LINE_END.sub("\n", text)
    text = _REPLACED.sub(REPLACEMENT, _SPACE_FOR.sub(" ", text))
    text = _DROPPED.sub(lambda match: match["flag"] or "", text)
    text = _BETWEEN.sub(_kept, text)
    return _TOWER.sub(r"\1", text)


def _kept(match: re.Match[str]) -> str:
    """One of the invisible characters between two others, if it does something there."""
    before = match.string[match.start() - 1] if match.start() else ""
    after = match.string[match.end()] if match.end() < len(match.string) else ""
    for mark in match.group():
        joins = mark in "\u200c\u200d"
        if joins and _joins(before) and _joins(after):
            return mark
        if not joins and _FROM_THE_RIGHT.search(match.string):
            return mark
    return ""


def _joins(character: str) -> bool:
    """Whether a joiner beside it may change how it is written: no letter of Latin, Greek or Cyrillic, no blank."""
    return character > "\u0530" and not character.isspace() and character != REPLACEMENT


def escaped_json(document: str) -> str:
    r"""A JSON document with the same meaning in which such characters are written as ``\uXXXX``."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", document)
