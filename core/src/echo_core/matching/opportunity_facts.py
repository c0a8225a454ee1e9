"""What features and eligibility rules know about opportunities, apart from skills: columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class OpportunityFacts:
    """Columns the preferences are computed from, one value per opportunity.

    `kind` indexes `KINDS`. `countries` is opportunities × countries, `languages` opportunities × languages; a row
    without any is open to all, which `anywhere` and `any_language` say. `hours` is hours per week, NaN where not
    stated. `start` is the first day as a proleptic ordinal, 0 where not stated. `id_rank` is the position of the
    opportunity's id in sorted order: the last word in a tie.
    """

    kind: IntArray
    remote: BoolArray
    countries: BoolArray
    languages: BoolArray
    hours: FloatArray
    id_rank: IntArray
    start: IntArray | None = None
    anywhere: BoolArray = field(init=False)
    any_language: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "anywhere", np.logical_not(self.countries.any(axis=1)))
        object.__setattr__(self, "any_language", np.logical_not(self.languages.any(axis=1)))

    def __len__(self) -> int:
        return len(self.kind)

    def rows(self, rows: IntArray) -> OpportunityFacts:
        """The same columns for some rows."""
        return OpportunityFacts(
            self.kind[rows],
            self.remote[rows],
            self.countries[rows],
            self.languages[rows],
            self.hours[rows],
            self.id_rank[rows],
            None if self.start is None else self.start[rows],
        )
