"""Receipts: what somebody was shown and what it was made from, written once, readable whatever the store becomes."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from echo_core.connectors.errors import HubError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment, as_text

Surface = Literal["for_you", "search", "explanation"]
INPUTS = ("snapshot", "weights", "side", "choice")
_DIGITS = 20
_COLUMNS = "id, person, surface, shown_at, scorer, hub, snapshot, weights, side, choice, request, shown"


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
        now = transaction.moment(receipt.shown_at)
        for kind in INPUTS:
            _keep_input(transaction, kind, inputs[kind], now)
        transaction.run(
            f"INSERT INTO receipt ({_COLUMNS}) VALUES ({', '.join('?' * 12)}) ON CONFLICT (id) DO NOTHING",  # noqa: S608, our own names
            (
                *(identity, receipt.person, receipt.surface, now, receipt.scorer, receipt.hub),
                *(receipt.inputs[kind] for kind in INPUTS),
                *(_json(receipt.request), zlib.compress(_json(receipt.shown).encode())),
            ),
        )
    return identity


def _keep_input(transaction: Transaction, kind: str, one: Input, now: Any) -> None:
    """The first writer of some bytes stores them; whoever is second waits for the first and finds them there.

    On PostgreSQL the touch keeps a prune that runs at the same moment from taking the bytes away; on SQLite there is
    one writer at a time, and a touch would copy them.
    """
    if transaction.sqlite:
        if transaction.one("SELECT 1 FROM receipt_input WHERE sha256 = ?", (one.sha256,)) is not None:
            return
    elif transaction.run("UPDATE receipt_input SET stored_at = ? WHERE sha256 = ?", (now, one.sha256)).rowcount:
        return
    data = one.read()
    transaction.run(
        "INSERT INTO receipt_input (sha256, kind, size, body, stored_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (sha256) DO UPDATE SET stored_at = excluded.stored_at",
        (one.sha256, kind, len(data), zlib.compress(data, 6), now),
    )


def list_receipts(database: Database, *, person: str | None = None, limit: int = 50) -> list[ReceiptLine]:
    """Receipts, the latest first; one person's, or everybody's."""
    where, values = ("WHERE person = ?", (person,)) if person else ("", ())
    with database.reading() as transaction:
        rows = transaction.rows(
            f"SELECT id, person, surface, shown_at, scorer, request FROM receipt {where}"  # noqa: S608, our own names
            " ORDER BY shown_at DESC, id LIMIT ?",
            (*values, limit),
        )
    return [ReceiptLine(row[0], row[1], row[2], as_moment(row[3]), row[4], json.loads(row[5])) for row in rows]


def read_receipt(database: Database, identity: str) -> Receipt:
    """One receipt.

    Raises:
        ReceiptError: there is none with this id, or it was changed after it was stored.
    """
    with database.reading() as transaction:
        row = transaction.one(f"SELECT {_COLUMNS} FROM receipt WHERE id = ?", (identity.strip(),))  # noqa: S608, our own names
    if row is None:
        raise ReceiptError(f"There is no receipt {identity!r}. Those there are: echo-hub receipts list")
    try:
        receipt = Receipt(
            *(row[1], row[2], as_moment(row[3]), row[4], row[5]),
            dict(zip(INPUTS, row[6:10], strict=True)),
            json.loads(row[10]),
            json.loads(zlib.decompress(row[11])),
        )
    except (ValueError, zlib.error):
        raise _changed(f"Receipt {row[0]}") from None
    if receipt.id != row[0]:
        raise _changed(f"Receipt {row[0]}")
    return receipt


def read_inputs(database: Database, receipt: Receipt) -> dict[str, bytes]:
    """The bytes a receipt was made from, by kind.

    Raises:
        ReceiptError: some are missing, or are not what their SHA-256 says.
    """
    found = {}
    with database.reading() as transaction:
        for kind, sha256 in receipt.inputs.items():
            row = transaction.one("SELECT body FROM receipt_input WHERE sha256 = ?", (sha256,))
            if row is None:
                raise _changed(f"The {kind} input of receipt {receipt.id} is missing: it")
            try:
                data = zlib.decompress(row[0])
            except zlib.error:
                data = b""
            if hashlib.sha256(data).hexdigest() != sha256:
                raise _changed(f"The {kind} input of receipt {receipt.id}")
            found[kind] = data
    return found


def prune_receipts(database: Database, *, before: datetime) -> Pruned:
    """Removes receipts shown before a moment, and older inputs that no receipt needs any more."""
    with database.writing() as transaction:
        moment = transaction.moment(before)
        receipts = transaction.run("DELETE FROM receipt WHERE shown_at < ?", (moment,)).rowcount
        needed = " AND ".join(f"NOT EXISTS (SELECT 1 FROM receipt r WHERE r.{kind} = i.sha256)" for kind in INPUTS)  # noqa: S608
        freed = transaction.rows(
            f"DELETE FROM receipt_input AS i WHERE i.stored_at < ? AND {needed} RETURNING length(body)",  # noqa: S608, our own names
            (moment,),
        )
    return Pruned(int(receipts), len(freed), sum(int(row[0]) for row in freed))


def _changed(what: str) -> ReceiptError:
    return ReceiptError(
        f"{what} was changed after it was stored; restore the database from a backup to replay it.",
        code="receipt.changed",
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
