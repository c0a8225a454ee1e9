"""Syncs the connections that the settings name."""

from __future__ import annotations

import threading
from collections.abc import Collection

from echo_core.connectors.errors import ConnectorBug
from echo_hub.services.hub import Hub
from echo_hub.settings import ConnectionSettings
from echo_hub.store.leases import process_owner
from echo_hub.store.runs import RunReport
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import Progress, sync_all
from echo_hub.sync.session import never_began
from echo_hub.sync.stream_run import Opened


def as_connection(settings: ConnectionSettings) -> Connection:
    """A configured connection as the kernel takes it."""
    overrides = settings.http.model_dump(exclude_none=True)
    return Connection(settings.name, settings.connector, settings.config, overrides)


def chosen(hub: Hub, names: Collection[str]) -> list[ConnectionSettings]:
    """The named connections, all of them when none is named.

    Raises:
        SettingsError: a name is not configured.
    """
    return [hub.settings.connection(name) for name in names] if names else list(hub.settings.connections)


def must_be_configured(hub: Hub, connection: str | None) -> None:
    """Raises `SettingsError` for a connection that the settings do not name; one that cannot be used is named."""
    if connection is not None and connection not in hub.settings.names:
        hub.settings.connection(connection)


def sync_connections(
    hub: Hub,
    names: Collection[str],
    *,
    full: bool,
    dry_run: bool,
    opened: Opened | None,
    progress: Progress | None,
    stop: threading.Event | None,
    workers: int,
    task_id: int | None,
) -> list[RunReport]:
    """Syncs the named connections (all of them when none is named), several at a time.

    A stream's failure is in its report; a connection that cannot begin has one failed report with no stream, and so
    has, among all of them, one whose connector is broken. For the arguments see `echo_hub.sync.kernel`.
    """
    reports = sync_all(
        hub.database,
        [as_connection(connection) for connection in chosen(hub, names)],
        workers=workers,
        clock=hub.now,
        full=full,
        dry_run=dry_run,
        opened=opened,
        hooks=hub.registry.hooks,
        shared=hub.shared,
        progress=progress,
        stop=stop,
        owner=process_owner(task_id),
    )
    return reports if names else [*reports, *_broken(hub, opened, store=not dry_run)]


def _broken(hub: Hub, opened: Opened | None, *, store: bool) -> list[RunReport]:
    """Failed reports for connections whose connector is broken."""
    return [
        never_began(
            hub.database,
            name,
            ConnectorBug(f"{name} cannot be synced: {problems[0].text}"),
            hub.now(),
            store=store,
            opened=opened,
        )
        for name, problems in hub.settings.unusable.items()
        if all(problem.of_plugin for problem in problems)
    ]
