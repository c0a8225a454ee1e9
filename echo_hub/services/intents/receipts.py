"""Receipts: what people were shown, kept with its inputs, and run again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from echo_hub.services import receipts as keeping
from echo_hub.services.access import allow, allows
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.errors import UnknownPersonError
from echo_hub.services.hub import Hub
from echo_hub.services.looking import looked
from echo_hub.services.receipt_keeping import keep_answer
from echo_hub.services.receipt_replay import Words
from echo_hub.services.receipt_replay import replay as again
from echo_hub.services.receipt_views import ReceiptPage, ReceiptSummary, ReceiptView, Replay
from echo_hub.services.recording import recorded
from echo_hub.services.views import Filters, InWords
from echo_hub.store.receipts import Pruned, Surface, prune_receipts, read_receipt

if TYPE_CHECKING:
    from echo_core.matching import Weights

__all__ = ["Surface", "keep", "list_receipts", "prune", "receipt", "receipt_page", "replay"]


class Listed(NamedTuple):
    """Receipts, and whose they are by public id and name.

    Of everybody there is no id, of somebody who is long gone no name.
    """

    person: str | None
    name: str | None
    receipts: tuple[ReceiptSummary, ...]


def list_receipts(actor: Actor, hub: Hub, person: str | None = None, *, limit: int = 50) -> Listed:
    """Receipts, the latest first: the actor's own, or a named person's; who names nobody and may see all sees all.

    Raises:
        ForbiddenError: somebody else's.
        AmbiguousPersonError: the text means several people.
    """
    who = _whose(actor, hub, person)
    looked(hub, allow(actor, "receipt.list", of=who))
    known = hub.snapshot().person(who) if who else None
    return Listed(who, known.fact.name if known else None, keeping.receipts_of(hub.database, who, limit=limit))


def _whose(actor: Actor, hub: Hub, person: str | None) -> str | None:
    text = (person or "").strip()
    if not text and allows(actor, "receipt.list"):
        return None
    try:
        return meant(actor, hub, text)
    except UnknownPersonError:
        if not text:
            raise
        return text  # the id of somebody who is long gone


def receipt(actor: Actor, hub: Hub, receipt_id: str) -> ReceiptView:
    """One receipt: every opportunity as it was shown, and what it was made from.

    Raises:
        ForbiddenError: it is about somebody else's list.
        ReceiptError: there is no such receipt, or it is not what was stored.
    """
    kept = read_receipt(hub.database, receipt_id)
    looked(hub, allow(actor, "receipt.read", of=kept.person))
    return keeping.receipt_view(kept)


def receipt_page(actor: Actor, hub: Hub, receipt_id: str, words: Words) -> ReceiptPage:
    """A receipt with its replay, the name of the person and the titles that are listed now; errors as `receipt`."""
    kept = read_receipt(hub.database, receipt_id)
    looked(hub, allow(actor, "receipt.read", of=kept.person))
    snapshot = hub.snapshot()
    view = keeping.receipt_view(kept)
    person = snapshot.person(kept.person)
    titles = {item.id: listing.record.title for item in view.items if (listing := snapshot.listing(item.id))}
    return ReceiptPage(
        receipt=view,
        replay=again(hub.database, receipt_id, words),
        name=person.fact.name if person else None,
        titles=titles,
    )


def replay(actor: Actor, hub: Hub, receipt_id: str, words: Words, weights: Weights | None = None) -> Replay:
    """Runs a receipt again from its stored inputs alone; `weights` show what they would change. Errors as `receipt`."""
    kept = read_receipt(hub.database, receipt_id)
    looked(hub, allow(actor, "receipt.read", of=kept.person))
    return again(hub.database, receipt_id, words, weights)


def keep(
    actor: Actor,
    hub: Hub,
    surface: Surface,
    person: str | None = None,
    *,
    in_words: InWords,
    filters: Filters | None = None,
    query: str = "",
    opportunity_id: str = "",
    limit: int = 20,
    offset: int = 0,
) -> ReceiptView:
    """Keeps a receipt of what the actor, or a named person, is shown when they ask for this.

    Raises:
        ForbiddenError: somebody else's list.
        UnknownPersonError, AmbiguousPersonError, UnknownOpportunityError, UnknownValueError: it cannot be shown.
        NotMatchedError: nothing is matched for the person, so there is nothing to keep.
    """
    who = meant(actor, hub, person)
    permit = allow(actor, "receipt.keep", of=who)
    snapshot = hub.snapshot()
    with recorded(hub, permit, "receipt") as entry:
        entry.id = identity = keep_answer(
            hub.receipts,
            snapshot,
            surface,
            who,
            in_words,
            opportunity_id=opportunity_id,
            query=query,
            filters=filters,
            limit=limit,
            offset=offset,
            policy=hub.policy(snapshot).of(who, actor.person),
        )
    return keeping.receipt_view(read_receipt(hub.database, identity))


def prune(actor: Actor, hub: Hub, *, older_than: timedelta) -> Pruned:
    """Removes old receipts, and the inputs that no other receipt needs."""
    permit = allow(actor, "receipt.prune")
    with recorded(hub, permit, "receipts", days=older_than.days) as entry:
        gone = prune_receipts(hub.database, before=hub.now() - older_than)
        entry.details["receipts"] = gone.receipts
    return gone
