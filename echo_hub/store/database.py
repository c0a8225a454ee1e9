"""One database, opened by URL: transactions with plain SQL, migrations, and errors people can act on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    URL,
    Executable,
    Row,
    TableClause,
    column,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    make_url,
    select,
    table,
    update,
)
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from echo_hub.store.errors import DatabaseNewerError, DatabaseUrlError, explain
from echo_hub.store.instant import as_text
from echo_hub.store.light_tables import DATA_CHANGE, REVISION
from echo_hub.store.network_drive import network_drive

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

HEAD = "0020"
"""The newest migration in this package; a test holds the two together. Compared before Alembic is imported."""

NO_RUN = 0
"""Stands for a change that no run made and that may move anything: of the taxonomy, of what a name means."""
SAID_HERE = -1
"""Stands for what people said here of themselves or of one opportunity, and for places given away here."""
REMEMBERED_REVISIONS = 1000
"""How far back a reader may ask what changed; who comes later reads everything."""

_VERSION = table("alembic_version", column("version_num"))
"""Alembic's own table."""

BUSY_TIMEOUT_S = 30.0
FILE_NAME = "echo-hub.db"


class Transaction:
    """One open transaction.

    `execute`, `all`, `first` and `scalar` take SQLAlchemy Core statements over the tables in `tables.py` and its
    neighbours. `run`, `many`, `rows`, `batches`, `one` and `count` take SQL text with `?` for both databases and are
    for the measured bulk path alone: there, compiling statements and making row objects costs more than the database.
    """

    __slots__ = ("connection", "sqlite")

    def __init__(self, connection: Connection, *, sqlite: bool) -> None:
        self.connection = connection
        self.sqlite = sqlite

    def execute(
        self, statement: Executable, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Executes a statement, once or for every one of `rows`, which must not be empty."""
        return cast("CursorResult[Any]", self.connection.execute(statement, rows))

    def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """Every row; columns by name."""
        return self.connection.execute(statement).all()

    def first(self, statement: Executable) -> Row[Any] | None:
        """The first row or None."""
        return self.connection.execute(statement).first()

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row; None where there is no row."""
        return self.connection.execute(statement).scalar()

    def each(self, statement: Executable, *, size: int) -> Iterator[Any]:
        """Every row, columns by name; a large result stays on the server but for `size` rows at a time."""
        options = {"stream_results": True, "max_row_buffer": size}
        with self.connection.execute(statement, execution_options=options) as result:
            while rows := result.fetchmany(size):
                yield from rows

    def insert(self, table: TableClause) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, in the database's own dialect."""
        # Only the dialect in use is imported: the other costs a tenth of a second.
        if self.sqlite:
            from sqlalchemy.dialects import sqlite

            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    def run(self, sql: str, values: Sequence[Any] = ()) -> CursorResult[Any]:
        """Executes one statement."""
        return self.connection.exec_driver_sql(sql if self.sqlite else _format_style(sql), tuple(values))

    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Executes one statement for every row; does nothing for none."""
        if rows:
            self.connection.exec_driver_sql(sql if self.sqlite else _format_style(sql), list(rows))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row, straight from the driver (no SQLAlchemy row objects)."""
        cursor = self.run(sql, values).cursor
        if cursor is None:
            return []
        return cast("list[tuple[Any, ...]]", cursor.fetchall())

    def batches(self, sql: str, values: Sequence[Any] = (), *, size: int) -> Iterator[Sequence[Any]]:
        """Rows in batches; a large result stays on the server until asked for."""
        text = sql if self.sqlite else _format_style(sql)
        options = {"stream_results": True, "max_row_buffer": size}
        with self.connection.exec_driver_sql(text, tuple(values), execution_options=options) as result:
            while batch := result.fetchmany(size):
                yield batch

    def first_row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    def count(self, sql: str, values: Sequence[Any] = ()) -> int:
        """The single number a `SELECT COUNT(*)` answers."""
        row = self.first_row(sql, values)
        return int(row[0]) if row else 0

    def moment(self, value: datetime | None) -> datetime | str | None:
        """A moment as this database's driver takes it."""
        if value is None:
            return None
        text = as_text(value)
        return text if self.sqlite else value

    def moved(self, *runs: int) -> None:
        """Moves the data revision. The last statements of a transaction that changed what a snapshot is made from.

        Args:
            runs: the runs under which records changed, so that a reader finds those records again, or `SAID_HERE`;
                none where anything may have changed.
        """
        # The update locks the row until the commit, so revisions are given out in the order of commits.
        next_revision = update(REVISION).where(REVISION.c.id == 1).values(value=REVISION.c.value + 1)
        revision: int = self.scalar(next_revision.returning(REVISION.c.value))
        self.execute(
            insert(DATA_CHANGE), [{"revision": revision, "run_id": run} for run in sorted({*runs}) or [NO_RUN]]
        )
        self.execute(delete(DATA_CHANGE).where(DATA_CHANGE.c.revision <= revision - REMEMBERED_REVISIONS))


class Database:
    """The hub's database. Thread-safe; on SQLite the writers of one process queue up for the lock."""

    def __init__(self, url: URL, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.url = url
        self.sqlite = url.get_backend_name() == "sqlite"
        self._write_lock = threading.RLock()
        self._shared = threading.local()
        if self.sqlite:
            self.engine = create_engine(url, connect_args={"timeout": busy_timeout_s})
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            patience = {"options": f"-c lock_timeout={int(busy_timeout_s * 1000)} -c timezone=UTC"}
            self.engine = create_engine(
                url,
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=20,
                connect_args={} if "options" in url.query else patience,
            )

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)!r})"

    def close(self) -> None:
        """Closes every pooled session."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A read transaction: one consistent view from its first statement to its end.

        Raises:
            HubError: see `echo_hub.store.errors`.
        """
        if (shared := self._together()) is not None:
            yield shared
            return
        with self._explained(), self.engine.connect() as plain:
            connection = plain if self.sqlite else plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield Transaction(connection, sqlite=self.sqlite)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A write transaction: committed whole at the end, rolled back whole on any exception.

        Raises:
            DatabaseLockedError, DatabaseFullError, DatabaseUnreachableError, StoreError: see `echo_hub.store.errors`.
        """
        if (shared := self._together()) is not None:
            yield shared
            return
        lock = self._write_lock if self.sqlite else _NO_LOCK
        with lock, self._explained(), self.engine.connect() as plain:
            connection = plain.execution_options(echo_hub_write=True)
            with connection.begin():
                yield Transaction(connection, sqlite=self.sqlite)

    @contextmanager
    def together(self) -> Iterator[Transaction]:
        """One write transaction for all that this thread reads and writes inside: everything is stored, or nothing.

        Raises:
            HubError: as `writing`.
        """
        with self.writing() as transaction:
            if self._together() is not None:
                yield transaction
                return
            self._shared.transaction = transaction
            try:
                yield transaction
            finally:
                self._shared.transaction = None

    def _together(self) -> Transaction | None:
        """The transaction this thread shares with whoever called `together`."""
        transaction: Transaction | None = getattr(self._shared, "transaction", None)
        return transaction

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise explain(error) from error

    def exists(self) -> bool:
        """Whether there is a database to read; asking a missing SQLite file would create it."""
        return not self.sqlite or Path(self.url.database or "").exists()

    def version(self) -> str | None:
        """The migration this database stands at; None for an empty one."""
        with self.reading() as transaction:
            if not inspect(transaction.connection).has_table(_VERSION.name):
                return None
            version: str | None = transaction.scalar(select(_VERSION.c.version_num))
            return version

    def migrate(self) -> None:
        """Brings the tables to this code's version; costs one query when they are there already.

        Raises:
            DatabaseNewerError: a newer hub migrated this database.
        """
        version = self.version()
        if version == HEAD:
            return
        if version is not None and version > HEAD:
            raise DatabaseNewerError(
                f"This database was written by a newer Echo Hub. Upgrade this installation (it knows {HEAD}).",
                detail=f"database at migration {version}, code at {HEAD}",
            )
        from echo_hub.store.migrate import upgrade  # Alembic costs a quarter of a second to import

        with self._explained():
            upgrade(self.engine)


class _NoLock:
    """PostgreSQL locks rows, not the file: its writers need no queue."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


_NO_LOCK = _NoLock()


@lru_cache(maxsize=512)
def _format_style(sql: str) -> str:
    return sql.replace("?", "%s")


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the "begin" event below starts transactions, not the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA page_size = 8192")  # a record has about 600 bytes; counts for a new file only
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -4000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once when another wrote meanwhile; IMMEDIATE waits.
    write = connection.get_execution_options().get("echo_hub_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def open_database(url: str | None, data_dir: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Database:
    """The database at `url`; without one, the SQLite file in `data_dir` (created). Call `migrate` before use.

    Args:
        url: `sqlite:///path/to/file.db` or `postgresql+psycopg://user:password@host/name` (`postgresql://` too).
        busy_timeout_s: how long a write waits for another process's lock, in seconds.

    Raises:
        DatabaseUrlError: not an address the hub can use; the message never holds the password.
    """
    if url is None:
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUrlError(f"The data directory {data_dir} cannot be created.", detail=str(error)) from error
        _refuse_network_drive(data_dir)
        return Database(URL.create("sqlite", database=str(data_dir / FILE_NAME)), busy_timeout_s=busy_timeout_s)
    choices = "Use sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/name."
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUrlError(f"The database address cannot be read. {choices}") from None
    backend = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
    parsed = parsed.set(drivername=backend.get(parsed.drivername, parsed.drivername))
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise DatabaseUrlError(f"The hub does not run on {parsed.drivername!r}. {choices}")
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseUrlError(f"An SQLite database needs a file, because several threads use it. {choices}")
    if parsed.drivername == "sqlite":
        _refuse_network_drive(Path(parsed.database or "").parent)
    try:
        return Database(parsed, busy_timeout_s=busy_timeout_s)
    except (ImportError, NoSuchModuleError) as error:
        raise DatabaseUrlError(
            "PostgreSQL needs the driver psycopg: pip install 'echo-hub[postgres]'.", detail=str(error)
        ) from error


def _refuse_network_drive(folder: Path) -> None:
    if (kind := network_drive(folder)) is not None:
        raise DatabaseUrlError(
            f"{folder} lies on a network drive ({kind}), where SQLite loses data: its locks do not work there. "
            "Set data_dir to a folder on a disk of this machine, or use PostgreSQL (database_url)."
        )
