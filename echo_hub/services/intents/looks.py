"""Who looked at one's data."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.looking import LOOKS
from echo_hub.services.views import View
from echo_hub.store.events import list_looks
from echo_hub.store.ledger import ERASED


class LookView(View):
    """A look at what is somebody's own."""

    at: datetime
    kind: Literal["person", "service"]
    name: str = Field(description="Who looked; a service goes by its name")
    came_by: str = Field(description="How they came in")
    intent: str = Field(description="What they looked at")


def looks(actor: Actor, hub: Hub, *, limit: int = 100) -> tuple[LookView, ...]:
    """Looks of others at the actor's own data, and receipts that others kept of it, the latest first.

    Raises:
        ForbiddenError: the actor is no person.
    """
    allow(actor, "look.read", of=actor.person)
    snapshot = hub.snapshot()

    def name(service: str, person_id: str | None, *, is_person: bool) -> str:
        person = snapshot.person(person_id) if person_id else None
        return person.fact.name if person else ERASED if is_person else service

    return tuple(
        LookView(
            at=look.at,
            kind=look.actor_kind,
            name=name(look.actor, look.person_id, is_person=look.actor_kind == "person"),
            came_by=look.came_by,
            intent=look.intent,
        )
        for look in list_looks(hub.database, str(actor.person), (*LOOKS, "receipt.keep"), limit=limit)
    )
