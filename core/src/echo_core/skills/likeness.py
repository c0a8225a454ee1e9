"""TF-IDF likeness between stretches of text and labels, by word stems or by letter n-grams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from typing import Any

from echo_core.skills.wording import singular, words

_STEM = 6
_PIECES = (3, 4, 5)


def stem(word: str) -> tuple[str, ...]:
    """A word cut to its first six letters, which joins "manage", "managing" and "management"."""
    return (singular(word)[:_STEM],)


def pieces(word: str) -> tuple[str, ...]:
    """Every run of three to five letters of a word, its ends marked by blanks."""
    marked = f" {word} "
    return tuple(marked[at : at + size] for size in _PIECES for at in range(len(marked) - size + 1))


class Likeness:
    """Cosine of TF-IDF vectors to a fixed list of documents; tf = 1 + ln(count), idf = ln((1 + n) / (1 + df)) + 1.

    Args:
        documents: what texts are compared with; their number is the number of columns.
        terms: what a word is compared by.
    """

    def __init__(self, documents: Sequence[str], terms: Callable[[str], tuple[str, ...]]) -> None:
        import numpy as np

        self._terms_of = terms
        self._terms: dict[str, int] = {}
        counted = self._counts(documents, grow=True)
        seen_in = np.bincount(counted.indices, minlength=len(self._terms))
        self._idf = (np.log((1 + len(documents)) / (1 + seen_in)) + 1).astype(np.float32)
        self._columns = self._weighed(counted).T.tocsr()

    def to(self, texts: Sequence[str]) -> Any:
        """Sparse texts × documents matrix of cosines, 0..1."""
        return self._weighed(self._counts(texts)) @ self._columns

    def _counts(self, texts: Sequence[str], *, grow: bool = False) -> Any:
        """Texts × terms: how often each text has each term. By way of the distinct words, of which there are few."""
        numbers: dict[str, int] = {}
        said = [[numbers.setdefault(word, len(numbers)) for word in words(text)] for text in texts]
        made: list[list[int]] = []
        for word in numbers:
            if grow:
                made.append([self._terms.setdefault(term, len(self._terms)) for term in self._terms_of(word)])
            else:
                made.append([self._terms[term] for term in self._terms_of(word) if term in self._terms])
        return _sparse(said, len(numbers)) @ _sparse(made, len(self._terms))

    def _weighed(self, counted: Any) -> Any:
        import numpy as np

        rows = np.repeat(np.arange(counted.shape[0]), np.diff(counted.indptr))
        weighed = counted.copy()
        weighed.data = (1 + np.log(weighed.data)) * self._idf[weighed.indices]
        lengths = np.sqrt(np.bincount(rows, weights=weighed.data**2, minlength=counted.shape[0])).astype(np.float32)
        weighed.data = (weighed.data / lengths[rows]).astype(np.float32)
        return weighed


def _sparse(rows: Sequence[Sequence[int]], width: int) -> Any:
    """A counting matrix: for each row, how often each column is listed."""
    import numpy as np
    from scipy import sparse

    ends = np.fromiter(accumulate(map(len, rows), initial=0), dtype=np.int32, count=len(rows) + 1)
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(ends[-1]))
    made = sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(rows), width))
    made.sum_duplicates()
    return made
