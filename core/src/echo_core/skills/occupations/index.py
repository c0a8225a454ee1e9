"""How alike a title and every occupation are: by the occupation's names, by its description, and by vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.occupations.title_words import plain_title
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.precedence import CLASSIFICATIONS
from echo_core.skills.taxonomy.records import GROUP, Occupation
from echo_core.text.similarity import SimilarityIndex, letter_pieces
from echo_core.text.wording import words

_OWN_NAMES, _ALL_NAMES, _ABOUT = 0.5, 1.0, 1.0
"""Weights of: the occupation's own names, those with the names other sources lend, one text of names, description and
skills. Round figures around the best on the dev halves of JobBERT and TalentCLEF, where little hangs on them."""
_VECTOR_NAMES, _VECTOR_ABOUT = 2.0, 1.0
"""Vectors count as much as spelling in all: they know a synonym, spelling knows a proper name."""
_ENGLISH_NAME = 0.9
"""What an English name counts in another language: feeds everywhere have English titles, but own names come first."""
_EXACT = 0.999
_TITLES_AT_ONCE = 64
_DESCRIPTION = 300
"""Letters of a description that a vector is made of: the first sentences say what the occupation is."""


class OccupationIndex:
    """The occupations of a taxonomy in one language, to hold titles against. Built at once; some MB for 36,000 names.

    An occupation that an earlier source has too (`Occupation.same`) lends that one its names and is not listed itself.
    Of several public classifications only the first is listed: each has skills of its own, which would not meet.

    Args:
        taxonomy: groups, and occupations that ask for no skill, are left out.
        language: ISO 639-1 code; English names stand beside those of the language. None takes all languages.
        encoder: vectors, or None for spelling alone.
    """

    def __init__(self, taxonomy: Taxonomy, language: str | None, encoder: Encoder | None = None) -> None:
        self._language = language
        self._encoder = encoder
        every = _in_order(taxonomy)
        self.occupations = list(_listed(every))
        if not self.occupations:
            return
        number = {occupation.id: at for at, occupation in enumerate(self.occupations)}
        names = {
            occupation.id: list(self._names(occupation))
            for occupation in every
            if occupation.id in number or occupation.same
        }
        own = [(number[occupation.id], name) for occupation in self.occupations for name in names[occupation.id]]
        lent = [
            (number[other], name)
            for occupation in every
            if occupation.id not in number
            for other in occupation.same
            if other in number
            for name in names[occupation.id]
        ]
        texts = list(dict.fromkeys(text for _, (text, _) in (*own, *lent)))
        place = {text: at for at, text in enumerate(texts)}
        self._own = _Pool(own, place, len(self.occupations))
        self._all = _Pool([*own, *lent], place, len(self.occupations)) if lent else self._own
        self._grams = SimilarityIndex(texts, letter_pieces())
        self._about_grams = SimilarityIndex(list(self._abouts(names, taxonomy)), letter_pieces())
        if encoder is not None:
            described = [
                f"{occupation.label_in(language or 'en')}. {occupation.description[:_DESCRIPTION]}"
                for occupation in self.occupations
            ]
            vectors = np.asarray(encoder.encode([*texts, *described]), dtype=np.float32)
            self._vectors, self._about_vectors = vectors[: len(texts)], vectors[len(texts) :]

    def scores(self, titles: Sequence[str]) -> Any:
        """Likeness 0..1 of every title to every occupation, `len(titles)` × `len(occupations)`, float32.

        1 is a title that is, apart from level words, a name of the occupation; a title without a letter has zeros.
        """
        return self._likeness(titles, self._encoder)

    def spelled(self, titles: Sequence[str]) -> Any:
        """The same by spelling alone, whatever the encoder: a scale that is the same on every install."""
        return self._likeness(titles, None)

    def _likeness(self, titles: Sequence[str], encoder: Encoder | None) -> Any:
        plain = [plain_title(title, self._language) for title in titles]
        likeness = np.zeros((len(titles), len(self.occupations)), dtype=np.float32)
        if self.occupations:
            for at in range(0, len(plain), _TITLES_AT_ONCE):
                likeness[at : at + _TITLES_AT_ONCE] = self._some(plain[at : at + _TITLES_AT_ONCE], encoder)
        return likeness

    def _some(self, plain: Sequence[str], encoder: Encoder | None) -> Any:
        spelled = self._grams.cosines(plain).toarray()
        own = self._own.best(spelled)
        likeness = _OWN_NAMES * own + _ALL_NAMES * (own if self._all is self._own else self._all.best(spelled))
        likeness += _ABOUT * self._about_grams.cosines(plain).toarray()
        weight = _OWN_NAMES + _ALL_NAMES + _ABOUT
        if encoder is not None:
            vectors = np.asarray(encoder.encode(list(plain)), dtype=np.float32)
            likeness += _VECTOR_NAMES * self._own.best(vectors @ self._vectors.T)
            likeness += _VECTOR_ABOUT * (vectors @ self._about_vectors.T)
            weight += _VECTOR_NAMES + _VECTOR_ABOUT
        likeness /= weight
        likeness[own >= _EXACT] = 1.0
        likeness[[not title for title in plain]] = 0.0
        return np.clip(likeness, 0.0, 1.0)

    def _names(self, occupation: Occupation) -> Iterator[tuple[str, float]]:
        """The names that count in this language, with what they count; "Leiter/Leiterin" is also two names."""
        here = self._language
        for label in occupation.labels:
            if here in (None, label.language) or label.language == "en":
                factor = 1.0 if here in (None, label.language) else _ENGLISH_NAME
                for text in {label.text, *label.text.split("/")} if "/" in label.text else (label.text,):
                    if plain := plain_title(text, label.language if here else None):
                        yield plain, factor

    def _abouts(self, names: Mapping[str, list[tuple[str, float]]], taxonomy: Taxonomy) -> Iterator[str]:
        """One text per occupation: its names, description and the skills that are essential."""
        called: dict[str, str] = {}
        for occupation in self.occupations:
            said = [name for name, _ in names[occupation.id]]
            said += words(occupation.description)
            for required in occupation.skills:
                if required.essential:
                    if required.skill_id not in called:
                        skill = taxonomy.get(required.skill_id)
                        called[required.skill_id] = " ".join(
                            words(skill.label_in(self._language or "en") if skill else "")
                        )
                    said.append(called[required.skill_id])
            yield " ".join(said)


class _Pool:
    """Which names an occupation has: `best` is the highest likeness among them."""

    def __init__(self, names: Iterable[tuple[int, tuple[str, float]]], place: dict[str, int], count: int) -> None:
        rows = sorted({(occupation, place[text], factor) for occupation, (text, factor) in names})
        owners, places, factors = zip(*rows, strict=True) if rows else ((), (), ())
        self._count = count
        self._places = np.array(places, dtype=np.int64)
        self._factors = np.array(factors, dtype=np.float32)
        self._named, self._starts = np.unique(np.array(owners, dtype=np.int64), return_index=True)

    def best(self, likeness: Any) -> Any:
        """The best likeness of any name, titles × occupations, from titles × names; 0 for one without a name."""
        best = np.zeros((likeness.shape[0], self._count), dtype=np.float32)
        if len(self._places):
            best[:, self._named] = np.maximum.reduceat(likeness[:, self._places] * self._factors, self._starts, axis=1)
        return best


def _in_order(taxonomy: Taxonomy) -> list[Occupation]:
    """The occupations that are no groups, those of earlier sources first."""
    rank = {source.key: at for at, source in enumerate(taxonomy.sources)}
    every = (occupation for occupation in taxonomy.occupations.values() if occupation.kind != GROUP)
    return sorted(every, key=lambda occupation: rank.get(occupation.source, len(rank)))


def _listed(every: Sequence[Occupation]) -> Iterator[Occupation]:
    """Those that ask for skills, that no earlier one is the same as, and that are of no second classification."""
    asking = [occupation for occupation in every if occupation.skills]
    first = next((occupation.source for occupation in asking if occupation.source in CLASSIFICATIONS), None)
    listed: set[str] = set()
    for occupation in asking:
        second = occupation.source in CLASSIFICATIONS and occupation.source != first
        if not second and listed.isdisjoint(occupation.same):
            listed.add(occupation.id)
            yield occupation
