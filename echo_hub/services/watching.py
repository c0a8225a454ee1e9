"""What a machine asks a hub: whether it can serve, and the numbers it is watched by. No person is in either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from echo_core.connectors.errors import HubError
from echo_hub.services.hub import Hub
from echo_hub.snapshot.holder import BuildState
from echo_hub.store.database import HEAD
from echo_hub.store.figures import StoreFigures, store_figures

__all__ = ["Check", "Figures", "SnapshotFigures", "StoreFigures", "figures", "readiness"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a hub needs to serve. `reason` says what is wrong, or how far it is."""

    name: str
    ok: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotFigures:
    """The newest snapshot of this process; `set_aside` counts the stored items it leaves out, by kind."""

    revision: int
    people: int
    opportunities: dict[str, int]
    set_aside: dict[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """`store` is None, and so is what follows from it, where the database does not answer."""

    store: StoreFigures | None
    snapshot: SnapshotFigures | None
    build: BuildState
    now: datetime


def readiness(hub: Hub) -> tuple[Check, ...]:
    """Whether requests can be answered; starts the first snapshot where there is none.

    A database that a newer release migrated meanwhile is no reason to stop: the two work side by side.
    """
    return (_database(hub), _snapshot(hub))


def _database(hub: Hub) -> Check:
    try:
        version = hub.database.version()
    except HubError as error:
        return Check("database", False, error.message)
    if version is None or version < HEAD:
        at = "has no tables" if version is None else f"stands at migration {version}"
        return Check("database", False, f"The database {at}; this release needs {HEAD}. Run echo-hub upgrade.")
    return Check("database", True)


def _snapshot(hub: Hub) -> Check:
    if hub.snapshots.latest() is not None:
        return Check("snapshot", True)
    hub.snapshots.prepare()
    state = hub.snapshots.state()
    if state.failure is not None:
        return Check("snapshot", False, f"No snapshot could be made: {state.failure}")
    return Check("snapshot", True, "The first snapshot is being made.")


def figures(hub: Hub) -> Figures:
    """The numbers as they are now; waits for no snapshot."""
    snapshot = hub.snapshots.latest()
    try:
        stored = store_figures(hub.database)
    except HubError:
        stored = None
    made = None
    if snapshot is not None:
        kinds: dict[str, int] = {}
        for listing in snapshot.listings:
            kinds[listing.kind] = kinds.get(listing.kind, 0) + 1
        made = SnapshotFigures(snapshot.revision, len(snapshot.people), kinds, dict(snapshot.set_aside.counts))
    return Figures(stored, made, hub.snapshots.state(), hub.now())
