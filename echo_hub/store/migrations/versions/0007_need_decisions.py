"""Decisions about the skills of opportunities."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "need_decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("batch", BIG, nullable=False),
        sa.Column("opportunity", TEXT, nullable=False),
        sa.Column("skill_id", TEXT, nullable=False),
        sa.Column("skill", TEXT, nullable=False),
        sa.Column("ruling", TEXT, nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("undone_by", TEXT, nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("need_decision_opportunity", "need_decision", ["opportunity", "skill_id"], unique=False)
