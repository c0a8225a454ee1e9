"""Documents that are indexed together: their fields over one vocabulary."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np

from echo_core.matching.arrays import BoolArray
from echo_hub.snapshot.search.coding import Coding, Numbers, ones_at
from echo_hub.snapshot.search.postings import Field, Postings, SkillField, TextField, WordRange
from echo_hub.snapshot.search.spelling import Spelling
from echo_hub.snapshot.search.tokens import tokens

Texts = tuple[Numbers, Numbers]
"""The words of texts one after another, and how many words each has."""
_LAST = "\U0010ffff"
_NOTHING: Postings = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))


class Segment:
    """Documents with their skills and some texts, over one sorted vocabulary. Immutable.

    The first field is the skills; the last text is searched for whole words only, all other fields for words like a
    word too.

    Args:
        words: a word for every number in the texts, in any order; those that none has are dropped.
        skills: of every document.
        names: of every skill, in the order of `skills.values`.
        texts: per field the texts of all documents.
    """

    def __init__(self, words: Sequence[str], skills: Coding, names: Texts, texts: Sequence[Texts]) -> None:
        used = np.zeros(len(words), dtype=bool)
        for stream, _ in (names, *texts):
            used[stream] = True
        in_order = sorted((words[number], number) for number in np.flatnonzero(used).tolist())
        self.words = [word for word, _ in in_order]
        renumbered = np.zeros(len(words), dtype=np.int32)
        renumbered[[number for _, number in in_order]] = np.arange(len(in_order), dtype=np.int32)
        self.skills = skills
        self.names, *self.texts = (
            TextField.of(renumbered[stream], lengths, len(in_order)) for stream, lengths in (names, *texts)
        )
        self.fields: tuple[Field, ...] = (SkillField.of(self.names, skills), *self.texts)
        loosely = np.logical_or.reduce([field.used for field in self.fields[:-1]])
        self._spelling = Spelling(self.words[number] for number in np.flatnonzero(loosely).tolist())

    def __len__(self) -> int:
        return int(self.skills.matrix.shape[0])

    @classmethod
    def joined(cls, parts: Sequence[tuple[Segment, BoolArray]]) -> Segment:
        """One segment with the documents of several that are still there, in their order."""
        words, skills = _Numbers(), _Numbers()
        names: list[Numbers] = []
        codes: list[Texts] = []
        texts: list[list[Texts]] = [[] for _ in parts[0][0].texts]
        for segment, alive in parts:
            renumbered = np.fromiter(map(words.__getitem__, segment.words), np.int32, len(segment.words))
            for field, streams in zip(segment.texts, texts, strict=True):
                stream = field.stream[np.repeat(alive, field.lengths)]
                streams.append((renumbered[stream], field.lengths[alive]))
            matrix = segment.skills.matrix[alive]
            numbers = np.zeros(len(segment.skills.values), dtype=np.int32)
            for code in np.unique(matrix.indices).tolist():
                numbers[code] = skills[segment.skills.values[code]]
                if numbers[code] == len(names):
                    names.append(renumbered[segment.names.text(code)])
            codes.append((numbers[matrix.indices], np.diff(matrix.indptr)))
        return cls(
            list(words),
            Coding(tuple(skills), ones_at(*_concatenated(codes), len(skills))),
            _concatenated([(name, np.array([len(name)], dtype=np.int32)) for name in names]),
            [_concatenated(streams) for streams in texts],
        )

    def number(self, word: str) -> int | None:
        """The number of a word, None where no document has it."""
        number = bisect_left(self.words, word)
        return number if number < len(self.words) and self.words[number] == word else None

    def beginning(self, letters: str) -> WordRange:
        """The numbers of all words that begin so."""
        return bisect_left(self.words, letters), bisect_left(self.words, letters + _LAST)

    def near(self, word: str) -> list[int]:
        """The numbers of all words at most one typing error away."""
        return [number for near in self._spelling.near(word) if (number := self.number(near)) is not None]

    def having(self, field: int, word: str) -> Postings:
        """Documents with a word in a field, and how often."""
        number = self.number(word)
        return _NOTHING if number is None else self.fields[field].having(number)

    def phrase(self, field: int, words: Sequence[str]) -> Postings:
        """Documents with these words next to one another in a field, and how often."""
        numbers = [number for word in words if (number := self.number(word)) is not None]
        return self.fields[field].phrase(numbers) if len(numbers) == len(words) else _NOTHING

    def phrase_beginning(self, field: int, words: Sequence[str]) -> Postings:
        """Documents with these words next to one another in a field, of the last (not the first) its beginning."""
        numbers = [number for word in words[:-1] if (number := self.number(word)) is not None]
        first, last = self.beginning(words[-1])
        if first == last or len(numbers) < len(words) - 1:
            return _NOTHING
        return self.fields[field].phrase([*numbers, first], last)


class SegmentWriter:
    """Collects documents for a segment.

    Args:
        texts: how many each document has.
        names: all names of a skill as one text.
    """

    def __init__(self, texts: int, names: Callable[[str], str]) -> None:
        self._numbers = _Numbers()
        self._streams = [array("i") for _ in range(texts)]
        self._lengths = [array("i") for _ in range(texts)]
        self._skills: list[Sequence[str]] = []
        self._names = names

    def add(self, skills: Sequence[str], *texts: str) -> None:
        """Adds a document."""
        self._skills.append(skills)
        for stream, lengths, text in zip(self._streams, self._lengths, texts, strict=True):
            lengths.append(self._read(text, stream))

    def _read(self, text: str, stream: array[int]) -> int:
        before = len(stream)
        stream.extend(map(self._numbers.__getitem__, tokens(text)))
        return len(stream) - before

    def segment(self) -> Segment:
        """All documents so far."""
        skills = Coding.of(self._skills)
        stream = array("i")
        lengths = array("i", [self._read(self._names(skill), stream) for skill in skills.values])
        names = (_numbers(stream), _numbers(lengths))
        texts = [
            (_numbers(words), _numbers(counts)) for words, counts in zip(self._streams, self._lengths, strict=True)
        ]
        return Segment(list(self._numbers), skills, names, texts)


class _Numbers(dict[str, int]):
    """Gives every new word the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def _concatenated(texts: Sequence[Texts]) -> Texts:
    none = np.zeros(0, dtype=np.int32)
    return np.concatenate([none, *(words for words, _ in texts)]), np.concatenate(
        [none, *(counts for _, counts in texts)]
    )


def _numbers(collected: array[int]) -> Numbers:
    return np.array(collected, dtype=np.int32)
