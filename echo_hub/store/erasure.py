"""Erasing a person: what the hub keeps of them goes, and what has to stay leads to nobody any more.

Which columns name people, and what becomes of each, is declared with the column (`erasure=` in the tables).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, delete, false, func, or_, select, table, update
from sqlalchemy import column as named
from sqlmodel import SQLModel

from echo_core.text.normal_form import comparable
from echo_hub.store import (
    alert_tables,
    fill_tables,
    mentoring_tables,
    receipt_tables,
    service_token_tables,
    session_tables,
    tables,
    task_tables,
    taxonomy_tables,
)
from echo_hub.store.columns import Erasure, declared
from echo_hub.store.database import Database, Transaction
from echo_hub.store.event_tables import EVENT, PERSON_KEY
from echo_hub.store.events import new_key
from echo_hub.store.ledger_tables import DECISION
from echo_hub.store.light_tables import HOLD, QUARANTINE, RECORD, STREAM
from echo_hub.store.receipts import forget_inputs
from echo_hub.store.records import public_id

DECLARING = (
    alert_tables,
    fill_tables,
    mentoring_tables,
    receipt_tables,
    service_token_tables,
    session_tables,
    tables,
    task_tables,
    taxonomy_tables,
)
"""The modules whose import declares what is stored; those of events and decisions come with the constants."""
OWN_DECISIONS = ("correction", "opt-out")
"""Kinds of decisions that are a person's word on themselves, and go with them."""
_BEFORE_ONE_LEDGER = ("skill_decision", "need_decision", "skill_dispute")
"""Tables that nothing but the release before reads: erasing reaches them until a migration takes them away."""
_REFERENCES = ("person", "owner", "hiring_manager")
"""Fields of payloads that name a person; see `echo_core.model.PersonRef`."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing a person came to.

    `key` is the random key under which their `events` stay. `removed` counts rows by table, `replaced` the places
    where the key took the place of who decided something. `listed` counts, by connection, the records that stay
    because their source still lists them.
    """

    key: str
    removed: Mapping[str, int]
    replaced: int
    events: int
    listed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored record that is the person's or names them."""

    id: int
    connection: str
    stream_id: int
    source_id: str
    raw_key: str | None
    is_person: bool
    is_removed: bool
    payload: Mapping[str, Any]

    @property
    def public_id(self) -> str:
        return public_id(self.connection, "person", self.source_id)


def past_person(database: Database, text: str) -> str | None:
    """The public id of somebody whom no system lists any more, by that id or by the employee id they had."""
    with database.reading() as transaction:
        known: str | None = transaction.scalar(select(PERSON_KEY.c.person_id).where(_is_of({text})))
        if known is not None:
            return known
        for record in _records(transaction, RECORD.c.entity == "person", RECORD.c.removed_at.is_not(None)):
            if text in (record.public_id, record.payload.get("employee_id")):
                return record.public_id
    return None


def erase_person(transaction: Transaction, ids: Collection[str]) -> Erased:
    """Erases a person in the caller's transaction.

    Args:
        ids: the public ids of their records in every system, those of earlier years included.
    """
    records = _records_of(transaction, ids)
    people = [record for record in records if record.is_person]
    names = {*ids, *(record.public_id for record in people)}
    names.update(number for record in people if (number := record.payload.get("employee_id")))
    known = select(PERSON_KEY.c.employee_id).where(PERSON_KEY.c.person_id.in_(names))
    names.update(row.employee_id for row in transaction.all(known) if row.employee_id)
    keys = [row.key for row in transaction.all(select(PERSON_KEY.c.key).where(_is_of(names)))]
    key = min(keys, default=new_key())
    in_event = or_(EVENT.c.actor.in_(keys), EVENT.c.other.in_(keys), EVENT.c.object_id.in_(keys))
    events: int = transaction.scalar(select(func.count()).select_from(EVENT).where(in_event))
    replaced = 0
    for column in _columns("key"):
        change = update(column.table).where(column.in_(names)).values({column.name: key})
        replaced += transaction.execute(change).rowcount
    removed: Counter[str] = Counter()
    own = DECISION.c.kind.in_(OWN_DECISIONS), DECISION.c.about.in_(keys)
    removed["decision"] = transaction.execute(delete(DECISION).where(*own)).rowcount
    _erase_before_one_ledger(transaction, names, key)
    for column in _columns("row"):
        removed[column.table.name] += transaction.execute(delete(column.table).where(column.in_(names))).rowcount
    removed["receipt_input"] = forget_inputs(transaction) if removed["receipt"] else 0
    gone = [record.id for record in records if record.is_removed]
    if gone:
        removed["record"] = transaction.execute(delete(RECORD).where(RECORD.c.id.in_(gone))).rowcount
    for record in people:
        of_record = QUARANTINE.c.source_key.in_({record.source_id, record.raw_key or record.source_id})
        rejected = delete(QUARANTINE).where(QUARANTINE.c.stream_id == record.stream_id, of_record)
        removed["quarantine"] += transaction.execute(rejected).rowcount
        _take_off_holds(transaction, record)
    transaction.moved()
    listed = Counter(record.connection for record in records if not record.is_removed)
    return Erased(
        key=key,
        removed={name: count for name, count in sorted(removed.items()) if count},
        replaced=replaced,
        events=events,
        listed=dict(sorted(listed.items())),
    )


def foresee(database: Database, ids: Collection[str]) -> Erased:
    """What `erase_person` would come to; nothing is changed."""
    with database.writing() as transaction:
        erased = erase_person(transaction, ids)
        everything = transaction.connection.get_transaction()
        assert everything is not None
        everything.rollback()
        return erased


def _is_of(names: Collection[str]) -> ColumnElement[bool]:
    """Keys of a person, by public ids and employee ids."""
    return or_(PERSON_KEY.c.person_id.in_(names), PERSON_KEY.c.employee_id.in_(names))


def _erase_before_one_ledger(transaction: Transaction, names: Collection[str], key: str) -> None:
    for name in _BEFORE_ONE_LEDGER:
        before = table(name, *map(named, ("person_id", "employee_id", "decided_by", "undone_by")))
        if name == "skill_dispute":
            whose = or_(before.c.person_id.in_(names), before.c.employee_id.in_(names))
            transaction.execute(delete(before).where(whose))
        for by in (before.c.decided_by, before.c.undone_by):
            transaction.execute(update(before).where(by.in_(names)).values({by.name: key}))


def _columns(erasure: Erasure) -> Iterator[Column[Any]]:
    """Columns that name people, those of tables that refer to others first."""
    for stored in reversed(SQLModel.metadata.sorted_tables):
        yield from (column for column in stored.columns if declared(column).erasure == erasure)


def _records_of(transaction: Transaction, ids: Collection[str]) -> list[_Stored]:
    """The person's records, removed ones of the same employee included, and all records that name them."""
    of_ids = [identity.split(":", 2) for identity in ids]
    keys = {source_id for _, _, source_id in of_ids}
    people = [
        record
        for record in _records(transaction, RECORD.c.entity == "person", RECORD.c.source_id.in_(keys))
        if record.public_id in ids
    ]
    for field in ("employee_id", "human_id"):
        shared = {value for record in people if (value := record.payload.get(field))}
        known = {record.id for record in people}
        people += [
            record
            for record in _records(transaction, RECORD.c.entity == "person", *_holding(shared))
            if record.id not in known and record.payload.get(field) in shared
        ]
    references = {reference for record in people for reference in _named_by(record)}
    values = {value for _, value, _ in references}
    others = _records(transaction, RECORD.c.entity != "person", *_holding(values))
    return people + [record for record in others if not references.isdisjoint(_naming(record))]


def _records(transaction: Transaction, *where: Any) -> Iterator[_Stored]:
    query = (
        select(RECORD, STREAM.c.connection).join(STREAM, STREAM.c.id == RECORD.c.stream_id).where(*where)
    ).order_by(RECORD.c.id)
    return map(_stored, transaction.all(query))


def _stored(row: Row[Any]) -> _Stored:
    try:
        payload = json.loads(row.payload or "{}")
    except ValueError:
        payload = {}
    return _Stored(
        id=row.id,
        connection=row.connection,
        stream_id=row.stream_id,
        source_id=row.source_id,
        raw_key=row.raw_key,
        is_person=row.entity == "person",
        is_removed=row.removed_at is not None,
        payload=payload if isinstance(payload, dict) else {},
    )


def _holding(values: Collection[str]) -> tuple[Any, ...]:
    """A first choice by the database: payloads in which one of the values stands, in upper or lower case."""
    payload = func.lower(RECORD.c.payload)
    texts = (json.dumps(value, ensure_ascii=False) for value in sorted(values))
    return (or_(false(), *(payload.contains(func.lower(text)) for text in texts)),)


_Reference = tuple[str, str, str]
"""(scheme, value, connection); the connection counts for the scheme "source" alone."""


def _named_by(person: _Stored) -> Iterator[_Reference]:
    """Every reference that means this person."""
    yield "source", comparable(person.source_id), person.connection
    for scheme, field in (("employee_id", "employee_id"), ("user_name", "user_name"), ("email", "work_email")):
        if value := comparable(str(person.payload.get(field) or "")):
            yield scheme, value, ""
            if scheme == "email":
                yield "email_sha1", hashlib.sha1(f"mailto:{value}".encode(), usedforsecurity=False).hexdigest(), ""


def _naming(record: _Stored) -> Iterator[_Reference]:
    """The references a record holds."""
    for field in _REFERENCES:
        reference = record.payload.get(field)
        if isinstance(reference, dict):
            scheme = str(reference.get("scheme"))
            connection = record.connection if scheme == "source" else ""
            yield scheme, comparable(str(reference.get("value"))), connection


def _take_off_holds(transaction: Transaction, record: _Stored) -> None:
    """Takes a person off the samples that removals on hold show."""
    for row in transaction.all(select(HOLD.c.id, HOLD.c.sample).where(HOLD.c.stream_id == record.stream_id)):
        sample = json.loads(row.sample)
        if record.source_id in sample:
            kept = json.dumps([source_id for source_id in sample if source_id != record.source_id])
            transaction.execute(update(HOLD).where(HOLD.c.id == row.id).values(sample=kept))
