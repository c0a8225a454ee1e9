"""Running a receipt again: from its stored inputs alone, by the code that makes lists, compared to the last digit."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from echo_core.matching import Breakdown, Weights, default_weights
from echo_core.model.message import Message
from echo_hub import __version__
from echo_hub.services.cards import NOBODY, breakdowns_of, gaps_in, gates_in, reasons_in
from echo_hub.services.receipt_views import ReceiptItem, Replay, ReplayedItem, shown_items
from echo_hub.services.stored_messages import AS_SHOWN
from echo_hub.services.views import Gate, Sentence
from echo_hub.snapshot.archive import kept_as_it_was, unpack_opportunities, unpack_person, unpack_weights
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable, Prepared
from echo_hub.snapshot.ranking.ranking import rank
from echo_hub.store.database import Database
from echo_hub.store.receipts import Receipt, ReceiptError, read_inputs, read_receipt

Words = Callable[[Message], str]
"""Says a message in English."""


@dataclass(frozen=True, slots=True)
class _Order:
    """Rows in the order of a list, as far as it is known, and how many are in it."""

    rows: list[int]
    total: int


def replay(database: Database, identity: str, words: Words, weights: Weights | None = None) -> Replay:
    """Runs a receipt again and compares item by item. Nothing but the receipt and its inputs is read.

    Args:
        words: says a message in English. Receipts of older releases hold nothing but English sentences, so those of
            today are compared with them as text; messages are compared as such.
        weights: score with these instead of the weights that were used, to see what they would change.

    Raises:
        ReceiptError: there is no such receipt, or it or an input is not what was stored.
    """
    receipt = read_receipt(database, identity)
    inputs = read_inputs(database, receipt)
    used = unpack_weights(inputs["weights"])
    table = unpack_opportunities(inputs["snapshot"], weights or used)
    prepared = unpack_person(inputs["side"], table)
    order = _order(receipt, json.loads(inputs["choice"]), table, prepared)
    offset = receipt.request.get("offset", 0)
    page = order.rows[offset : offset + receipt.request.get("limit", 1)]
    shown = shown_items(receipt)
    row_of = {identity: row for row, identity in enumerate(table.ids)}
    if any(item.id not in row_of for item in shown):
        raise ReceiptError(f"Receipt {receipt.id} shows what its snapshot never had.", code="receipt.changed")
    before = {row_of[item.id]: item for item in shown}
    rows = [*page, *(row for row in before if row not in page)]
    places = {row: place for place, row in enumerate(order.rows, 1)}
    items = tuple(
        _compared(table, prepared, receipt, words, row, before.get(row), places.get(row), breakdown)
        for row, breakdown in zip(rows, breakdowns_of(table, prepared, rows), strict=True)
    )
    notes = _notes(receipt, order, used, weights)
    same = all(item.identical for item in items) and order.total == receipt.request["total"]
    return Replay(
        receipt=receipt.id,
        identical=same,
        scorer_version=table.weights.version,
        hub_version=__version__,
        items=tuple(sorted(items, key=lambda item: (item.shown_place is None, item.shown_place or item.place or 0))),
        notes=notes,
    )


def _order(receipt: Receipt, choice: Mapping[str, Any], table: OpportunityTable, prepared: Prepared) -> _Order:
    """The list, made again as the surface makes it."""
    request = receipt.request
    if receipt.surface == "explanation":
        return _Order([table.ids.index(request["opportunity"])], 1)
    if receipt.surface == "search":
        # Words put a search in order, the same for everybody; scores and sentences beside them are made again.
        return _Order(choice["rows"], request["total"])
    only = None
    if choice["fits"] is not None:
        bits = np.frombuffer(b64decode(choice["fits"]), dtype=np.uint8)
        only = np.unpackbits(bits, count=len(table)).astype(bool)
    listed = rank(table, table.eligible(prepared.eligibility), prepared.profile, prepared.missing, only).rows.tolist()
    return _Order(listed, len(listed))


def _compared(
    table: OpportunityTable,
    prepared: Prepared,
    receipt: Receipt,
    words: Words,
    row: int,
    before: ReceiptItem | None,
    place: int | None,
    now: Breakdown,
) -> ReplayedItem:
    gates = _gates(table, prepared, receipt, row)
    reasons, gaps = reasons_in(table.space, now, NOBODY), gaps_in(table.space, now, NOBODY)
    same = before is not None and (
        _same(before.reasons, reasons, words)
        and _same(before.gaps, gaps, words)
        and _same(before.gates, gates, words)
        and [(gate.name, gate.passed) for gate in before.gates] == [(gate.name, gate.passed) for gate in gates]
    )
    exact = (
        before is not None
        and before.score == now.score
        and before.place == place
        and [reason.contribution for reason in before.reasons] == [reason.contribution for reason in reasons]
    )
    return ReplayedItem(
        id=table.ids[row],
        title=before.title if before else None,
        shown_place=before.place if before else None,
        place=place,
        shown_score=before.score if before else None,
        score=now.score,
        same_text=same,
        identical=same and exact,
    )


def _gates(table: OpportunityTable, prepared: Prepared, receipt: Receipt, row: int) -> tuple[Gate, ...]:
    """The gates this surface shows: none in one's own list, the closed ones in a search, all in an explanation."""
    if receipt.surface == "for_you":
        return ()
    ((gates,),) = gates_in(table, [prepared], [row])
    return gates if receipt.surface == "explanation" else tuple(gate for gate in gates if not gate.passed)


def _same(before: Sequence[Sentence], now: Sequence[Sentence], words: Words) -> bool:
    """Whether sentences are the same, by their messages; those of which only the text was kept by their text."""
    return len(before) == len(now) and all(
        shown.text == words(again.message) if shown.message.id == AS_SHOWN else shown.message == again.message
        for shown, again in zip(before, now, strict=True)
    )


def _notes(receipt: Receipt, order: _Order, used: Weights, weights: Weights | None) -> tuple[Sentence, ...]:
    notes = []
    if order.total != receipt.request["total"]:
        notes.append(Message("replay-total", {"shown": receipt.request["total"], "now": order.total}))
    if weights is not None and (kept := kept_as_it_was(used, weights)):
        notes.append(Message("replay-weights", {"tables": tuple(f"[{name}]" for name in kept)}))
    if receipt.hub != __version__:
        notes.append(Message("replay-release", {"shown": receipt.hub, "now": __version__}))
    if weights is None and used.version != default_weights().version:
        notes.append(Message("replay-scorer", {"shown": used.version, "now": default_weights().version}))
    return tuple(Sentence(message=note) for note in notes)
