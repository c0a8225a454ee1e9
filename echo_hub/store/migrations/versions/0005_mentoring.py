"""Mentoring rounds, their pairs, and the places of each mentor."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("place IS NOT NULL")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "mentoring_round",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("settings", TEXT, nullable=False),
        sa.Column("scorer", TEXT, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mentor_place",
        sa.Column("mentor", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("number >= 1", name="mentor_place_number"),
        sa.PrimaryKeyConstraint("mentor", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mentor_capacity",
        sa.Column("mentor", TEXT, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("set_by", TEXT, nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mentor"),
    )
    _pairs()
    op.create_table(
        "mentoring_unassigned",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("mentee", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["mentoring_round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("round_id", "mentee"),
        sqlite_with_rowid=False,
    )


def _pairs() -> None:
    op.create_table(
        "mentoring_pair",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("mentor", TEXT, nullable=False),
        sa.Column("mentee", TEXT, nullable=False),
        sa.Column("offer", TEXT, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", TEXT, nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint("(state = 'active') = (place IS NOT NULL)", name="pair_live_place"),
        sa.CheckConstraint("(state = 'active') = (slot IS NOT NULL)", name="pair_live_slot"),
        sa.CheckConstraint("slot >= 1", name="pair_slot"),
        sa.ForeignKeyConstraint(["round_id"], ["mentoring_round.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["mentor", "place"], ["mentor_place.mentor", "mentor_place.number"], name="pair_has_place"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mentor", "place", name="pair_of_place"),
        sa.UniqueConstraint("mentee", "slot", name="pair_of_slot"),
        sa.UniqueConstraint("round_id", "mentor", "mentee", name="pair_key"),
    )
    op.create_index(
        "pair_live", "mentoring_pair", ["mentor", "mentee"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
