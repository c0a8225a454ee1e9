"""What processes share of vendors: access tokens, encrypted, and permits to send."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "vendor_token",
        sa.Column("credential", TEXT, nullable=False),
        sa.Column("key_id", TEXT, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("claim", TEXT, nullable=True),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("credential"),
    )
    op.create_table(
        "rate_budget",
        sa.Column("host", TEXT, nullable=False),
        sa.Column("grants", TEXT, nullable=False),
        sa.Column("longest_s", sa.Float(), nullable=False),
        sa.Column("blocked_until", sa.Float(), nullable=False),
        sa.Column("block_reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("host"),
    )
