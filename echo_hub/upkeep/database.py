"""The database that a settings file names, for work on it before anything else is opened: no plug-in, no migration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from echo_hub.settings import read_settings
from echo_hub.store.database import Database, open_database


@contextmanager
def database_of(file: Path) -> Iterator[Database]:
    """The database as it is, not migrated.

    Raises:
        SettingsError: the file cannot be used; what is wrong with a connection stops nothing here.
        HubError: the database cannot be used.
    """
    settings = read_settings(file, {}, lenient=True)
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = open_database(url, settings.data_dir)
    try:
        yield database
    finally:
        database.close()
