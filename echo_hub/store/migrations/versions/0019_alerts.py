"""Alerts: what is broken or was, and connections that are muted for a while."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "alert_open",
        "alert",
        ["kind", "connection", "stream", "field"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "alert_mute",
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("connection"),
    )
