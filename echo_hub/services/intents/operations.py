"""Connections, syncs, runs and removals on hold."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress

from echo_core.connectors.declaration import CheckResult
from echo_hub.jobs import SYNC
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.connections import ConnectionState, connection_states
from echo_hub.services.health import Health
from echo_hub.services.hold_views import HoldRecordsView, HoldView
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded, recorder
from echo_hub.services.refusals import ScheduleError
from echo_hub.services.syncing import as_connection, chosen, must_be_configured, sync_connections
from echo_hub.services.task_views import TaskView
from echo_hub.snapshot.holder import SnapshotError
from echo_hub.store.database import Transaction
from echo_hub.store.holds import confirm_hold, list_missing, read_hold, refuse_hold
from echo_hub.store.holds import list_holds as holds_in
from echo_hub.store.runs import Outcome, RunReport, list_runs
from echo_hub.store.runs import cancel_run as store_cancel
from echo_hub.store.task_list import read_task
from echo_hub.store.tasks import enqueue
from echo_hub.sync.check import check_connection
from echo_hub.sync.kernel import Progress, StreamProgress

__all__ = [
    "ConnectionState",
    "HoldView",
    "Outcome",
    "RunReport",
    "StreamProgress",
    "Titles",
    "cancel_run",
    "check",
    "confirm",
    "connections",
    "health",
    "hold_records",
    "holds",
    "refuse",
    "runs",
    "sync",
    "sync_soon",
    "titles",
]


class Titles(dict[str, str]):
    """Titles of connections by name; the name itself where there is none."""

    def __missing__(self, name: str) -> str:
        return name


def connections(actor: Actor, hub: Hub) -> list[ConnectionState]:
    """Every connection with how its last run went and when it runs next."""
    allow(actor, "connection.read")
    return connection_states(hub.settings, hub.database)


def health(actor: Actor, hub: Hub, *, wait: bool = False) -> Health:
    """Whether snapshots are made, and every stored item that is left out.

    Args:
        wait: read what is stored now, however long it takes; otherwise answers from the newest finished snapshot.
    """
    allow(actor, "health.read")
    if wait:
        with suppress(SnapshotError):  # what is answered says that it failed, and why
            hub.fresh_snapshot()
    return hub.health()


def titles(actor: Actor, hub: Hub) -> Titles:
    """What connections are called; one that is not configured any more goes by its own name."""
    allow(actor, "connection.title")
    return Titles({connection.name: connection.connector.title for connection in hub.settings.connections})


def check(actor: Actor, hub: Hub, names: Iterable[str] = ()) -> list[tuple[str, CheckResult]]:
    """Tries the named connections (all of them when none is named) and stores nothing: (connection, what was tried).

    Raises:
        SettingsError: a name is not configured.
    """
    allow(actor, "connection.check")
    return [
        (connection.name, line)
        for connection in chosen(hub, tuple(names))
        for line in check_connection(as_connection(connection), clock=hub.now, shared=hub.shared)
    ]


def sync(
    actor: Actor,
    hub: Hub,
    names: Sequence[str] = (),
    *,
    full: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    workers: int = 4,
    task_id: int | None = None,
) -> list[RunReport]:
    """Syncs the named connections, all of them when none is named. A stream's failure is in its report.

    Every run that is opened, or goes on, has its event in the transaction that stores the run.

    Args:
        task_id: the task that this is an attempt at; it takes over what an earlier attempt had begun.

    Raises:
        SettingsError: a name is not configured.
    """
    permit = allow(actor, "sync.run")
    record = recorder(hub, permit)

    def opened(transaction: Transaction, report: RunReport) -> None:
        about = {"connection": report.connection, "stream": report.stream, "full": report.complete}
        record(transaction, "run", str(report.run_id), about)

    return sync_connections(
        hub,
        names,
        full=full,
        dry_run=dry_run,
        opened=opened,
        progress=progress,
        stop=stop,
        workers=workers,
        task_id=task_id,
    )


def runs(
    actor: Actor, hub: Hub, connection: str | None = None, *, limit: int = 50, configured: bool = False
) -> list[RunReport]:
    """The latest runs, newest first; only of one connection when it is named.

    Raises:
        SettingsError: with `configured`, a connection that the settings do not name.
    """
    allow(actor, "run.read")
    if configured:
        must_be_configured(hub, connection)
    return list_runs(hub.database, connection, limit=limit)


def sync_soon(actor: Actor, hub: Hub, connection: str, *, full: bool = False) -> TaskView | None:
    """Has a worker sync a connection as soon as one is free; None where somebody asked for that already.

    A list that failed, was stopped or was throttled goes on where it stood; with `full` all are read anew.

    Raises:
        ScheduleError: no such connection is configured.
    """
    permit = allow(actor, "sync.run")
    if connection not in {known.name for known in hub.settings.connections}:
        raise ScheduleError(f"{connection} is not configured, or its settings cannot be used.", code="schedule.unknown")
    with recorded(hub, permit, "connection", connection, full=full) as entry:
        with hub.database.writing() as transaction:
            payload = {"connection": connection, "full": full}
            task_id = enqueue(transaction, SYNC, f"{connection} by hand", payload, requested_by=actor.key)
        entry.happened = task_id is not None
    return None if task_id is None else TaskView.of(read_task(hub.database, task_id))


def cancel_run(actor: Actor, hub: Hub, run_id: int) -> RunReport:
    """Ends a run for good within seconds; what it has stored stays, and the next one begins its window anew.

    Raises:
        RunError: no such run, or it is over.
    """
    permit = allow(actor, "run.cancel")
    with recorded(hub, permit, "run", run_id), hub.database.writing() as transaction:
        return store_cancel(transaction, run_id, hub.now())


def holds(actor: Actor, hub: Hub, *, decided: bool = False) -> list[HoldView]:
    """Removals that wait for a person, the latest first; with `decided` also those that were decided."""
    allow(actor, "hold.read")
    return [HoldView.of(hold) for hold in holds_in(hub.database, decided=decided)]


def hold_records(actor: Actor, hub: Hub, hold_id: int, *, limit: int = 100, offset: int = 0) -> HoldRecordsView:
    """One hold with a page of the records it would remove, by name.

    Raises:
        HoldError: there is none of that number.
    """
    allow(actor, "hold.read")
    total, listed = list_missing(hub.database, hold_id, limit=limit, offset=offset)
    return HoldRecordsView.of(read_hold(hub.database, hold_id), total, listed, offset)


def confirm(actor: Actor, hub: Hub, hold_id: int, *, reason: str = "") -> int:
    """Removes what a hold lists, except what later runs met again; answers how many records were removed.

    Args:
        reason: why, for whoever asks later.

    Raises:
        HoldError: unknown or decided.
        LeaseTakenError: the connection is being synced; decide when that is over.
    """
    permit = allow(actor, "hold.decide")
    with recorded(hub, permit, "hold", hold_id, decision="confirmed") as entry:
        removed = confirm_hold(hub.database, hold_id, by=actor.key, now=hub.now(), reason=reason)
        entry.details["removed"] = removed
    return removed


def refuse(actor: Actor, hub: Hub, hold_id: int, *, reason: str = "") -> None:
    """Keeps every record a hold lists; arguments and errors as `confirm`."""
    permit = allow(actor, "hold.decide")
    with recorded(hub, permit, "hold", hold_id, decision="refused"):
        refuse_hold(hub.database, hold_id, by=actor.key, now=hub.now(), reason=reason)
