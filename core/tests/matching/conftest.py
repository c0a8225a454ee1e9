"""A small world of skills, opportunities and people, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from echo_core.matching import (
    IMPORTANCES,
    KINDS,
    STANCES,
    THEY,
    Assumption,
    Breakdown,
    ClaimIndex,
    Claims,
    Explainer,
    OpportunityFacts,
    PersonFacts,
    Profile,
    Requirements,
    Scorer,
    SkillSpace,
    Voice,
    build_block,
    build_profile,
    build_space,
)
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy

COUNTRIES = ("DE", "SE")
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Offer:
    """An opportunity: kind, (skill, level, importance) needs and preference facts."""

    kind: str
    requirements: Sequence[tuple[str, int, str]]
    remote: bool = False
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    hours: float = float("nan")
    start: int = 0


@dataclass
class World:
    """Scores people, given as (skill, level, stance) claims, against offers."""

    space: SkillSpace
    offers: Sequence[Offer]
    scorer: Scorer = field(init=False)
    explainer: Explainer = field(init=False)

    def __post_init__(self) -> None:
        rows = [
            (row, self.space.index[skill], IMPORTANCES.index(importance), level)
            for row, offer in enumerate(self.offers)
            for skill, level, importance in offer.requirements
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        requirements = Requirements(table[:, 0], table[:, 1], table[:, 2], table[:, 3], np.ones(len(table)))
        facts = OpportunityFacts(
            kind=np.array([KINDS.index(offer.kind) for offer in self.offers]),
            remote=np.array([offer.remote for offer in self.offers]),
            countries=np.array([[code in offer.countries for code in COUNTRIES] for offer in self.offers]),
            languages=np.array([[code in offer.languages for code in LANGUAGES] for offer in self.offers]),
            hours=np.array([offer.hours for offer in self.offers], dtype=np.float64),
            id_rank=np.arange(len(self.offers)),
            start=np.array([offer.start for offer in self.offers]),
        )
        self.scorer = Scorer(build_block(requirements, facts, len(self.space)))
        self.explainer = self.explaining(self.scorer)

    def explaining(self, scorer: Scorer, voice: Voice = THEY) -> Explainer:
        """An explainer of some scorer's numbers."""
        return Explainer(scorer, self.space, lambda row: self.offers[row].kind, COUNTRIES, LANGUAGES, voice)

    def claims(self, claims: Sequence[tuple[str, int, str]], strength: float = 0.4) -> ClaimIndex:
        """One person's claims."""
        table = np.array(
            [(self.space.index[skill], STANCES.index(stance), level) for skill, level, stance in claims], dtype=np.int64
        ).reshape(-1, 3)
        zeros = np.zeros(len(table), dtype=np.int64)
        rows = Claims(zeros, table[:, 0], table[:, 1], table[:, 2], np.full(len(table), strength))
        return ClaimIndex(rows, 1, len(self.space), unknown=2)

    def profile(
        self,
        claims: Sequence[tuple[str, int, str]],
        facts: PersonFacts | None = None,
        role: Mapping[str, float] | None = None,
        confidence: float = 0.8,
    ) -> Profile:
        """A person with these claims, and where given a title whose role has these skills."""
        assumption = None
        if role is not None:
            skills = sorted(role)
            rows = np.array([self.space.index[one] for one in skills], dtype=np.int64)
            assumption = Assumption("Data engineer", confidence, rows, np.array([role[one] for one in skills]))
        return build_profile(self.claims(claims).of(0), facts or PersonFacts(), self.space, assumption=assumption)

    def explain(self, claims: Sequence[tuple[str, int, str]], facts: PersonFacts | None = None) -> list[Breakdown]:
        """Every offer's breakdown for a person with these claims."""
        return self.explained(self.profile(claims, facts))

    def explained(self, profile: Profile, explainer: Explainer | None = None) -> list[Breakdown]:
        """Every offer's breakdown for a person with these tables."""
        missing = self.scorer.growth(profile)
        return (explainer or self.explainer).explain(profile, missing, np.arange(len(self.offers)))

    def scores(self, claims: Sequence[tuple[str, int, str]], facts: PersonFacts | None = None) -> list[float]:
        """Every offer's score."""
        return [one.score for one in self.explain(claims, facts)]


class Worlds:
    """Makes worlds of the same skills."""

    offer = Offer

    def __init__(self, space: SkillSpace) -> None:
        self.space = space

    def __call__(self, *offers: Offer) -> World:
        return World(self.space, offers)


def _skill(key: str, broader: Sequence[str] = (), related: Sequence[str] = ()) -> Skill:
    return Skill(key, key.title(), (Label(key.title(), "en", True),), broader=tuple(broader), related=tuple(related))


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """Two short branches and some loners."""
    return Taxonomy.of(
        [
            _skill("databases"),
            _skill("sql", broader=["databases"]),
            _skill("postgres", broader=["sql"]),
            _skill("python", related=["pandas"]),
            _skill("pandas"),
            _skill("kafka"),
            _skill("rust"),
            _skill("cobol"),
        ]
    )


@pytest.fixture(scope="session")
def worlds(taxonomy: Taxonomy) -> Worlds:
    """`worlds(worlds.offer("job", [("sql", 3, "essential")]))` is a world with one job."""
    return Worlds(build_space(taxonomy, taxonomy.skills))
