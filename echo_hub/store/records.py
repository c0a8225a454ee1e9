"""What the rest of the hub reads: live records, their public ids, and the revision that says when to read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from echo_core.model import ENTITIES, Record
from echo_hub.store.database import Database
from echo_hub.store.instant import as_moment
from echo_hub.store.payloads import record_in

BATCH = 500


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record and where it came from. `changed_at` is when its content last changed here, UTC."""

    connection: str
    stream: str
    entity: str
    record: Record
    changed_at: datetime

    @property
    def public_id(self) -> str:
        """The id people see, e.g. "greenhouse:job:4711"."""
        return public_id(self.connection, self.entity, self.record.source_id)


def public_id(connection: str, entity: str, source_id: str) -> str:
    """The id people see: "greenhouse:job:4711". Connections and entities never hold a colon; a source id may."""
    return f"{connection}:{entity}:{source_id}"


def split_public_id(text: str) -> tuple[str, str, str]:
    """(connection, entity, source_id) of a public id.

    Raises:
        ValueError: not a public id.
    """
    connection, _, rest = text.partition(":")
    entity, _, source_id = rest.partition(":")
    if not connection or not source_id or entity not in ENTITIES:
        raise ValueError(f"{text!r} is not an id; they look like greenhouse:job:4711")
    return connection, entity, source_id


@dataclass(frozen=True, slots=True)
class StoredText:
    """A live record as the store keeps it: the JSON text of its payload, and the payload's version.

    For readers of a whole company, who need a few fields of each record: `record` reads and checks all of it.
    """

    connection: str
    stream: str
    entity: str
    source_id: str
    payload: str
    version: int

    @property
    def record(self) -> Record:
        """The record itself, read anew each time.

        Raises:
            UnreadableRecordError: see `echo_hub.store.payloads`.
        """
        return record_in(self.entity, self.version, self.payload)


_LIVE = """
SELECT s.name, r.source_id, r.payload, r.payload_version, r.changed_at FROM record r JOIN stream s ON s.id = r.stream_id
WHERE r.stream_id IN ({marks}) AND r.entity = ? AND r.removed_at IS NULL AND r.payload IS NOT NULL
ORDER BY r.source_id, r.stream_id
"""


def live_records(database: Database, *entities: str) -> Iterator[StoredRecord]:
    """Records neither removed nor excluded, by (connection, entity, source_id); of all entities if none is named.

    Streams: holds a few hundred records in memory, inside one read transaction that ends with the iterator.

    Raises:
        KeyError: an entity that does not exist.
        UnreadableRecordError: see `echo_hub.store.payloads`.
    """
    wanted = sorted(entities or ENTITIES)
    for entity in wanted:
        if entity not in ENTITIES:
            raise KeyError(f"no entity {entity!r}; there are {', '.join(sorted(ENTITIES))}")
    for connection, entity, stream, _, payload, version, changed_at in _live(database, wanted):
        yield StoredRecord(connection, stream, entity, record_in(entity, version, payload), as_moment(changed_at))


def live_texts(database: Database) -> Iterator[StoredText]:
    """All records as `live_records` gives them, and in its order, unread: several times as fast."""
    for connection, entity, stream, source_id, payload, version, _ in _live(database, sorted(ENTITIES)):
        yield StoredText(connection, stream, entity, source_id, payload, version)


def _live(database: Database, entities: list[str]) -> Iterator[tuple[str, str, str, str, str, int, Any]]:
    """(connection, entity, stream, source id, payload, its version, changed at) of live records of these entities."""
    with database.reading() as transaction:
        connections: dict[str, list[int]] = {}
        for identity, connection in transaction.rows("SELECT id, connection FROM stream ORDER BY connection, id"):
            connections.setdefault(connection, []).append(identity)
        for connection, streams in connections.items():
            sql = _LIVE.format(marks=", ".join("?" * len(streams)))
            for entity in entities:
                for batch in transaction.batches(sql, (*streams, entity), size=BATCH):
                    for stream, source_id, payload, version, changed_at in batch:
                        yield connection, entity, stream, source_id, payload, version, changed_at


def find_record(database: Database, connection: str, entity: str, source_id: str) -> StoredRecord | None:
    """One live record by its key, or None."""
    with database.reading() as transaction:
        found = transaction.one(
            "SELECT s.name, r.payload, r.payload_version, r.changed_at FROM record r"
            " JOIN stream s ON s.id = r.stream_id"
            " WHERE s.connection = ? AND r.entity = ? AND r.source_id = ? AND r.removed_at IS NULL"
            " AND r.payload IS NOT NULL ORDER BY r.stream_id",
            (connection, entity, source_id),
        )
    if found is None:
        return None
    record = record_in(entity, found[2], found[1])
    return StoredRecord(connection, found[0], entity, record, as_moment(found[3]))


def record_counts(database: Database) -> dict[tuple[str, str], int]:
    """How many live records there are per (connection, entity)."""
    with database.reading() as transaction:
        return {
            (connection, entity): int(count)
            for connection, entity, count in transaction.rows(
                "SELECT s.connection, r.entity, COUNT(*) FROM record r JOIN stream s ON s.id = r.stream_id"
                " WHERE r.removed_at IS NULL AND r.payload IS NOT NULL"
                " GROUP BY s.connection, r.entity ORDER BY s.connection, r.entity"
            )
        }


def data_revision(database: Database) -> int:
    """Moves with every committed change to records or taxonomy; equal numbers mean equal data."""
    with database.reading() as transaction:
        return transaction.count("SELECT value FROM revision WHERE id = 1")
