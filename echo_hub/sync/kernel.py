"""Syncs connections: a reading thread per stream, one writer per connection, every page one transaction."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from echo_core.connectors.errors import HubError
from echo_core.connectors.hooks import Hooks
from echo_hub.store import leases
from echo_hub.store.database import Database
from echo_hub.store.runs import RunReport
from echo_hub.sync import failure
from echo_hub.sync.connection import Connection, utc_now
from echo_hub.sync.garbage import collected_rarely
from echo_hub.sync.lease import Lease
from echo_hub.sync.session import Progress, Session, StreamProgress, never_began
from echo_hub.sync.stream_run import Opened
from echo_hub.sync.window import STREAM_LIMIT

if TYPE_CHECKING:
    from echo_core.http.shared import Shared

__all__ = ["Progress", "StreamProgress", "sync_all", "sync_connection"]

SIGNAL_S = 0.5
"""How long a signal may wait for its handler while connections are synced, in seconds."""

log = logging.getLogger(__name__)


def sync_connection(
    database: Database,
    connection: Connection,
    *,
    full: bool = False,
    dry_run: bool = False,
    hooks: Hooks | None = None,
    opened: Opened | None = None,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    owner: str | None = None,
    http: Callable[[Connection], Any] | None = None,
    shared: Shared | None = None,
    stop: threading.Event | None = None,
    lease: timedelta = leases.LENGTH,
    limit: timedelta = STREAM_LIMIT,
    monotonic: Callable[[], float] = time.monotonic,
) -> list[RunReport]:
    """Syncs every stream of a connection; the reports come in the order of the streams.

    Streams fail independently: an error ends its own stream and is in that report. A first Ctrl-C counts as `stop`.

    Args:
        full: read from the beginning, whatever the watermark says.
        dry_run: store nothing at all; the reports say what would change.
        opened: called in the transaction that opens a run, or goes on with one: what it writes is stored with it.
        progress: told after every page.
        clock: aware wall clock; `sleep`: what the HTTP client waits with.
        owner: names the lease's holder; made up when None.
        http: makes the connection's client; by default `echo_core.http.client.Client` from the connector's settings.
        shared: what that client shares with those of other processes.
        stop: set it to end every stream after the page being stored; runs end as "stopped" and can go on later.
        lease: how long this process may be silent before another may take the connection over.
        limit: how long one stream may take; then it fails, goes on next time if it can, and the others go on now.
        monotonic: seconds that never go back, to measure `limit` by.

    Raises:
        LeaseTakenError: another process syncs this connection now.
        HubError: the connection could not even begin (settings, database).
    """
    hooks = hooks or Hooks()
    streams = connection.connector.streams_for(connection.config)
    own = Lease(connection.name, owner or leases.process_owner(), lease, clock)
    if not dry_run:
        leases.acquire(database, connection.name, own.owner, clock(), lease)
    client: Any = None
    try:
        client = http(connection) if http else _client(connection, hooks, sleep, shared)
        if hasattr(client, "begin_run"):
            client.begin_run()
        session = Session(
            database=database,
            connection=connection,
            lease=own,
            hooks=hooks,
            client=client,
            progress=progress or _unwatched,
            stop=stop or threading.Event(),
            opened=opened,
        )
        session.limit_streams(limit, monotonic)
        with collected_rarely():
            return session.run(streams, full=full, dry_run=dry_run)
    finally:
        if client is not None and hasattr(client, "close"):
            client.close()
        if not dry_run:
            try:
                leases.release(database, connection.name, own.owner)
            except HubError as refused:
                log.warning("%s: the lease could not be given back and ends by itself: %s", connection.name, refused)


def sync_all(
    database: Database,
    connections: Sequence[Connection],
    *,
    workers: int = 4,
    clock: Callable[[], datetime] = utc_now,
    **options: Any,
) -> list[RunReport]:
    """Syncs several connections at once; one that cannot begin yields one failed report with an empty stream name.

    Args:
        options: as `sync_connection` takes them.
    """

    def synced(connection: Connection) -> list[RunReport]:
        try:
            return sync_connection(database, connection, clock=clock, **options)
        except (Exception, SystemExit) as error:  # noqa: BLE001, one connection must not stop the others
            bug = failure.as_hub_error(error, "its streams")
            store, opened = not options.get("dry_run", False), options.get("opened")
            return [never_began(database, connection.name, bug, clock(), store=store, opened=opened)]

    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="sync") as pool:
        # In a copy of the context each: what is logged there belongs to the task that this thread works on.
        futures = [pool.submit(copy_context().run, synced, connection) for connection in connections]
        # A signal that comes just before the main thread blocks is handled only when it wakes: Python runs handlers
        # between its own instructions. Without a time-out that would be at the end of the sync.
        while wait(futures, timeout=SIGNAL_S).not_done:
            pass
        return [report for future in futures for report in future.result()]


def _client(connection: Connection, hooks: Hooks, sleep: Callable[[float], None], shared: Shared | None) -> Any:
    from echo_core.http.client import Client  # httpx is not needed by a caller that brings its own client

    return Client(
        connection.http_settings(), connection=connection.name, sleep=sleep, on_event=hooks.event, shared=shared
    )


def _unwatched(_: StreamProgress) -> None:
    """Nobody watches."""
