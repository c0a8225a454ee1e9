"""The timeline: what was done here, by whom in which role, and whether anybody changed it afterwards."""

from __future__ import annotations

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.hub import Hub
from echo_hub.store.events import Event, Verified, list_events, verify_events

__all__ = ["Event", "Verified", "events", "verify"]


def events(
    actor: Actor, hub: Hub, person: str | None = None, *, before_id: int | None = None, limit: int = 50
) -> list[Event]:
    """Events, the latest first; with a person those in which they act or which are about them.

    Raises:
        ForbiddenError: the actor reads no timeline.
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    allow(actor, "event.read")
    who = None if person is None else meant(actor, hub, person)
    return list_events(hub.database, person_id=who, before_id=before_id, limit=limit)


def verify(actor: Actor, hub: Hub) -> Verified:
    """Walks the whole chain of events and makes every hash again."""
    allow(actor, "event.read")
    return verify_events(hub.database)
