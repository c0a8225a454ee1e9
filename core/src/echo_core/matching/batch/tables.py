"""A snapshot's tables as compiled code reads them, made from what the single scorer reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import FloatArray, IntArray, SparseMatrix
from echo_core.matching.batch.layout import (
    Dense,
    Offers,
    Postings,
    Products,
    Requirements,
    Rows,
    Rules,
    Skills,
    Tables,
)
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.claim_tables import fresh
from echo_core.matching.congestion import Congestion
from echo_core.matching.eligibility import EligibilityFacts
from echo_core.matching.forms import (
    CLAIMS,
    OVER_SKILLS,
    REQUIREMENTS,
    CodeTable,
    CongestionShare,
    PairScalar,
    SkillProduct,
)
from echo_core.matching.growth import JOB
from echo_core.matching.registry import FeatureSet
from echo_core.matching.shapes import SHAPES
from echo_core.matching.space import SkillSpace
from echo_core.matching.weights import KINDS, Weights

_REQUIREMENT_BY_REQUIREMENT = frozenset({"coverage", "assumed", "steps_up", "strength", "learn"})
"""Claims over the skills that are looked at requirement by requirement."""
_SHARES = frozenset({"essential", "desired", "asked"})
_DENSE = frozenset({"lessons_missing"})
_NONE: IntArray = np.zeros(0, dtype=np.int64)
_NOTHING: FloatArray = np.zeros(0)


def build_tables(
    block: OpportunityBlock,
    space: SkillSpace,
    weights: Weights,
    congestion: Congestion | None,
    eligibility: EligibilityFacts,
    kind_codes: IntArray,
    diversity_groups: IntArray,
) -> Tables:
    """Tables of one snapshot.

    Raises:
        ValueError: one scored kind is shown as several kinds, or an opportunity asks for a skill twice.
    """
    row = np.lexsort((block.facts.id_rank, block.facts.kind))
    kind = block.facts.kind[row]
    ordered = block.rows(row)
    products = _products(weights)
    skills = _skills(ordered, kind, space, weights, block, products)
    count = len(row)
    pressure = np.zeros((2, count))
    if congestion is not None:
        pressure[:] = congestion.pressure(None)[row], congestion.pressure(np.arange(count))[row]
    offers = Offers(
        row=row,
        id_rank=block.facts.id_rank[row],
        kind=kind.astype(np.int8),
        edges=np.searchsorted(kind, np.arange(len(KINDS) + 1)),
        shown=_shown(kind, kind_codes[row]),
        diversity_groups=np.ascontiguousarray(diversity_groups[:, row]),
        owner=eligibility.owner[row],
        owner_enter=eligibility.owner_enter[row],
        owner_leave=eligibility.owner_leave[row],
        mentoring=eligibility.mentoring[row],
        taught_mass=ordered.taught_mass,
        whole=ordered.taught_mass.astype(np.float32),
        pressure=pressure[0],
        pressure_counted=pressure[1],
        left=(1.0 - _congested(weights, kind) * pressure.min(axis=0)).clip(min=1e-9).astype(np.float32),
    )
    return Tables(offers, skills, _rules(weights, products, int(np.diff(skills.required.start).max(initial=0))))


def _congested(weights: Weights, kind: IntArray) -> FloatArray:
    """The largest share of each score that congestion takes."""
    code = _congestion(weights)
    return weights.feature[kind, code] if code >= 0 else np.zeros(len(kind))


def _congestion(weights: Weights) -> int:
    codes = [
        code for code, feature in enumerate(weights.features.features) if isinstance(feature.form, CongestionShare)
    ]
    return codes[0] if codes else -1


def circumstances(features: FeatureSet) -> tuple[tuple[int, CodeTable | PairScalar], ...]:
    """The codes and forms of the features that the same people have the same of, whatever their skills."""
    return tuple(
        (code, feature.form)
        for code, feature in enumerate(features.features)
        if isinstance(feature.form, CodeTable | PairScalar)
    )


def _products(weights: Weights) -> Products:
    """The skill products among the features, and how each is summed."""
    features = weights.features
    forms = [
        (code, feature.form) for code, feature in enumerate(features.features) if isinstance(feature.form, SkillProduct)
    ]
    terms = [[REQUIREMENTS.index(name) for name in form.requirements] for _, form in forms]
    gains = sum(code < features.gains for code, _ in forms)
    shares = [
        number
        for number, (_, form) in enumerate(forms[:gains])
        if form.shape == "sum" and form.claims in _REQUIREMENT_BY_REQUIREMENT and set(form.requirements) <= _SHARES
    ]
    single = [
        number for number, (_, form) in enumerate(forms[:gains]) if number not in shares and form.claims not in _DENSE
    ]

    share_weight = np.zeros((len(shares), 2 * len(KINDS)), dtype=np.float32)
    for position, number in enumerate(shares):
        code, form = forms[number]
        for which, importance in enumerate(("essential", "desired")):
            if not {importance, "asked"}.isdisjoint(form.requirements):
                share_weight[position, which::2] = weights.feature[:, code]

    return Products(
        feature=np.array([code for code, _ in forms], dtype=np.int64),
        claims=np.array([CLAIMS.index(form.claims) for _, form in forms], dtype=np.int64),
        shape=np.array([SHAPES.index(form.shape) for _, form in forms], dtype=np.int64),
        term_start=np.cumsum([0, *(len(term_codes) for term_codes in terms)]).astype(np.int64),
        term=np.array([entry for term_codes in terms for entry in term_codes], dtype=np.int64),
        term_claims=np.repeat(
            [CLAIMS.index(form.claims) for _, form in forms], [len(term_codes) for term_codes in terms]
        ),
        gains=gains,
        shares=np.array(shares, dtype=np.int64),
        share_weight=share_weight,
        classes=2 * len(KINDS),
        single=np.array(single, dtype=np.int64),
    )


def _shown(kind: IntArray, kind_codes: IntArray) -> IntArray:
    """What people see each scored kind as, numbered from 0; -1 for a kind that nothing has."""
    codes = {int(code): number for number, code in enumerate(np.unique(kind_codes))}
    shown = np.full(len(KINDS), -1, dtype=np.int64)
    for code in range(len(KINDS)):
        seen = np.unique(kind_codes[kind == code])
        if len(seen) > 1:
            raise ValueError(f"opportunities scored as {KINDS[code]} are shown as {len(seen)} kinds")
        if len(seen):
            shown[code] = codes[int(seen[0])]
    return shown


def _skills(
    ordered: OpportunityBlock,
    kind: IntArray,
    space: SkillSpace,
    weights: Weights,
    block: OpportunityBlock,
    products: Products,
) -> Skills:
    required = _requirements(ordered)
    offer = np.repeat(np.arange(len(kind)), np.diff(required.start))
    level = required.column % LEVELS
    requirements, jobs = block.requirements, np.flatnonzero(kind == JOB)
    unknown = int(weights.number("level", "unknown_need"))
    asks = requirements.importance < 2
    requirement_level = np.where(requirements.level > 0, requirements.level, unknown)
    position = np.full(len(block), -1, dtype=np.int64)
    position[np.lexsort((block.facts.id_rank, block.facts.kind))[jobs]] = np.arange(len(jobs))
    of_jobs = np.flatnonzero(asks & (position[requirements.opportunity] >= 0))
    of_jobs = of_jobs[np.argsort(position[requirements.opportunity[of_jobs]], kind="stable")]
    role_requirement = Rows(
        np.searchsorted(position[requirements.opportunity[of_jobs]], np.arange(len(jobs) + 1)),
        (requirements.skill[of_jobs] * LEVELS + requirement_level[of_jobs] - 1).astype(np.int32),
        _NOTHING,
    )

    def weight_of(product: int) -> FloatArray:
        """What a product adds up for each requirement; 0 among the offers for which the feature does not count."""
        terms = products.term[products.term_start[product] : products.term_start[product + 1]]
        counts = weights.feature[kind, products.feature[product]] > 0
        added: FloatArray = required.entry[:, terms].sum(axis=1) * counts[offer]
        return added

    share = required.entry[:, REQUIREMENTS.index("asked")]
    essential = required.entry[:, REQUIREMENTS.index("essential")] > 0
    required_at = np.flatnonzero(share)
    code = level * (2 * len(KINDS)) + kind[offer] * 2 + ~essential
    dense = [number for number in range(products.gains) if CLAIMS[products.claims[number]] in _DENSE]
    return Skills(
        credit=_rows(space.credit),
        required=required,
        shares=_postings(
            required.skill[required_at], offer[required_at], code[required_at], share[required_at], len(space)
        ),
        single=_joined(
            [_weighted(required, offer, level, weight_of(int(product)), len(space)) for product in products.single],
            len(space),
        ),
        dense=_dense(required, offer, {number: weight_of(number) for number in dense}),
        role_requirement=role_requirement,
        role_weight=requirements.weight[of_jobs],
    )


def _requirements(block: OpportunityBlock) -> Requirements:
    """All tables of a block in one; every sum over it goes by rising skill, as in the tables."""
    parts = {name: sparse.coo_array(getattr(block, name)) for name in REQUIREMENTS if name not in OVER_SKILLS}
    offer = np.concatenate([part.row for part in parts.values()]).astype(np.int64)
    column = np.concatenate([part.col for part in parts.values()]).astype(np.int64)
    order = np.lexsort((column, offer))
    offer, column = offer[order], column[order]
    skill = column // LEVELS
    if (np.diff(offer * max(block.named.shape[1], 1) + skill) == 0).any():
        raise ValueError("an opportunity names one skill more than once")
    entry = np.zeros((len(offer), len(REQUIREMENTS)))
    for number, name in enumerate(REQUIREMENTS):
        table = sparse.coo_array(getattr(block, name))
        width = table.shape[1]
        at = np.searchsorted(offer * width + (skill if name in OVER_SKILLS else column), table.row * width + table.col)
        entry[at, number] = table.data
    return Requirements(
        np.searchsorted(offer, np.arange(len(block) + 1)), column.astype(np.int32), skill.astype(np.int32), entry
    )


def _weighted(required: Requirements, offer: IntArray, level: IntArray, weight: FloatArray, skills: int) -> Postings:
    kept = np.flatnonzero(weight)
    return _postings(required.skill[kept], offer[kept], level[kept], weight[kept], skills)


def _joined(indexes: Sequence[Postings], skills: int) -> Postings:
    """Several indexes one behind the other."""
    ends = np.cumsum([0, *(len(postings.offer) for postings in indexes)])
    start = np.zeros((len(indexes), skills + 1), dtype=np.int64)
    for number, postings in enumerate(indexes):
        start[number] = postings.start + ends[number]
    return Postings(
        start,
        np.concatenate([np.zeros(0, dtype=np.int32), *(postings.offer for postings in indexes)]),
        np.concatenate([np.zeros(0, dtype=np.uint8), *(postings.code for postings in indexes)]),
        np.concatenate([np.zeros(0, dtype=np.float32), *(postings.value for postings in indexes)]),
    )


def _dense(required: Requirements, offer: IntArray, weights: Mapping[int, FloatArray]) -> Dense:
    starts, offers, products, columns, values = [0], [], [], [_NONE], [_NOTHING]
    for product, weight in weights.items():
        kept = np.flatnonzero(weight)
        rows, counts = np.unique(offer[kept], return_counts=True)
        offers += rows.tolist()
        products += [product] * len(rows)
        starts += (starts[-1] + np.cumsum(counts)).tolist()
        columns.append(required.column[kept])
        values.append(weight[kept])
    return Dense(
        np.array(starts, dtype=np.int64),
        np.array(offers, dtype=np.int64),
        np.array(products, dtype=np.int64),
        np.concatenate(columns).astype(np.int32),
        np.concatenate(values).astype(np.float32),
    )


def _rows(matrix: SparseMatrix) -> Rows:
    csr = sparse.csr_array(matrix)
    return Rows(csr.indptr.astype(np.int64), csr.indices.astype(np.int32), csr.data.astype(np.float64))


def _postings(skill: IntArray, offer: IntArray, code: IntArray, value: FloatArray, size: int) -> Postings:
    order = np.lexsort((offer, skill))
    return Postings(
        np.searchsorted(skill[order], np.arange(size + 1)),
        offer[order].astype(np.int32),
        code[order].astype(np.uint8),
        value[order].astype(np.float32),
    )


def _rules(weights: Weights, products: Products, longest: int) -> Rules:
    number, features = weights.number, weights.features
    levels = np.arange(LEVELS + 1.0)
    needed = np.arange(1.0, LEVELS + 1.0)
    best = np.array([number("calibration", kind) for kind in KINDS])
    return Rules(
        products=products,
        feature=np.array(weights.feature),
        gains=features.gains,
        recommends=np.isin(np.arange(len(features)), features.recommends),
        circumstances=np.array([code for code, _ in circumstances(features)], dtype=np.int64),
        congestion=_congestion(weights),
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
        slack=4 * (longest + len(features)) * 2.0**-23,
    )
