"""One normal form for names, skills, keys, the queue and search, and one fold for those who search.

`comparable` says when two texts are one text: names and keys are compared by it, and no letter loses a mark that
spells the word. `fold` goes on to what people type who have no such key: search compares by it, and shows the original.
"""

from __future__ import annotations

import re
import unicodedata

_WITH_MARKS = (
    (0x0300, 0x1E00),
    (0x20D0, 0x2100),
    (0x302A, 0x309B),
    (0xA66F, 0xABF0),
    (0xFE20, 0xFE30),
)
"""Where Unicode has combining marks in the scripts of living languages."""


def _marks() -> str:
    """All combining marks as the inside of a character class: runs, so that patterns stay short."""
    codes = [
        code for first, last in _WITH_MARKS for code in range(first, last) if unicodedata.category(chr(code))[0] == "M"
    ]
    runs: list[list[int]] = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)


MARKS = _marks()
"""For a character class: the marks that a letter may wear. To Python's `\\w` they are no part of a word, but the vowels
of Hindi and Thai are such marks."""

WORD = rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*"
"""A run of letters and digits of any script with their marks."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻʹ′‛`"), "'")
_SPELLED = _APOSTROPHES | {ord("İ"): "i"}
"""Turkish capital İ: Python makes an i with a second dot of it, which nothing else is equal to."""


def comparable(text: str) -> str:
    """The form in which equal texts are equal: composed (NFKC), small, one kind of apostrophe and of blank.

    Nothing that is not seen counts. Letters keep their marks: "Resumé" and "Resume" are two words.
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    # The acute accent by itself would come apart into a blank and a mark.
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.replace("´", "'"))).translate(_SPELLED)
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


_LATIN = (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00))
_GREEK = (*range(0x0370, 0x0400), *range(0x1F00, 0x2000))
_WHOLE = {
    "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n",
    "ə": "a", "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": "",
}  # fmt: skip
"""Small letters that Unicode does not take apart, and what people type for them; the Arabic ones as Lucene does."""
_DROPPED = (*range(0x0591, 0x05BE), *range(0x064B, 0x0660), 0x0670, *range(0x0300, 0x0370))
"""Points of Hebrew and Arabic vowels, which are mostly not written, and marks that are left over."""


def _plain(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


_FOLDED: dict[int, str | None] = {
    **{code: _WHOLE.get(plain, plain) for code in (*_LATIN, *_GREEK) if (plain := _plain(chr(code)))},
    **{ord(letter): plain for letter, plain in _WHOLE.items()},
    **dict.fromkeys(_DROPPED),
}
"""Latin and Greek letters without what they wear; letters of most other scripts are different letters with it and stay,
as the Russian й and the Japanese が."""


def fold(text: str) -> str:
    """The form in which a text is found: `comparable`, and without accents, "ß" as "ss", "ø" as "o", "ı" as "i"."""
    text = comparable(text)
    return text if text.isascii() else " ".join(text.translate(_FOLDED).split())


_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def spelled_out(text: str) -> str:
    """`fold`, but with "ue" for "ü" and the like, as German and Nordic names are written without such keys."""
    return fold(comparable(text).translate(_SPELLED_OUT))
