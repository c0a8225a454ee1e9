"""What the rest of the hub reads: live records, their public ids, and the revision that says when to read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from echo_core.model import ENTITIES, Record
from echo_hub.store.database import Database
from echo_hub.store.light_tables import RECORD, REVISION, STREAM
from echo_hub.store.payloads import record_in

BATCH = 500


def public_id(connection: str, entity: str, source_id: str) -> str:
    """The id people see: "greenhouse:job:4711". Connections and entities never hold a colon; a source id may."""
    return f"{connection}:{entity}:{source_id}"


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


def live_texts(database: Database) -> Iterator[StoredText]:
    """Records neither removed nor excluded, by (connection, entity, source_id).

    Streams: holds a few hundred records in memory, inside one read transaction that ends with the iterator.
    """
    with database.reading() as transaction:
        connections: dict[str, list[int]] = {}
        for stream in transaction.all(
            select(STREAM.c.id, STREAM.c.connection).order_by(STREAM.c.connection, STREAM.c.id)
        ):
            connections.setdefault(stream.connection, []).append(stream.id)
        for connection, streams in connections.items():
            for entity in sorted(ENTITIES):
                # Unpacked, not by name: there are as many rows as records, and names cost half as much again.
                for stream_name, source_id, payload, version in transaction.each(_live(streams, entity), size=BATCH):
                    yield StoredText(connection, stream_name, entity, source_id, payload, version)


def _live(streams: Sequence[int], entity: str) -> Select[Any]:
    name, version = STREAM.c.name.label("stream"), RECORD.c.payload_version.label("version")
    return (
        select(name, RECORD.c.source_id, RECORD.c.payload, version)
        .join_from(RECORD, STREAM, STREAM.c.id == RECORD.c.stream_id)
        .where(RECORD.c.stream_id.in_(streams), RECORD.c.entity == entity)
        .where(RECORD.c.removed_at.is_(None), RECORD.c.payload.is_not(None))
        .order_by(RECORD.c.source_id, RECORD.c.stream_id)
    )


def data_revision(database: Database) -> int:
    """Moves with every committed change to records or taxonomy; equal numbers mean equal data."""
    with database.reading() as transaction:
        return int(transaction.scalar(select(REVISION.c.value).where(REVISION.c.id == 1)))
