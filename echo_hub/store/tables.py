"""The tables of syncing, declared as SQLModel classes; statements name them by the constants of `light_tables`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from echo_hub.store.instant import Instant

BIG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only for a column of exactly this type."""

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on both databases, so that lists come in one order."""


def _text(**more: Any) -> Any:
    return Field(sa_type=TEXT, **more)


def _moment(**more: Any) -> Any:
    return Field(sa_type=Instant, **more)


def _reference(target: str, **more: Any) -> Any:
    return Field(sa_type=BIG, sa_column_args=[ForeignKey(target, ondelete="CASCADE")], **more)


class StreamRow(SQLModel, table=True):
    """One stream of one connection: how far it has read (`watermark`), and where its unfinished run stands."""

    __tablename__: ClassVar[str] = "stream"
    __table_args__ = (UniqueConstraint("connection", "name", name="stream_key"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    connection: str = _text()
    name: str = _text()
    watermark: datetime | None = _moment(default=None)
    run_id: int | None = Field(default=None, sa_type=BIG)
    window_since: datetime | None = _moment(default=None)
    window_until: datetime | None = _moment(default=None)
    observed: datetime | None = _moment(default=None)
    resume: str | None = _text(default=None)
    restarts: int = 0
    cursor_version: int = 1
    mapping: str | None = _text(default=None)
    run_mapping: str | None = _text(default=None)
    refused: int | None = None


class RecordRow(SQLModel, table=True):
    """The last known state of one record. `payload` is NULL when a visibility rule excludes it.

    `payload_version` is the version of its entity's payloads in which it is written; see `echo_core.model.upgrades`.

    `raw_key` is the raw record's key where it differs from `source_id`. `raw_hash` lets the kernel skip validation
    and mapping of a raw record it has already seen; NULL means it may not.
    """

    __tablename__: ClassVar[str] = "record"
    __table_args__ = (
        UniqueConstraint("stream_id", "entity", "source_id", name="record_key"),
        Index(
            "record_raw_key",
            "stream_id",
            "raw_key",
            sqlite_where=text("raw_key IS NOT NULL"),
            postgresql_where=text("raw_key IS NOT NULL"),
        ),
        Index("record_changed_run", "changed_run"),
    )

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    stream_id: int = _reference("stream.id")
    entity: str = _text()
    source_id: str = _text()
    raw_key: str | None = _text(default=None)
    payload: str | None = _text(default=None)
    content_hash: bytes = Field(sa_type=LargeBinary)
    raw_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    source_url: str | None = _text(default=None)
    updated_at: datetime | None = _moment(default=None)
    first_run: int = Field(sa_type=BIG)
    changed_run: int = Field(sa_type=BIG)
    changed_at: datetime = _moment()
    removed_at: datetime | None = _moment(default=None)
    removal: str | None = _text(default=None)
    excluded_by: str | None = _text(default=None)
    payload_version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class SeenRow(SQLModel, table=True):
    """An unchanged record that a run met. A changed one carries the run's id itself. Emptied when the run ends."""

    __tablename__: ClassVar[str] = "seen"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    run_id: int = Field(sa_type=BIG, primary_key=True)
    record_id: int = Field(sa_type=BIG, primary_key=True)


class RunRow(SQLModel, table=True):
    """One run of one stream: the product screen of HR operations. `outcome` is NULL while it runs or lies resumable."""

    __tablename__: ClassVar[str] = "run"
    __table_args__ = (Index("run_by_connection", "connection", "stream", "id"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    connection: str = _text()
    stream: str = _text()
    complete: bool = False
    started_at: datetime = _moment()
    ended_at: datetime | None = _moment(default=None)
    window_since: datetime | None = _moment(default=None)
    window_until: datetime = _moment()
    outcome: str | None = _text(default=None)
    read: int = Field(default=0, sa_type=BigInteger)
    written: int = Field(default=0, sa_type=BigInteger)
    unchanged: int = Field(default=0, sa_type=BigInteger)
    quarantined: int = Field(default=0, sa_type=BigInteger)
    excluded: int = Field(default=0, sa_type=BigInteger)
    repeated: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    shortened: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    removed: int = Field(default=0, sa_type=BigInteger)
    held: int = Field(default=0, sa_type=BigInteger)
    requests: int = Field(default=0, sa_type=BigInteger)
    retries: int = Field(default=0, sa_type=BigInteger)
    throttled_s: float = 0.0
    bytes: int = Field(default=0, sa_type=BigInteger)
    error_code: str | None = _text(default=None)
    error_message: str | None = _text(default=None)
    error_detail: str | None = _text(default=None)
    error_traceback: str | None = _text(default=None)


class RunExclusionRow(SQLModel, table=True):
    """How many records a run left out under each visibility rule."""

    __tablename__: ClassVar[str] = "run_exclusion"

    run_id: int = _reference("run.id", primary_key=True)
    rule: str = _text(primary_key=True)
    count: int = Field(sa_type=BigInteger)


class QuarantineRow(SQLModel, table=True):
    """A raw record that could not be read or mapped, kept for replay: only the fields its raw model declares."""

    __tablename__: ClassVar[str] = "quarantine"
    __table_args__ = (UniqueConstraint("stream_id", "source_key", name="quarantine_key"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    stream_id: int = _reference("stream.id")
    source_key: str = _text()
    code: str = _text()
    field: str = _text()
    value_type: str = _text()
    message: str = _text()
    payload: str | None = _text(default=None)
    run_id: int = Field(sa_type=BIG)
    first_seen_at: datetime = _moment()
    last_seen_at: datetime = _moment()
    resolved_at: datetime | None = _moment(default=None)


class HoldRow(SQLModel, table=True):
    """A removal that waits for a person. `state`: open, confirmed, refused, or superseded by a later complete run."""

    __tablename__: ClassVar[str] = "hold"
    __table_args__ = (Index("hold_by_stream", "stream_id", "state"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    run_id: int = Field(sa_type=BIG)
    stream_id: int = _reference("stream.id")
    would_remove: int = Field(sa_type=BigInteger)
    live: int = Field(sa_type=BigInteger)
    sample: str = _text()
    state: str = _text(default="open")
    opened_at: datetime = _moment()
    decided_by: str | None = _text(default=None)
    decided_at: datetime | None = _moment(default=None)


class HoldRecordRow(SQLModel, table=True):
    """A record a hold would remove. Taken off the list when a later run meets it."""

    __tablename__: ClassVar[str] = "hold_record"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    hold_id: int = _reference("hold.id", primary_key=True)
    record_id: int = Field(sa_type=BIG, primary_key=True)


class LeaseRow(SQLModel, table=True):
    """Who syncs a connection now, and until when that counts unless renewed."""

    __tablename__: ClassVar[str] = "lease"

    connection: str = _text(primary_key=True)
    owner: str = _text()
    expires_at: datetime = _moment()


class ScheduleRow(SQLModel, table=True):
    """When a connection syncs: by `cron` or every `interval_s` seconds, read in `time_zone`.

    Who runs it when it is due claims it for a while; `next_run_at` moves when the run is over.
    """

    __tablename__: ClassVar[str] = "schedule"

    connection: str = _text(primary_key=True)
    cron: str | None = _text(default=None)
    interval_s: int | None = None
    time_zone: str = _text(default="UTC")
    paused: bool = False
    next_run_at: datetime | None = _moment(default=None)
    last_run_at: datetime | None = _moment(default=None)
    claimed_by: str | None = _text(default=None)
    claimed_until: datetime | None = _moment(default=None)


class RevisionRow(SQLModel, table=True):
    """Row 1 moves with every committed change to records or taxonomy, row 2 with those of the taxonomy alone."""

    __tablename__: ClassVar[str] = "revision"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    value: int = Field(sa_type=BigInteger)


class DataChangeRow(SQLModel, table=True):
    """Which run moved the data to a revision: its records are those that changed. 0 where something else did."""

    __tablename__: ClassVar[str] = "data_change"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    revision: int = Field(sa_type=BIG, primary_key=True)
    run_id: int = Field(sa_type=BIG, primary_key=True)


def table_of(row: type[SQLModel]) -> Table:
    """The Core table of a declared class, for statements."""
    return cast("Table", row.__table__)  # type: ignore[attr-defined]  # SQLModel's types do not know it
