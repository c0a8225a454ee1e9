"""How far each stream has read: the watermark of finished runs, and the resume value of an unfinished one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment

CURSOR_VERSION = 1
"""Resume values written under another version are dropped: the window is read again from its start."""


@dataclass(slots=True)
class Cursor:
    """A stream's row. `run_id`, the window, `observed`, `resume` and `restarts` belong to its unfinished run.

    `resume` is JSON text. `mapping` names the code and configuration that last read the stream to its end,
    `run_mapping` those of the unfinished run, which counts `refused` records of the wholly bad page it ended at.
    """

    stream_id: int
    watermark: datetime | None = None
    run_id: int | None = None
    window_since: datetime | None = None
    window_until: datetime | None = None
    observed: datetime | None = None
    resume: str | None = None
    restarts: int = 0
    cursor_version: int = CURSOR_VERSION
    mapping: str | None = None
    run_mapping: str | None = None
    refused: int = 0

    def forget_run(self) -> None:
        """Drops everything that belongs to the unfinished run."""
        self.run_id = self.window_since = self.window_until = self.observed = self.resume = None
        self.run_mapping = None
        self.restarts = self.refused = 0


_SELECT = (
    "SELECT id, watermark, run_id, window_since, window_until, observed, resume, restarts, cursor_version, mapping,"
    " run_mapping, refused FROM stream WHERE connection = ? AND name = ?"
)


def find_cursor(transaction: Transaction, connection: str, stream: str) -> Cursor | None:
    """The stream's cursor, or None when it never ran."""
    found = transaction.one(_SELECT, (connection, stream))
    if found is None:
        return None
    identity, watermark, run_id, since, until, observed, resume, restarts, version, mapping, running, refused = found
    moments = [None if value is None else as_moment(value) for value in (watermark, since, until, observed)]
    cursor = Cursor(
        identity, moments[0], run_id, moments[1], moments[2], moments[3], resume, restarts, version, mapping
    )
    cursor.run_mapping, cursor.refused = running, refused or 0
    return cursor


def open_cursor(transaction: Transaction, connection: str, stream: str) -> Cursor:
    """The stream's cursor, created when it never ran."""
    found = find_cursor(transaction, connection, stream)
    if found is not None:
        return found
    identity = transaction.count(
        "INSERT INTO stream (connection, name, restarts, cursor_version, refused) VALUES (?, ?, 0, ?, 0) RETURNING id",
        (connection, stream, CURSOR_VERSION),
    )
    return Cursor(identity)


def save_cursor(transaction: Transaction, cursor: Cursor) -> None:
    """Stores the cursor as it is. The watermark never moves back."""
    moment = transaction.moment
    transaction.run(
        "UPDATE stream SET watermark = CASE WHEN watermark IS NULL OR watermark < ? THEN ? ELSE watermark END,"
        " run_id = ?, window_since = ?, window_until = ?, observed = ?, resume = ?, restarts = ?, cursor_version = ?,"
        " mapping = ?, run_mapping = ?, refused = ? WHERE id = ?",
        (
            *(moment(cursor.watermark), moment(cursor.watermark), cursor.run_id, moment(cursor.window_since)),
            *(moment(cursor.window_until), moment(cursor.observed), cursor.resume, cursor.restarts, CURSOR_VERSION),
            *(cursor.mapping, cursor.run_mapping, cursor.refused, cursor.stream_id),
        ),
    )


def forget_watermark(transaction: Transaction, cursor: Cursor) -> None:
    """Drops a watermark that cannot be true, the one way it ever moves back."""
    cursor.watermark = None
    transaction.run("UPDATE stream SET watermark = NULL WHERE id = ?", (cursor.stream_id,))


def watermarks(database: Database, connection: str) -> dict[str, datetime | None]:
    """How far every stream of a connection has read."""
    with database.reading() as transaction:
        return {
            str(name): None if watermark is None else as_moment(watermark)
            for name, watermark in transaction.rows(
                "SELECT name, watermark FROM stream WHERE connection = ? ORDER BY name", (connection,)
            )
        }
