"""Blackouts, jitter and order of schedules, and why the hub paused one."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the columns; a schedule that stands runs as before."""
    for name in ("blackouts", "runs_after", "paused_because"):
        op.add_column("schedule", sa.Column(name, TEXT, nullable=True))
    op.add_column("schedule", sa.Column("jitter_s", sa.Integer(), nullable=False, server_default="0"))
