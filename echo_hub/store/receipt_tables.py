"""The tables of receipts: what a person was shown, and the inputs it was made from, each stored once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlmodel import Field, SQLModel

from echo_hub.store.instant import Instant
from echo_hub.store.tables import TEXT, table_of


def _text(**more: Any) -> Any:
    return Field(sa_type=TEXT, **more)


def _input() -> Any:
    return Field(sa_type=TEXT, sa_column_args=[ForeignKey("receipt_input.sha256")])


class ReceiptInputRow(SQLModel, table=True):
    """An input by the SHA-256 of its bytes. `kind`: snapshot, weights, side or choice; `body` is compressed by zlib."""

    __tablename__: ClassVar[str] = "receipt_input"

    sha256: str = _text(primary_key=True)
    kind: str = _text()
    size: int
    body: bytes = Field(sa_type=LargeBinary)
    stored_at: datetime = Field(sa_type=Instant)


class ReceiptRow(SQLModel, table=True):
    """A list or an explanation as one person was shown it. Written once, never changed.

    `scorer` is the weights' version, `hub` the program's. `side` is the person's part of the input, `choice` which
    opportunities were asked for; `request` says the same for people, as JSON. `shown` is JSON compressed by zlib.
    """

    __tablename__: ClassVar[str] = "receipt"
    __table_args__ = (
        Index("receipt_of_person", "person", "shown_at"),
        Index("receipt_shown_at", "shown_at"),
        *(Index(f"receipt_{name}", name) for name in ("snapshot", "weights", "side", "choice")),
    )

    id: str = _text(primary_key=True)
    person: str = _text()
    surface: str = _text()
    shown_at: datetime = Field(sa_type=Instant)
    scorer: str = _text()
    hub: str = _text()
    snapshot: str = _input()
    weights: str = _input()
    side: str = _input()
    choice: str = _input()
    request: str = _text()
    shown: bytes = Field(sa_type=LargeBinary)


RECEIPT_INPUT = table_of(ReceiptInputRow)
RECEIPT = table_of(ReceiptRow)
