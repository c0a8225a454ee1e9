"""The timeline: every act is appended to a chain of hashes, in the transaction that makes the change."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import Row, insert, or_, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.event_tables import EVENT, EVENT_HEAD, PERSON_KEY
from echo_hub.store.instant import as_text

GENESIS = "0" * 64
"""What the first event names as the hash before it."""
_LOOK = ("at", "actor_kind", "actor", "came_by", "intent")
_SIDE = ("unit", "location", "country", "status")


class EventError(HubError):
    """The timeline cannot be written."""

    code: ClassVar[str] = "events.head"
    who: ClassVar[str] = "the operator"


@dataclass(frozen=True, slots=True)
class Side:
    """A person as they stand at the moment of an event."""

    person_id: str
    unit: str | None = None
    location: str | None = None
    country: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded. `service` is who acts where no person does; `details` holds nothing personal."""

    at: datetime
    service: str | None
    actor: Side | None
    came_by: str
    intent: str
    object_kind: str
    object_id: str
    details: Mapping[str, Any]
    other: Side | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A stored act; see `EventRow` for the columns."""

    id: int
    at: datetime
    actor_kind: Literal["person", "service"]
    actor: str
    came_by: str
    intent: str
    object_kind: str
    object_id: str
    details: dict[str, Any]
    actor_unit: str | None
    actor_location: str | None
    actor_country: str | None
    actor_status: str | None
    other: str | None
    other_unit: str | None
    other_location: str | None
    other_country: str | None
    other_status: str | None
    before: str
    hash: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's look at another person's data. `person_id` is who `actor` is, None of a service or where erased."""

    at: datetime
    actor_kind: Literal["person", "service"]
    actor: str
    person_id: str | None
    came_by: str
    intent: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the chain is whole. Where it is not, `broken_at` is the first event that does not fit, `problem` why."""

    events: int
    last_hash: str
    broken_at: int | None = None
    problem: str | None = None


def append(transaction: Transaction, act: Act) -> int:
    """Adds an act as the last statements of a transaction; answers the event's id.

    The end of the chain is one row that is locked until the commit, so the chain stays a line whoever writes.
    """
    actor = act.service if act.actor is None else person_key(transaction, act.actor.person_id)
    other = None if act.other is None else person_key(transaction, act.other.person_id)
    object_id = person_key(transaction, act.object_id) if act.object_kind == "person" else act.object_id
    head = lock_head(transaction)
    values: dict[str, Any] = {
        "id": head.last_id + 1,
        "at": act.at,
        "actor_kind": "service" if act.actor is None else "person",
        "actor": actor,
        "came_by": act.came_by,
        "intent": act.intent,
        "object_kind": act.object_kind,
        "object_id": object_id,
        "details": json.dumps(dict(act.details), sort_keys=True, ensure_ascii=False),
        **{f"actor_{name}": None if act.actor is None else getattr(act.actor, name) for name in _SIDE},
        "other": other,
        **{f"other_{name}": None if act.other is None else getattr(act.other, name) for name in _SIDE},
        "before": head.last_hash,
    }
    values["hash"] = _hash(values)
    transaction.execute(insert(EVENT).values(**values))
    transaction.execute(
        update(EVENT_HEAD).where(EVENT_HEAD.c.id == 1).values(last_id=values["id"], last_hash=values["hash"])
    )
    return int(values["id"])


def lock_head(transaction: Transaction) -> Row[Any]:
    """The end of the chain, which nobody else writes until the transaction is over.

    Raises:
        EventError: it is lost.
    """
    head = transaction.first(select(EVENT_HEAD).where(EVENT_HEAD.c.id == 1).with_for_update())
    if head is None:
        raise EventError("The timeline has lost its end, so nothing can be recorded. Restore the last backup.")
    return head


def done_since(
    transaction: Transaction, since: datetime, person_id: str | None, service: str, intent: str, other: str
) -> bool:
    """Whether a person, or without one a service, has done this to what is another person's since then."""
    keys = {name: _known_key(transaction, name) for name in (person_id, other) if name}
    actor = keys[person_id] if person_id else service
    if actor is None or keys[other] is None:
        return False
    same = EVENT.c.other == keys[other], EVENT.c.actor == actor, EVENT.c.intent == intent, EVENT.c.at > since
    return transaction.first(select(EVENT.c.id).where(*same).limit(1)) is not None


def list_looks(database: Database, person_id: str, intents: Sequence[str], *, limit: int) -> list[Look]:
    """What others did of `intents` to what is a person's, the latest first."""
    with database.reading() as transaction:
        key = _known_key(transaction, person_id)
        query = (
            select(*(EVENT.c[name] for name in _LOOK), PERSON_KEY.c.person_id)
            .select_from(EVENT.outerjoin(PERSON_KEY, PERSON_KEY.c.key == EVENT.c.actor))
            .where(EVENT.c.other == key, EVENT.c.intent.in_(intents))
            .order_by(EVENT.c.id.desc())
            .limit(limit)
        )
        return [] if key is None else [Look(**row._mapping) for row in transaction.all(query)]


def _known_key(transaction: Transaction, person_id: str) -> str | None:
    key: str | None = transaction.scalar(select(PERSON_KEY.c.key).where(PERSON_KEY.c.person_id == person_id))
    return key


def person_key(transaction: Transaction, person_id: str, employee_id: str | None = None) -> str:
    """The random key under which a person stands in events and decisions; made when there is none.

    Args:
        employee_id: kept beside the key, so that the person is still told when their public id is gone.
    """
    query = select(PERSON_KEY).where(PERSON_KEY.c.person_id == person_id)
    row = transaction.first(query)
    if row is None:
        new = {"person_id": person_id, "key": new_key(), "employee_id": employee_id}
        transaction.execute(transaction.insert(PERSON_KEY).values(**new).on_conflict_do_nothing())
        row = transaction.first(query)
    elif employee_id is not None and row.employee_id != employee_id:
        known = update(PERSON_KEY).where(PERSON_KEY.c.person_id == person_id)
        transaction.execute(known.values(employee_id=employee_id))
    if row is None:
        raise EventError(f"No key could be made for {person_id}. Try again.")
    return str(row.key)


def new_key() -> str:
    """A random key for a person."""
    return f"p-{secrets.token_hex(12)}"


def list_events(
    database: Database, *, person_id: str | None = None, before_id: int | None = None, limit: int = 50
) -> list[Event]:
    """Events, the latest first; with a person those in which they act or which are about them.

    Args:
        before_id: only events older than this one, for the next page.
    """
    wanted = select(EVENT).order_by(EVENT.c.id.desc()).limit(limit)
    with database.reading() as transaction:
        if person_id is not None:
            key = _known_key(transaction, person_id)
            if key is None:
                return []
            wanted = wanted.where(or_(EVENT.c.actor == key, EVENT.c.other == key, EVENT.c.object_id == key))
        if before_id is not None:
            wanted = wanted.where(EVENT.c.id < before_id)
        return [Event(**{**row._mapping, "details": json.loads(row.details)}) for row in transaction.all(wanted)]


def verify_events(database: Database) -> Verified:
    """Walks the whole chain and makes every hash again."""
    with database.reading() as transaction:
        head = transaction.first(select(EVENT_HEAD).where(EVENT_HEAD.c.id == 1))
        count, last = 0, GENESIS
        for row in transaction.all(select(EVENT).order_by(EVENT.c.id)):
            values = dict(row._mapping)
            problem = None
            if row.id != count + 1:
                problem = f"Event {count + 1} is missing."
            elif row.before != last:
                problem = f"Event {row.id} does not follow the event before it."
            elif row.hash != _hash(values):
                problem = f"Event {row.id} was changed after it was written."
            if problem:
                return Verified(count, last, count + 1, problem)
            count, last = row.id, row.hash
        if head is None or (head.last_id, head.last_hash) != (count, last):
            return Verified(count, last, count + 1, "The end of the timeline is missing.")
        return Verified(count, last)


def _hash(values: Mapping[str, Any]) -> str:
    """SHA-256 over every column but the hash itself, as JSON with sorted names."""
    said = {name: value for name, value in values.items() if name != "hash"}
    said["at"] = as_text(said["at"])
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
