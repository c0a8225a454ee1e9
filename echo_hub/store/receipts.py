"""Receipts: what somebody was shown and what it was made from, written once, readable whatever the store becomes."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args

from sqlalchemy import ColumnElement, Row, delete, func, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.aside import SetAside, UnusableError, each, stated
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_text
from echo_hub.store.receipt_tables import RECEIPT, RECEIPT_INPUT

Surface = Literal["for_you", "search", "explanation"]
INPUTS = ("snapshot", "weights", "side", "choice")
_DIGITS = 20


class ReceiptError(HubError):
    """There is no such receipt, or what is stored is not what was stored."""

    code: ClassVar[str] = "receipt.unknown"
    who: ClassVar[str] = "HR operations"


@dataclass(frozen=True, slots=True)
class Input:
    """Bytes by their content. `read` makes them; it is asked only when the store does not have them yet."""

    sha256: str
    read: Callable[[], bytes]

    @classmethod
    def of(cls, data: bytes) -> Input:
        """Bytes at hand."""
        return cls(hashlib.sha256(data).hexdigest(), lambda: data)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one person was shown in one list, or in one explanation.

    `person` is a public id. `inputs` are SHA-256 by kind. `request` says what was asked for; `shown` what was
    answered, item by item. Both are JSON values. `id` follows from everything else.
    """

    person: str
    surface: Surface
    shown_at: datetime
    scorer: str
    hub: str
    inputs: Mapping[str, str]
    request: Mapping[str, Any]
    shown: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Follows from the content, so that a receipt somebody has changed is not the receipt any more."""
        content = (self.person, self.surface, as_text(self.shown_at), self.scorer, self.hub)
        whole = [*content, [self.inputs[name] for name in INPUTS], self.request, self.shown]
        return f"r-{hashlib.sha256(_json(whole).encode()).hexdigest()[:_DIGITS]}"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt in a list of receipts."""

    id: str
    person: str
    surface: Surface
    shown_at: datetime
    scorer: str
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many receipts went, and how many inputs with them; `freed` counts the bytes of the latter."""

    receipts: int
    inputs: int
    freed: int


def keep_receipt(database: Database, receipt: Receipt, inputs: Mapping[str, Input]) -> str:
    """Stores a receipt and those of its inputs that are not there yet; answers its id. Once more changes nothing."""
    identity = receipt.id
    with database.writing() as transaction:
        for kind in INPUTS:
            _keep_input(transaction, kind, inputs[kind], receipt.shown_at)
        row = {
            "id": identity,
            "person": receipt.person,
            "surface": receipt.surface,
            "shown_at": receipt.shown_at,
            "scorer": receipt.scorer,
            "hub": receipt.hub,
            **{kind: receipt.inputs[kind] for kind in INPUTS},
            "request": _json(receipt.request),
            "shown": zlib.compress(_json(receipt.shown).encode()),
        }
        transaction.execute(transaction.insert(RECEIPT).values(row).on_conflict_do_nothing())
    return identity


def _keep_input(transaction: Transaction, kind: str, source: Input, now: datetime) -> None:
    """The first writer of some bytes stores them; whoever is second waits for the first and finds them there.

    On PostgreSQL the touch keeps a prune that runs at the same moment from taking the bytes away; on SQLite there is
    one writer at a time, and a touch would copy them.
    """
    stored = RECEIPT_INPUT.c.sha256 == source.sha256
    if transaction.sqlite:
        if transaction.first(select(RECEIPT_INPUT.c.sha256).where(stored)) is not None:
            return
    elif transaction.execute(update(RECEIPT_INPUT).where(stored).values(stored_at=now)).rowcount:
        return
    data = source.read()
    new = transaction.insert(RECEIPT_INPUT).values(
        sha256=source.sha256, kind=kind, size=len(data), body=zlib.compress(data, 6), stored_at=now
    )
    transaction.execute(new.on_conflict_do_update(index_elements=["sha256"], set_={"stored_at": now}))


def list_receipts(
    database: Database, *, person: str | None = None, limit: int = 50, aside: SetAside | None = None
) -> list[ReceiptLine]:
    """Receipts, the latest first; one person's, or everybody's. `aside` takes those that cannot be read."""
    columns = (RECEIPT.c[field.name] for field in fields(ReceiptLine))
    query = select(*columns).order_by(RECEIPT.c.shown_at.desc(), RECEIPT.c.id).limit(limit)
    if person:
        query = query.where(RECEIPT.c.person == person)
    with database.reading() as transaction:
        rows = transaction.all(query)
    return list(each(rows, _line, "receipt", lambda row: str(row.id), aside))


def _line(row: Row[Any]) -> ReceiptLine:
    request = json.loads(row.request)
    if row.surface not in get_args(Surface) or not isinstance(request, dict):
        raise UnusableError("What was asked for, or where, cannot be read.")
    return ReceiptLine(**{**stated(row, "shown_at"), "request": request})


def read_receipt(database: Database, identity: str) -> Receipt:
    """One receipt.

    Raises:
        ReceiptError: there is none with this id, or it was changed after it was stored.
    """
    with database.reading() as transaction:
        row = transaction.first(select(RECEIPT).where(RECEIPT.c.id == identity.strip()))
    if row is None:
        raise ReceiptError(f"There is no receipt {identity!r}. Those there are: echo-hub receipts list")
    try:
        receipt = Receipt(
            person=row.person,
            surface=row.surface,
            shown_at=row.shown_at,
            scorer=row.scorer,
            hub=row.hub,
            inputs={kind: row._mapping[kind] for kind in INPUTS},
            request=json.loads(row.request),
            shown=json.loads(zlib.decompress(row.shown)),
        )
    except (ValueError, zlib.error):
        raise _changed(f"Receipt {row.id}") from None
    if receipt.id != row.id:
        raise _changed(f"Receipt {row.id}")
    return receipt


def read_inputs(database: Database, receipt: Receipt) -> dict[str, bytes]:
    """The bytes a receipt was made from, by kind.

    Raises:
        ReceiptError: some are missing, or are not what their SHA-256 says.
    """
    inputs = {}
    with database.reading() as transaction:
        for kind, sha256 in receipt.inputs.items():
            body = transaction.scalar(select(RECEIPT_INPUT.c.body).where(RECEIPT_INPUT.c.sha256 == sha256))
            if body is None:
                raise _changed(f"The {kind} input of receipt {receipt.id} is missing: it")
            try:
                data = zlib.decompress(body)
            except zlib.error:
                data = b""
            if hashlib.sha256(data).hexdigest() != sha256:
                raise _changed(f"The {kind} input of receipt {receipt.id}")
            inputs[kind] = data
    return inputs


def prune_receipts(database: Database, *, before: datetime) -> Pruned:
    """Removes receipts shown before a moment, and older inputs that no receipt needs any more."""
    with database.writing() as transaction:
        receipts = transaction.execute(delete(RECEIPT).where(RECEIPT.c.shown_at < before)).rowcount
        old = delete(RECEIPT_INPUT).where(RECEIPT_INPUT.c.stored_at < before, *_unneeded())
        freed = transaction.all(old.returning(func.length(RECEIPT_INPUT.c.body).label("size")))
    return Pruned(int(receipts), len(freed), sum(row.size for row in freed))


def forget_inputs(transaction: Transaction) -> int:
    """Removes people's sides and choices that no receipt needs any more; answers how many."""
    of_people = RECEIPT_INPUT.c.kind.in_(("side", "choice"))
    return transaction.execute(delete(RECEIPT_INPUT).where(of_people, *_unneeded())).rowcount


def _unneeded() -> tuple[ColumnElement[bool], ...]:
    """Whether no receipt needs an input."""
    return tuple(~select(RECEIPT.c.id).where(RECEIPT.c[kind] == RECEIPT_INPUT.c.sha256).exists() for kind in INPUTS)


def _changed(what: str) -> ReceiptError:
    return ReceiptError(
        f"{what} was changed after it was stored; restore the database from a backup to replay it.",
        code="receipt.changed",
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
