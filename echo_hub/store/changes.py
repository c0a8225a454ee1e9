"""What moved the data from one revision to a later one: the records that changed, if there are not too many."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, select

from echo_hub.store.database import NO_RUN, SAID_HERE, Database, Transaction
from echo_hub.store.light_tables import DATA_CHANGE, RECORD, REVISION, STREAM


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record as it is now. `payload` is None for one that is gone or excluded, `version` is the payload's."""

    connection: str
    stream: str
    entity: str
    source_id: str
    payload: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies between two revisions.

    `records` may hold some that did not change: all that the runs in question ever wrote and nobody wrote since.
    `said_here` says whether people said something here of themselves or an opportunity, or gave places away; `beside`
    whether anything else moved: the taxonomy, the meaning of a name.
    """

    revision: int
    records: tuple[ChangedRecord, ...]
    beside: bool
    said_here: bool = False


def changes_since(database: Database, revision: int, *, most: int) -> Difference | None:
    """What changed after `revision`; None when that is no longer known, or more than `most` records."""
    with database.reading() as transaction:
        now: int = transaction.scalar(select(REVISION.c.value).where(REVISION.c.id == 1))
        log = transaction.all(select(DATA_CHANGE).where(DATA_CHANGE.c.revision > revision))
        if revision > now or len({row.revision for row in log}) != now - revision:
            return None
        moved = {row.run_id for row in log}
        runs = sorted(moved - {NO_RUN, SAID_HERE})
        records = _records(transaction, runs, most) if runs else []
        if len(records) > most:
            return None
        return Difference(now, tuple(records), NO_RUN in moved, SAID_HERE in moved)


def _records(transaction: Transaction, runs: list[int], most: int) -> list[ChangedRecord]:
    """What these runs changed last; one more than `most` when there are more."""
    live_payload = case((RECORD.c.removed_at.is_(None), RECORD.c.payload)).label("payload")
    stream = STREAM.c.name.label("stream")
    version = RECORD.c.payload_version.label("version")
    query = (
        select(STREAM.c.connection, stream, RECORD.c.entity, RECORD.c.source_id, live_payload, version)
        .join(STREAM, STREAM.c.id == RECORD.c.stream_id)
        .where(RECORD.c.changed_run.in_(runs))
        .limit(most + 1)
    )
    return [ChangedRecord(**row._mapping) for row in transaction.all(query)]
