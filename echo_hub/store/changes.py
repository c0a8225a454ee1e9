"""What moved the data from one revision to a later one: the records that changed, if there are not too many."""

from __future__ import annotations

from dataclasses import dataclass

from echo_hub.store.database import NO_RUN, SAID_HERE, Database, Transaction


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record as it is now. `payload` is None for one that is gone or excluded."""

    connection: str
    stream: str
    entity: str
    source_id: str
    payload: str | None


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
        now = transaction.count("SELECT value FROM revision WHERE id = 1")
        log = transaction.rows("SELECT revision, run_id FROM data_change WHERE revision > ?", (revision,))
        if revision > now or len({row[0] for row in log}) != now - revision:
            return None
        moved = {run for _, run in log}
        runs = sorted(moved - {NO_RUN, SAID_HERE})
        records = _records(transaction, runs, most) if runs else []
        if len(records) > most:
            return None
        return Difference(now, tuple(records), NO_RUN in moved, SAID_HERE in moved)


_CHANGED = """
SELECT s.connection, s.name, r.entity, r.source_id, CASE WHEN r.removed_at IS NULL THEN r.payload END
FROM record r JOIN stream s ON s.id = r.stream_id WHERE r.changed_run IN ({marks}) LIMIT ?
"""


def _records(transaction: Transaction, runs: list[int], most: int) -> list[ChangedRecord]:
    """What these runs changed last; one more than `most` when there are more."""
    sql = _CHANGED.format(marks=", ".join("?" * len(runs)))
    return [ChangedRecord(*row) for row in transaction.rows(sql, (*runs, most + 1))]
