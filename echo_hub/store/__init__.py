"""The hub's own database: SQLite in a data directory, or PostgreSQL by URL."""
