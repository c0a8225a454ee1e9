"""The flat arrays that compiled code walks, and what stands in each: offers by kind, inverted indexes by skill.

Everything comes from the block, the space, the rules and the weights that the single scorer reads. Offers stand by
kind and then by id here; `row` leads back to the rows of the block.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray

Small = NDArray[Any]
"""Arrays of narrow numbers: 32-bit floats and integers, bytes."""


class Rows(NamedTuple):
    """A sparse matrix in compressed rows: `start` has the CSR row pointers."""

    start: IntArray
    column: Small
    value: NDArray[Any]


class Requirements(NamedTuple):
    """The forward index: what each offer asks for and teaches, by rising skill. `start` has the CSR row pointers.

    `entry` has a column for each of `forms.REQUIREMENTS`: what stands in that table for it, 0 where nothing does.
    """

    start: IntArray
    column: Small
    skill: Small
    entry: FloatArray


class Postings(NamedTuple):
    """An inverted index: for each skill the offers that name it, a class (level, kind, importance) or a level, and a
    weight. `start` has the CSR row pointers, in a row for each index where several stand one behind the other."""

    start: IntArray
    offer: Small
    code: Small
    value: Small


class Products(NamedTuple):
    """The features that are skill products, gains first; `gains` is how many those are.

    `feature` is a code of the weights, `claims` of `forms.CLAIMS`, `shape` of `SHAPES`. The terms of product `p` are
    `term_start[p]:term_start[p + 1]`: columns of `Requirements.entry`, and `term_claims`.

    `shares` are the products that are plain sums over shares of what is asked, of claims that count for each
    requirement; all of them are added up at once, each times `share_weight`, its weight by kind and importance, which
    `classes` counts.
    `single` are summed one by one, over the index of the same number in `Skills.single`, and `dense` for many people
    at once, because they touch most of what there is.
    """

    feature: IntArray
    claims: IntArray
    shape: IntArray
    term_start: IntArray
    term: IntArray
    term_claims: IntArray
    gains: int
    shares: IntArray
    share_weight: Small
    classes: int
    single: IntArray


class Dense(NamedTuple):
    """Rows of offers for products whose claims touch most of what is taught: offer and product of each, and by CSR row
    pointers the columns (skill, level) and weights."""

    start: IntArray
    offer: IntArray
    product: IntArray
    column: Small
    value: Small


class Offers(NamedTuple):
    """The opportunities. Kind `k` is at `edges[k]:edges[k + 1]`; `shown` is what people see as a kind, by kind.

    `whole` is `taught_mass` in 32 bits, `left` the most that congestion leaves of a raw score.
    """

    row: IntArray
    id_rank: IntArray
    kind: Small
    edges: IntArray
    shown: IntArray
    diversity_groups: IntArray
    owner: IntArray
    owner_enter: IntArray
    owner_leave: IntArray
    mentoring: BoolArray
    taught_mass: FloatArray
    whole: Small
    pressure: FloatArray
    pressure_counted: FloatArray
    left: Small


class Skills(NamedTuple):
    """The tables of the block as a forward index by offer and as inverted indexes by skill."""

    credit: Rows
    required: Requirements
    shares: Postings
    single: Postings
    dense: Dense
    role_requirement: Rows
    role_weight: FloatArray


class Rules(NamedTuple):
    """The numbers of the weights. `fresh[own level, level - 1]`; `met[level, needed - 1]`; `slack` is in raw score.

    What speaks for an offer by less than `spoken` in raw score cannot recommend it, whatever its kind. `feature` is
    kinds × features, of which the first `gains` add; `recommends` and `circumstances` are codes of features, and
    `congestion` is one or -1.
    """

    products: Products
    feature: FloatArray
    gains: int
    recommends: BoolArray
    circumstances: IntArray
    congestion: int
    best: FloatArray
    common: float
    fresh: FloatArray
    met: FloatArray
    assumed_met: FloatArray
    assumed_most: float
    fades_at: float
    intent: float
    teaches: float
    dilution: float
    unknown: int
    near_least: float
    near_count: int
    first: int
    per_kind: int
    caps: IntArray
    least_score: float
    least_relevance: float
    spoken: float
    slack: float


class Tables(NamedTuple):
    """All a compiled run needs to know beside the people."""

    offers: Offers
    skills: Skills
    rules: Rules


Table = TypeVar("Table", bound=tuple[Any, ...])


def read_only(table: Table) -> Table:
    """The same numbers in arrays nobody may write, whether they came so (mapped from a file, sent) or not.

    Compiled code is made for the kinds of array it is given: one that may not be written is another kind, and compiling
    all of it again would take longer than matching a company.
    """
    return table._make(_read_only(entry) for entry in table)  # type: ignore[attr-defined, no-any-return]


def _read_only(entry: Any) -> Any:
    if isinstance(entry, tuple):
        return read_only(entry)
    if not isinstance(entry, np.ndarray):
        return entry
    view = np.require(entry, requirements=["ALIGNED"]).view()
    view.flags.writeable = False
    return view
