"""The timeline: events in a chain of hashes, its end, and the keys under which people stand in it."""

import sqlalchemy as sa
from alembic import op

from echo_hub.store.instant import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GENESIS = "0" * 64


def upgrade() -> None:
    """Creates the tables; the chain begins with 64 zeros."""
    texts = ("actor_kind", "actor", "came_by", "intent", "object_kind", "object_id", "details")
    frozen = ("unit", "location", "country", "status")
    op.create_table(
        "event",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("at", Instant(), nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in texts),
        *(sa.Column(f"actor_{name}", TEXT, nullable=True) for name in frozen),
        sa.Column("other", TEXT, nullable=True),
        *(sa.Column(f"other_{name}", TEXT, nullable=True) for name in frozen),
        sa.Column("before", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("event_actor", "event", ["actor"], unique=False)
    op.create_index("event_other", "event", ["other"], unique=False)
    head = op.create_table(
        "event_head",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("last_id", BIG, nullable=False),
        sa.Column("last_hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.bulk_insert(head, [{"id": 1, "last_id": 0, "last_hash": GENESIS}])
    op.create_table(
        "person_key",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
        sa.UniqueConstraint("key"),
    )
