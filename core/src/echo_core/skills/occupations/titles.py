"""The bridge from a job title to skills: the nearest occupations of the taxonomy, and what those ask for.

Two titles that share no word ("nurse", "ward sister") meet in the skills of the occupations near both. Without vectors
everything rests on spelling and on the taxonomy, so every answer can say which occupations it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from echo_core.model.message import Message
from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.occupations.index import OccupationIndex
from echo_core.skills.occupations.title_profiles import OccupationProfiles
from echo_core.skills.occupations.title_words import plain_title
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import GROUP, Occupation
from echo_core.text.similarity import SimilarityIndex, letter_pieces, unit_rows

_NEIGHBOURS, _SHARPNESS = 20, 6.0
"""Occupations that share in a profile, and the power of the likeness that says what share each has. Of 8 and 20, and of
2, 4, 6, 8 and 10, these order similar titles best on the dev halves."""
_WIDE_NEIGHBOURS, _WIDE_NEIGHBOURS_BY_VECTORS, _WIDE_SHARPNESS = 40, 25, 3.0
"""The same for ranking all skills: there a skill that many asked for once is worth more than one asked for nearby.
Vectors find nearer occupations, so that fewer are needed."""
_LEAST_SCORE = 0.15
"""Below it an occupation shares only stray letters with the title."""
_LEAST_WEIGHT = 0.05
_SPELLING, _BRIDGE = 1.0, 2.0
_VECTORS, _VECTORS_ELSEWHERE = 2.0, 1.0
"""Weights of the z-scores of `similar`: the skills of the neighbours say more than letters. Vectors count less outside
English, as an encoder may know little of another language: less is lost where it does not help."""
_SPELLING_BESIDE_VECTORS = 0.25
"""What letters count in English beside vectors, which tell the same better: 1.0 costs about a point of MAP with
wordllama and more with MiniLM, on the dev half of TalentCLEF."""
_DIRECT, _DIRECT_BESIDE_VECTORS, _DIRECT_VECTORS = 0.15, 0.1, 0.15
"""What a skill's own likeness to the title, by letters and by vectors, counts beside the neighbours' skills in
`skills_for`: chosen on the dev half of ESCO's occupations (MAP .369, wordllama .380, MiniLM .411), and the same on both
halves of it. Without the vectors' part MiniLM has .386."""
_CONFIDENCE = ((0.15, 0.0), (0.22, 0.15), (0.31, 0.36), (0.4, 0.4), (0.5, 0.48), (0.6, 0.56), (0.7, 0.69), (1.0, 0.8))
"""Likeness of the nearest occupation, and how often the right one was then among the first eight: measured on 1,500
titles of the dev half of JobBERT, whose answers are noisy, by spelling alone. Even the same name is right in 4 of 5."""


@dataclass(frozen=True, slots=True)
class OccupationMatch:
    """An occupation a title may name. `score` 0..1 is how alike they are, 1 the same name."""

    occupation_id: str
    score: float
    reason: Message


@dataclass(frozen=True, slots=True)
class RoleProfile:
    """What a title lets one expect of its holder: a guess, to be shown as one.

    `skills` are ids with a weight 0..1, the surest first: 1 is essential in every near occupation. `confidence` 0..1 is
    how often the right occupation is among the nearest when the best is as near as here.
    """

    skills: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    occupations: tuple[OccupationMatch, ...] = ()


class TitleBridge:
    """Holds titles against the occupations of one taxonomy. The index of a language is built at its first title.

    Args:
        taxonomy: occupations with skills; without any, every answer is empty and says so.
        encoder: vectors to use beside spelling.
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder | None = None) -> None:
        self.taxonomy = taxonomy
        self._encoder = encoder
        self._indexes: dict[str | None, OccupationIndex] = {}

    def occupations(self, title: str, language: str | None = None, top: int = 8) -> list[OccupationMatch]:
        """The nearest occupations, best first; none for a title without a letter or without a name like it.

        Args:
            title: as the source wrote it; level, place and gender marks do not matter.
            language: ISO 639-1 code; English names count a little less beside it. None looks at all languages.
            top: at most so many.
        """
        index = self.index(language)
        scores = index.scores([title])[0]
        return [self._match(index.occupations[at], float(scores[at]), language) for at in _best(scores, top)]

    def role(self, title: str, language: str | None = None) -> RoleProfile:
        """What the occupations near a title ask for, with how far to trust it.

        The confidence goes by spelling alone, with vectors too: how alike is alike differs from model to model, and a
        title that only vectors know stays at 0. What vectors add is better answers, not a claim to know more.
        """
        index = self.index(language)
        scores = index.scores([title])
        nearest = _best(scores[0], _NEIGHBOURS)
        if not nearest:
            return RoleProfile()
        profiles = self._profiles(index)
        weights = (_shares(scores) @ profiles.required).tocoo()
        weighed = sorted(zip(-weights.data, weights.col, strict=True))
        skills = {
            profiles.skills[at]: min(1.0, round(float(-less), 4)) for less, at in weighed if -less >= _LEAST_WEIGHT
        }
        matches = tuple(self._match(index.occupations[at], float(scores[0][at]), language) for at in nearest[:8])
        cosine = float(index.spelled([title]).max()) if self._encoder else matches[0].score
        return RoleProfile(skills, _confidence(cosine), matches)

    def skills_for(self, title: str, language: str | None = None) -> list[tuple[str, float]]:
        """Every skill of the taxonomy, the likeliest for a title first: its neighbours' skills and its own words."""
        index = self.index(language)
        profiles = self._profiles(index)
        places = self._skill_places
        likely = np.zeros(len(places))
        near = _WIDE_NEIGHBOURS if self._encoder is None else _WIDE_NEIGHBOURS_BY_VECTORS
        shares = _shares(index.scores([title]), near, _WIDE_SHARPNESS)
        required = np.asarray((shares @ profiles.required).todense()).ravel()
        known = [
            at for at, skill in enumerate(profiles.skills) if skill in places
        ]  # an occupation may ask for a whole group
        likely[[places[profiles.skills[at]] for at in known]] = required[known]
        names = self._skill_names(language)
        plain = [plain_title(title, language)]
        letters = _DIRECT if self._encoder is None else _DIRECT_BESIDE_VECTORS
        likely += letters * names.best(names.grams.cosines(plain).toarray()[0], len(places))
        if self._encoder is not None and names.vectors is not None:
            like = names.vectors @ np.asarray(self._encoder.encode(plain), dtype=np.float32)[0]
            likely += _DIRECT_VECTORS * names.best(like, len(places))
        ids = list(places)
        return [(ids[at], round(float(likely[at]), 6)) for at in np.argsort(-likely, kind="stable")]

    def similar(self, titles: Sequence[str], others: Sequence[str], language: str | None = None) -> Any:
        """How alike titles are to other titles, `len(titles)` × `len(others)`, higher is more alike.

        The figures order the others of one title; they are sums of z-scores over `others` (spelling, skills of the near
        occupations and, with an encoder, vectors) and say nothing across titles.
        """
        plain, plain_others = ([plain_title(title, language) for title in every] for every in (titles, others))
        grams = SimilarityIndex(plain_others, letter_pieces())
        spelling = _SPELLING if self._encoder is None or language != "en" else _SPELLING_BESIDE_VECTORS
        total = spelling * _z(grams.cosines(plain).toarray())
        bridged, bridged_others = self._bridged(titles, language), self._bridged(others, language)
        total += _BRIDGE * _z((bridged @ bridged_others.T).toarray())
        if self._encoder is not None:
            vectors = np.asarray(self._encoder.encode([*plain, *plain_others]), dtype=np.float32)
            weight = _VECTORS if language == "en" else _VECTORS_ELSEWHERE
            total += weight * _z(vectors[: len(plain)] @ vectors[len(plain) :].T)
        return total

    def index(self, language: str | None) -> OccupationIndex:
        """The occupations as they are held against titles of a language."""
        if language not in self._indexes:
            self._indexes[language] = OccupationIndex(self.taxonomy, language, self._encoder)
        return self._indexes[language]

    def _bridged(self, titles: Sequence[str], language: str | None) -> Any:
        index = self.index(language)
        return unit_rows(_shares(index.scores(titles)) @ self._profiles(index).rows)

    def _profiles(self, index: OccupationIndex) -> OccupationProfiles:
        """The same for every language: which occupations are listed does not hang on it."""
        if not self._made:
            self._made.append(OccupationProfiles(index.occupations, self.taxonomy))
        return self._made[0]

    @cached_property
    def _made(self) -> list[OccupationProfiles]:
        return []

    @cached_property
    def _skill_places(self) -> dict[str, int]:
        """Skills that stand for themselves, numbered."""
        standing = (self.taxonomy.standing_for(skill.id) for skill in self.taxonomy if skill.kind != GROUP)
        return {skill_id: at for at, skill_id in enumerate(dict.fromkeys(standing))}

    def _skill_names(self, language: str | None) -> _SkillNames:
        """The names of all skills in a language."""
        if language not in self._named_skills:
            skills = [skill for skill in self.taxonomy if skill.kind != GROUP]
            names = [plain_title(skill.label_in(language or "en"), language) for skill in skills]
            owners = np.array([self._skill_places[self.taxonomy.standing_for(skill.id)] for skill in skills], dtype=int)
            vectors = None if self._encoder is None else np.asarray(self._encoder.encode(names), dtype=np.float32)
            self._named_skills[language] = _SkillNames(SimilarityIndex(names, letter_pieces()), vectors, owners)
        return self._named_skills[language]

    @cached_property
    def _named_skills(self) -> dict[str | None, _SkillNames]:
        return {}

    def _match(self, occupation: Occupation, score: float, language: str | None) -> OccupationMatch:
        label = occupation.label_in(language or "en")
        like = Message("role-like", {"role": label, "likeness": round(score, 2)})
        reason = Message("role-same-name", {"role": label}) if score >= 1.0 else like
        return OccupationMatch(occupation.id, round(score, 4), reason)


@dataclass(frozen=True, slots=True)
class _SkillNames:
    """The names of skills as letters and as vectors, and the number of the skill each leads to."""

    grams: SimilarityIndex
    vectors: Any
    owners: Any

    def best(self, like: Any, count: int) -> Any:
        """By skill, of so many, the likeness (0 or more) of its best name."""
        likeness = np.zeros(count)
        np.maximum.at(likeness, self.owners, like)
        return likeness


def _best(scores: Any, top: int) -> list[int]:
    order = np.argsort(-scores, kind="stable")[:top]
    return [int(at) for at in order if scores[at] >= _LEAST_SCORE]


def _shares(scores: Any, most: int = _NEIGHBOURS, sharpness: float = _SHARPNESS) -> Any:
    """Titles × occupations, sparse: the share each of the nearest has in what is expected; rows add up to 1 or 0."""
    count = min(most, scores.shape[1])
    if not count:
        return sparse.csr_matrix(scores.shape, dtype=np.float32)
    nearest = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    weights = np.take_along_axis(scores, nearest, axis=1).astype(np.float64) ** sharpness
    sums = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0).astype(np.float32)
    rows = np.repeat(np.arange(len(scores)), count)
    return sparse.csr_matrix((shares.ravel(), (rows, nearest.ravel())), shape=scores.shape)


def _z(scores: Any) -> Any:
    """Every row less its mean, in standard deviations; a row without any difference is zeros."""
    spread = scores.std(axis=1, keepdims=True)
    return np.divide(
        scores - scores.mean(axis=1, keepdims=True), spread, out=np.zeros_like(scores), where=spread > 1e-9
    )


def _confidence(score: float) -> float:
    likeness, shares = zip(*_CONFIDENCE, strict=True)
    return round(float(np.interp(score, likeness, shares)), 2)
