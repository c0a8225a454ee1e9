"""The few forms a feature has. Scorer, candidates and the compiled batch ranker know the forms, and no feature by name.

A form gives a number in 0..1 for a person and an opportunity: a `SkillProduct` from claims and requirements, a
`CodeTable` or a `PairScalar` from what else is known of both, `CongestionShare` from how many others there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.shapes import SHAPES

if TYPE_CHECKING:
    from echo_core.matching.weights import Weights

LEVELLED = ("coverage", "assumed", "steps_up", "lessons_wanted", "lessons_missing")
"""Tables of a person over (skill, level): what is covered, what a title adds to that, what would be a step towards a
wish, what a lesson is worth for a wish, and what for a skill that near roles ask for."""
FLAT = ("strength", "learn", "use", "teach", "avoid")
"""Tables of a person over skills: the best evidence, and the wishes."""
CLAIMS = (*LEVELLED, *FLAT)
"""Every table of a person, by code."""
REQUIREMENTS = ("essential", "desired", "asked", "presence", "taught", "named")
"""Every table of opportunities, by code; see `OpportunityBlock`. All but three are over (skill, level)."""
OVER_SKILLS = ("asked", "presence", "named")


@dataclass(frozen=True, slots=True)
class SkillProduct:
    """The product of a person's table and tables of opportunities, added up over skills and put in shape.

    Args:
        claims: one of `CLAIMS`.
        requirements: of `REQUIREMENTS`; their sums are added in this order.
        shape: one of `SHAPES`.

    Raises:
        ValueError: there is no such table or shape, or a table over levels would meet one over skills.
    """

    claims: str
    requirements: tuple[str, ...]
    shape: str = "sum"

    def __post_init__(self) -> None:
        names = [(self.claims, CLAIMS), (self.shape, SHAPES), *((name, REQUIREMENTS) for name in self.requirements)]
        for name, known in names:
            if name not in known:
                raise ValueError(f"a skill product knows no {name!r}; it knows {', '.join(known)}")
        if self.claims in LEVELLED and (flat := set(self.requirements) & set(OVER_SKILLS)):
            raise ValueError(
                f"the table {self.claims!r} is over skills and levels, {', '.join(sorted(flat))} over skills alone; "
                "use the levelled ones, such as essential and desired"
            )
        if self.claims.startswith("lessons_") and self.requirements != ("taught",):
            raise ValueError(
                f"the table {self.claims!r} is about what is taught, not about {', '.join(self.requirements)}"
            )


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A table by a code of the person and a code of the opportunity, such as a grade beside a grade.

    Args:
        person: a code for each person.
        opportunity: a code for each opportunity.
        table: by code of the person and code of the opportunity, what that is worth (0..1).
    """

    person: Callable[[PersonColumns], IntArray]
    opportunity: Callable[[OpportunityFacts], IntArray]
    table: Callable[[Weights], FloatArray]

    def values(self, people: PersonColumns, opportunities: OpportunityFacts, weights: Weights) -> FloatArray:
        """People × opportunities."""
        values: FloatArray = self.table(weights)[self.person(people)[:, None], self.opportunity(opportunities)]
        return values


@dataclass(frozen=True, slots=True)
class PairScalar:
    """A number (0..1) worked out from columns of people and of opportunities, for all pairs at once.

    Args:
        worth: people × opportunities.
    """

    worth: Callable[[PersonColumns, OpportunityFacts, Weights], FloatArray]

    def values(self, people: PersonColumns, opportunities: OpportunityFacts, weights: Weights) -> FloatArray:
        """People × opportunities."""
        return np.asarray(self.worth(people, opportunities, weights))


@dataclass(frozen=True, slots=True)
class CongestionShare:
    """The share of the others who find no seat; see `congestion`. It takes that share of what was gained."""


Form = SkillProduct | CodeTable | PairScalar | CongestionShare
