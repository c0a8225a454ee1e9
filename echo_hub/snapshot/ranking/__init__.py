"""People and opportunities as the matcher's columns."""
