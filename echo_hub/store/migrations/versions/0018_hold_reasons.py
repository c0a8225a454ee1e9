"""A decision about a removal on hold says why."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the reason; decisions of before have none."""
    op.add_column("hold", sa.Column("reason", TEXT, nullable=True))
