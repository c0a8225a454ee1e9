"""Keeping a receipt of a list, a search or an explanation because somebody asks for it."""

from __future__ import annotations

from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.services.receipts import Receipts
from echo_hub.services.search import search
from echo_hub.services.views import Explanation, Filters, InWords, ResultList
from echo_hub.snapshot import Snapshot
from echo_hub.store.receipts import Surface


def keep_answer(
    receipts: Receipts,
    snapshot: Snapshot,
    surface: Surface,
    person_id: str,
    in_words: InWords,
    *,
    opportunity_id: str = "",
    query: str = "",
    filters: Filters | None = None,
    limit: int,
    offset: int = 0,
) -> str:
    """Stores the receipt of what this snapshot answers a person; answers its id.

    Args:
        in_words: puts the sentences of the answer into the words that are shown.
        opportunity_id: what an explanation is about.
        query: the words of a search.

    Raises:
        UnknownOpportunityError: the explanation is about nothing that is listed.
        HubError: the database cannot store it now.
    """
    answer: ResultList | Explanation
    if surface == "explanation":
        answer = explain(snapshot, person_id, opportunity_id)
    elif surface == "search":
        answer = search(snapshot, query, filters, person_id=person_id, limit=limit, offset=offset)
    else:
        answer = for_you(snapshot, person_id, filters, limit=limit, offset=offset)
    return receipts.keep(snapshot, in_words(answer), surface)
