"""Documents that are searched: segments with gaps where something was removed, and how relevant a document is.

Relevance is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over the documents that are
there, so it does not depend on which segments they came to lie in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray
from echo_hub.snapshot.search.coding import Numbers
from echo_hub.snapshot.search.postings import Counts, Postings
from echo_hub.snapshot.search.segment import Segment

Relevance = NDArray[np.float32]
_K1, _B = 1.2, 0.75
_JOINED_BELOW = 4
"""A segment is joined with the next if it has less than so many times as many documents that are still there."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment, where its documents begin, and which are still there (None for all)."""

    segment: Segment
    span: slice
    alive: BoolArray | None

    def living(self, docs: Numbers | slice, counts: Counts) -> int:
        """How many documents that are still there these postings have."""
        having = counts > 0
        return int(np.count_nonzero(having if self.alive is None else having & self.alive[docs]))


class Collection:
    """Documents by place. Immutable: a change makes another one, which shares what stayed.

    Args:
        segments: one after another they give every document its place.
        places: of the documents that are there.
    """

    def __init__(self, segments: Sequence[Segment], places: IntArray) -> None:
        self.places = places
        alive = np.zeros(sum(map(len, segments)), dtype=bool)
        alive[places] = True
        self._size = len(alive)
        self._parts: list[_Part] = []
        start = 0
        for segment in segments:
            span = slice(start, start + len(segment))
            here = alive[span]
            self._parts.append(_Part(segment, span, None if here.all() else here))
            start = span.stop
        self._norms = [self._lengthy(field) for field in range(len(segments[0].fields))]

    def _lengthy(self, field: int) -> list[Relevance]:
        """Per segment and document, what the document's length is against the average, as BM25 wants it."""
        lengths = [part.segment.fields[field].lengths for part in self._parts]
        total = int(np.concatenate(lengths)[self.places].sum())
        average = total / max(len(self.places), 1) or 1.0
        return [(_K1 * (1 - _B + _B * length / average)).astype(np.float32) for length in lengths]

    def changed(self, kept: IntArray, more: Segment | None) -> Collection:
        """Another collection: the documents at `places[kept]`, -1 for one that is new, those in the order of `more`."""
        segments = [part.segment for part in self._parts]
        places = np.full(len(kept), -1, dtype=np.int64)
        places[kept >= 0] = self.places[kept[kept >= 0]]
        if more is not None:
            places[kept < 0] = self._size + np.arange(len(more))
            segments.append(more)
        alive = np.zeros(sum(map(len, segments)), dtype=bool)
        alive[places] = True
        there = np.split(alive, np.cumsum(list(map(len, segments)))[:-1])
        joined: list[Segment] = []
        moved: list[IntArray] = []
        start = 0
        for group in _grouped(list(zip(segments, there, strict=True))):
            whole = len(group) == 1 and 2 * np.count_nonzero(group[0][1]) >= len(group[0][0])
            joined.append(group[0][0] if whole else Segment.joined(group))
            here = np.concatenate([living for _, living in group])
            moved.append(start + (np.arange(len(here)) if whole else np.cumsum(here) - 1))
            start += len(joined[-1])
        return Collection(joined, np.concatenate(moved)[places])

    def nothing(self) -> Relevance:
        """No relevance for any place."""
        return np.zeros(self._size, dtype=np.float32)

    def add_words(self, relevance: Relevance, field: int, words: Sequence[str], worth: float) -> None:
        """Raises the relevance of documents with this word, or these words next to one another, in a field."""
        by_word = [[part.segment.having(field, word) for part in self._parts] for word in words]
        rarity = sum(map(self._rarity, by_word))
        postings = by_word[0] if len(words) == 1 else [part.segment.phrase(field, words) for part in self._parts]
        weight = np.float32(worth * rarity * (1 + _K1))
        for part, norms, (docs, counts) in zip(self._parts, self._norms[field], postings, strict=True):
            here = relevance[part.span]
            here[docs] = np.maximum(here[docs], weight * (counts / (counts + norms[docs])))

    def add_phrase_beginning(self, relevance: Relevance, field: int, words: Sequence[str], worth: float) -> None:
        """Raises the relevance of documents with these words next to one another, of the last one its beginning."""
        for part in self._parts:
            here = relevance[part.span]
            docs, counts = part.segment.phrase_beginning(field, words)
            here[docs] = np.maximum(here[docs], np.where(counts > 0, np.float32(worth), np.float32(0)))

    def _rarity(self, postings: Sequence[Postings]) -> float:
        """The inverse document frequency of a word with these postings, per segment."""
        having = sum(part.living(*in_part) for part, in_part in zip(self._parts, postings, strict=True))
        return math.log(1 + (len(self.places) - having + 0.5) / (having + 0.5))

    def set_like(self, relevance: Relevance, word: str, worths: Sequence[tuple[float, int, bool]]) -> None:
        """Sets the relevance of documents with words like a word: a beginning, or one typing error away.

        Args:
            worths: (relevance, field, whether errors are meant, not beginnings), the least relevant first.
        """
        for part in self._parts:
            here, segment = relevance[part.span], part.segment
            start, stop = segment.beginning(word)
            near = segment.near(word) if any(errors for _, _, errors in worths) else []
            misspelled = [(number, number + 1) for number in near if not start <= number < stop]
            for worth, field, errors in worths:
                segment.fields[field].mark(misspelled if errors else [(start, stop)], here, worth)


def _grouped(segments: list[tuple[Segment, BoolArray]]) -> list[list[tuple[Segment, BoolArray]]]:
    """Neighbours to be joined, so that their number grows with the logarithm of the documents'."""
    groups = [[segment] for segment in segments]

    def living(group: list[tuple[Segment, BoolArray]]) -> int:
        return sum(int(np.count_nonzero(alive)) for _, alive in group)

    while len(groups) > 1 and living(groups[-2]) < _JOINED_BELOW * living(groups[-1]):
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups
