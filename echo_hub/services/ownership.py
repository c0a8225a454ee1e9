"""Whose an opportunity is."""

from __future__ import annotations

from typing import TypedDict

from echo_hub.services.actor import Actor
from echo_hub.snapshot.snapshot import Snapshot


class Belonging(TypedDict):
    """What an opportunity belongs to, as `access.allow` takes it."""

    of: str | None
    about: str | None


def owner_of(snapshot: Snapshot, opportunity_id: str, actor: Actor) -> str | None:
    """The public id of the person who owns an opportunity: of several the actor, if they are one of them.

    None where nobody owns it, or it is not listed.
    """
    listing = snapshot.listing(opportunity_id.strip())
    owners = [] if listing is None else [snapshot.people[row].id for row in listing.owners]
    return actor.person if actor.person in owners else next(iter(owners), None)


def belonging(snapshot: Snapshot, opportunity_id: str, actor: Actor) -> Belonging:
    """Whose an opportunity is for the actor, and which one, for it lies in countries and units whoever owns it."""
    return {"of": owner_of(snapshot, opportunity_id, actor), "about": opportunity_id.strip()}
