"""Explore: everything that is listed, by words and filters, whatever the matcher thinks."""

from __future__ import annotations

from echo_hub.services.cards import card, cards_for, facet_counts
from echo_hub.services.people import person_row, person_view
from echo_hub.services.policy import EVERYTHING_ON, PersonPolicy
from echo_hub.services.views import Filters, ResultList
from echo_hub.services.vocabulary import understood
from echo_hub.snapshot.snapshot import Snapshot


def search(
    snapshot: Snapshot,
    query: str = "",
    filters: Filters | None = None,
    *,
    person_id: str | None = None,
    limit: int = 20,
    offset: int = 0,
    policy: PersonPolicy = EVERYTHING_ON,
) -> ResultList:
    """One page of results, most relevant first; without a query all that is listed, newest first.

    Search is about what people may see, not about what they can take up: with a person, cards carry score and reasons
    and say which gates are closed, but the order and the number of results stay the same.

    Args:
        policy: what is on for the person.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person_id` names nobody, or not one person.
        UnknownValueError: a filter has a value that nothing can have.
    """
    filters = understood(snapshot, filters or Filters())
    person = None if person_id is None else person_row(snapshot, person_id)
    hits, there = snapshot.index.find(query), policy.there(snapshot)
    listed = hits.mask if there is None else hits.mask & there
    let_through = policy.let_through(snapshot, filters)
    shown = None if let_through is None else hits.mask & let_through
    page = hits.best(shown, offset=offset, limit=limit).tolist()
    return ResultList(
        person=None if person is None else person_view(snapshot, person),
        query=query,
        filters=filters,
        total=hits.total if shown is None else int(shown.sum()),
        offset=offset,
        limit=limit,
        cards=tuple(card(snapshot, row) for row in page)
        if person is None or not policy.matched
        else cards_for(snapshot, person, page, gates=True),
        facets=facet_counts(snapshot.facets.counts(listed, filters)),
        kinds=policy.kinds,
        unranked=policy.sentence,
        credits=snapshot.taxonomy.credits(),
    )
