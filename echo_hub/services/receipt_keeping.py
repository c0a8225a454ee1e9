"""Keeping a receipt of a list, a search or an explanation because somebody asks for it."""

from __future__ import annotations

from echo_hub.services.errors import NotMatchedError
from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.services.policy import EVERYTHING_ON, PersonPolicy
from echo_hub.services.receipts import NOTHING_RANKED, Receipts
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
    policy: PersonPolicy = EVERYTHING_ON,
) -> str:
    """Stores the receipt of what this snapshot answers a person; answers its id.

    Args:
        in_words: puts the sentences of the answer into the words that are shown.
        opportunity_id: what an explanation is about.
        query: the words of a search.
        policy: what is on for the person.

    Raises:
        NotMatchedError: nothing is matched for the person, so there is nothing to keep.
        UnknownOpportunityError: the explanation is about nothing that is listed.
        HubError: the database cannot store it now.
    """
    if policy.unranked is not None:
        raise NotMatchedError(NOTHING_RANKED, policy.unranked)
    answer: ResultList | Explanation
    if surface == "explanation":
        answer = explain(snapshot, person_id, opportunity_id, policy=policy)
    elif surface == "search":
        answer = search(snapshot, query, filters, person_id=person_id, limit=limit, offset=offset, policy=policy)
    else:
        answer = for_you(snapshot, person_id, filters, limit=limit, offset=offset, policy=policy)
    return receipts.keep(snapshot, in_words(answer), surface)
