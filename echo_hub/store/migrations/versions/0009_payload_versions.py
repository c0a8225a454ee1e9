"""The version of each stored payload, so that any release can read what another one wrote.

What is there is of version 1: it left out the fields at their default. It is read as it is, and written anew by the
next sync that meets it, without counting as changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column. Its default stays: a process of the release before may go on writing rows without it."""
    op.add_column("record", sa.Column("payload_version", sa.Integer(), nullable=False, server_default="1"))
