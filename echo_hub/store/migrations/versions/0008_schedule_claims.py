"""Who runs a schedule that is due, and until when that holds without being renewed."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the two columns; nothing is claimed."""
    op.add_column("schedule", sa.Column("claimed_by", TEXT, nullable=True))
    op.add_column("schedule", sa.Column("claimed_until", Instant(), nullable=True))
