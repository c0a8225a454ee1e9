"""What people decided about skill names, and which claims a person says are not theirs."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "skill_decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("batch", BIG, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("scheme", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("skill_id", TEXT, nullable=True),
        sa.Column("skill", TEXT, nullable=True),
        sa.Column("broader", TEXT, nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("undone_by", TEXT, nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "skill_decision_name", "skill_decision", ["name", "language", "scheme", "external_id"], unique=False
    )
    op.create_table(
        "skill_dispute",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("employee_id", TEXT, nullable=True),
        sa.Column("skill_id", TEXT, nullable=True),
        sa.Column("standing_id", TEXT, nullable=True),
        sa.Column("skill", TEXT, nullable=False),
        sa.Column("names", TEXT, nullable=False),
        sa.Column("stance", TEXT, nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("undone_by", TEXT, nullable=True),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("skill_dispute_person", "skill_dispute", ["person_id"], unique=False)
