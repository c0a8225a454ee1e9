"""The tables of syncing, declared as SQLModel classes; statements name them by the constants of `light_tables`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as condition
from sqlmodel import SQLModel

from echo_hub.store.columns import binary, identity, inferred, moment, owned_by, tally, text

KEPT = "kept; nothing removes it"


class StreamRow(SQLModel, table=True):
    """One stream of one connection: how far it has read (`watermark`), and where its unfinished run stands."""

    __tablename__: ClassVar[str] = "stream"
    __table_args__ = owned_by("integration engineers", KEPT, UniqueConstraint("connection", "name", name="stream_key"))

    id: int | None = identity("row number", default=None, primary_key=True)
    connection: str = text("the connection, as the settings name it")
    name: str = text("the stream, as its connector names it")
    watermark: datetime | None = moment("up to when changes at the source were read", default=None)
    run_id: int | None = identity("the unfinished run", kept="until the run ends", default=None)
    window_since: datetime | None = moment(
        "first change the unfinished run reads", kept="until the run ends", default=None
    )
    window_until: datetime | None = moment(
        "last change the unfinished run reads", kept="until the run ends", default=None
    )
    observed: datetime | None = moment(
        "latest change the unfinished run has met", kept="until the run ends", default=None
    )
    resume: str | None = text("where the unfinished run goes on", kept="until the run ends", default=None)
    restarts: int = inferred("how often the unfinished run began again", default=0)
    cursor_version: int = inferred("in which form the place to go on is written", default=1)
    mapping: str | None = text("fingerprint of the mapping that last read the stream to its end", default=None)
    run_mapping: str | None = text(
        "fingerprint of the mapping of the unfinished run", kept="until the run ends", default=None
    )
    refused: int | None = inferred("records of the page that ended the run because all were bad", default=None)


class RecordRow(SQLModel, table=True):
    """The last known state of one record. `payload` is NULL when a visibility rule excludes it.

    `payload_version` is the version of its entity's payloads in which it is written; see `echo_core.model.upgrades`.

    `raw_key` is the raw record's key where it differs from `source_id`. `raw_hash` lets the kernel skip validation
    and mapping of a raw record it has already seen; NULL means it may not.
    """

    __tablename__: ClassVar[str] = "record"
    __table_args__ = owned_by(
        "HR operations",
        "kept, also after its source stopped listing it; a person's until `echo-hub erase` after that",
        UniqueConstraint("stream_id", "entity", "source_id", name="record_key"),
        Index(
            "record_raw_key",
            "stream_id",
            "raw_key",
            sqlite_where=condition("raw_key IS NOT NULL"),
            postgresql_where=condition("raw_key IS NOT NULL"),
        ),
        Index("record_changed_run", "changed_run"),
    )

    id: int | None = identity("row number", default=None, primary_key=True)
    stream_id: int = identity("the stream it came in by", of="stream.id")
    entity: str = text("what kind of record it is")
    source_id: str = text("its id at the source")
    raw_key: str | None = text("the key of the raw record, where that is another", default=None)
    payload: str | None = text(
        "what the source says, the declared fields alone: what lists, search and matching read; empty when a rule "
        "excludes it",
        default=None,
    )
    content_hash: bytes = binary("whether the content changed")
    raw_hash: bytes | None = binary("whether the raw record changed", default=None)
    source_url: str | None = text("where people see it at the source", default=None)
    updated_at: datetime | None = moment("when the source says it changed", default=None)
    first_run: int = identity("the run that brought it")
    changed_run: int = identity("the run that changed it last")
    changed_at: datetime = moment("when it changed here")
    removed_at: datetime | None = moment("when its source stopped listing it", default=None)
    removal: str | None = text("how that was learnt", default=None)
    excluded_by: str | None = text("the visibility rule that excludes it", default=None)
    payload_version: int = inferred(
        "in which form the payload is written", default=1, sa_column_kwargs={"server_default": "1"}
    )


class SeenRow(SQLModel, table=True):
    """An unchanged record that a run met. A changed one carries the run's id itself. Emptied when the run ends."""

    __tablename__: ClassVar[str] = "seen"
    __table_args__ = owned_by("integration engineers", "until the run ends", sqlite_with_rowid=False)

    run_id: int = identity("the run", primary_key=True)
    record_id: int = identity("a record it met, so that what is missing can be told", primary_key=True)


class RunRow(SQLModel, table=True):
    """One run of one stream: the product screen of HR operations. `outcome` is NULL while it runs or lies resumable."""

    __tablename__: ClassVar[str] = "run"
    __table_args__ = owned_by("HR operations", KEPT, Index("run_by_connection", "connection", "stream", "id"))

    id: int | None = identity("the number people know the run by", default=None, primary_key=True)
    connection: str = text("the connection that was synced")
    stream: str = text("the stream that was read")
    complete: bool = inferred("whether it read everything, not only changes", default=False)
    started_at: datetime = moment("when it began")
    ended_at: datetime | None = moment("when it ended", default=None)
    window_since: datetime | None = moment("first change it reads", default=None)
    window_until: datetime = moment("last change it reads")
    outcome: str | None = text("how it ended", default=None)
    read: int = tally("records read", default=0)
    written: int = tally("records that were new or changed", default=0)
    unchanged: int = tally("records as they were", default=0)
    quarantined: int = tally("records that could not be read", default=0)
    excluded: int = tally("records a visibility rule left out", default=0)
    repeated: int = tally("records listed twice", default=0, sa_column_kwargs={"server_default": "0"})
    shortened: int = tally("texts that were cut", default=0, sa_column_kwargs={"server_default": "0"})
    removed: int = tally("records removed", default=0)
    held: int = tally("removals that wait for a person", default=0)
    requests: int = tally("requests sent to the source", default=0)
    retries: int = tally("requests sent again", default=0)
    throttled_s: float = inferred("seconds the source made us wait", default=0.0)
    bytes: int = tally("bytes received", default=0)
    error_code: str | None = text("what went wrong, as a code", default=None)
    error_message: str | None = text("what went wrong, for people", default=None)
    error_detail: str | None = text("what went wrong, for engineers, without secrets", default=None)
    error_traceback: str | None = text("where in the code", default=None)


class RunExclusionRow(SQLModel, table=True):
    """How many records a run left out under each visibility rule."""

    __tablename__: ClassVar[str] = "run_exclusion"
    __table_args__ = owned_by("HR operations", KEPT)

    run_id: int = identity("the run", of="run.id", primary_key=True)
    rule: str = text("the visibility rule", primary_key=True)
    count: int = tally("records it left out")


class QuarantineRow(SQLModel, table=True):
    """A raw record that could not be read or mapped, kept for replay: only the fields its raw model declares."""

    __tablename__: ClassVar[str] = "quarantine"
    __table_args__ = owned_by(
        "HR operations",
        "kept; a person's until `echo-hub erase`",
        UniqueConstraint("stream_id", "source_key", name="quarantine_key"),
    )

    id: int | None = identity("row number", default=None, primary_key=True)
    stream_id: int = identity("the stream it came in by", of="stream.id")
    source_key: str = text("its key at the source")
    code: str = text("what is wrong, as a code")
    field: str = text("which field is wrong")
    value_type: str = text("what kind of value stands there")
    message: str = text("what is wrong, for people")
    payload: str | None = text(
        "the raw record, to be read again once the mapping is mended",
        kept="until it comes in after all, or its source stops listing it",
        default=None,
    )
    run_id: int = identity("the run that met it last")
    first_seen_at: datetime = moment("since when it is set aside")
    last_seen_at: datetime = moment("when it was met last")
    resolved_at: datetime | None = moment("when it came in after all, or was gone at the source", default=None)


class HoldRow(SQLModel, table=True):
    """A removal that waits for a person. `state`: open, confirmed, refused, or superseded by a later complete run."""

    __tablename__: ClassVar[str] = "hold"
    __table_args__ = owned_by("HR operations", KEPT, Index("hold_by_stream", "stream_id", "state"))

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    run_id: int = identity("the run that found records missing")
    stream_id: int = identity("the stream", of="stream.id")
    would_remove: int = tally("how many records are missing")
    live: int = tally("how many there were")
    sample: str = text("ids at the source of the first of them; a person's until `echo-hub erase`")
    state: str = text("whether and how it was decided", default="open")
    opened_at: datetime = moment("since when it waits")
    decided_by: str | None = text("who decided", erasure="key", default=None)
    decided_at: datetime | None = moment("when that was", default=None)
    reason: str | None = text("why it was decided so, in the words of who did", default=None)


class HoldRecordRow(SQLModel, table=True):
    """A record a hold would remove. Taken off the list when a later run meets it."""

    __tablename__: ClassVar[str] = "hold_record"
    __table_args__ = owned_by("HR operations", "until the removal is decided", sqlite_with_rowid=False)

    hold_id: int = identity("the removal on hold", of="hold.id", primary_key=True)
    record_id: int = identity("a record it would remove", primary_key=True)


class LeaseRow(SQLModel, table=True):
    """Who syncs a connection now, and until when that counts unless renewed."""

    __tablename__: ClassVar[str] = "lease"
    __table_args__ = owned_by("the operator", "until the sync ends")

    connection: str = text("the connection that is being synced", primary_key=True)
    owner: str = text("the process that syncs it")
    expires_at: datetime = moment("until when that counts unless renewed")


class ScheduleRow(SQLModel, table=True):
    """When a connection syncs: by `cron` or every `interval_s` seconds, read in `time_zone`.

    What is due becomes a task; `next_run_at` moves when that is over. Only the release before claims a schedule.
    """

    __tablename__: ClassVar[str] = "schedule"
    __table_args__ = owned_by("HR operations", "until another schedule takes its place")

    connection: str = text("the connection", primary_key=True)
    cron: str | None = text("when it syncs, as a cron expression", default=None)
    interval_s: int | None = inferred("when it syncs, as seconds between two runs", default=None)
    time_zone: str = text("the time zone the cron expression is read in", default="UTC")
    paused: bool = inferred("whether it is paused", default=False)
    next_run_at: datetime | None = moment("when it is due", default=None)
    last_run_at: datetime | None = moment("when it was due last", default=None)
    claimed_by: str | None = text(
        "the process of the release before that runs it", kept="until the run is over", default=None
    )
    claimed_until: datetime | None = moment(
        "until when that counts unless renewed", kept="until the run is over", default=None
    )
    blackouts: str | None = text("when no run of it starts", default=None)
    jitter_s: int = inferred(
        "by how many seconds a run of it may come later", default=0, sa_column_kwargs={"server_default": "0"}
    )
    runs_after: str | None = text("the connection whose run it waits for", default=None)
    paused_because: str | None = text("what the source refused", kept="until it is resumed", default=None)


class RevisionRow(SQLModel, table=True):
    """Row 1 moves with every committed change to records or taxonomy, row 2 with those of the taxonomy alone."""

    __tablename__: ClassVar[str] = "revision"
    __table_args__ = owned_by("the operator", "kept: two numbers")

    id: int = inferred("what is counted", primary_key=True, sa_column_kwargs={"autoincrement": False})
    value: int = tally("how often it changed, so that a snapshot knows whether it is the newest")


class DataChangeRow(SQLModel, table=True):
    """Which run moved the data to a revision: its records are those that changed. 0 where something else did."""

    __tablename__: ClassVar[str] = "data_change"
    __table_args__ = owned_by("the operator", "until 1,000 more changes have come", sqlite_with_rowid=False)

    revision: int = identity("the revision", primary_key=True)
    run_id: int = identity("what moved the data to it", primary_key=True)


def table_of(row: type[SQLModel]) -> Table:
    """The Core table of a declared class, for statements."""
    return cast("Table", row.__table__)  # type: ignore[attr-defined]  # SQLModel's types do not know it
