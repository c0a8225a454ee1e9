"""Which documents have a word in a field, how often, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray
from echo_hub.snapshot.search.bits import Bits, frequent, packed_all, unpacked
from echo_hub.snapshot.search.coding import Coding, Numbers, edges, ranges

Counts = NDArray[np.float32]
Listed = tuple[Numbers, Counts]
"""Documents, and how often each has what was looked for."""
Found = Listed | tuple[slice, Counts]
"""The same; or all documents, of which some do not have it at all."""
_HEAVY = 4
_LIGHT = 1000
"""A word is heavy if the skills it names have a holder for one in so many documents, unless those are few."""


class Field(Protocol):
    """What a field of documents can be asked. Words are numbers of a sorted vocabulary."""

    @property
    def lengths(self) -> Numbers:
        """How many words each document has."""

    @property
    def used(self) -> BoolArray:
        """Which words occur at all."""

    def having(self, word: int) -> Found:
        """Documents with a word."""

    def phrase(self, words: Sequence[int], last: int | None = None) -> Found:
        """Documents with these words next to one another; the last may be any up to `last`, excluded."""

    def mark(self, first: int, last: int, marks: Counts, mark: float) -> None:
        """Marks all documents with any of the words from the first up to the last; no mark before was higher."""


@dataclass(frozen=True, slots=True)
class TextField:
    """A text per document.

    `stream` holds the words of all documents one after another; document `d` has those from `starts[d]` to
    `starts[d + 1]`. `places` are the places in the stream by word, ascending within each; word `w` has those from
    `place_edges[w]` to `place_edges[w + 1]`. Likewise `docs` are the documents by word, with how often they have it in
    `counts`; word `w` has those from `doc_edges[w]` to `doc_edges[w + 1]`.
    """

    stream: Numbers
    starts: Numbers
    places: Numbers
    place_edges: Numbers
    docs: Numbers
    counts: Counts
    doc_edges: Numbers

    @classmethod
    def of(cls, stream: Numbers, lengths: Numbers, words: int) -> TextField:
        """Postings of a stream over so many words."""
        places = by_number(stream, words)
        docs = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[places]
        place_edges = edges(np.bincount(stream, minlength=words))
        first = np.ones(len(docs), dtype=bool)
        np.not_equal(docs[1:], docs[:-1], out=first[1:])
        first[place_edges[:-1][place_edges[:-1] < len(docs)]] = True
        firsts = np.flatnonzero(first)
        return cls(
            stream=stream,
            starts=edges(lengths),
            places=places,
            place_edges=place_edges,
            docs=docs[firsts],
            counts=np.diff(firsts, append=len(docs)).astype(np.float32),
            doc_edges=np.searchsorted(firsts, place_edges).astype(np.int32),
        )

    @property
    def lengths(self) -> Numbers:
        """How many words each document has."""
        return np.diff(self.starts)

    @property
    def used(self) -> BoolArray:
        """Which words occur at all."""
        return np.diff(self.doc_edges) > 0

    def text(self, doc: int) -> Numbers:
        """The words of a document."""
        return self.stream[self.starts[doc] : self.starts[doc + 1]]

    def having(self, word: int) -> Listed:
        """Documents with a word."""
        span = slice(self.doc_edges[word], self.doc_edges[word + 1])
        return self.docs[span], self.counts[span]

    def with_any(self, first: int, last: int) -> Numbers:
        """Documents with any of the words from the first up to the last, some perhaps more than once."""
        return self.docs[self.doc_edges[first] : self.doc_edges[last]]

    def mark(self, first: int, last: int, marks: Counts, mark: float) -> None:
        """Marks all documents with any of the words from the first up to the last; no mark before was higher."""
        marks[self.with_any(first, last)] = mark

    def phrase(self, words: Sequence[int], last: int | None = None) -> Listed:
        """Documents with these words next to one another; the last may be any up to `last`, excluded."""
        ends = [word + 1 for word in words]
        exact = len(words) if last is None else len(words) - 1
        ends[-1] = ends[-1] if last is None else last
        sizes = [int(self.place_edges[word + 1] - self.place_edges[word]) for word in words[:exact]]
        rarest = sizes.index(min(sizes))
        edge = self.place_edges[words[rarest]]
        begins = self.places[edge : edge + sizes[rarest]] - np.int32(rarest)
        for offset, (word, end) in enumerate(zip(words, ends, strict=True)):
            if offset != rarest:
                there = self.stream.take(begins + offset, mode="clip")
                begins = begins[(there >= word) & (there < end)]
        docs = np.searchsorted(self.starts, begins + rarest, side="right").astype(np.int32) - 1
        whole = (begins >= self.starts[docs]) & (begins + len(words) <= self.starts[docs + 1])
        found, counts = np.unique(docs[whole], return_counts=True)
        return found, counts.astype(np.float32)


@dataclass(frozen=True, slots=True)
class SkillField:
    """The skills of every document: whoever has a skill has all its names, which are kept only once.

    `names` has the skills for documents. `holders` are the documents by skill; skill `s` has those from
    `holder_edges[s]` to `holder_edges[s + 1]`. A skill that many have is a row of `bits` too: `bit_rows[s]`, or -1.
    `heavy` are words that very many have in some skill: how often each document has it.
    """

    names: TextField
    holders: Numbers
    holder_edges: Numbers
    lengths: Numbers
    bits: Bits
    bit_rows: IntArray
    heavy: dict[int, Counts]

    @classmethod
    def of(cls, names: TextField, skills: Coding) -> SkillField:
        """The field for documents with these skills, in the order of their names."""
        count, size = len(skills.values), len(skills.lengths)
        holders = skills.listings()[by_number(skills.codes, count)]
        sizes = np.bincount(skills.codes, minlength=count)
        holder_edges = edges(sizes)
        often = frequent(sizes, size)
        many = np.flatnonzero(often).tolist()
        found = cls(
            names=names,
            holders=holders,
            holder_edges=holder_edges,
            lengths=np.diff(edges(names.lengths[skills.codes])[edges(skills.lengths)]),
            bits=packed_all((holders[holder_edges[one] : holder_edges[one + 1]] for one in many), size),
            bit_rows=np.where(often, np.cumsum(often) - 1, -1),
            heavy={},
        )
        words = np.repeat(np.arange(len(names.used)), np.diff(names.doc_edges))
        weights = np.bincount(words, sizes[names.docs], minlength=len(names.used))
        for word in np.flatnonzero(weights >= max(size / _HEAVY, _LIGHT)).tolist():
            found.heavy[word] = found._counted(*names.having(word))
        return found

    @property
    def used(self) -> BoolArray:
        """Which words occur at all."""
        return self.names.used

    def having(self, word: int) -> Found:
        """Documents with a word in the names of their skills."""
        heavy = self.heavy.get(word)
        return self._held(*self.names.having(word)) if heavy is None else (slice(None), heavy)

    def phrase(self, words: Sequence[int], last: int | None = None) -> Found:
        """Documents with these words next to one another in the names of a skill."""
        return self._held(*self.names.phrase(words, last))

    def mark(self, first: int, last: int, marks: Counts, mark: float) -> None:
        """Marks all documents with any of the words from the first up to the last; no mark before was higher."""
        skills = np.unique(self.names.with_any(first, last))
        rows = self.bit_rows[skills]
        marks[self.holders[self._entries(skills[rows < 0])]] = mark
        if (rows >= 0).any():
            many = np.bitwise_or.reduce(self.bits[rows[rows >= 0]], axis=0)
            np.maximum(marks, unpacked(many, len(marks)) * np.float32(mark), out=marks)

    def _entries(self, skills: Numbers) -> Numbers:
        starts = self.holder_edges[skills]
        return ranges(starts, self.holder_edges[skills + 1] - starts)

    def _held(self, skills: Numbers, counts: Counts) -> Found:
        if len(skills) > 1:
            return slice(None), self._counted(skills, counts)
        docs = self.holders[self._entries(skills)]
        return docs, np.full(len(docs), counts[0] if len(counts) else 0, dtype=np.float32)

    def _counted(self, skills: Numbers, counts: Counts) -> Counts:
        each = np.repeat(counts, self.holder_edges[skills + 1] - self.holder_edges[skills])
        sums = np.bincount(self.holders[self._entries(skills)], each, minlength=len(self.lengths))
        return sums.astype(np.float32)


def by_number(numbers: Numbers, most: int) -> Numbers:
    """Places of the numbers in stable order; by halves, because numpy sorts 16 bits by radix, many times faster."""
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable").astype(np.int32)
    if most > 1 << 16:
        order = order[np.argsort((numbers >> 16).astype(np.uint16)[order], kind="stable")]
    return order
