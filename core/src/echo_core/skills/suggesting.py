"""Suggests skills that a text means without naming them, for a person to confirm; nothing here is ever written unasked.

Every sentence is cut into windows, every window is held against the names of all skills, by words, by letters and,
where the operator has named a model, by vectors; `suggesting.toml` says how much each likeness counts.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from echo_core.skills.languages import guess_language
from echo_core.skills.likeness import Likeness, pieces, stem
from echo_core.skills.markup import lowered, without_tags
from echo_core.skills.spotting import Spotted, Spotter
from echo_core.skills.taxonomy import GROUP, Taxonomy
from echo_core.skills.vectors import Encoder
from echo_core.skills.windows import Sentence, sentences


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
    reason: str


@dataclass(frozen=True)
class _Names:
    """What texts of one language are compared with. `owners` gives the skill of each name, in ascending order."""

    owners: Any
    stems: Likeness
    letters: Likeness
    preferred: Likeness
    topics: Likeness
    descriptions: Likeness


class Suggester:
    """Suggests skills of one taxonomy. Indexes are built at first need; needs numpy and scipy.

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
        asked = list(sentences(text, language))
        if not asked or not self._skills:
            return ()
        hits = self._spotter.spot(text, language=language)
        found: dict[int, tuple[float, tuple[int, int]]] = {}
        for sentence in asked:
            for number, confidence, window in self._in_sentence(plain, sentence, hits, language, top, least):
                if confidence > found.get(number, (-1.0, window))[0]:
                    found[number] = confidence, window
        best = sorted(found.items(), key=lambda item: (-item[1][0], self._skills[item[0]].id))[:top]
        return tuple(self._suggestion(plain, hits, *one) for one in best)

    def _in_sentence(
        self, plain: str, sentence: Sentence, hits: Sequence[Spotted], language: str, top: int, least: float
    ) -> list[tuple[int, float, tuple[int, int]]]:
        """(skill number, chance, window that speaks for it) of the most likely skills of one sentence."""
        import numpy as np

        names = self._names_in(language)
        likeness, near, vectors = self._likeness(plain, sentence, hits, names)
        score = sum(self._weights[name] * values for name, values in likeness.items()) + self._weights["bias"]
        chance = 1 / (1 + np.exp(-score))
        likely = np.argsort(-chance, kind="stable")[:top]
        chosen = likely[chance[likely] >= least]
        places = self._best_windows(near, vectors, names, chosen)
        return [
            (int(number), float(chance[number]), sentence.windows[place])
            for number, place in zip(chosen, places, strict=True)
        ]

    def _likeness(
        self, plain: str, sentence: Sentence, hits: Sequence[Spotted], names: _Names
    ) -> tuple[dict[str, Any], list[Any], Any]:
        """Each likeness of `suggesting.toml` per skill; windows × names by words; windows × skills by vectors."""
        windows = [plain[start:end] for start, end in sentence.windows]
        near = [names.stems.to(windows), names.letters.to(windows)]
        likeness = {
            "common": self._common,
            "named": self._named(sentence, hits, automatic=True),
            "alias": self._named(sentence, hits, automatic=False),
            "stems": self._by_skill(near[0], names),
            "letters": self._by_skill(near[1], names),
            "called": self._by_skill(names.preferred.to(windows)),
            "topic": names.topics.to([sentence.text]).toarray()[0],
            "described": names.descriptions.to([sentence.text]).toarray()[0],
        }
        vectors = None
        if self._encoder:
            rows = self._centred(self._encoder.encode([sentence.text, *windows]))
            likeness["sentence"] = self._label_rows @ rows[0]
            vectors = rows[1:] @ self._label_rows.T
            likeness["phrase"] = vectors.max(axis=0)
        return likeness, near, vectors

    def _best_windows(self, near: Sequence[Any], vectors: Any, names: _Names, chosen: Any) -> list[int]:
        """The window that speaks most for each chosen skill: by vectors where there are any, else by words."""
        import numpy as np

        if vectors is not None:
            return [int(place) for place in vectors[:, chosen].argmax(axis=0)]
        if not len(chosen):
            return []
        firsts = np.searchsorted(names.owners, chosen)
        lasts = np.searchsorted(names.owners, chosen, side="right")
        owned = [np.arange(first, last) for first, last in zip(firsts, lasts, strict=True)]
        begins = np.cumsum([0, *map(len, owned[:-1])])
        asked = np.concatenate(owned)
        best: Any = sum(np.maximum.reduceat(matrix[:, asked].toarray(), begins, axis=1) for matrix in near)
        return [int(place) for place in best.argmax(axis=0)]

    def _by_skill(self, near: Any, names: _Names | None = None) -> Any:
        """The best of each skill over all windows and names; without names a column is a skill."""
        import numpy as np

        values = np.zeros(len(self._skills), dtype=np.float32)
        np.maximum.at(values, near.indices if names is None else names.owners[near.indices], near.data)
        return values

    def _named(self, sentence: Sentence, hits: Sequence[Spotted], *, automatic: bool) -> Any:
        import numpy as np

        values = np.zeros(len(self._skills), dtype=np.float32)
        first, last = sentence.windows[0][0], max(end for _, end in sentence.windows)
        for hit in hits:
            if hit.automatic == automatic and first <= hit.start < last and hit.skill_id in self._numbers:
                values[self._numbers[hit.skill_id]] = 1.0
        return values

    @cached_property
    def _common(self) -> Any:
        """ln(1 + number of occupations that ask for the skill), per skill."""
        import numpy as np

        counts = Counter(
            self.taxonomy.standing_for(one.skill_id)
            for occupation in self.taxonomy.occupations.values()
            for one in occupation.skills
        )
        return np.log1p(np.array([counts[skill.id] for skill in self._skills], dtype=np.float32))

    def _names_in(self, language: str) -> _Names:
        """All names in a language; the English ones of skills that have none in it."""
        if language not in self._names:
            import numpy as np

            listed = []
            for skill in self._skills:
                own = [label.text for label in skill.labels if label.language == language]
                listed.append(own or [label.text for label in skill.labels if label.language == "en"] or [skill.label])
            flat = [name for texts in listed for name in texts]
            self._names[language] = _Names(
                owners=np.repeat(np.arange(len(listed)), [len(texts) for texts in listed]),
                stems=Likeness(flat, stem),
                letters=Likeness(flat, pieces),
                preferred=Likeness([skill.label_in(language) for skill in self._skills], pieces),
                topics=Likeness([" ".join(texts) for texts in listed], stem),
                descriptions=Likeness([f"{skill.label} {skill.description}" for skill in self._skills], stem),
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
        self, plain: str, hits: Sequence[Spotted], number: int, found: tuple[float, tuple[int, int]]
    ) -> Suggestion:
        skill = self._skills[number]
        confidence, (start, end) = found
        hit = max(
            (hit for hit in hits if hit.skill_id == skill.id), key=lambda one: (one.automatic, -one.start), default=None
        )
        if hit is not None:
            start, end, reason = hit.start, hit.end, hit.reason
        else:
            how = "is close in meaning to" if self._encoder else "is worded like"
            reason = f"“{' '.join(plain[start:end].split())}” {how} “{skill.label}”, to be confirmed"
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
    written = tomllib.loads((files("echo_core.skills") / "suggesting.toml").read_text(encoding="utf-8"))
    kind = "words" if encoder is None else "wordllama" if encoder.name.startswith("wordllama") else "model"
    found: dict[str, float] = written[kind]
    return found


def _unit(rows: Any) -> Any:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)
