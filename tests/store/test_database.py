"""Opening a database, its transactions, and what it says when something is wrong."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from echo_core.connectors.errors import ConfigError, HubError, TransientError
from echo_hub import store
from echo_hub.store import bulk, tables
from echo_hub.store.database import HEAD, open_database
from echo_hub.store.errors import DatabaseLockedError, DatabaseNewerError, DatabaseUrlError
from echo_hub.store.instant import as_moment, as_text
from echo_hub.store.migrate import configuration
from echo_hub.store.runs import _COLUMNS


def test_migrations_and_tables_agree(database):
    for module in iter_modules(store.__path__):
        if module.name.endswith("_tables"):
            import_module(f"echo_hub.store.{module.name}")
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": _is_current}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def _is_current(name, kind, _):
    """Leaves out tables that only the release before reads."""
    return kind != "table" or name not in ("skill_decision", "need_decision", "skill_dispute")


def test_the_code_names_the_newest_migration(database):
    assert ScriptDirectory.from_config(configuration(database.engine)).get_current_head() == HEAD
    assert database.version() == HEAD


def test_migrating_twice_changes_nothing(database):
    database.migrate()
    database.migrate()
    assert database.version() == HEAD


def test_a_new_data_directory_gets_an_sqlite_file(tmp_path):
    database = open_database(None, tmp_path / "new" / "deep")
    assert database.version() is None
    database.migrate()
    assert (tmp_path / "new" / "deep" / "echo-hub.db").exists()
    with database.reading() as transaction:
        assert transaction.first_row("PRAGMA journal_mode") == ("wal",)
        assert transaction.first_row("PRAGMA foreign_keys") == (1,)
    database.close()


def test_a_database_of_a_newer_hub_is_refused(database):
    with database.writing() as transaction:
        transaction.run("UPDATE alembic_version SET version_num = ?", ("9999",))
    with pytest.raises(DatabaseNewerError, match="newer Echo Hub") as caught:
        database.migrate()
    assert "9999" in caught.value.detail


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "cannot be read"),
        ("mysql://user:tiger-secret@host/db", "does not run on 'mysql'"),
        ("sqlite://", "needs a file"),
        ("postgresql://user:tiger-secret@host:notaport/db", "cannot be read"),
    ],
)
def test_a_wrong_address_is_refused_without_showing_its_password(url, says, tmp_path):
    with pytest.raises(DatabaseUrlError, match=says) as caught:
        open_database(url, tmp_path)
    assert isinstance(caught.value, ConfigError)
    assert "tiger-secret" not in f"{caught.value} {caught.value.detail}"


def test_the_representation_hides_the_password(tmp_path):
    database = open_database("postgres://hub:tiger-secret@localhost/echo", tmp_path)
    assert "tiger-secret" not in repr(database)
    assert database.url.drivername == "postgresql+psycopg"


def test_an_sqlite_file_in_a_missing_folder_says_so(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'missing' / 'x.db'}", tmp_path)
    with pytest.raises(DatabaseUrlError, match="cannot be opened"):
        database.migrate()
    database.close()


def test_a_file_that_is_no_database_says_so(tmp_path):
    (tmp_path / "x.db").write_bytes(b"these are not the rows you are looking for" * 100)
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}", tmp_path)
    with pytest.raises(DatabaseUrlError, match="not an SQLite database"):
        database.migrate()
    database.close()


def test_a_silent_postgresql_server_is_transient(tmp_path):
    database = open_database("postgresql://hub:tiger-secret@127.0.0.1:1/echo", tmp_path)
    with pytest.raises(TransientError, match="does not answer") as caught:
        database.version()
    assert "tiger-secret" not in str(caught.value)
    database.close()


def test_an_empty_database_is_named_as_such(open_url, tmp_path):
    database = open_url(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(HubError, match="no tables yet"), database.reading() as transaction:
        transaction.run("SELECT * FROM record")


def test_an_exception_rolls_the_whole_transaction_back(database):
    with pytest.raises(RuntimeError), database.writing() as transaction:  # noqa: PT012 -- the write belongs to the claim
        transaction.run("INSERT INTO lease (connection, owner, expires_at) VALUES (?, ?, ?)", _lease(transaction))
        raise RuntimeError("crash")
    with database.reading() as transaction:
        assert transaction.count("SELECT COUNT(*) FROM lease") == 0


def _lease(transaction):
    return ("greenhouse", "someone", transaction.moment(datetime(2026, 1, 1, tzinfo=UTC)))


def test_a_second_writer_gets_a_clear_error_and_later_succeeds(tmp_path, open_url):
    database = open_url(f"sqlite:///{tmp_path / 'x.db'}", busy_timeout_s=0.01)
    database.migrate()
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLockedError, match="another process") as caught, database.writing():
        pass
    assert caught.value.error_code == "store.locked"
    other.execute("ROLLBACK")
    other.close()
    with database.writing() as transaction:
        transaction.moved()


def test_moments_survive_in_utc(database):
    there = datetime(2026, 3, 1, 23, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-7)))
    with database.writing() as transaction:
        transaction.run(
            "INSERT INTO lease (connection, owner, expires_at) VALUES ('a', 'b', ?)", (transaction.moment(there),)
        )
    with database.reading() as transaction:
        [(found,)] = transaction.rows("SELECT expires_at FROM lease")
    assert as_moment(found) == there
    assert as_moment(found).tzinfo == UTC


def test_a_moment_without_zone_is_refused(database):
    with pytest.raises(ValueError, match="without time zone"), database.reading() as transaction:
        transaction.moment(datetime(2026, 1, 1))  # noqa: DTZ001 -- that is the point


def test_stored_texts_sort_as_their_moments_do():
    early = as_text(datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))))
    late = as_text(datetime(2026, 1, 1, tzinfo=UTC))
    assert early < late


def test_the_columns_written_without_the_tables_are_the_tables_columns():
    record = {column.name for column in tables.RecordRow.__table__.columns}
    assert record == {*bulk.RECORD_COLUMNS, "id"}
    run = {column.name for column in tables.RunRow.__table__.columns}
    assert run == {*_COLUMNS, "id"}


def test_sqlmodel_sessions_read_what_the_fast_path_wrote(database):
    from sqlmodel import Session, select

    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with database.writing() as transaction:
        transaction.run(
            "INSERT INTO lease (connection, owner, expires_at) VALUES ('a', 'b', ?)", (transaction.moment(moment),)
        )
    with Session(database.engine) as session:
        [row] = session.exec(select(tables.LeaseRow)).all()
    assert (row.connection, row.owner, row.expires_at) == ("a", "b", moment)


def test_the_sync_path_imports_no_alembic_and_no_web_framework():
    code = (
        "import sys, json, echo_hub.sync.kernel, echo_hub.store.records\n"
        "print(json.dumps(sorted({'alembic', 'httpx', 'apscheduler', 'fastapi'} & set(sys.modules))))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ, cwd=Path.cwd()
    )
    assert json.loads(answer.stdout) == []
