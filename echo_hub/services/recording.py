"""Records an act in the transaction that makes the change: both happen, or neither does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from echo_hub.services.access import Permit
from echo_hub.services.hub import Hub
from echo_hub.store.database import Transaction
from echo_hub.store.events import Act, Side, append


@dataclass(slots=True)
class Entry:
    """What an event says of its object. A change that came to nothing sets `happened` to False and leaves no event."""

    kind: str
    id: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    happened: bool = True


@contextmanager
def recorded(hub: Hub, permit: Permit, kind: str, object_id: str | int = "", **details: Any) -> Iterator[Entry]:
    """One transaction for everything written inside, ended by the event of it.

    Args:
        kind, object_id: what is acted on; for kind "person" the id stands in the event under the person's key.
        details: few and small; nothing that names a person, for events outlive an erasure.
    """
    entry = Entry(kind, str(object_id), details)
    record = recorder(hub, permit)
    with hub.database.together() as transaction:
        yield entry
        if entry.happened:
            record(transaction, entry.kind, entry.id, entry.details)


class Record(Protocol):
    """Adds an act to somebody's transaction, as its last statements."""

    def __call__(self, transaction: Transaction, kind: str, object_id: str, details: Mapping[str, Any]) -> None:
        """See `recorded` for the arguments."""


def recorder(hub: Hub, permit: Permit) -> Record:
    """Records acts in transactions that are opened elsewhere; who acts is looked up once, now."""
    actor = permit.actor
    own = _side(hub, actor.person) if actor.person else None
    other = _side(hub, permit.of) if permit.of and permit.of != actor.person else None

    def record(transaction: Transaction, kind: str, object_id: str, details: Mapping[str, Any]) -> None:
        act = Act(
            at=hub.now(),
            service=None if actor.person else actor.id,
            actor=own,
            came_by=actor.came_by,
            intent=permit.intent,
            object_kind=kind,
            object_id=object_id,
            details=details,
            other=other,
        )
        append(transaction, act)

    return record


def _side(hub: Hub, person_id: str) -> Side:
    """A person as the snapshot knows them now."""
    person = hub.snapshot().person(person_id)
    if person is None:
        return Side(person_id)
    return Side(person_id, person.org_unit, person.location, person.country, person.fact.status)
