"""Occupations, crosswalks, and what was edited here in an imported taxonomy."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables."""
