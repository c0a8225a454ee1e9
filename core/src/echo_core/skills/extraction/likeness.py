"""TF-IDF likeness between stretches of text and documents, by word stems."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np
from scipy import sparse

from echo_core.skills.occupations.title_grams import unit_rows
from echo_core.text.wording import singular, words

_STEM = 6
_COMMON_SHARE = 0.2
"""A stem that more of the documents contain ("and", "using") says next to nothing and costs most of the time."""
_COMMON_FROM = 1_000
"""Documents from which common stems are left out; with fewer nothing is slow, and every stem may be common."""


def stem(word: str) -> str:
    """A word cut to its first six letters, which joins "manage", "managing" and "management"."""
    return singular(word)[:_STEM]


class Likeness:
    """Cosine of TF-IDF vectors to a fixed list of documents; tf = 1 + ln(count), idf = ln((1 + n) / (1 + df)) + 1.

    Args:
        documents: what texts are compared with; their number is the number of columns.
    """

    def __init__(self, documents: Sequence[str]) -> None:
        self._stems: dict[str, int] = {}
        counted = self._counts(documents, grow=True)
        seen_in = np.bincount(counted.indices, minlength=counted.shape[1])
        rarity = np.log((1 + len(documents)) / (1 + seen_in)) + 1
        if len(documents) >= _COMMON_FROM:
            rarity[seen_in > _COMMON_SHARE * len(documents)] = 0.0
        self._rarity = rarity.astype(np.float32)
        self._columns = self._weighed(counted).T.tocsr()

    def to(self, text: str) -> Any:
        """The cosine to every document, 0..1."""
        return (self._weighed(self._counts([text])) @ self._columns).toarray()[0]

    def _counts(self, texts: Sequence[str], *, grow: bool = False) -> Any:
        """Texts × stems: how often each text has each stem. By way of the distinct words, of which there are few."""
        numbers: dict[str, int] = {}
        said = [[numbers.setdefault(word, len(numbers)) for word in words(text)] for text in texts]
        if grow:
            stems = [self._stems.setdefault(stem(word), len(self._stems)) for word in numbers]
        else:
            stems = [self._stems.get(stem(word), -1) for word in numbers]
        return counting([[at for number in one if (at := stems[number]) >= 0] for one in said], len(self._stems))

    def _weighed(self, counted: Any) -> Any:
        weighed = counted.copy()
        weighed.data = (1 + np.log(weighed.data)) * self._rarity[weighed.indices]
        return unit_rows(weighed)


def counting(rows: Sequence[Sequence[int]], width: int) -> Any:
    """A counting matrix: for each row, how often each column is listed."""
    ends = np.fromiter(accumulate(map(len, rows), initial=0), dtype=np.int32, count=len(rows) + 1)
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(ends[-1]))
    made = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), max(width, 1)))
    made.sum_duplicates()
    return made
