"""Whose an opportunity is."""

from __future__ import annotations

from echo_hub.snapshot.snapshot import Snapshot


def owner_of(snapshot: Snapshot, opportunity_id: str) -> str | None:
    """The public id of the person who owns an opportunity; None where nobody does, or it is not listed."""
    listing = snapshot.listing(opportunity_id.strip())
    return None if listing is None or listing.owner < 0 else snapshot.people[listing.owner].id
