"""How far each stream has read: the watermark of finished runs, and the resume value of an unfinished one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import case, insert, or_, select, update

from echo_hub.store.database import Transaction
from echo_hub.store.light_tables import STREAM

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


_STATE = tuple(field.name for field in fields(Cursor) if field.name != "stream_id")
"""A cursor's fields that are columns of the same name."""


def find_cursor(transaction: Transaction, connection: str, stream: str) -> Cursor | None:
    """The stream's cursor, or None when it never ran."""
    of_stream = (STREAM.c.connection == connection, STREAM.c.name == stream)
    columns = (STREAM.c.id.label("stream_id"), *(STREAM.c[name] for name in _STATE))
    row = transaction.first(select(*columns).where(*of_stream))
    if row is None:
        return None
    return Cursor(**{**row._mapping, "refused": row.refused or 0})


def open_cursor(transaction: Transaction, connection: str, stream: str) -> Cursor:
    """The stream's cursor, created when it never ran."""
    cursor = find_cursor(transaction, connection, stream)
    if cursor is not None:
        return cursor
    new = insert(STREAM).values(
        connection=connection, name=stream, restarts=0, cursor_version=CURSOR_VERSION, refused=0
    )
    return Cursor(transaction.scalar(new.returning(STREAM.c.id)))


def save_cursor(transaction: Transaction, cursor: Cursor) -> None:
    """Stores the cursor as it is. The watermark never moves back."""
    values = {name: getattr(cursor, name) for name in _STATE}
    values["cursor_version"] = CURSOR_VERSION
    watermark = values.pop("watermark")
    if watermark is not None:
        later = or_(STREAM.c.watermark.is_(None), STREAM.c.watermark < watermark)
        values["watermark"] = case((later, watermark), else_=STREAM.c.watermark)
    transaction.execute(update(STREAM).where(STREAM.c.id == cursor.stream_id).values(values))


def forget_watermark(transaction: Transaction, cursor: Cursor) -> None:
    """Drops a watermark that cannot be true, the one way it ever moves back."""
    cursor.watermark = None
    transaction.execute(update(STREAM).where(STREAM.c.id == cursor.stream_id).values(watermark=None))
