"""Documents as postings: which of them have a word, how often, and where."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray
from echo_hub.market.spelling import Spelling
from echo_hub.market.tokens import tokens

Numbers = NDArray[np.int32]
Counts = NDArray[np.float32]
_LAST = "\U0010ffff"
_NOTHING: tuple[Numbers, Counts] = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of all documents.

    `stream` holds the words of all documents one after another, as numbers; document `d` has those from `starts[d]` to
    `starts[d + 1]`. `places` are the places in the stream by word, ascending within each; word `w` has those from
    `place_edges[w]` to `place_edges[w + 1]`. Likewise `docs` are the documents that have a word, with how often they do
    in `counts`, from `edges[w]` to `edges[w + 1]`.
    """

    stream: Numbers
    starts: Numbers
    places: Numbers
    place_edges: Numbers
    docs: Numbers
    counts: Counts
    edges: Numbers

    @classmethod
    def of(cls, stream: Numbers, lengths: Numbers, words: int) -> Field:
        """Postings of a stream."""
        places = _by_number(stream, words)
        docs = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[places]
        place_edges = _edges(np.bincount(stream, minlength=words))
        first = np.ones(len(docs), dtype=bool)
        np.not_equal(docs[1:], docs[:-1], out=first[1:])
        first[place_edges[:-1][place_edges[:-1] < len(docs)]] = True
        firsts = np.flatnonzero(first)
        return cls(
            stream=stream,
            starts=_edges(lengths),
            places=places,
            place_edges=place_edges,
            docs=docs[firsts],
            counts=np.diff(firsts, append=len(docs)).astype(np.float32),
            edges=np.searchsorted(firsts, place_edges).astype(np.int32),
        )

    @property
    def lengths(self) -> Numbers:
        """How many words each document has."""
        return np.diff(self.starts)

    def having(self, first: int, last: int | None = None) -> tuple[Numbers, Counts]:
        """Documents with a word, or with any of the words from the first up to the last, and how often."""
        start, stop = self.edges[first], self.edges[first + 1 if last is None else last]
        return self.docs[start:stop], self.counts[start:stop]

    def phrase(self, words: Sequence[int]) -> tuple[Numbers, Counts]:
        """Documents with these words next to one another, and how often."""
        sizes = [int(self.place_edges[word + 1] - self.place_edges[word]) for word in words]
        rarest = sizes.index(min(sizes))
        edge = self.place_edges[words[rarest]]
        begins = self.places[edge : edge + sizes[rarest]] - np.int32(rarest)
        for offset, word in enumerate(words):
            if offset != rarest:
                begins = begins[self.stream.take(begins + offset, mode="clip") == word]
        docs = np.searchsorted(self.starts, begins + rarest, side="right").astype(np.int32) - 1
        whole = (begins >= self.starts[docs]) & (begins + len(words) <= self.starts[docs + 1])
        found, counts = np.unique(docs[whole], return_counts=True)
        return found, counts.astype(np.float32)


class Segment:
    """Documents of several fields over one sorted vocabulary. Immutable.

    Args:
        words: a word for every number in the streams, in any order; those that no stream has are dropped.
        streams: per field, the words of all documents one after another.
        lengths: per field, how many words each document has.
        loosely: how many fields, from the first, are also searched for words like a word.
    """

    def __init__(
        self, words: Sequence[str], streams: Sequence[Numbers], lengths: Sequence[Numbers], *, loosely: int
    ) -> None:
        used = np.zeros(len(words), dtype=bool)
        for stream in streams:
            used[stream] = True
        in_order = sorted((words[number], number) for number in np.flatnonzero(used).tolist())
        self.words = [word for word, _ in in_order]
        renumbered = np.zeros(len(words), dtype=np.int32)
        renumbered[[number for _, number in in_order]] = np.arange(len(in_order), dtype=np.int32)
        self.fields = tuple(
            Field.of(renumbered[stream], many, len(in_order)) for stream, many in zip(streams, lengths, strict=True)
        )
        self._loosely = loosely
        there = np.zeros(len(in_order), dtype=bool)
        for one in self.fields[:loosely]:
            there |= np.diff(one.edges) > 0
        self._spelling = Spelling(self.words[number] for number in np.flatnonzero(there).tolist())

    def __len__(self) -> int:
        return len(self.fields[0].starts) - 1

    @classmethod
    def joined(cls, parts: Sequence[tuple[Segment, BoolArray]]) -> Segment:
        """One segment with the documents of several that are still there, in their order."""
        numbers = _Numbers()
        streams: list[list[Numbers]] = [[] for _ in parts[0][0].fields]
        lengths: list[list[Numbers]] = [[] for _ in parts[0][0].fields]
        for segment, alive in parts:
            renumbered = np.fromiter(map(numbers.__getitem__, segment.words), np.int32, len(segment.words))
            for number, field in enumerate(segment.fields):
                streams[number].append(renumbered[field.stream[np.repeat(alive, field.lengths)]])
                lengths[number].append(field.lengths[alive])
        return cls(
            list(numbers),
            [np.concatenate(some) for some in streams],
            [np.concatenate(some) for some in lengths],
            loosely=parts[0][0]._loosely,
        )

    def number(self, word: str) -> int | None:
        """The number of a word, None where no document has it."""
        number = bisect_left(self.words, word)
        return number if number < len(self.words) and self.words[number] == word else None

    def beginning(self, letters: str) -> tuple[int, int]:
        """The numbers of all words that begin so: from the first up to the last."""
        return bisect_left(self.words, letters), bisect_left(self.words, letters + _LAST)

    def near(self, word: str) -> list[int]:
        """The numbers of all words at most one typing error away."""
        return [number for one in self._spelling.near(word) if (number := self.number(one)) is not None]

    def term(self, field: int, word: str) -> tuple[Numbers, Counts]:
        """Documents with a word in a field, and how often."""
        number = self.number(word)
        return _NOTHING if number is None else self.fields[field].having(number)

    def phrase(self, field: int, words: Sequence[str]) -> tuple[Numbers, Counts]:
        """Documents with these words next to one another in a field, and how often."""
        numbers = [number for word in words if (number := self.number(word)) is not None]
        return self.fields[field].phrase(numbers) if len(numbers) == len(words) else _NOTHING


class SegmentWriter:
    """Collects documents for a segment."""

    def __init__(self, fields: int, *, loosely: int) -> None:
        self._numbers = _Numbers()
        self._streams = [array("i") for _ in range(fields)]
        self._lengths = [array("i") for _ in range(fields)]
        self._loosely = loosely

    def numbered(self, text: str) -> array[int]:
        """The words of a text as numbers."""
        return array("i", map(self._numbers.__getitem__, tokens(text)))

    def add(self, *texts: array[int]) -> None:
        """Adds a document: a numbered text per field."""
        for stream, lengths, text in zip(self._streams, self._lengths, texts, strict=True):
            stream.extend(text)
            lengths.append(len(text))

    def segment(self) -> Segment:
        """All documents so far."""
        streams, lengths = (
            [np.frombuffer(one, dtype=np.int32) if one else _NOTHING[0] for one in some]
            for some in (self._streams, self._lengths)
        )
        return Segment(list(self._numbers), streams, lengths, loosely=self._loosely)


class _Numbers(dict[str, int]):
    """Gives every new word the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def _edges(sizes: NDArray[np.integer]) -> Numbers:
    return np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(sizes, dtype=np.int32)))


def _by_number(numbers: Numbers, most: int) -> Numbers:
    """Places of the numbers in stable order; by halves, because numpy sorts 16 bits by radix, many times faster."""
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable").astype(np.int32)
    if most > 1 << 16:
        order = order[np.argsort((numbers >> 16).astype(np.uint16)[order], kind="stable")]
    return order
