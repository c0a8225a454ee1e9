"""Runs count what a source listed twice and the texts that were cut."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the two counters; runs of before say 0."""
    op.add_column("run", sa.Column("repeated", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("shortened", sa.BigInteger(), nullable=False, server_default="0"))
