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

from sqlalchemy import delete, or_, select, update

from echo_core.connectors.errors import TransientError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import LEASE

LENGTH = timedelta(minutes=2)
"""How long a process may be silent before another may take its connection over."""
_held: set[tuple[str, str]] = set()
"""(connection, owner) inside this process. One of this process that is not here failed to give its lease back."""


class LeaseTakenError(TransientError):
    """Another process syncs this connection now."""

    code: ClassVar[str] = "run.lease_taken"


class LeaseLostError(TransientError):
    """Another process took the connection over while this one was not heard of; its page was not stored."""

    code: ClassVar[str] = "run.lease_lost"


def process_owner(task_id: int | None = None) -> str:
    """A name for this process and call: host, process id, where that id means anything, and a random part.

    Args:
        task_id: the task that is worked on. What an earlier attempt at it holds does not stand in this one's way.
    """
    process = f"{socket.gethostname()}:{os.getpid()}:{_namespace()}:{secrets.token_hex(4)}"
    return process if task_id is None else f"{process}:task-{task_id}"


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

    A lease is free when it has ended, when its owner was a process beside this one that is gone, when it is an earlier
    attempt's at the same task, or when it ends later than any lease could (the clock was set back). Should the other
    process live all the same, it notices at its next page: every page transaction renews the lease or is rolled back.

    Raises:
        LeaseTakenError: somebody else holds it; the message names who and until when.
    """
    with database.writing() as transaction:
        lease = transaction.first(select(LEASE.c.owner, LEASE.c.expires_at).where(LEASE.c.connection == connection))
        if lease is not None:
            left_over = lease.owner == owner and (connection, owner) not in _held
            counts = now < lease.expires_at <= now + 2 * length
            superseded = lease.owner != owner and _task(lease.owner) == _task(owner) != ""
            if counts and not left_over and not superseded and not _is_dead(connection, lease.owner):
                raise LeaseTakenError(
                    f"{connection} is being synced by another process. Wait for it, or try again after "
                    f"{lease.expires_at:%Y-%m-%d %H:%M:%S} UTC should it have died.",
                    detail=f"lease held by {lease.owner}",
                )
        insert = transaction.insert(LEASE).values(connection=connection, owner=owner, expires_at=now + length)
        read_end = now if lease is None else lease.expires_at
        taken = transaction.first(
            insert.on_conflict_do_update(
                index_elements=[LEASE.c.connection],
                set_={"owner": insert.excluded.owner, "expires_at": insert.excluded.expires_at},
                where=or_(LEASE.c.owner == owner, LEASE.c.expires_at == read_end),
            ).returning(LEASE.c.owner)
        )
        if taken is None:
            raise LeaseTakenError(f"{connection} is being synced by another process, which began this very moment.")
        _held.add((connection, owner))  # before the commit: another thread may use the same owner


def renew(transaction: Transaction, connection: str, owner: str, now: datetime, length: timedelta) -> None:
    """Moves the lease's end on, inside the caller's transaction.

    Raises:
        LeaseLostError: another process took it over; the caller's transaction must not commit.
    """
    of_owner = (LEASE.c.connection == connection, LEASE.c.owner == owner)
    renewed = transaction.execute(update(LEASE).where(*of_owner).values(expires_at=now + length))
    if renewed.rowcount != 1:
        raise LeaseLostError(f"Another process took over {connection}; this one stops.", detail=f"owner {owner}")


def release(database: Database, connection: str, owner: str) -> None:
    """Gives the lease back; does nothing when it is somebody else's by now.

    Raises:
        HubError: the database refused; the lease ends by itself, and does not stand in this process's own way.
    """
    _held.discard((connection, owner))
    with database.writing() as transaction:
        transaction.execute(delete(LEASE).where(LEASE.c.connection == connection, LEASE.c.owner == owner))


def holders(database: Database, now: datetime) -> dict[str, str]:
    """Connections being synced now, and by whom."""
    with database.reading() as transaction:
        leases = transaction.all(select(LEASE.c.connection, LEASE.c.owner).where(LEASE.c.expires_at > now))
    return {lease.connection: lease.owner for lease in leases if not _is_dead(lease.connection, lease.owner)}


def _task(owner: str) -> str:
    """The task that an owner works on; empty for one that works on none."""
    return "".join(owner.split(":")[4:])


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
