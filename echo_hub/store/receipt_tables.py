"""The tables of receipts: what a person was shown, and the inputs it was made from, each stored once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import SQLModel

from echo_hub.store.columns import binary, inferred, moment, owned_by, text
from echo_hub.store.tables import table_of


def _input(purpose: str) -> Any:
    return text(purpose, of="receipt_input.sha256", cascade=False)


class ReceiptInputRow(SQLModel, table=True):
    """An input by the SHA-256 of its bytes. `kind`: snapshot, weights, side or choice; `body` is compressed by zlib."""

    __tablename__: ClassVar[str] = "receipt_input"
    __table_args__ = owned_by(
        "HR operations", "until no receipt needs it and `receipts prune` or `echo-hub erase` takes it"
    )

    sha256: str = text("SHA-256 of the input, by which receipts know it", primary_key=True)
    kind: str = text("whether it is a snapshot, weights, a person's side or a choice")
    size: int = inferred("its size in bytes")
    body: bytes = binary("the input, so that a receipt can be run again; names nobody")
    stored_at: datetime = moment("when it was needed last")


class ReceiptRow(SQLModel, table=True):
    """A list or an explanation as one person was shown it. Written once, never changed.

    `scorer` is the weights' version, `hub` the program's. `side` is the person's part of the input, `choice` which
    opportunities were asked for; `request` says the same for people, as JSON. `shown` is JSON compressed by zlib.
    """

    __tablename__: ClassVar[str] = "receipt"
    __table_args__ = owned_by(
        "HR operations",
        "until `receipts prune` or `echo-hub erase`",
        Index("receipt_of_person", "person", "shown_at"),
        Index("receipt_shown_at", "shown_at"),
        *(Index(f"receipt_{name}", name) for name in ("snapshot", "weights", "side", "choice")),
    )

    id: str = text("follows from the content, so that a change is noticed", primary_key=True)
    person: str = text("who was shown it", erasure="row")
    surface: str = text("where: a list, a search or an explanation")
    shown_at: datetime = moment("when")
    scorer: str = text("the version of the weights")
    hub: str = text("the version of the program")
    snapshot: str = _input("the opportunities it was made from")
    weights: str = _input("the weights it was made with")
    side: str = _input("the person's skills and wishes it was made from")
    choice: str = _input("which opportunities were asked for")
    request: str = text("what was asked for, for people")
    shown: bytes = binary("what was answered, item by item")


RECEIPT_INPUT = table_of(ReceiptInputRow)
RECEIPT = table_of(ReceiptRow)
