"""How like windows of a text are to names: from words to words by their letters, from words to names.

A window is as like a name as their words are, the rare ones counting more (soft TF-IDF, Cohen, Ravikumar and Fienberg
2003). Windows are runs of words: the words of a sentence are held against the names once, and every window is the
difference of two running sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from echo_core.text.similarity import SimilarityIndex, counting, letter_pieces
from echo_core.text.wording import words

_PIECES = (3, 4, 5)
_LEAST_SIMILARITY = 0.35
"""Cosine of letters from which two words are alike; what is less alike shares an ending or so."""
_MOST_SIMILAR = 40
_COMPARED_NAMES = 2_000
_KEPT_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Near:
    """Names near a sentence: their numbers, and windows × these names, 0..1: cosine, and share of the name covered."""

    names: Any
    letters: Any
    covered: Any


class WindowLikeness:
    """Holds the windows of sentences against a fixed list of names.

    Args:
        names: what is compared with; a name's position is its number.
    """

    def __init__(self, names: Sequence[str]) -> None:
        places: dict[str, int] = {}
        said = counting([[places.setdefault(word, len(places)) for word in words(name)] for name in names], len(places))
        seen_in = np.bincount(said.indices, minlength=said.shape[1])
        self._rarity = (np.log((1 + len(names)) / (1 + seen_in)) + 1).astype(np.float32)
        said.data = self._rarity[said.indices]
        self._lengths = np.sqrt(np.asarray(said.multiply(said).sum(axis=1)).ravel()).clip(min=1e-6)
        self._columns = said.T.tocsr()
        self._grams = SimilarityIndex(list(places), letter_pieces(_PIECES))
        self._similar_words: dict[str, tuple[Any, Any, float]] = {}

    def near(self, said: Sequence[str], windows: Any) -> Near:
        """The names of which a sentence says most, at most two thousand.

        Args:
            said: the words of the sentence, lower-cased.
            windows: windows × 2, the number of the first word and of the one after the last.
        """
        similarities, weights = self._spelled(said)
        shared = similarities @ self._columns
        total = np.bincount(shared.indices, weights=shared.data, minlength=shared.shape[1]) / self._lengths
        names = np.flatnonzero(total)
        if len(names) > _COMPARED_NAMES:
            names = names[np.argpartition(-total[names], _COMPARED_NAMES)[:_COMPARED_NAMES]]
        first, last = windows[:, 0], windows[:, 1]
        sums = _running(shared, names)
        both = sums[last] - sums[first]
        squares = np.cumsum([0.0, *weights.astype(float) ** 2])
        lengths = np.sqrt(squares[last] - squares[first]).astype(np.float32)[:, None]
        named = self._lengths[names].astype(np.float32)
        letters = both / named / np.where(lengths > 0, lengths, 1.0)
        return Near(names, np.minimum(letters, 1.0), np.minimum(both / named**2, 1.0))

    def _spelled(self, said: Sequence[str]) -> tuple[Any, Any]:
        """Words × words of the names, by how alike they are, and what each word weighs."""
        self._meet([word for word in dict.fromkeys(said) if word not in self._similar_words])
        similar = [self._similar_words[word] for word in said]
        ends = np.cumsum([0, *(len(columns) for columns, _, _ in similar)])
        columns = np.concatenate([np.zeros(0, np.int32), *(columns for columns, _, _ in similar)])
        similarities = np.concatenate([np.zeros(0, np.float32), *(similarities for _, similarities, _ in similar)])
        weights = np.array([weight for _, _, weight in similar], dtype=np.float32)
        return sparse.csr_matrix((similarities, columns, ends), shape=(len(said), len(self._rarity))), weights

    def _meet(self, unknown: Sequence[str]) -> None:
        """Finds what words are like, and remembers it: texts say the same words again and again."""
        if not unknown:
            return
        if len(self._similar_words) > _KEPT_WORDS:
            self._similar_words.clear()
        likeness = self._grams.cosines(unknown)
        for at, word in enumerate(unknown):
            part = slice(likeness.indptr[at], likeness.indptr[at + 1])
            columns, similarities = likeness.indices[part], likeness.data[part]
            kept = np.flatnonzero(similarities >= _LEAST_SIMILARITY)
            kept = kept[np.argsort(-similarities[kept], kind="stable")[:_MOST_SIMILAR]]
            columns, similarities = columns[kept], similarities[kept]
            # A word that no name has weighs what the one most like it weighs, as far as it is like it.
            weight = float(similarities[0] * self._rarity[columns[0]]) if len(kept) else 0.0
            self._similar_words[word] = columns, similarities * np.float32(weight), weight


def _running(shared: Any, names: Any) -> Any:
    """Sums over the words before each word, words + 1 × names, of words × all names."""
    place = np.full(shared.shape[1], -1, dtype=np.int32)
    place[names] = np.arange(len(names), dtype=np.int32)
    rows = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    columns = place[shared.indices]
    kept = columns >= 0
    sums = np.zeros((shared.shape[0] + 1, len(names)), dtype=np.float32)
    sums[rows[kept] + 1, columns[kept]] = shared.data[kept]
    return np.cumsum(sums, axis=0, out=sums)
