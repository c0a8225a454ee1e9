"""One person's list, search, one opportunity, and why it fits."""

from __future__ import annotations

from echo_hub.services import explain as explaining
from echo_hub.services import feed
from echo_hub.services import search as searching
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.hub import Hub
from echo_hub.services.looking import looked
from echo_hub.services.ownership import owner_of
from echo_hub.services.policy import EVERYTHING_ON
from echo_hub.services.views import Explanation, Filters, InWords, OpportunityView, ResultList


def for_you(
    actor: Actor,
    hub: Hub,
    person: str | None = None,
    filters: Filters | None = None,
    *,
    in_words: InWords,
    limit: int = 20,
    offset: int = 0,
    receipt: bool = False,
) -> ResultList:
    """One page of a list, the actor's own unless a `person` is named; with a receipt where one is due.

    Args:
        in_words: puts the sentences into the words that are shown, and kept in the receipt.

    Raises:
        ForbiddenError: somebody else's list.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
        UnknownValueError: a filter has a value that nothing can have.
    """
    who = meant(actor, hub, person)
    looked(hub, allow(actor, "feed.read", of=who))
    snapshot = hub.snapshot()
    policy = hub.policy(snapshot).of(who, actor.person)
    results = feed.for_you(snapshot, who, filters, limit=limit, offset=offset, policy=policy)
    return hub.receipts.shown(snapshot, in_words(results), "for_you", requested=receipt)


def search(
    actor: Actor,
    hub: Hub,
    query: str = "",
    filters: Filters | None = None,
    *,
    in_words: InWords,
    person: str | None = None,
    limit: int = 20,
    offset: int = 0,
    receipt: bool = False,
) -> ResultList:
    """One page of everything that is open; cards carry the match of the actor, or of a `person` who is named.

    Raises:
        ForbiddenError, UnknownPersonError, AmbiguousPersonError, UnknownValueError: as `for_you`.
    """
    who = meant(actor, hub, person) if person or actor.person else None
    looked(hub, allow(actor, "search.read", of=who))
    snapshot = hub.snapshot()
    policy = EVERYTHING_ON if who is None else hub.policy(snapshot).of(who, actor.person)
    results = searching.search(snapshot, query, filters, person_id=who, limit=limit, offset=offset, policy=policy)
    return hub.receipts.shown(snapshot, in_words(results), "search", requested=receipt)


def explain(
    actor: Actor,
    hub: Hub,
    opportunity_id: str,
    person: str | None = None,
    *,
    in_words: InWords,
    what_if: bool = False,
    receipt: bool = False,
) -> Explanation:
    """Why one opportunity fits the actor, or a `person` who is named; errors as `for_you`.

    Raises:
        UnknownOpportunityError: no such opportunity is listed.
        NotMatchedError: matching, or the kind of this, is off for the person.
    """
    who = meant(actor, hub, person)
    looked(hub, allow(actor, "explanation.read", of=who))
    snapshot = hub.snapshot()
    policy = hub.policy(snapshot).of(who, actor.person)
    explanation = explaining.explain(snapshot, who, opportunity_id, what_if=what_if, policy=policy)
    return hub.receipts.shown(snapshot, in_words(explanation), "explanation", requested=receipt)


def opportunity(actor: Actor, hub: Hub, opportunity_id: str) -> OpportunityView:
    """One opportunity as anybody sees it. Staff, and its owner, see it though its kind is off for them.

    Raises:
        UnknownOpportunityError: no such opportunity is listed for the actor.
    """
    allow(actor, "opportunity.read")
    snapshot = hub.snapshot()
    policy = EVERYTHING_ON
    if actor.person and not actor.is_staff and owner_of(snapshot, opportunity_id, actor) != actor.person:
        policy = hub.policy(snapshot).of(actor.person, actor.person)
    return explaining.opportunity(snapshot, opportunity_id, policy)
