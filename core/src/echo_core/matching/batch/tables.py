"""A snapshot's tables as flat arrays in the order compiled code walks them: offers by kind, postings by skill.

Everything comes from the block, the space, the gates and the weights that the single scorer reads. Offers stand by
kind and then by id here; `row` leads back to the rows of the block.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray, SparseMatrix
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.crowd import Crowd
from echo_core.matching.features import JOB, fresh
from echo_core.matching.gates import GateFacts
from echo_core.matching.registry import FEATURES
from echo_core.matching.space import SkillSpace
from echo_core.matching.weights import KINDS, Weights

Small = NDArray[Any]
"""Arrays of narrow numbers: 32-bit floats and integers, bytes."""

_NONE: IntArray = np.zeros(0, dtype=np.int64)
_NOTHING: FloatArray = np.zeros(0)


class Rows(NamedTuple):
    """A sparse matrix by row."""

    start: IntArray
    column: Small
    value: NDArray[Any]


class Asked(NamedTuple):
    """What each offer asks for: the column of a skill at a level, the skill, the share of it and its mass."""

    start: IntArray
    column: Small
    skill: Small
    essential: BoolArray
    share: FloatArray
    mass: FloatArray


class Postings(NamedTuple):
    """For each skill the offers that name it: a class (kind, importance, level) or a level, and a share or mass."""

    start: IntArray
    offer: Small
    code: Small
    value: Small


class Offers(NamedTuple):
    """The opportunities. Kind `k` is at `edges[k]:edges[k + 1]`; `shown` is what people see as a kind, by kind.

    `whole` is `taught_mass` in 32 bits, `left` the most that a crowd leaves of a raw score.
    """

    row: IntArray
    id_rank: IntArray
    kind: Small
    edges: IntArray
    shown: IntArray
    alike: IntArray
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
    """The matrices of the block by offer, and the same turned round by skill."""

    credit: Rows
    asked: Asked
    taught: Rows
    named: Rows
    asked_by: Postings
    used_by: Postings
    practised_by: Postings
    helped_by: Postings
    taught_by: Postings
    lesson: Rows
    lesson_offer: IntArray
    role_need: Rows
    role_weight: FloatArray


class Rules(NamedTuple):
    """The numbers of the weights. `fresh[own level, level - 1]`; `met[level, needed - 1]`; `slack` is in raw score.

    What speaks for an offer by less than `spoken` in raw score cannot recommend it, whatever its kind.
    """

    feature: FloatArray
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


def build_tables(
    block: OpportunityBlock,
    space: SkillSpace,
    weights: Weights,
    crowd: Crowd | None,
    gates: GateFacts,
    kind_codes: IntArray,
    alike: IntArray,
) -> Tables:
    """Tables of one snapshot.

    Raises:
        ValueError: one scored kind is shown as several kinds, or an opportunity asks for a skill twice.
    """
    row = np.lexsort((block.facts.id_rank, block.facts.kind))
    kind = block.facts.kind[row]
    ordered = block.rows(row)
    skills = _skills(ordered, kind, space, weights, block)
    count = len(row)
    pressure = np.zeros((2, count))
    if crowd is not None:
        pressure[:] = crowd.pressure(None)[row], crowd.pressure(np.arange(count))[row]
    offers = Offers(
        row=row,
        id_rank=block.facts.id_rank[row],
        kind=kind.astype(np.int8),
        edges=np.searchsorted(kind, np.arange(len(KINDS) + 1)),
        shown=_shown(kind, kind_codes[row]),
        alike=np.ascontiguousarray(alike[:, row]),
        owner=gates.owner[row],
        owner_enter=gates.owner_enter[row],
        owner_leave=gates.owner_leave[row],
        mentoring=gates.mentoring[row],
        taught_mass=ordered.taught_mass,
        whole=ordered.taught_mass.astype(np.float32),
        pressure=pressure[0],
        pressure_counted=pressure[1],
        left=(1.0 - weights.feature[kind, FEATURES.index("crowded")] * pressure.min(axis=0))
        .clip(min=1e-9)
        .astype(np.float32),
    )
    longest = max((int(np.diff(one.start).max(initial=0)) for one in (skills.asked, skills.taught)), default=0)
    return Tables(offers, skills, _rules(weights, longest))


def _shown(kind: IntArray, kind_codes: IntArray) -> IntArray:
    """What people see each scored kind as, numbered from 0; -1 for a kind that nothing has."""
    codes = {int(code): number for number, code in enumerate(np.unique(kind_codes))}
    shown = np.full(len(KINDS), -1, dtype=np.int64)
    for one in range(len(KINDS)):
        seen = np.unique(kind_codes[kind == one])
        if len(seen) > 1:
            raise ValueError(f"opportunities scored as {KINDS[one]} are shown as {len(seen)} kinds")
        if len(seen):
            shown[one] = codes[int(seen[0])]
    return shown


def _skills(
    ordered: OpportunityBlock, kind: IntArray, space: SkillSpace, weights: Weights, block: OpportunityBlock
) -> Skills:
    size = len(space)

    def felt(feature: str) -> BoolArray:
        return np.asarray(weights.feature[kind, FEATURES.index(feature)] > 0)

    asked = _asked(ordered)
    offer = np.repeat(np.arange(len(kind)), np.diff(asked.start))
    code = (kind[offer] * 2 + ~asked.essential) * LEVELS + asked.column % LEVELS
    taught = sparse.coo_array(ordered.taught)
    lessons = sparse.csr_array(ordered.taught[np.flatnonzero(felt("teaches_missing") & (ordered.taught_mass > 0))])
    needs, jobs = block.needs, np.flatnonzero(kind == JOB)
    unknown = int(weights.number("level", "unknown_need"))
    asks = needs.importance < 2
    need_level = np.where(needs.level > 0, needs.level, unknown)
    place = np.full(len(block), -1, dtype=np.int64)
    place[np.lexsort((block.facts.id_rank, block.facts.kind))[jobs]] = np.arange(len(jobs))
    mine = np.flatnonzero(asks & (place[needs.opportunity] >= 0))
    mine = mine[np.argsort(place[needs.opportunity[mine]], kind="stable")]
    role_need = Rows(
        np.searchsorted(place[needs.opportunity[mine]], np.arange(len(jobs) + 1)),
        (needs.skill[mine] * LEVELS + need_level[mine] - 1).astype(np.int32),
        _NOTHING,
    )
    return Skills(
        credit=_rows(space.credit),
        asked=asked,
        taught=_rows(ordered.taught),
        named=_rows(ordered.named),
        asked_by=_postings(asked.skill, offer, code, asked.share, size),
        used_by=_wish(ordered.presence, felt("wants_to_use"), size),
        practised_by=_wish(ordered.presence, felt("wants_to_learn"), size),
        helped_by=_wish(ordered.presence, felt("willing_to_teach"), size),
        taught_by=_postings(taught.col // LEVELS, taught.row, taught.col % LEVELS, taught.data, size),
        lesson=_rows(lessons)._replace(value=lessons.data.astype(np.float32)),
        lesson_offer=np.flatnonzero(felt("teaches_missing") & (ordered.taught_mass > 0)),
        role_need=role_need,
        role_weight=needs.weight[mine],
    )


def _asked(block: OpportunityBlock) -> Asked:
    """Essential and desired needs in one table; every sum over it goes by rising skill, as in the matrices."""
    parts = [sparse.coo_array(one) for one in (block.essential, block.desired)]
    offer = np.concatenate([one.row for one in parts]).astype(np.int64)
    column = np.concatenate([one.col for one in parts])
    order = np.lexsort((column, offer))
    skill = column[order] // LEVELS
    for same in (block.asked, block.presence):
        if not np.array_equal(same.indices, skill):
            raise ValueError("an opportunity asks for one skill more than once")
    return Asked(
        np.searchsorted(offer[order], np.arange(len(block) + 1)),
        column[order].astype(np.int32),
        skill.astype(np.int32),
        np.repeat([True, False], [one.nnz for one in parts])[order],
        np.concatenate([one.data for one in parts])[order],
        block.presence.data.astype(np.float64),
    )


def _rows(matrix: SparseMatrix) -> Rows:
    found = sparse.csr_array(matrix)
    return Rows(found.indptr.astype(np.int64), found.indices.astype(np.int32), found.data.astype(np.float64))


def _wish(presence: SparseMatrix, felt: BoolArray, size: int) -> Postings:
    """Who asks for a skill, among the offers for which a wish counts."""
    found = sparse.coo_array(presence)
    kept = felt[found.row]
    return _postings(
        found.col[kept], found.row[kept], np.zeros(int(kept.sum()), dtype=np.int64), found.data[kept], size
    )


def _postings(skill: IntArray, offer: IntArray, code: IntArray, value: FloatArray, size: int) -> Postings:
    order = np.lexsort((offer, skill))
    return Postings(
        np.searchsorted(skill[order], np.arange(size + 1)),
        offer[order].astype(np.int32),
        code[order].astype(np.uint8),
        value[order].astype(np.float32),
    )


def _rules(weights: Weights, longest: int) -> Rules:
    number = weights.number
    levels = np.arange(LEVELS + 1.0)
    needed = np.arange(1.0, LEVELS + 1.0)
    best = np.array([number("calibration", kind) for kind in KINDS])
    return Rules(
        feature=np.array(weights.feature),
        best=best,
        common=number("calibration", "usual_best"),
        fresh=fresh(weights),
        met=np.minimum(1.0, levels[:, None] / needed),
        assumed_met=np.minimum(1.0, number("assumed", "level") / needed),
        assumed_most=number("assumed", "most"),
        fades_at=number("assumed", "fades_at"),
        intent=number("shrink", "intent"),
        teaches=number("shrink", "teaches"),
        dilution=number("shrink", "dilution"),
        unknown=int(number("level", "unknown_claim")),
        near_least=number("near_roles", "least_coverage"),
        near_count=int(number("near_roles", "count")),
        first=int(number("floors", "first")),
        per_kind=int(number("floors", "per_kind")),
        caps=np.array([int(number("floors", name)) for name in ("same_title", "same_series", "same_team")]),
        least_score=number("floors", "least_score"),
        least_relevance=number("floors", "least_relevance"),
        spoken=number("floors", "least_relevance")
        / max(1.0, float((number("calibration", "usual_best") / best).max())),
        # Rounding of 32-bit sums: each addition errs by at most 2 ** -24 of a sum that is at most about 2.
        slack=(4 * longest + 64) * 2.0**-23,
    )
