"""How the hub is: whether snapshots are made, and which stored items are set aside, each with the reason."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from echo_hub.services import mentoring
from echo_hub.services.views import View
from echo_hub.snapshot.holder import BuildState
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.aside import SetAside
from echo_hub.store.database import Database
from echo_hub.store.holds import list_holds
from echo_hub.store.receipts import list_receipts

RECEIPTS = 500
"""How many of the latest receipts are looked at."""


class AsideView(View):
    """A stored item that is left out. `kind` says what it is, `key` which one, `reason` why, in a sentence."""

    kind: str
    key: str
    reason: str


class SnapshotView(View):
    """The snapshot that lists, search and matching read."""

    revision: int
    day: date
    people: int
    opportunities: int


class Health(View):
    """`status`: ok; degraded when snapshots cannot be made or items are set aside; starting before the first snapshot.

    A failed build is tried again, after `retry_in_s` seconds at the earliest; until then the last snapshot is shown.
    """

    status: Literal["ok", "degraded", "starting"]
    snapshot: SnapshotView | None
    building: bool
    failures: Annotated[int, Field(description="Builds that failed one after another")]
    failure: str | None
    retry_in_s: float | None
    set_aside_counts: Annotated[dict[str, int], Field(description="How many items of each kind are left out")]
    set_aside: Annotated[tuple[AsideView, ...], Field(description="The items, up to 1,000 of each kind")]


def health(database: Database, snapshot: Snapshot | None, state: BuildState) -> Health:
    """How the hub is, from the newest snapshot there is and what is read beside it."""
    aside = SetAside()
    if snapshot is not None:
        aside.take(snapshot.set_aside)
        mentoring.unreadable(database, snapshot, aside)
    list_receipts(database, limit=RECEIPTS, aside=aside)
    list_holds(database, aside=aside)
    failing = state.failure is not None
    return Health(
        status="degraded" if failing or aside else "starting" if snapshot is None else "ok",
        snapshot=None
        if snapshot is None
        else SnapshotView(
            revision=snapshot.revision,
            day=snapshot.today,
            people=len(snapshot.people),
            opportunities=len(snapshot.listings),
        ),
        building=state.building,
        failures=state.failures,
        failure=state.failure,
        retry_in_s=state.retry_in_s,
        set_aside_counts=dict(aside.counts),
        set_aside=tuple(AsideView(kind=item.kind, key=item.key, reason=item.reason) for item in aside.items),
    )
