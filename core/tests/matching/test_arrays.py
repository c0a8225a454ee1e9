"""Claims in as few bytes as hold them: rows and keys of a company far beyond two billion pairs stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from echo_core.matching import ClaimIndex, Claims
from echo_core.matching.claims_by_skill import ClaimsBySkill

PEOPLE, SKILLS = 400_000, 30_000


@pytest.fixture(scope="module")
def claims() -> ClaimIndex:
    """Of the last person, whose number times that of the last skill takes more than 32 bits, and of the first."""
    last, skill = PEOPLE - 1, SKILLS - 1
    return ClaimIndex(
        Claims(
            np.array([last, 0, last, last, last]),
            np.array([skill, 3, 0, skill, skill]),
            np.array([0, 4, 1, 0, 3]),
            np.array([2, 0, 0, 5, 0]),
            np.array([0.25, 0.5, 0.75, 0.125, 1.0]),
        ),
        PEOPLE,
        SKILLS,
        unknown=2,
    )


def test_the_claims_of_the_last_person_of_a_large_company_are_found(claims):
    skills = claims.of(PEOPLE - 1)
    assert (skills.has.tolist(), skills.level.tolist(), skills.strength.tolist()) == ([SKILLS - 1], [5], [0.25])
    assert (skills.learn.tolist(), skills.teach.tolist()) == ([0], [SKILLS - 1])
    assert claims.of(0).avoid.tolist() == [3]
    assert claims.of(1).has.size == 0


def test_so_are_the_people_of_a_claim(claims):
    turned = ClaimsBySkill(claims, PEOPLE, SKILLS, unknown=2)
    assert turned.person[turned.of(3, SKILLS - 1)].tolist() == [PEOPLE - 1]
    assert turned.level[turned.of(0, SKILLS - 1)].tolist() == [5]
    assert turned.person[turned.of(4, 3)].tolist() == [0]


def test_some_peoples_claims_are_replaced_and_everybody_elses_stay(claims):
    fresh = Claims(np.array([7]), np.array([SKILLS - 1]), np.array([0]), np.array([1]), np.array([0.5]))
    changed = claims.replaced(np.array([7, 0]), fresh)
    assert changed.of(7).has.tolist() == [SKILLS - 1]
    assert changed.of(0).avoid.size == 0
    assert changed.of(PEOPLE - 1).has.tolist() == [SKILLS - 1]
    assert changed.of(PEOPLE - 1).level.dtype == np.int64


def test_a_claim_takes_eighteen_bytes(claims):
    columns = (claims.person, claims.skill, claims.stance, claims.level, claims.strength)
    assert sum(column.itemsize for column in columns) == 18
