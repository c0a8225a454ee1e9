"""Matches as they were shown, and what they were made from, to be replayed."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INPUTS = ("snapshot", "weights", "side", "choice")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "receipt_input",
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "receipt",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("surface", TEXT, nullable=False),
        sa.Column("shown_at", Instant(), nullable=False),
        sa.Column("scorer", TEXT, nullable=False),
        sa.Column("hub", TEXT, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in INPUTS),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        *(sa.ForeignKeyConstraint([name], ["receipt_input.sha256"]) for name in INPUTS),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("receipt_of_person", "receipt", ["person", "shown_at"])
    op.create_index("receipt_shown_at", "receipt", ["shown_at"])
    for name in INPUTS:
        op.create_index(f"receipt_{name}", "receipt", [name])
