"""Writes all that is stored into one file while the hub goes on working, and puts such a file back."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, DateTime, LargeBinary, MetaData, Table

from echo_hub import __version__
from echo_hub.store.database import HEAD, Database, Transaction
from echo_hub.store.instant import as_moment, as_text
from echo_hub.store.migrate import upgrade_inside
from echo_hub.store.task_list import cancel_every_task
from echo_hub.upkeep.backup_file import (
    FORMAT,
    BackupWriter,
    Header,
    TableStart,
    check,
    new_backup,
    read_header,
    read_rows,
)
from echo_hub.upkeep.errors import BackupError

BATCH = 2_000
ALEMBIC = "alembic_version"
USED = ("event", "run", "stream", "record", "schedule", "taxonomy_source")
"""Tables of which one has a row as soon as somebody has used a database; others are born with rows."""

PASSING = frozenset({"session", "lease", "vendor_token", "rate_budget"})
"""Who is signed in, who syncs, with which tokens and how fast, just now: a restore must not sign in again whoever has
signed out since."""

Told = Callable[[str, int], None]
"""Is told how far it is: the table, and how many rows of all tables are done."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore did. `size` is the file's, in bytes; `schema` the migration the file stands at."""

    file: Path
    schema: str
    rows: int
    size: int
    sha256: str


def back_up(database: Database, file: Path, *, told: Told = lambda *_: None, now: datetime | None = None) -> Copied:
    """Writes every table into `file`, as they are at one moment, whoever writes meanwhile.

    What is in it: personal data of everybody, so keep it as safely as the database. What is not: the settings, and
    with them every secret (those are references), and the folder of trained vectors.

    Raises:
        BackupError: the file exists or cannot be written, or the database has no tables yet.
        HubError: the database cannot be read.
    """
    schema = database.version()
    if schema is None:
        raise BackupError("The database has no tables yet, so there is nothing to back up.")
    with new_backup(file) as backup:
        backup.line(
            Header(FORMAT, schema, __version__, "sqlite" if database.sqlite else "postgresql", now or datetime.now(UTC))
        )
        with database.reading() as transaction:
            for table in _tables(transaction):
                told(table.name, backup.rows)
                if table.name not in PASSING:
                    _write_table(transaction, table, backup)
        end = backup.finish()
    return Copied(file, schema, end.rows, file.stat().st_size, end.sha256)


def restore(database: Database, file: Path, *, replace: bool = False, told: Told = lambda *_: None) -> Copied:
    """Makes the database what it was when the backup was written, then migrates it to this release.

    All in one transaction: it is there whole, or the database is as before. A backup of either database goes into
    either, which is also the way from the embedded one to PostgreSQL.

    Args:
        replace: take the place of what is stored now.

    Raises:
        BackupError: the file is damaged or of a newer release, or the database holds something and `replace` is off.
        HubError: the database cannot be written.
    """
    header, end = read_header(file), check(file)
    if header.schema > HEAD:
        raise BackupError(
            f"{file} was written by a newer Echo Hub ({header.release}). Upgrade this installation, then restore."
        )
    with database.writing() as transaction:
        if not replace and (full := _first_with_rows(transaction)):
            raise BackupError(
                f"The database is not empty (table {full}), and a restore takes the place of all that is stored. "
                "Restore into an empty database, or add --replace."
            )
        before = _revisions(transaction)
        _drop_all(transaction)
        upgrade_inside(transaction.connection, header.schema)
        _read_tables(transaction, file, told)
        upgrade_inside(transaction.connection, "head")
        # A token that was revoked since must not come back; nothing here knows which ones were.
        over = transaction.moment(datetime.now(UTC))
        revoked = "UPDATE service_token SET revoked_by = ?, revoked_at = ? WHERE revoked_at IS NULL"
        transaction.run(revoked, ("the restore", over))
        cancel_every_task(transaction, "A restore cancelled it: it may have been done since. Retry what was not.")
        for number, value in before.items():  # whoever runs meanwhile must see that everything moved
            transaction.run("UPDATE revision SET value = ? WHERE id = ? AND value < ?", (value, number, value))
        transaction.run("UPDATE revision SET value = value + 1 WHERE id <> 1")
        transaction.moved()
    return Copied(file, header.schema, end.rows, file.stat().st_size, end.sha256)


def _tables(transaction: Transaction) -> list[Table]:
    """The hub's tables as they are in the database, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(transaction.connection)
    return [table for table in metadata.sorted_tables if table.name != ALEMBIC]


def _write_table(transaction: Transaction, table: Table, backup: BackupWriter) -> None:
    names = [str(column.name) for column in table.columns]  # plain texts, not SQLAlchemy's own kind
    backup.line(TableStart(str(table.name), tuple(names)))
    moments = [index for index, column in enumerate(table.columns) if isinstance(column.type, DateTime)]
    order = ", ".join(_quoted(transaction, column.name) for column in table.primary_key) or "1"
    sql = f"SELECT {_list(transaction, names)} FROM {_quoted(transaction, table.name)} ORDER BY {order}"  # noqa: S608 -- names from the database's own catalogue
    for rows in transaction.batches(sql, size=BATCH):
        backup.add_rows(_with_texts(tuple(row), moments) for row in rows)


def _with_texts(row: tuple[Any, ...], moments: list[int]) -> tuple[Any, ...] | list[Any]:
    if not moments:
        return row
    values = list(row)
    for index in moments:
        if values[index] is not None:
            values[index] = as_text(values[index])
    return values


def _read_tables(transaction: Transaction, file: Path, told: Told) -> None:
    tables = {table.name: table for table in _tables(transaction)}
    for table in reversed(tables.values()):
        transaction.run(f"DELETE FROM {_quoted(transaction, table.name)}")  # noqa: S608 -- as above
    done = 0
    for start, rows in read_rows(file, size=BATCH):
        told(start.table, done)
        table = tables[start.table]
        marks = ", ".join("?" * len(start.columns))
        sql = f"INSERT INTO {_quoted(transaction, table.name)} ({_list(transaction, start.columns)}) VALUES ({marks})"  # noqa: S608 -- as above
        transaction.many(sql, list(_as_stored(rows, [table.columns[name].type for name in start.columns])))
        done += len(rows)
    if not transaction.sqlite:
        _count_on(transaction, tables.values())


def _as_stored(rows: list[list[Any]], types: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of a file as the database's driver takes them."""
    makers = [(index, make) for index, kind in enumerate(types) if (make := _maker(kind)) is not None]
    for row in rows:
        for index, make in makers:
            if row[index] is not None:
                row[index] = make(row[index])
        yield tuple(row)


def _maker(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, LargeBinary):
        return b64decode
    if isinstance(kind, DateTime):
        return as_moment
    return bool if isinstance(kind, Boolean) else None


def _count_on(transaction: Transaction, tables: Any) -> None:
    """PostgreSQL numbers new rows by a sequence, which does not see what was inserted with its number."""
    for table in tables:
        for column in table.primary_key:
            sequence = transaction.first_row("SELECT pg_get_serial_sequence(?, ?)", (f'"{table.name}"', column.name))
            if sequence is not None and sequence[0] is not None:
                named, name = _quoted(transaction, table.name), _quoted(transaction, column.name)
                transaction.run(
                    f"SELECT setval(?, COALESCE(MAX({name}), 0) + 1, false) FROM {named}",  # noqa: S608 -- as above
                    (sequence[0],),
                )


def _first_with_rows(transaction: Transaction) -> str | None:
    there = {table.name for table in _tables(transaction)}
    for name in USED:
        full = f"SELECT 1 FROM {_quoted(transaction, name)} LIMIT 1"  # noqa: S608 -- as above
        if name in there and transaction.first_row(full):
            return name
    return None


def _revisions(transaction: Transaction) -> dict[int, int]:
    if "revision" not in {table.name for table in _tables(transaction)}:
        return {}
    return {int(number): int(value) for number, value in transaction.rows("SELECT id, value FROM revision")}


def _drop_all(transaction: Transaction) -> None:
    metadata = MetaData()
    metadata.reflect(transaction.connection)
    metadata.drop_all(transaction.connection)


def _list(transaction: Transaction, names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(_quoted(transaction, name) for name in names)


def _quoted(transaction: Transaction, name: str) -> str:
    return transaction.connection.dialect.identifier_preparer.quote(name)
