"""Tries quarantined records again after the mapping was corrected, without asking the source."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from echo_core.connectors.hooks import Hooks
from echo_hub.store import bulk, cursors, leases, quarantine
from echo_hub.store.database import Database, Transaction
from echo_hub.sync.connection import Connection, utc_now
from echo_hub.sync.lease import Lease
from echo_hub.sync.mapping import Mapper, Raw

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many records came in, and how many stay in quarantine."""

    connection: str
    stream: str
    resolved: int
    remaining: int


Stored = Callable[[Transaction, Replayed], None]
"""Called in the transaction that stores some records of a stream, with what came of these."""


def replay_quarantine(
    database: Database,
    connection: Connection,
    *,
    stream: str | None = None,
    record_id: int | None = None,
    stored: Stored | None = None,
    hooks: Hooks | None = None,
    clock: Callable[[], datetime] = utc_now,
    owner: str | None = None,
) -> list[Replayed]:
    """Maps unresolved quarantined records of a connection again and stores those that pass; one result per stream.

    What is kept holds only the declared fields, so a mapping that was changed to read more needs a new sync instead.

    Args:
        stream: only this one's records; `record_id`: only this record.
        stored: told in every transaction that takes records in.

    Raises:
        LeaseTakenError: the connection is being synced now.
    """
    lease = Lease(connection.name, owner or leases.process_owner(), leases.LENGTH, clock)
    leases.acquire(database, lease.connection, lease.owner, clock(), lease.length)
    try:
        results: list[Replayed] = []
        for declared in connection.connector.streams_for(connection.config):
            if stream is not None and declared.name != stream:
                continue
            with database.reading() as transaction:
                cursor = cursors.find_cursor(transaction, connection.name, declared.name)
            if cursor is None:
                continue
            mapper = Mapper(declared, connection.config, hooks or Hooks())
            result = Replayed(connection.name, declared.name, 0, 0)
            after = 0
            while True:
                with database.reading() as transaction:
                    part = quarantine.next_open(
                        transaction, cursor.stream_id, after=after, limit=_BATCH, record_id=record_id
                    )
                if not part:
                    break
                after = part[-1].id
                taken = _replay(database, lease, cursor.stream_id, mapper, part, stored)
                result = replace(
                    result, resolved=result.resolved + taken, remaining=result.remaining + len(part) - taken
                )
            results.append(result)
        return results
    finally:
        leases.release(database, lease.connection, lease.owner)


def _replay(
    database: Database,
    lease: Lease,
    stream_id: int,
    mapper: Mapper,
    waiting: list[quarantine.Quarantined],
    stored: Stored | None,
) -> int:
    raws: list[Raw] = [
        (json.loads(waiting_record.rejected.payload), waiting_record.rejected.source_key, None)
        for waiting_record in waiting
        if waiting_record.rejected.payload
    ]
    runs = {waiting_record.rejected.source_key: waiting_record.run_id for waiting_record in waiting}
    mapped = mapper.map(raws)
    bad = {rejection.source_key for rejection in mapped.rejected}
    good = {key for _, key, _ in raws if key is not None} - bad
    with database.writing() as transaction:
        lease.renew(transaction)
        now, moment = lease.clock(), transaction.moment
        stored_at = moment(now)
        rows = []
        changed = set()
        for row in mapped.rows.values():
            run_id = runs.get(row.raw_key or row.source_id, waiting[0].run_id)
            changed.add(run_id)
            rows.append(row.stored(stream_id, run_id, now=stored_at, moment=moment))
        bulk.upsert_records(transaction, rows)
        quarantine.resolve(transaction, stream_id, good, now)
        for run_id in {waiting_record.run_id for waiting_record in waiting}:
            rejections = [rejection for rejection in mapped.rejected if runs.get(rejection.source_key) == run_id]
            quarantine.save_rejected(transaction, stream_id, run_id, now, rejections)
        if rows:
            transaction.moved(*changed)
        if good and stored is not None:
            stored(transaction, Replayed(lease.connection, waiting[0].stream, len(good), len(waiting) - len(good)))
    return len(good)
