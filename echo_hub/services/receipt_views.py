"""Receipts as every surface shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from echo_hub.services.stored_messages import with_message
from echo_hub.services.views import Filters, Gap, Gate, Kind, Reason, Sentence, View
from echo_hub.store.receipts import Receipt, Surface


class ReceiptItem(View):
    """One opportunity as it was shown: its place in the list, counted from 1, its score and every sentence.

    A sentence has the words that were shown; its message says the same in any language. Receipts of before messages
    were stored have the words alone, see `echo_hub.services.stored_messages`.

    `rank` is None where no score ordered the list. `title` is None where it could name somebody. `gates` are the
    closed ones; in an explanation all.
    """

    id: str
    kind: Kind
    title: str | None
    place: int
    rank: int | None
    score: float
    reasons: tuple[Reason, ...]
    gaps: tuple[Gap, ...]
    gates: tuple[Gate, ...]


class ReceiptInput(View):
    """Something a receipt was made from, by the SHA-256 of its bytes."""

    kind: str
    sha256: str


class ReceiptSummary(View):
    """A receipt in a list of receipts. `asked` says what was asked for."""

    id: str
    person: str
    surface: Surface
    shown_at: datetime
    scorer_version: str
    asked: Sentence


class ReceiptView(ReceiptSummary):
    """A receipt: who was shown what and when, by which versions, from which inputs."""

    hub_version: str
    query: str
    filters: Filters
    offset: int
    limit: int
    total: int
    items: tuple[ReceiptItem, ...]
    inputs: tuple[ReceiptInput, ...]


class ReplayedItem(View):
    """An opportunity as it was shown and as the replay has it; None where one of the two does not show it.

    A replay's `place` is that in the whole list, also beyond the page. `same_text` is about reasons, gaps and gates.
    """

    id: str
    title: str | None
    shown_place: int | None
    place: int | None
    shown_score: float | None
    score: float
    same_text: bool
    identical: bool


class Replay(View):
    """What came of running a receipt again, from its stored inputs alone.

    `identical` is True when every item has the identical score (to the last digit), place and sentences, and nothing
    else is on the page. `notes` say what differs beside the items, such as another version.
    """

    receipt: str
    identical: bool
    scorer_version: str
    hub_version: str
    items: tuple[ReplayedItem, ...]
    notes: tuple[Sentence, ...]


class ReceiptPage(View):
    """A receipt as its page shows it. `name` is the person's, `titles` those of what is listed now, by id."""

    receipt: ReceiptView
    replay: Replay
    name: str | None
    titles: dict[str, str]


def shown_items(receipt: Receipt) -> tuple[ReceiptItem, ...]:
    """What a receipt shows, those of older releases too."""
    return tuple(ReceiptItem.model_validate(_item(stored)) for stored in receipt.shown["items"])


def _item(stored: Mapping[str, Any]) -> dict[str, Any]:
    sentences = {part: [with_message(sentence) for sentence in stored[part]] for part in ("reasons", "gaps", "gates")}
    return {**stored, **sentences}
