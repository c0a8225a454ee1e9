"""Which documents have a word in a field, how often, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray
from echo_hub.market.coding import Coding, Numbers, edges, ranges

Counts = NDArray[np.float32]
Found = tuple[Numbers, Counts]
"""Documents, ascending, and how often each has what was looked for."""


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

    def phrase(self, words: Sequence[int]) -> Found:
        """Documents with these words next to one another."""

    def with_any(self, first: int, last: int) -> Numbers:
        """Documents with any of the words from the first up to the last, some perhaps more than once."""


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

    def having(self, word: int) -> Found:
        """Documents with a word."""
        span = slice(self.doc_edges[word], self.doc_edges[word + 1])
        return self.docs[span], self.counts[span]

    def with_any(self, first: int, last: int) -> Numbers:
        """Documents with any of the words from the first up to the last, some perhaps more than once."""
        return self.docs[self.doc_edges[first] : self.doc_edges[last]]

    def phrase(self, words: Sequence[int]) -> Found:
        """Documents with these words next to one another."""
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


@dataclass(frozen=True, slots=True)
class SkillField:
    """The skills of every document: whoever has a skill has all its names, which are kept only once.

    `names` has the skills for documents. `holders` are the documents by skill; skill `s` has those from
    `holder_edges[s]` to `holder_edges[s + 1]`.
    """

    names: TextField
    holders: Numbers
    holder_edges: Numbers
    lengths: Numbers

    @classmethod
    def of(cls, names: TextField, skills: Coding) -> SkillField:
        """The field for documents with these skills, in the order of their names."""
        count = len(skills.values)
        holders = skills.listings()[by_number(skills.codes, count)]
        starts = edges(skills.lengths)
        lengths = np.diff(edges(names.lengths[skills.codes])[starts])
        return cls(names, holders, edges(np.bincount(skills.codes, minlength=count)), lengths)

    @property
    def used(self) -> BoolArray:
        """Which words occur at all."""
        return self.names.used

    def having(self, word: int) -> Found:
        """Documents with a word in the names of their skills."""
        return self._held(*self.names.having(word))

    def phrase(self, words: Sequence[int]) -> Found:
        """Documents with these words next to one another in the names of a skill."""
        return self._held(*self.names.phrase(words))

    def with_any(self, first: int, last: int) -> Numbers:
        """Documents with any of the words from the first up to the last, some perhaps more than once."""
        return self.holders[self._entries(np.unique(self.names.with_any(first, last)))]

    def _entries(self, skills: Numbers) -> Numbers:
        starts = self.holder_edges[skills]
        return ranges(starts, self.holder_edges[skills + 1] - starts)

    def _held(self, skills: Numbers, counts: Counts) -> Found:
        docs = self.holders[self._entries(skills)]
        each = np.repeat(counts, self.holder_edges[skills + 1] - self.holder_edges[skills])
        if len(skills) < 2:
            return docs, each
        sums = np.bincount(docs, each, minlength=len(self.lengths))
        found = np.flatnonzero(sums)
        return found.astype(np.int32), sums[found].astype(np.float32)


def by_number(numbers: Numbers, most: int) -> Numbers:
    """Places of the numbers in stable order; by halves, because numpy sorts 16 bits by radix, many times faster."""
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable").astype(np.int32)
    if most > 1 << 16:
        order = order[np.argsort((numbers >> 16).astype(np.uint16)[order], kind="stable")]
    return order
