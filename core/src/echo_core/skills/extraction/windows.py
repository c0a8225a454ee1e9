"""Stretches of a text that may each name a skill: its sentences, their pieces and short runs of words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from echo_core.skills.extraction.boilerplate import quiet_ranges
from echo_core.skills.extraction.negation import denied_places, negated
from echo_core.text.markup import lowered, without_tags

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s+[^\Wa-z])|(?=\n)|$)")
_RUN = re.compile(r"\S+")
_LETTER = re.compile(r"\w")
_BREAK = re.compile(
    r"[,;:!?()\[\]{}/*•|\"]+|\.(?:\s|$)|\s[-–—]+\s|"
    r"\b(?:and|or|as well as|including|such as|und|oder|sowie|och|eller|samt|et|ou|y|o|en|of)\b(?!-)",
    re.IGNORECASE,
)
_ENGLISH_BREAK = re.compile(_BREAK.pattern.replace("|et|ou|y|o|en|of)", ")"), re.IGNORECASE)
_LONGEST = 2_000
"""Characters of a sentence that are looked at together; what is longer is no sentence, and falls into such pieces."""
_RUNS = (3, 5, 8)
"""Words in a run: skills are named in two to eight words (Decorte et al. 2023 and the sets of its benchmark)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence asks for: `text` without what it says is not needed, and its windows as (start, end)."""

    text: str
    windows: tuple[tuple[int, int], ...]


def sentences(text: str, language: str = "en") -> Iterator[Sentence]:
    """The sentences of a text that may name skills; positions refer to the text as given, HTML or plain.

    Nothing comes from passages on equal opportunity, benefits and the employer, nor from clauses that say that
    something is not needed.
    """
    plain = without_tags(text)
    lower = lowered(plain)
    quiet = quiet_ranges(lower)
    starts, ends = [start for start, _ in quiet], list(accumulate((end for _, end in quiet), max))
    denials = denied_places(lower)
    for start, end in _sentences(plain):
        at = bisect_right(starts, start) - 1
        if at >= 0 and start < ends[at]:
            continue
        whole, *parts = _windows(plain, start, end, language)
        if whole[0] == whole[1]:
            continue
        heard = [part for part in (whole, *parts) if not _denied(lower, *part, denials)]
        if heard:
            said = plain[slice(*whole)] if heard[0] == whole else _joined(plain, heard)
            yield Sentence(said, tuple(dict.fromkeys(heard)))


def _sentences(plain: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; those too long to be one in pieces, cut at a blank where there is one."""
    for match in _SENTENCE.finditer(plain):
        start, end = match.span()
        while end - start > _LONGEST:
            cut = plain.rfind(" ", start + 1, start + _LONGEST)
            cut = start + _LONGEST if cut < 0 else cut
            yield start, cut
            start = cut
        yield start, end


def _words(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the words stand between two places; a run of signs without a letter or digit is none."""
    return [run.span() for run in _RUN.finditer(plain, start, end) if _LETTER.search(run[0])]


def _windows(plain: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The sentence itself, what lies between its breaks, and every run of words."""
    words = _words(plain, start, end)
    yield (words[0][0], words[-1][1]) if words else (start, start)
    at = start
    breaks = _ENGLISH_BREAK if language == "en" else _BREAK
    for mark in [*(match.span() for match in breaks.finditer(plain, start, end)), (end, end)]:
        inside = _words(plain, at, mark[0])
        if inside:
            yield inside[0][0], inside[-1][1]
        at = mark[1]
    for length in _RUNS:
        yield from ((words[a][0], words[a + length - 1][1]) for a in range(len(words) - length + 1))


def _denied(lower: str, start: int, end: int, denials: list[int]) -> bool:
    """True when the stretch says "not" or "without" itself, or its clause says that it is not needed."""
    at = bisect_left(denials, start)
    return (at < len(denials) and denials[at] < end) or negated(lower, start, end, denials)


def _joined(plain: str, windows: Sequence[tuple[int, int]]) -> str:
    """The words that lie in some window, once each and in order."""
    said: list[str] = []
    upto = 0
    for start, end in sorted(windows):
        if end > upto:
            said.append(plain[max(start, upto) : end].strip())
            upto = end
    return " ".join(said)
