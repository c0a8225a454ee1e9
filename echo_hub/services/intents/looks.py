"""Who looked at one's data."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from echo_hub.services.access import allow
from echo_hub.services.actor import OPERATOR, Actor
from echo_hub.services.hub import Hub
from echo_hub.services.looking import LOOKS
from echo_hub.services.service_tokens import actor_of
from echo_hub.services.views import View
from echo_hub.store.events import Look, list_looks
from echo_hub.store.ledger import ERASED
from echo_hub.store.service_tokens import list_tokens


class LookView(View):
    """A look at what is somebody's own."""

    at: datetime
    kind: Literal["person", "service"]
    name: str = Field(description="Who looked; a program goes by the name of its token")
    came_by: str = Field(description="How they came in")
    intent: str = Field(description="What they looked at")


def looks(actor: Actor, hub: Hub, *, limit: int = 100) -> tuple[LookView, ...]:
    """Looks of others at the actor's own data, and receipts that others kept of it, the latest first.

    Raises:
        ForbiddenError: the actor is no person.
    """
    allow(actor, "look.read", of=actor.person)
    snapshot = hub.snapshot()
    services = {actor_of(token).id: token.name for token in list_tokens(hub.database)} | {OPERATOR.id: OPERATOR.name}

    def name(look: Look) -> str:
        if look.actor_kind == "service":
            return services.get(look.actor, look.actor)
        person = snapshot.person(look.person_id) if look.person_id else None
        return person.fact.name if person else ERASED

    return tuple(
        LookView(
            at=look.at,
            kind=look.actor_kind,
            name=name(look),
            came_by=look.came_by,
            intent=look.intent,
        )
        for look in list_looks(hub.database, str(actor.person), (*LOOKS, "receipt.keep"), limit=limit)
    )
