"""Postings: which documents have a word in a field, how often, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from echo_core.matching.arrays import BoolArray
from echo_hub.snapshot.search.coding import Coding, Numbers, edges

Counts = NDArray[np.float32]
Postings = tuple[Numbers | slice, Counts]
"""Documents, and how often each has what was looked for; or all documents, of which some do not have it at all."""
WordRange = tuple[int, int]
"""Words that are neighbours in the vocabulary: the first, and the one after the last."""
_NO_DOCS = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class TextField:
    """A text per document.

    `stream` holds the words of all documents one after another; document `d` has those from `starts[d]` to
    `starts[d + 1]`. `places` are the places in the stream by word, ascending within each; word `w` has those from
    `place_edges[w]` to `place_edges[w + 1]`. `counts` is a sparse matrix, by column, of how often documents (rows) have
    words (columns).
    """

    stream: Numbers
    starts: Numbers
    places: Numbers
    place_edges: Numbers
    counts: sparse.csc_array

    @classmethod
    def of(cls, stream: Numbers, lengths: Numbers, words: int) -> TextField:
        """Postings of a stream over so many words."""
        starts = edges(lengths)
        each = np.arange(len(stream) + 1, dtype=np.int32)
        # Turning a matrix from rows to columns is a counting sort of its entries, and keeps their order.
        places = sparse.csr_array((np.ones(len(stream), np.int8), stream, each), shape=(len(stream), words)).tocsc()
        ones = np.ones(len(stream), np.float32)
        counts = sparse.csr_array((ones, stream, starts), shape=(len(lengths), words)).tocsc()
        counts.sum_duplicates()
        return cls(stream, starts, places.indices, places.indptr, counts)

    @property
    def lengths(self) -> Numbers:
        """How many words each document has."""
        return np.diff(self.starts)

    @property
    def used(self) -> BoolArray:
        """Which words occur at all."""
        used: BoolArray = np.diff(self.counts.indptr) > 0
        return used

    def text(self, doc: int) -> Numbers:
        """The words of a document."""
        return self.stream[self.starts[doc] : self.starts[doc + 1]]

    def having(self, word: int) -> tuple[Numbers, Counts]:
        """Documents with a word."""
        span = slice(*self.counts.indptr[word : word + 2])
        return self.counts.indices[span], self.counts.data[span]

    def with_any(self, ranges: Sequence[WordRange]) -> Numbers:
        """Documents with any of the words in any of the ranges, some perhaps more than once."""
        docs, edges = self.counts.indices, self.counts.indptr
        return np.concatenate([_NO_DOCS, *(docs[edges[start] : edges[stop]] for start, stop in ranges)])

    def mark(self, ranges: Sequence[WordRange], marks: Counts, mark: float) -> None:
        """Marks all documents with any of the words in any of the ranges; no mark before was higher."""
        marks[self.with_any(ranges)] = mark

    def phrase(self, words: Sequence[int], last: int | None = None) -> tuple[Numbers, Counts]:
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
        docs, counts = np.unique(docs[whole], return_counts=True)
        return docs, counts.astype(np.float32)


@dataclass(frozen=True, slots=True)
class SkillField:
    """The skills of every document: whoever has a skill has all its names, which are kept only once.

    `names` has the skills for documents; `holders` is a sparse matrix, by row, of skills by the documents with them.
    """

    names: TextField
    holders: sparse.csr_array
    lengths: Numbers

    @classmethod
    def of(cls, names: TextField, skills: Coding) -> SkillField:
        """The field for documents with these skills, in the order of their names."""
        return cls(names, skills.matrix.T.tocsr(), skills.matrix @ names.lengths)

    @property
    def used(self) -> BoolArray:
        """Which words occur at all."""
        return self.names.used

    def having(self, word: int) -> Postings:
        """Documents with a word in the names of their skills."""
        return self._documents(*self.names.having(word))

    def phrase(self, words: Sequence[int], last: int | None = None) -> Postings:
        """Documents with these words next to one another in the names of a skill."""
        return self._documents(*self.names.phrase(words, last))

    def mark(self, ranges: Sequence[WordRange], marks: Counts, mark: float) -> None:
        """Marks all documents with any of the words in any of the ranges; no mark before was higher."""
        marks[self.holders[np.unique(self.names.with_any(ranges))].indices] = mark

    def _documents(self, skills: Numbers, counts: Counts) -> Postings:
        """Documents with these skills, and how often when each skill counts so many times."""
        holders = self.holders[skills]
        each = np.repeat(counts, np.diff(holders.indptr))
        if len(skills) <= 1:
            return holders.indices, each
        return slice(None), np.bincount(holders.indices, each, len(self.lengths)).astype(np.float32)


Field = TextField | SkillField
"""A field of documents. Its words are numbers of a sorted vocabulary."""
