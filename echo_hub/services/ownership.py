"""Whose an opportunity is."""

from __future__ import annotations

from typing import TypedDict

from echo_hub.snapshot.snapshot import Snapshot


class Belonging(TypedDict):
    """What an opportunity belongs to, as `access.allow` takes it."""

    of: str | None
    about: str | None


def owner_of(snapshot: Snapshot, opportunity_id: str) -> str | None:
    """The public id of the person who owns an opportunity; None where nobody does, or it is not listed."""
    listing = snapshot.listing(opportunity_id.strip())
    return None if listing is None or listing.owner < 0 else snapshot.people[listing.owner].id


def belonging(snapshot: Snapshot, opportunity_id: str) -> Belonging:
    """Whose an opportunity is, and which one, for it lies in countries and units whoever owns it."""
    return {"of": owner_of(snapshot, opportunity_id), "about": opportunity_id.strip()}
