"""Spelling as vectors: the pieces of two to four letters of a text's words, weighted by how rare they are.

`ngrams.SpellingIndex` finds single names in plain Python; here whole lists of titles are compared at once, with numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

_SIZES = (2, 3, 4)
_COMMON_SHARE = 0.2
"""A piece that more of the texts contain ("er ") says next to nothing and costs most of the time: it is left out."""
_PRUNED_FROM = 1_000
"""Texts from which common pieces are left out; with fewer nothing is slow, and every piece may be common."""
_MULTIPLIER = np.uint64(6364136223846793005)
"""Knuth's, of the linear congruential generator with 64 bits: it spreads letters over the whole number."""


class TitleGrams:
    """Texts as unit TF-IDF rows over their letter pieces; `rows` is `len(texts)` × pieces, float32, sparse.

    Args:
        texts: as `plain_title` gives them.
        sizes: letters in a piece.
    """

    def __init__(self, texts: Sequence[str], sizes: Sequence[int] = _SIZES) -> None:
        self._sizes = sizes
        places, said = _said(texts)
        owners, codes = _cut(list(places), sizes)
        self._codes, columns = np.unique(codes, return_inverse=True)
        counts = self._counts(said, owners, columns)
        seen_in = np.bincount(counts.indices, minlength=counts.shape[1])
        weights = np.log1p(len(texts) / np.maximum(seen_in, 1)).astype(np.float32)
        if len(texts) >= _PRUNED_FROM:
            weights[seen_in > _COMMON_SHARE * len(texts)] = 0.0
        self._weights = weights
        self.rows = self._weigh(counts)

    def vectors(self, texts: Sequence[str]) -> Any:
        """Unit rows of other texts over the same pieces; pieces never seen are left out; an empty text is zeros."""
        places, said = _said(texts)
        owners, codes = _cut(list(places), self._sizes)
        if not len(self._codes):
            return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
        columns = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        known = self._codes[columns] == codes
        return self._weigh(self._counts(said, owners[known], columns[known]))

    def _counts(self, said: Any, owners: Any, columns: Any) -> Any:
        """Texts × pieces, 1 + log of how often, by way of texts × words: a word is cut once, however many have it."""
        ones = np.ones(len(columns), dtype=np.float32)
        shape = (said.shape[1], max(len(self._codes), 1))
        counts = said @ sparse.csr_matrix((ones, (owners, columns)), shape=shape)
        counts.data = 1.0 + np.log(counts.data)
        return counts

    def _weigh(self, counts: Any) -> Any:
        weighed = counts.astype(np.float32)
        weighed.data *= self._weights[weighed.indices]
        if len(weighed.data) and not weighed.data.all():
            weighed.eliminate_zeros()
        return unit_rows(weighed)


def _said(texts: Sequence[str]) -> tuple[dict[str, int], Any]:
    """The words of texts with their columns, and texts × words: how often each is said."""
    places: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    for text in texts:
        columns += [places.setdefault(word, len(places)) for word in text.split()]
        ends.append(len(columns))
    shape = (len(texts), max(len(places), 1))
    ones = np.ones(len(columns), dtype=np.float32)
    return places, sparse.csr_matrix((ones, np.array(columns, np.int32), np.array(ends, np.int32)), shape=shape)


def _cut(words: Sequence[str], sizes: Sequence[int]) -> tuple[Any, Any]:
    """The pieces of " word ", for each the number of its word and a code of its letters: 64 bits, so none collide."""
    letters = np.frombuffer(f" {' '.join(words)} ".encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    blank = letters == ord(" ")
    word = np.cumsum(blank) - 1
    owners, codes = [], []
    for size in sizes if words else ():
        count = max(len(letters) - size + 1, 0)
        code = np.zeros(count, np.uint64)
        across = np.zeros(count, bool)
        for at in range(size):
            code = code * _MULTIPLIER + letters[at : at + count]
            if 0 < at < size - 1:
                across |= blank[at : at + count]
        owners.append(word[:count][~across])
        codes.append(code[~across])
    return (np.concatenate(owners), np.concatenate(codes)) if words else (word[:0], letters[:0])


def unit_rows(matrix: Any) -> Any:
    """A sparse matrix with every row scaled to length 1; a zero row stays zero."""
    scaled = matrix.astype(np.float32)
    squares = sparse.csr_matrix((scaled.data**2, scaled.indices, scaled.indptr), shape=scaled.shape)
    lengths = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
    lengths[lengths == 0.0] = 1.0
    scaled.data /= np.repeat(lengths.astype(np.float32), np.diff(scaled.indptr))
    return scaled
