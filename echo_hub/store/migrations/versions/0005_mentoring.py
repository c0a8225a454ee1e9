"""Mentoring rounds, their pairs, and the places of each mentor."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables."""
