"""How alike texts are: sparse TF-IDF rows over features of their words, and the cosine between rows.

One index serves names of occupations and skills, by the pieces of letters in their words, and descriptions, by the
stems of theirs. Three measures are no cosine over such rows and have files of their own: `linking.ngrams` (one name
against 100,000 at a time, in plain Python, as linking has to work without numpy), `embeddings.text_pieces` (columns of
a fixed number for a model that learns a vector for each) and `search.spelling` (words one typing error away).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import Any

import numpy as np
from scipy import sparse

_COMMON_SHARE = 0.2
"""A feature that more of the texts contain ("er ", "and") says next to nothing and costs most of the time."""
_PRUNED_FROM = 1_000
"""Texts from which common features are left out; with fewer nothing is slow, and every feature may be common."""
_MULTIPLIER = np.uint64(6364136223846793005)
"""Knuth's, of the linear congruential generator with 64 bits: it spreads letters over the whole number."""

Features = Callable[[Sequence[str]], tuple[Any, Any]]
"""For words, their features: the number of the word each belongs to, and its code, 64 bits, so that none collide."""
Rarity = Callable[[int, Any], Any]
"""What features weigh, from the number of texts and, for each feature, in how many it is."""


def steep(texts: int, seen_in: Any) -> Any:
    """ln(1 + N / n): what nearly every text has weighs little. For pieces of letters."""
    return np.log1p(texts / np.maximum(seen_in, 1))


def smooth(texts: int, seen_in: Any) -> Any:
    """ln((1 + N) / (1 + n)) + 1: whatever a text has weighs something. For words."""
    return np.log((1 + texts) / (1 + seen_in)) + 1


class SimilarityIndex:
    """Texts as unit TF-IDF rows, tf = 1 + ln(count); `rows` is `len(texts)` × features, float32, sparse.

    Args:
        texts: what others are compared with; a text's position is its number.
        features: of a word.
        words: of a text; parted by blanks when not given.
        rarity: what features weigh.
    """

    def __init__(
        self,
        texts: Sequence[str],
        features: Features,
        *,
        words: Callable[[str], list[str]] = str.split,
        rarity: Rarity = steep,
    ) -> None:
        self._features = features
        self._words = words
        places, said = self._said(texts)
        owners, codes = features(list(places))
        self._codes, columns = np.unique(codes, return_inverse=True)
        counts = self._counts(said, owners, columns)
        seen_in = np.bincount(counts.indices, minlength=counts.shape[1])
        weights = rarity(len(texts), seen_in).astype(np.float32)
        if len(texts) >= _PRUNED_FROM:
            weights[seen_in > _COMMON_SHARE * len(texts)] = 0.0
        self._weights = weights
        self.rows = self._weigh(counts)

    def vectors(self, texts: Sequence[str]) -> Any:
        """Unit rows of other texts over the same features; unknown features are left out; an empty text is zeros."""
        places, said = self._said(texts)
        owners, codes = self._features(list(places))
        if not len(self._codes):
            return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
        columns = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        known = self._codes[columns] == codes
        return self._weigh(self._counts(said, owners[known], columns[known]))

    def cosines(self, texts: Sequence[str]) -> Any:
        """The cosine of other texts to every text of the index, 0..1, sparse: other texts × texts."""
        return (self.vectors(texts) @ self._columns).tocsr()

    @cached_property
    def _columns(self) -> Any:
        return self.rows.T.tocsr()

    def _said(self, texts: Sequence[str]) -> tuple[dict[str, int], Any]:
        """The words of texts with their columns, and texts × words: how often each is said."""
        places: dict[str, int] = {}
        said = [[places.setdefault(word, len(places)) for word in self._words(text)] for text in texts]
        return places, counting(said, len(places))

    def _counts(self, said: Any, owners: Any, columns: Any) -> Any:
        """Texts × features, 1 + ln of how often, by way of texts × words: a word is cut once, however many have it."""
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


def letter_pieces(sizes: Sequence[int] = (2, 3, 4)) -> Features:
    """The features of a word that are its pieces of so many letters, with a blank before and after it."""

    def pieces(words: Sequence[str]) -> tuple[Any, Any]:
        letters = np.frombuffer(f" {' '.join(words)} ".encode("utf-32-le", "surrogatepass"), np.uint32).astype(
            np.uint64
        )
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

    return pieces


def stems(stem: Callable[[str], str], longest: int) -> Features:
    """The features of a word that are its one stem, of at most so many letters."""

    def coded(words: Sequence[str]) -> tuple[Any, Any]:
        cut = [stem(word).encode("utf-32-le", "surrogatepass").ljust(4 * longest, b"\0") for word in words]
        if not cut:
            return np.zeros(0, np.int64), np.zeros(0, np.uint64)
        letters = np.frombuffer(b"".join(cut), np.uint32).astype(np.uint64).reshape(len(words), longest)
        codes = np.zeros(len(words), np.uint64)
        for at in range(longest):
            codes = codes * _MULTIPLIER + letters[:, at]
        return np.arange(len(words)), codes

    return coded


def counting(rows: Sequence[Sequence[int]], width: int) -> Any:
    """A counting matrix: for each row, how often each column is listed."""
    ends = np.fromiter(accumulate(map(len, rows), initial=0), dtype=np.int32, count=len(rows) + 1)
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(ends[-1]))
    made = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), max(width, 1)))
    made.sum_duplicates()
    return made


def unit_rows(matrix: Any) -> Any:
    """A sparse matrix with every row scaled to length 1; a zero row stays zero."""
    scaled = matrix.astype(np.float32)
    squares = sparse.csr_matrix((scaled.data**2, scaled.indices, scaled.indptr), shape=scaled.shape)
    lengths = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
    lengths[lengths == 0.0] = 1.0
    scaled.data /= np.repeat(lengths.astype(np.float32), np.diff(scaled.indptr))
    return scaled
