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
        for some in (*self._forward.values(), *self._backward.values()):
            some.sort()

    def near(self, word: str) -> set[str]:
        """All words that are at most one error away, the word itself included."""
        return {one for one in self._like(word) if within_one_error(one, word)}

    def _like(self, word: str) -> Iterator[str]:
        middle = len(word) // 2
        tail = word[middle:][::-1]
        for size in (len(word) - 1, len(word), len(word) + 1):
            if size in self._forward:
                yield from _starting(self._forward[size], word[:middle])
                yield from (one[::-1] for one in _starting(self._backward[size], tail))
        swapped = word[: middle - 1] + word[middle : middle + 1] + word[middle - 1 : middle] + word[middle + 1 :]
        if middle and swapped in _starting(self._forward.get(len(word), []), swapped):
            yield swapped


def within_one_error(one: str, other: str) -> bool:
    """Whether the optimal string alignment distance of two words is at most 1."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        same += 1
    rest, left = one[same:], other[same:]
    if rest[1:] == left[1:] or rest[1:] == left or rest == left[1:]:
        return True
    return rest[:2] == left[1::-1] and rest[2:] == left[2:]


def _starting(words: list[str], beginning: str) -> list[str]:
    return words[bisect_left(words, beginning) : bisect_left(words, beginning + _LAST)]
