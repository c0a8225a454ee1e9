"""The first tables."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEYED = sa.text("raw_key IS NOT NULL")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates every table and the one row that counts revisions."""
    _sync()
    _records()
    _skills()
    op.execute("INSERT INTO revision (id, value) VALUES (1, 0)")


def _sync() -> None:
    op.create_table(
        "lease",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("connection"),
    )
    op.create_table(
        "run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("window_since", Instant(), nullable=True),
        sa.Column("window_until", Instant(), nullable=False),
        sa.Column("outcome", TEXT, nullable=True),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("excluded", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("retries", sa.BigInteger(), nullable=False),
        sa.Column("throttled_s", sa.Float(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("error_code", TEXT, nullable=True),
        sa.Column("error_message", TEXT, nullable=True),
        sa.Column("error_detail", TEXT, nullable=True),
        sa.Column("error_traceback", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("run_by_connection", "run", ["connection", "stream", "id"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("cron", TEXT, nullable=True),
        sa.Column("interval_s", sa.Integer(), nullable=True),
        sa.Column("time_zone", TEXT, nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("next_run_at", Instant(), nullable=True),
        sa.Column("last_run_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("connection"),
    )
    op.create_table(
        "stream",
        sa.Column("id", BIG, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("watermark", Instant(), nullable=True),
        sa.Column("run_id", BIG, nullable=True),
        sa.Column("window_since", Instant(), nullable=True),
        sa.Column("window_until", Instant(), nullable=True),
        sa.Column("observed", Instant(), nullable=True),
        sa.Column("resume", TEXT, nullable=True),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("cursor_version", sa.Integer(), nullable=False),
        sa.Column("mapping", TEXT, nullable=True),
        sa.Column("run_mapping", TEXT, nullable=True),
        sa.Column("refused", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection", "name", name="stream_key"),
    )
    op.create_table(
        "run_exclusion",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "rule"),
    )


def _records() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "seen",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "record_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hold",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("stream_id", BIG, nullable=False),
        sa.Column("would_remove", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.BigInteger(), nullable=False),
        sa.Column("sample", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("hold_by_stream", "hold", ["stream_id", "state"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", BIG, nullable=False),
        sa.Column("stream_id", BIG, nullable=False),
        sa.Column("source_key", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("value_type", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("payload", TEXT, nullable=True),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream_id", "source_key", name="quarantine_key"),
    )
    op.create_table(
        "record",
        sa.Column("id", BIG, nullable=False),
        sa.Column("stream_id", BIG, nullable=False),
        sa.Column("entity", TEXT, nullable=False),
        sa.Column("source_id", TEXT, nullable=False),
        sa.Column("raw_key", TEXT, nullable=True),
        sa.Column("payload", TEXT, nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("raw_hash", sa.LargeBinary(), nullable=True),
        sa.Column("source_url", TEXT, nullable=True),
        sa.Column("updated_at", Instant(), nullable=True),
        sa.Column("first_run", BIG, nullable=False),
        sa.Column("changed_run", BIG, nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("removal", TEXT, nullable=True),
        sa.Column("excluded_by", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream_id", "entity", "source_id", name="record_key"),
    )
    op.create_index(
        "record_raw_key", "record", ["stream_id", "raw_key"], unique=False, sqlite_where=KEYED, postgresql_where=KEYED
    )
    op.create_table(
        "hold_record",
        sa.Column("hold_id", BIG, nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hold_id", "record_id"),
        sqlite_with_rowid=False,
    )


def _skills() -> None:
    op.create_table(
        "skill_label",
        sa.Column("skill_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("skill_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "skill_relation",
        sa.Column("skill_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("skill_id", "kind", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taxonomy_source",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("licence", TEXT, nullable=False),
        sa.Column("credit", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("imported_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "skill",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=True),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("uri", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["source"],
            ["taxonomy_source.key"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_skill_source"), "skill", ["source"], unique=False)
