"""A look at somebody else's data is an event that the person can see."""

from __future__ import annotations

from datetime import timedelta

from echo_hub.services.access import Permit
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorder
from echo_hub.store.events import done_since, lock_head

LOOKS = (
    "feed.read",
    "search.read",
    "explanation.read",
    "profile.read",
    "matching.read",
    "receipt.list",
    "receipt.read",
    "session.list",
)
"""Intents that show what is a person's own."""
QUIET = timedelta(hours=1)
"""After a look, for how long the same actor's looks of the same kind at the same person add no event."""


def looked(hub: Hub, permit: Permit) -> None:
    """Records that somebody looks at another person's data, before it is shown: what cannot be recorded is not shown.

    Raises:
        HubError: the event could not be written; see `Database.writing`.
    """
    actor, person = permit.actor, permit.of
    if not person or person == actor.person:
        return
    since = hub.now() - QUIET
    with hub.database.reading() as transaction:
        if done_since(transaction, since, actor.person, actor.id, permit.intent, person):
            return
    record = recorder(hub, permit)
    with hub.database.writing() as transaction:
        lock_head(transaction)  # of two looks at once the second finds the first
        if not done_since(transaction, since, actor.person, actor.id, permit.intent, person):
            record(transaction, "person", person, {})
