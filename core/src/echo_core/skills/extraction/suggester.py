"""Suggests skills that a text means without naming them, for a person to confirm; nothing here is ever written unasked.

Every sentence is cut into windows, every window is held against the names of all skills, by words, by letters and,
where the operator has named a model, by vectors; `suggesting.toml` says how much each likeness counts.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from echo_core.model.message import Message
from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.extraction.spotter import Spotted, Spotter
from echo_core.skills.extraction.window_likeness import Near, WindowLikeness
from echo_core.skills.extraction.windows import Sentence, sentences
from echo_core.skills.taxonomy.graph import GROUP, Skill, Taxonomy
from echo_core.text.languages import guess_language
from echo_core.text.markup import lowered, without_tags
from echo_core.text.normal_form import comparable
from echo_core.text.similarity import SimilarityIndex, smooth, stems
from echo_core.text.wording import TOKEN, singular, words

_STATIC = ("wordllama-", "own-")
"""Names of encoders that take the mean of a table's vectors: their cosines say less than a sentence model's."""
_STEM = 6
_MOST_SENTENCES = 1_000
"""Distinct sentences of a text that are looked at: more than any post has, and a bound to the time a text can take."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A skill that `text[start:end]` seems to mean. `confidence` is the estimated chance, 0..1, that it does.

    `automatic` is True where the text names the skill so clearly that it may be stored as it is.
    """

    skill_id: str
    confidence: float
    start: int
    end: int
    text: str
    automatic: bool
    reason: Message


@dataclass(frozen=True)
class _Names:
    """What texts of one language are compared with: for each name the number of its skill, and if it is preferred."""

    owners: Any
    preferred: Any
    windows: WindowLikeness
    topics: SimilarityIndex
    descriptions: SimilarityIndex


class Suggester:
    """Suggests skills of one taxonomy. Indexes are built at first need.

    Args:
        taxonomy: groups in it are never suggested.
        encoder: vectors to use as well, None for names and spellings alone.
        spotter: the dictionary; made from the taxonomy when not given.
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder | None = None, spotter: Spotter | None = None) -> None:
        self.taxonomy = taxonomy
        self._encoder = encoder
        self._spotter = spotter or Spotter(taxonomy)
        self._weights = weights_for(encoder)
        self._skills = [
            skill for skill in taxonomy if skill.kind != GROUP and taxonomy.standing_for(skill.id) == skill.id
        ]
        self._numbers = {skill.id: at for at, skill in enumerate(self._skills)}
        self._names: dict[str, _Names] = {}

    def suggest(
        self, text: str, *, language: str | None = None, top: int = 10, least: float | None = None
    ) -> tuple[Suggestion, ...]:
        """The skills a text most likely asks for, best first.

        Args:
            text: plain text or HTML; positions refer to it as given.
            language: ISO 639-1 code; guessed when not given.
            top: how many at most.
            least: least confidence of a suggestion, by default what is worth a look; 0 ranks without judging.
        """
        plain = without_tags(text)
        least = self._weights["offered"] if least is None else least
        language = language or guess_language(lowered(plain)) or "en"
        parts = list(sentences(text, language))
        if not parts or not self._skills:
            return ()
        hits = self._spotter.spot(text, language=language)
        nearest: dict[int, tuple[float, tuple[int, int]]] = {}
        for sentence, named in self._distinct(parts, hits):
            for number, confidence, window in self._in_sentence(plain, sentence, named, language, top, least):
                if confidence > nearest.get(number, (-1.0, window))[0]:
                    nearest[number] = confidence, window
        best = sorted(nearest.items(), key=lambda item: (-item[1][0], self._skills[item[0]].id))[:top]
        return tuple(self._suggestion(plain, hits, *suggested) for suggested in best)

    def _distinct(
        self, parts: Sequence[Sentence], hits: Sequence[Spotted]
    ) -> Iterator[tuple[Sentence, tuple[int, ...]]]:
        """Sentences with the numbers of the skills that they name outright; the same sentence comes once."""
        starts = [hit.start for hit in hits]
        seen: set[tuple[str, tuple[int, ...]]] = set()
        for sentence in parts:
            first, last = sentence.windows[0][0], max(end for _, end in sentence.windows)
            inside = hits[bisect_left(starts, first) : bisect_left(starts, last)]
            named = tuple(
                self._numbers[hit.skill_id] for hit in inside if hit.automatic and hit.skill_id in self._numbers
            )
            if (sentence.text, named) not in seen:
                seen.add((sentence.text, named))
                yield sentence, named
                if len(seen) == _MOST_SENTENCES:
                    return

    def _in_sentence(
        self, plain: str, sentence: Sentence, named: Sequence[int], language: str, top: int, least: float
    ) -> list[tuple[int, float, tuple[int, int]]]:
        """(skill number, chance, window that speaks for it) of the most likely skills of one sentence."""
        names = self._names_in(language)
        near = names.windows.near(*_words_and_windows(plain, sentence))
        owners = names.owners[near.names]
        likeness, vectors = self._likeness(plain, sentence, named, names, near)
        score = sum(self._weights[name] * values for name, values in likeness.items() if name in self._weights)
        chance = 1 / (1 + np.exp(-score - self._weights["bias"]))
        likely = np.argsort(-chance, kind="stable")[:top]
        places = near.letters if vectors is None else vectors
        chosen = []
        for number in likely[chance[likely] >= least]:
            own = places[:, owners == number].max(axis=1, initial=0.0) if vectors is None else places[:, number]
            chosen.append((int(number), float(chance[number]), sentence.windows[int(own.argmax())]))
        return chosen

    def _likeness(
        self, plain: str, sentence: Sentence, named: Sequence[int], names: _Names, near: Near
    ) -> tuple[dict[str, Any], Any]:
        """Each likeness of `suggesting.toml` per skill; windows × skills by vectors, where there are any."""
        owners = names.owners[near.names]
        likeness = {
            "common": self._common,
            "named": self._named(named),
            "letters": self._by_skill(near.letters, owners),
            "covered": self._by_skill(near.covered, owners),
            "called": self._by_skill(near.covered * names.preferred[near.names], owners),
            "topic": names.topics.cosines([sentence.text]).toarray()[0],
            "described": names.descriptions.cosines([sentence.text]).toarray()[0],
        }
        if self._encoder is None:
            return likeness, None
        windows = [plain[start:end] for start, end in sentence.windows]
        rows = self._centred(self._encoder.encode([sentence.text, *windows]))
        vectors = rows[1:] @ self._label_rows.T
        return likeness | {"sentence": self._label_rows @ rows[0], "phrase": vectors.max(axis=0)}, vectors

    def _by_skill(self, near: Any, owners: Any) -> Any:
        """The best of each skill over all windows and its names, from windows × names."""
        values = np.zeros(len(self._skills), dtype=np.float32)
        np.maximum.at(values, owners, near.max(axis=0))
        return values

    def _named(self, numbers: Sequence[int]) -> Any:
        values = np.zeros(len(self._skills), dtype=np.float32)
        values[list(numbers)] = 1.0
        return values

    @cached_property
    def _common(self) -> Any:
        """ln(1 + number of occupations that ask for the skill), per skill."""
        counts = Counter(
            self.taxonomy.standing_for(skill.skill_id)
            for occupation in self.taxonomy.occupations.values()
            for skill in occupation.skills
        )
        return np.log1p(np.array([counts[skill.id] for skill in self._skills], dtype=np.float32))

    def _names_in(self, language: str) -> _Names:
        """All names in a language; the English ones of skills that have none in it."""
        if language not in self._names:
            listed = [_names_of(skill, language) for skill in self._skills]
            self._names[language] = _Names(
                owners=np.repeat(np.arange(len(listed)), [len(names) for names in listed]),
                preferred=np.array([preferred for names in listed for _, preferred in names]),
                windows=WindowLikeness([text for names in listed for text, _ in names]),
                topics=_by_stems([" ".join(text for text, _ in names) for names in listed]),
                descriptions=_by_stems([f"{skill.label} {skill.description}" for skill in self._skills]),
            )
        return self._names[language]

    @cached_property
    def _label_vectors(self) -> tuple[Any, Any]:
        """The mean of the names' vectors, and the centred vectors themselves."""
        assert self._encoder is not None
        rows = self._encoder.encode([skill.label for skill in self._skills])
        middle = rows.mean(axis=0)
        return middle, _unit(rows - middle)

    @property
    def _label_rows(self) -> Any:
        return self._label_vectors[1]

    def _centred(self, rows: Any) -> Any:
        return _unit(rows - self._label_vectors[0])

    def _suggestion(
        self, plain: str, hits: Sequence[Spotted], number: int, nearest: tuple[float, tuple[int, int]]
    ) -> Suggestion:
        skill = self._skills[number]
        confidence, (start, end) = nearest
        hit = max(
            (hit for hit in hits if hit.skill_id == skill.id),
            key=lambda spotted: (spotted.automatic, -spotted.start),
            default=None,
        )
        if hit is not None:
            start, end, reason = hit.start, hit.end, hit.reason
        else:
            how = "suggest-meaning" if self._encoder else "suggest-wording"
            reason = Message(how, {"words": " ".join(plain[start:end].split()), "skill": skill.label})
        return Suggestion(
            skill_id=skill.id,
            confidence=round(confidence, 3),
            start=start,
            end=end,
            text=plain[start:end],
            automatic=hit is not None and hit.automatic,
            reason=reason,
        )


def weights_for(encoder: Encoder | None) -> Mapping[str, float]:
    """What each likeness counts for, see `suggesting.toml`: one table for names alone and one per kind of model."""
    written = tomllib.loads((files("echo_core.skills.extraction") / "suggesting.toml").read_text(encoding="utf-8"))
    static = encoder is not None and encoder.name.startswith(_STATIC)
    kind = "words" if encoder is None else "static" if static else "model"
    numbers: dict[str, float] = written[kind]
    return numbers


def _names_of(skill: Skill, language: str) -> list[tuple[str, bool]]:
    """The names of a skill in a language, else those in English, each with whether it is the preferred one."""
    for wanted in (language, "en"):
        if names := [(label.text, label.preferred) for label in skill.labels if label.language == wanted]:
            return names
    return [(skill.label, True)]


def _words_and_windows(plain: str, sentence: Sentence) -> tuple[list[str], Any]:
    """The words of a sentence, and its windows as runs of them."""
    spans = np.array(sentence.windows)
    first, last = int(spans[:, 0].min()), int(spans[:, 1].max())
    spans -= first
    tokens = list(TOKEN.finditer(lowered(plain[first:last])))
    starts, ends = [match.start() for match in tokens], [match.end() for match in tokens]
    runs = np.stack([np.searchsorted(starts, spans[:, 0]), np.searchsorted(ends, spans[:, 1], side="right")], axis=1)
    return [comparable(match[0]) for match in tokens], np.maximum.accumulate(runs, axis=1)


def _by_stems(texts: Sequence[str]) -> SimilarityIndex:
    """An index by word stems, their first six letters: they join "manage", "managing" and "management"."""
    return SimilarityIndex(texts, stems(lambda word: singular(word)[:_STEM], _STEM), words=words, rarity=smooth)


def _unit(rows: Any) -> Any:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)
