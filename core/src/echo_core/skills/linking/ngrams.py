"""A spelling index: finds labels spelled like a name by the pieces of two to four letters their words share.

The cosine is TF-IDF weighted. It works in two steps so that 100,000 labels stay cheap in plain Python: pieces point to
words (there are few distinct ones), and words to labels; the best labels are then compared exactly. It stands apart
from `text.similarity` because linking works without numpy, in a plug-in author's install too.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Sequence
from functools import lru_cache

_SIZES = (2, 3, 4)
_COMMON_SHARE = 0.03
"""A piece that this share of all words contains says too little to search by; it still counts in the comparison."""
_SIMILAR_WORDS = 150
_LEAST_LIKENESS = 0.2
_FREQUENT_SHARE = 0.01
"""A word that this share of all labels contains ("manage") brings in no label by itself; it counts in comparing."""
_COMPARED_LABELS = 200
_NO_PIECES: frozenset[str] = frozenset()


class SpellingIndex:
    """Labels (as keys, see `wording.key`) with a number each; `nearest` gives the numbers spelled most like a name.

    Args:
        labels: one key per label; its position is its number.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._words: dict[str, int] = {}
        self._labels_of: list[array[int]] = []
        self._label_words: list[tuple[str, ...]] = []
        for number, label in enumerate(labels):
            words = tuple(dict.fromkeys(label.split()))
            self._label_words.append(words)
            for word in words:
                at = self._words.setdefault(word, len(self._words))
                if at == len(self._labels_of):
                    self._labels_of.append(array("I"))
                self._labels_of[at].append(number)
        self._weigh(len(labels))
        self._similar = lru_cache(maxsize=20_000)(self._similar_words)

    def _weigh(self, label_count: int) -> None:
        counts: dict[str, int] = {}
        postings: dict[str, array[int]] = {}
        pieces_of = [pieces(word) for word in self._words]
        for at, word_pieces in enumerate(pieces_of):
            seen_in = len(self._labels_of[at])
            for piece in word_pieces:
                counts[piece] = counts.get(piece, 0) + seen_in
                if piece in postings:
                    postings[piece].append(at)
                else:
                    postings[piece] = array("I", (at,))
        self._never = math.log(1.0 + label_count) ** 2
        self._weight = {piece: math.log(1.0 + label_count / count) ** 2 for piece, count in counts.items()}
        ceiling = max(50, int(_COMMON_SHARE * len(self._words)))
        self._postings = {piece: posting for piece, posting in postings.items() if len(posting) <= ceiling}
        weight = self._weight
        norms = [sum([weight[piece] for piece in word_pieces]) for word_pieces in pieces_of]
        self._word_root = [math.sqrt(norm) for norm in norms]
        numbers = self._words
        self._exact_norms = array("d", bytes(8 * label_count))
        self._label_norm = [math.sqrt(sum([norms[numbers[word]] for word in words])) for words in self._label_words]

    def _similar_words(self, word: str) -> tuple[tuple[int, float], ...]:
        """Words that share pieces with this one, best first, with the weight they share."""
        shared: dict[int, float] = {}
        for piece in pieces(word):
            if posting := self._postings.get(piece):
                weight = self._weight[piece]
                for at in posting:
                    shared[at] = shared.get(at, 0.0) + weight
        roots = self._word_root
        norm = math.sqrt(self._sum(pieces(word)))
        least = _LEAST_LIKENESS * norm
        likely = [
            (weight / (roots[at] * norm), at, weight) for at, weight in shared.items() if weight >= least * roots[at]
        ]
        ranked = heapq.nlargest(_SIMILAR_WORDS, likely)
        return tuple((at, weight) for _, at, weight in ranked)

    def nearest(self, name: str, *, limit: int = 40) -> list[tuple[int, float]]:
        """The labels spelled most like a name (given as a key), best first, with their cosine 0..1."""
        words = tuple(dict.fromkeys(name.split()))
        ceiling = max(50, int(_FREQUENT_SHARE * len(self._label_words)))
        scores = self._rough_scores(words, ceiling) or self._rough_scores(words, len(self._label_words))
        norms = self._label_norm
        rough = heapq.nlargest(_COMPARED_LABELS, [(score / norms[label], label) for label, score in scores.items()])
        wanted = _NO_PIECES.union(*[pieces(word) for word in words])
        norm = math.sqrt(self._sum(wanted)) or 1.0
        common: dict[str, frozenset[str]] = {}
        exact = [(label, self._cosine(wanted, norm, label, common)) for _, label in rough]
        exact.sort(key=lambda item: (-item[1], item[0]))
        return exact[:limit]

    def _rough_scores(self, words: Sequence[str], ceiling: int) -> dict[int, float]:
        scores: dict[int, float] = {}
        for word in words:
            for at, weight in self._similar(word):
                labels = self._labels_of[at]
                if len(labels) <= ceiling:
                    for label in labels:
                        scores[label] = scores.get(label, 0.0) + weight
        return scores

    def _cosine(self, wanted: frozenset[str], norm: float, label: int, common: dict[str, frozenset[str]]) -> float:
        """`common` keeps, for one name, what each word has in common with it: labels share most of their words."""
        words = self._label_words[label]
        for word in words:
            if word not in common:
                common[word] = wanted & pieces(word)
        both = common[words[0]] if len(words) == 1 else _NO_PIECES.union(*[common[word] for word in words])
        return self._sum(both) / (norm * self._exact_norm(label))

    def _exact_norm(self, label: int) -> float:
        """The length of a label by its distinct pieces; worked out once, for labels that come up."""
        norm = self._exact_norms[label]
        if not norm:
            theirs = _NO_PIECES.union(*[pieces(word) for word in self._label_words[label]])
            norm = self._exact_norms[label] = math.sqrt(self._sum(theirs))
        return norm

    def _sum(self, word_pieces: frozenset[str]) -> float:
        weight, never = self._weight, self._never
        return sum([weight.get(piece, never) for piece in word_pieces])


@lru_cache(maxsize=200_000)
def pieces(word: str) -> frozenset[str]:
    """The pieces of two to four letters of a word with a blank before and after it."""
    padded = f" {word} "
    length = len(padded)
    return frozenset([padded[at : at + size] for size in _SIZES for at in range(length - size + 1)])
