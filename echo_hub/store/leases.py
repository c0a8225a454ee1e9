"""Who may sync a connection: one row each, with an end, so that a killed process blocks nobody for long."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar
from uuid import getnode

from echo_core.connectors.errors import TransientError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment

_held: set[tuple[str, str]] = set()
"""(connection, owner) inside this process. One of this process that is not here failed to give its lease back."""


class LeaseTakenError(TransientError):
    """Another process syncs this connection now."""

    code: ClassVar[str] = "run.lease_taken"


class LeaseLostError(TransientError):
    """Another process took the connection over while this one was not heard of; its page was not stored."""

    code: ClassVar[str] = "run.lease_lost"


def process_owner() -> str:
    """A name for this process and call: host, process id, where that id means anything, and a random part."""
    return f"{socket.gethostname()}:{os.getpid()}:{_namespace()}:{secrets.token_hex(4)}"


@cache
def _namespace() -> str:
    """Names the set of processes this one can see: containers share host names, and every one has a process 1."""
    parts = [f"{getnode():x}"]
    for path in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        file = Path(path)
        try:
            parts.append(str(file.stat().st_ino) if file.name == "pid" else file.read_text().strip())
        except OSError:
            parts.append("")
    return blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()


def acquire(database: Database, connection: str, owner: str, now: datetime, length: timedelta) -> None:
    """Takes the connection's lease.

    A lease is free when it has ended, when its owner was a process beside this one that is gone, or when it ends
    later than any lease could (the clock was set back). Should that last guess be wrong, the other process notices at
    its next page: every page transaction renews the lease or is rolled back.

    Raises:
        LeaseTakenError: somebody else holds it; the message names who and until when.
    """
    with database.writing() as transaction:
        found = transaction.one("SELECT owner, expires_at FROM lease WHERE connection = ?", (connection,))
        if found is not None:
            holder, ends = str(found[0]), as_moment(found[1])
            mine = holder == owner and (connection, owner) not in _held
            if not mine and now < ends <= now + 2 * length and not _is_dead(connection, holder):
                raise LeaseTakenError(
                    f"{connection} is being synced by another process. Wait for it, or try again after "
                    f"{ends:%Y-%m-%d %H:%M:%S} UTC should it have died.",
                    detail=f"lease held by {holder}",
                )
        taken = transaction.run(
            "INSERT INTO lease (connection, owner, expires_at) VALUES (?, ?, ?) ON CONFLICT (connection)"
            " DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at"
            " WHERE lease.owner = ? OR lease.expires_at = ?",
            (
                connection,
                owner,
                transaction.moment(now + length),
                owner,
                transaction.moment(now if found is None else as_moment(found[1])),
            ),
        )
        if taken.rowcount != 1:
            raise LeaseTakenError(f"{connection} is being synced by another process, which began this very moment.")
        _held.add((connection, owner))  # before the commit: another thread may use the same owner


def renew(transaction: Transaction, connection: str, owner: str, now: datetime, length: timedelta) -> None:
    """Moves the lease's end on, inside the caller's transaction.

    Raises:
        LeaseLostError: another process took it over; the caller's transaction must not commit.
    """
    kept = transaction.run(
        "UPDATE lease SET expires_at = ? WHERE connection = ? AND owner = ?",
        (transaction.moment(now + length), connection, owner),
    )
    if kept.rowcount != 1:
        raise LeaseLostError(f"Another process took over {connection}; this one stops.", detail=f"owner {owner}")


def release(database: Database, connection: str, owner: str) -> None:
    """Gives the lease back; does nothing when it is somebody else's by now.

    Raises:
        HubError: the database refused; the lease ends by itself, and does not stand in this process's own way.
    """
    _held.discard((connection, owner))
    with database.writing() as transaction:
        transaction.run("DELETE FROM lease WHERE connection = ? AND owner = ?", (connection, owner))


def holders(database: Database, now: datetime) -> dict[str, str]:
    """Connections being synced now, and by whom."""
    with database.reading() as transaction:
        found = transaction.rows("SELECT connection, owner FROM lease WHERE expires_at > ?", (transaction.moment(now),))
        return {str(connection): str(owner) for connection, owner in found if not _is_dead(str(connection), str(owner))}


def _is_dead(connection: str, owner: str) -> bool:
    host, process, namespace, *_ = *owner.split(":"), "", "", ""
    if host != socket.gethostname() or namespace != _namespace() or not process.isdigit():
        return False
    if int(process) == os.getpid():
        return (connection, owner) not in _held
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
