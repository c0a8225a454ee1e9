"""Keeping receipts: what a person was just shown, with everything it was made from."""

from __future__ import annotations

import hashlib
import json
import logging
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from echo_core.connectors.errors import HubError
from echo_core.matching.arrays import BoolArray
from echo_core.model.message import Message
from echo_hub import __version__
from echo_hub.services.errors import RequestError
from echo_hub.services.policy import PersonPolicy
from echo_hub.services.receipt_views import ReceiptInput, ReceiptItem, ReceiptSummary, ReceiptView, shown_items
from echo_hub.services.views import Card, Explanation, Filters, Gate, Kept, ResultList, Sentence, SkillSentence
from echo_hub.snapshot.archive import pack_opportunities, pack_person, pack_weights
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.database import Database
from echo_hub.store.receipts import Input, Receipt, ReceiptLine, Surface, keep_receipt, list_receipts

log = logging.getLogger(__name__)
When = Literal["asked", "shown"]
_Answer = TypeVar("_Answer", ResultList, Explanation)
_Told = TypeVar("_Told", bound=SkillSentence)
NOTHING_RANKED = "No receipt is kept of what is not matched: everybody sees it in the same order."
_NAMES_SOMEBODY = ("mentorship",)
"""Kinds whose titles often name a person; a receipt keeps ids only."""


class Receipts:
    """Keeps receipts of what is shown: always, or when somebody asks for one.

    A snapshot is packed and stored once, when its first receipt is taken; every other receipt of it refers to it.
    """

    def __init__(self, database: Database, when: When, now: Callable[[], datetime]) -> None:
        self._database, self._when, self._now = database, when, now
        self._packed: WeakKeyDictionary[OpportunityTable, str] = WeakKeyDictionary()

    def shown(self, snapshot: Snapshot, answer: _Answer, surface: Surface, *, requested: bool = False) -> _Answer:
        """The answer with its receipt, where one is due. That it cannot be stored is said, and spoils no answer.

        Args:
            answer: with its sentences in words, because the words are part of what was shown.
        """
        if answer.person is None or not (requested or self._when == "shown"):
            return answer
        if isinstance(answer, ResultList) and answer.unranked is not None:
            return answer.model_copy(update={"receipt": Kept(problem=NOTHING_RANKED)}) if requested else answer
        try:
            kept = Kept(id=self.keep(snapshot, answer, surface))
        except HubError as error:
            log.exception("A receipt could not be stored.")
            kept = Kept(problem=f"No receipt of this could be kept: {error.message}")
        return answer.model_copy(update={"receipt": kept})

    def keep(self, snapshot: Snapshot, answer: ResultList | Explanation, surface: Surface) -> str:
        """Stores the receipt of an answer this snapshot just gave to a person; answers its id.

        Raises:
            RequestError: the answer is nobody's.
            HubError: the database cannot store it now.
        """
        if answer.person is None:
            raise RequestError("A receipt is about one person's list; say whose it is.")
        if isinstance(answer, Explanation):
            request: dict[str, Any] = {"opportunity": answer.card.id, "total": 1}
            choice: dict[str, Any] = {}
            items = [_item(answer.card, 1, answer.gates)]
        else:
            request = answer.model_dump(mode="json", include={"query", "filters", "offset", "limit", "total"})
            choice = _mask(snapshot, answer) if surface == "for_you" else _hits(snapshot, answer)
            items = [_item(card, answer.offset + at, card.closed_gates) for at, card in enumerate(answer.cards, 1)]
        prepared = snapshot.prepared(snapshot.person_rows[answer.person.id])
        inputs = {
            "snapshot": Input(
                self._packed_as(snapshot.opportunity_table), lambda: pack_opportunities(snapshot.opportunity_table)
            ),
            "weights": Input.of(pack_weights(snapshot.weights)),
            "side": Input.of(pack_person(prepared)),
            "choice": Input.of(json.dumps(choice, sort_keys=True).encode()),
        }
        receipt = Receipt(
            person=answer.person.id,
            surface=surface,
            shown_at=self._now(),
            scorer=snapshot.weights.version,
            hub=__version__,
            inputs={kind: content.sha256 for kind, content in inputs.items()},
            request=request,
            shown={"items": [item.model_dump(mode="json") for item in items]},
        )
        return keep_receipt(self._database, receipt, inputs)

    def _packed_as(self, table: OpportunityTable) -> str:
        """What a table is known by. Only that is remembered: its bytes are many, and mostly in the store already."""
        digest = self._packed.get(table)
        if digest is None:
            digest = self._packed[table] = hashlib.sha256(pack_opportunities(table)).hexdigest()
        return digest


def _item(card: Card, place: int, gates: tuple[Gate, ...]) -> ReceiptItem:
    return ReceiptItem(
        id=card.id,
        kind=card.kind,
        title=None if card.kind in _NAMES_SOMEBODY else card.title,
        place=place,
        rank=card.rank,
        score=card.score or 0.0,
        reasons=tuple(_nameless(reason) for reason in card.reasons),
        gaps=tuple(_nameless(gap) for gap in card.gaps),
        gates=gates,
    )


def _nameless(sentence: _Told) -> _Told:
    """Who confirmed a requirement is named beside a sentence, never in a receipt."""
    return replace(sentence, confirmed=None, confirmation=None)


def _mask(snapshot: Snapshot, results: ResultList) -> dict[str, Any]:
    """Which listings the filters of a list, and what is on for the person, let through, a bit each; None for all."""
    mask = _let_through(snapshot, results)
    return {"fits": None if mask is None else b64encode(np.packbits(mask).tobytes()).decode()}


def _let_through(snapshot: Snapshot, results: ResultList) -> BoolArray | None:
    return PersonPolicy(results.kinds).let_through(snapshot, results.filters)


def _hits(snapshot: Snapshot, results: ResultList) -> dict[str, Any]:
    """The order of a search down to this page: the words make it, the same for everybody, and no score."""
    allowed = _let_through(snapshot, results)
    rows = snapshot.index.find(results.query).best(allowed, offset=0, limit=results.offset + results.limit)
    return {"rows": rows.tolist()}


def summary(line: ReceiptLine | Receipt) -> ReceiptSummary:
    """A receipt as a list shows it."""
    return ReceiptSummary(
        id=line.id,
        person=line.person,
        surface=line.surface,
        shown_at=line.shown_at,
        scorer_version=line.scorer,
        asked=Sentence(message=_asked(line.request)),
    )


def receipt_view(receipt: Receipt) -> ReceiptView:
    """A receipt with everything that was shown."""
    request = receipt.request
    return ReceiptView(
        **dict(summary(receipt)),
        hub_version=receipt.hub,
        query=request.get("query", ""),
        filters=Filters.model_validate(request.get("filters", {})),
        offset=request.get("offset", 0),
        limit=request.get("limit", 1),
        total=request["total"],
        items=shown_items(receipt),
        inputs=tuple(ReceiptInput(kind=kind, sha256=sha256) for kind, sha256 in receipt.inputs.items()),
    )


def _asked(request: Mapping[str, Any]) -> Message:
    """What was asked for: the opportunity, or the query, the filters and the part of the list."""
    if "opportunity" in request:
        return Message("asked-opportunity", {"opportunity": request["opportunity"]})
    parts = [Message("asked-words", {"words": request["query"]})] if request["query"] else []
    for name, value in request["filters"].items():
        if value:
            values = tuple(map(str, value)) if isinstance(value, list) else (f"{value:g}",)
            parts.append(Message("asked-filter", {"field": name, "values": values}))
    parts.append(Message("asked-from", {"first": request["offset"] + 1}))
    return Message("asked-list", {"parts": tuple(parts)})


def receipts_of(database: Database, person_id: str | None = None, *, limit: int = 50) -> tuple[ReceiptSummary, ...]:
    """Receipts, the latest first; with a person theirs."""
    return tuple(summary(kept) for kept in list_receipts(database, person=person_id, limit=limit))
