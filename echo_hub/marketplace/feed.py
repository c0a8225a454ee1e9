"""For you: one list over jobs, projects, mentoring and learning, with a score and reasons for one person."""

from __future__ import annotations

import numpy as np

from echo_core.matching import FEATURES, in_order, mixed
from echo_hub.market.snapshot import Market
from echo_hub.marketplace.cards import cards_for, facet_counts
from echo_hub.marketplace.people import person_row, person_view
from echo_hub.marketplace.views import Filters, ResultList

_SKILL_FEATURES = FEATURES.index("place")
"""Features before this one are about skills and wishes; those from here on only tell good matches apart."""


def for_you(
    market: Market, person_id: str, filters: Filters | None = None, *, limit: int = 20, offset: int = 0
) -> ResultList:
    """One page of a person's list, best first.

    Holds what every gate lets through and what has something to do with the person's skills or wishes, unless a wish
    to avoid took all its score; for a person whom nothing fits, all that the gates let through. The top shows every
    kind that has something sensible; ties stand in the order of their ids, so pages never overlap.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` names nobody, or not one person.
    """
    filters = filters or Filters()
    person = person_row(market, person_id)
    scores = market.scores(person)
    open_to = market.eligible(person)
    relevant = (scores.contributions[:_SKILL_FEATURES].sum(axis=0) > 0) & (scores.total > 0) & open_to[scores.rows]
    candidates = np.zeros(len(market.listings), dtype=bool)
    candidates[scores.rows[relevant]] = True
    if not candidates.any():
        scores = market.scores(person, np.flatnonzero(open_to))
        candidates = open_to
    shown = candidates & market.facets.mask(filters)
    kept = np.flatnonzero(shown[scores.rows])
    rows, total = scores.rows[kept], scores.total[kept]
    order = in_order(total, market.block.facts.id_rank[rows])
    order = mixed(order, total, market.kind_codes[rows], market.title_codes[rows], market.weights)
    page = rows[order[offset : offset + limit]]
    return ResultList(
        person=person_view(market, person),
        query="",
        filters=filters,
        total=len(rows),
        offset=offset,
        limit=limit,
        cards=cards_for(market, person, page.tolist(), first_rank=offset + 1),
        facets=facet_counts(market.facets.counts(candidates, filters)),
    )
