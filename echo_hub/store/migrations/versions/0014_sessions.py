"""The sign-in: accounts and whose they are, sessions, and who has read the notice."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "identity",
        sa.Column("id", BIG, nullable=False),
        sa.Column("issuer", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("link_rule", TEXT, nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject", name="identity_account"),
        sa.UniqueConstraint("issuer", "person_id", name="identity_person"),
    )
    op.create_table(
        "session",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("identity_id", BIG, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("groups", TEXT, nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("session_person", "session", ["person_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("edition", TEXT, nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
