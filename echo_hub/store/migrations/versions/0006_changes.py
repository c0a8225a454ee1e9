"""What changed from one data revision to the next, so that a reader need not read everything again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the table and the index to find a run's records by."""
    op.create_table(
        "data_change",
        sa.Column("revision", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("revision", "run_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("record_changed_run", "record", ["changed_run"])
