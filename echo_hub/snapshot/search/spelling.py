"""Words that one typing error away may have been meant: by edit distance, where `text.similarity` has cosines."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

_LAST = "\U0010ffff"


class Spelling:
    """Words to find by a word with at most one error: a letter more, less or other, or two swapped.

    One error leaves the first or the second half of a word as it is, or swaps the two letters in its middle.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._forward: dict[int, list[str]] = defaultdict(list)
        self._backward: dict[int, list[str]] = defaultdict(list)
        for word in words:
            self._forward[len(word)].append(word)
            self._backward[len(word)].append(word[::-1])
        for bucket in (*self._forward.values(), *self._backward.values()):
            bucket.sort()

    def near(self, word: str) -> set[str]:
        """All words that are at most one error away, the word itself included."""
        return {candidate for candidate in self._like(word) if within_one_error(candidate, word)}

    def _like(self, word: str) -> Iterator[str]:
        middle = len(word) // 2
        tail = word[middle:][::-1]
        for size in (len(word) - 1, len(word), len(word) + 1):
            if size in self._forward:
                yield from _starting(self._forward[size], word[:middle])
                yield from (reverse[::-1] for reverse in _starting(self._backward[size], tail))
        swapped = word[: middle - 1] + word[middle : middle + 1] + word[middle - 1 : middle] + word[middle + 1 :]
        if middle and swapped in _starting(self._forward.get(len(word), []), swapped):
            yield swapped


def within_one_error(word: str, other: str) -> bool:
    """Whether the optimal string alignment distance of two words is at most 1."""
    if abs(len(word) - len(other)) > 1:
        return False
    shorter = min(len(word), len(other))
    same = next((place for place in range(shorter) if word[place] != other[place]), shorter)
    rest, other_rest = word[same:], other[same:]
    if rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]:
        return True
    return rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]


def _starting(words: list[str], beginning: str) -> list[str]:
    return words[bisect_left(words, beginning) : bisect_left(words, beginning + _LAST)]
