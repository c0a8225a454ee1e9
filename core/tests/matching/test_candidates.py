"""One opportunity against everybody is everybody against one opportunity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.matching import (
    IMPORTANCES,
    KINDS,
    LEVELS,
    STANCES,
    Assumption,
    ClaimIndex,
    Claims,
    Growth,
    OpportunityFacts,
    PersonFacts,
    Requirements,
    Scorer,
    build_block,
    build_profile,
    build_space,
    default_weights,
)
from echo_core.matching.candidates import Candidates, best
from echo_core.matching.claims_by_skill import ClaimsBySkill
from echo_core.matching.congestion import Congestion
from echo_core.matching.person_columns import PersonColumns
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy

SKILLS = 12
NOTHING_MISSING = Growth(np.zeros(SKILLS), np.zeros(0, dtype=np.int64), np.zeros(SKILLS, dtype=np.int64))


def skill(number: int) -> Skill:
    """A tree, three wide, with a few relations across."""
    broader = (f"t:{(number - 1) // 3:02}",) if number else ()
    related = (f"t:{(number * 5 + 2) % SKILLS:02}",) if number % 4 == 1 else ()
    return Skill(f"t:{number:02}", f"S{number}", (Label(f"S{number}", "en", True),), broader, related, source="t")


def world(seed: int, people: int, offers: int):
    """Random claims, needs, facts, roles and crowds over one small taxonomy."""
    draw = np.random.default_rng(seed)
    weights = default_weights()
    space = build_space(
        Taxonomy({f"t:{n:02}": skill(n) for n in range(SKILLS)}, ()), [f"t:{n:02}" for n in range(SKILLS)]
    )
    count = 8 * people
    claims = ClaimIndex(
        Claims(
            draw.integers(0, people, count),
            draw.integers(0, SKILLS, count),
            draw.choice(len(STANCES), count, p=(0.5, 0.2, 0.1, 0.1, 0.1)),
            draw.integers(0, LEVELS + 1, count),
            draw.random(count),
        ),
        people,
        SKILLS,
        unknown=int(weights.number("level", "unknown_claim")),
    )
    kind = draw.integers(0, len(KINDS), offers)
    asked = [(row, one) for row in range(offers) for one in np.sort(draw.permutation(SKILLS)[: draw.integers(0, 7)])]
    table = np.array(asked, dtype=np.int64).reshape(-1, 2)
    requirements = Requirements(
        table[:, 0],
        table[:, 1],
        draw.integers(0, len(IMPORTANCES), len(table)),
        draw.integers(0, LEVELS + 1, len(table)),
        draw.choice((1.0, 0.8, 0.5), len(table)),
    )
    facts = OpportunityFacts(
        kind=kind,
        remote=draw.random(offers) < 0.3,
        countries=draw.random((offers, 3)) < 0.4,
        languages=draw.random((offers, 2)) < 0.4,
        hours=np.where(draw.random(offers) < 0.5, np.nan, draw.integers(0, 40, offers)),
        id_rank=np.arange(offers),
        start=draw.choice((0, 10, 20), offers),
    )
    pairs = np.argwhere(draw.random((people, offers)) < 0.3)
    congestion = Congestion(draw.integers(-1, 4, offers), pairs[:, 0], pairs[:, 1], 1.5)
    scorer = Scorer(build_block(requirements, facts, SKILLS), weights, congestion)
    roles = [None, *(Assumption("Role", share, np.arange(4), draw.random(4)) for share in (0.1, 0.6, 1.0))]
    known = [
        PersonFacts(
            country=int(draw.integers(-1, 3)),
            country_known=bool(draw.random() < 0.8),
            languages=tuple(np.flatnonzero(draw.random(2) < 0.5).tolist()),
            languages_known=bool(draw.random() < 0.8),
            english=int(draw.integers(-1, 2)),
            prefers_hours=draw.choice((None, 8.0)),
            prefers_remote=draw.choice((None, True, False)),
            prefers_countries=(None, (0, 2))[draw.integers(0, 2)],
            free_from=draw.choice((None, 15)),
            counted_in=congestion.counts(person),
        )
        for person in range(people)
    ]
    assumed = [roles[draw.integers(0, len(roles))] for _ in range(people)]
    return space, claims, scorer, known, assumed


def turned(space, claims, scorer, known, assumed):
    """Candidates of a world in which nobody is like anybody else."""
    unknown = int(scorer.weights.number("level", "unknown_claim"))
    by_skill = ClaimsBySkill(claims, len(known), len(space), unknown=unknown)
    facts, each = scorer.block.facts, np.arange(len(known))
    groups = PersonColumns(known, facts)
    return Candidates(scorer, space, by_skill, groups, each, assumed, each)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_everybody_s_score_is_the_scorer_s_own(seed):
    space, claims, scorer, known, assumed = world(seed, people=9, offers=6)
    candidates = turned(space, claims, scorer, known, assumed)
    found = np.array([candidates.score(row) for row in range(len(scorer.block))])
    for person, facts in enumerate(known):
        profile = build_profile(claims.of(person), facts, space, scorer.weights, assumed[person])
        own = scorer.score(profile, NOTHING_MISSING).total
        assert np.abs(found[:, person] - own).max() <= 1e-12


@given(
    total=st.lists(st.sampled_from([0.0, 0.25, 0.25 + 1e-14, 0.5, 1.0]), max_size=12),
    count=st.integers(1, 14),
    data=st.data(),
)
def test_the_best_are_the_head_of_the_whole_order(total, count, data):
    allowed = data.draw(st.lists(st.booleans(), min_size=len(total), max_size=len(total)))
    expected = sorted((row for row in range(len(total)) if allowed[row]), key=lambda row: (-round(total[row], 12), row))
    found = best(np.array(total, dtype=np.float64), np.flatnonzero(np.array(allowed, dtype=bool)), count)
    assert found.tolist() == expected[:count]


@pytest.mark.parametrize("people", [0, 1])
def test_a_company_of_nobody_or_one_can_be_asked(people):
    space, claims, scorer, known, assumed = world(3, people=people or 1, offers=2)
    if not people:
        empty = np.zeros(0, dtype=np.int64)
        claims = ClaimIndex(Claims(empty, empty, empty, empty, np.zeros(0)), 0, SKILLS, unknown=2)
        known, assumed = [], []
        scorer = Scorer(scorer.block, scorer.weights)
    assert turned(space, claims, scorer, known, assumed).score(0).shape == (people,)
