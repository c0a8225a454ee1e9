"""Tasks: work that waits for a worker."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("state IN ('waiting', 'leased')")


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "task",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("most_attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("lease_owner", TEXT, nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("error_code", TEXT, nullable=True),
        sa.Column("error_message", TEXT, nullable=True),
        sa.Column("progress", TEXT, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("requested_by", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, columns, unique in (("task_live", ["kind", "key"], True), ("task_due", ["not_before", "id"], False)):
        op.create_index(name, "task", columns, unique=unique, sqlite_where=LIVE, postgresql_where=LIVE)
