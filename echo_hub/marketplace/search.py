"""Explore: everything that is listed, by words and filters, whatever the matcher thinks."""

from __future__ import annotations

import numpy as np

from echo_hub.market.snapshot import Market
from echo_hub.marketplace.cards import card, cards_for, facet_counts
from echo_hub.marketplace.people import person_row, person_view
from echo_hub.marketplace.views import Filters, ResultList


def search(
    market: Market,
    query: str = "",
    filters: Filters | None = None,
    *,
    person_id: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> ResultList:
    """One page of results, most relevant first; without a query all that is listed, newest first.

    Search is about what people may see, not about what they can take up: with a person, cards carry score and reasons
    and say which gates are closed, but the order and the number of results stay the same.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` names nobody, or not one person.
    """
    filters = filters or Filters()
    person = None if person_id is None else person_row(market, person_id)
    found = market.index.rows(query)
    hits = np.zeros(len(market.listings), dtype=bool)
    hits[found] = True
    rows = found[market.facets.mask(filters)[found]] if filters.active else found
    page = rows[offset : offset + limit].tolist()
    return ResultList(
        person=None if person is None else person_view(market, person),
        query=query,
        filters=filters,
        total=len(rows),
        offset=offset,
        limit=limit,
        cards=tuple(card(market, row) for row in page)
        if person is None
        else cards_for(market, person, page, gates=True),
        facets=facet_counts(market.facets.counts(hits, filters)),
    )
