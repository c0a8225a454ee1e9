"""A backup is written while others write, is whole or not there, fits either database, and holds no secret."""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from echo_hub.application import Hub
from echo_hub.store.database import HEAD, open_database
from echo_hub.store.instant import as_moment
from echo_hub.store.records import data_revision
from echo_hub.store.service_tokens import add_token, find_token
from echo_hub.store.session_tables import IDENTITY, SESSION
from echo_hub.store.task_list import list_tasks, retry_task
from echo_hub.store.tasks import enqueue
from echo_hub.upkeep.backup import PASSING, back_up, restore
from echo_hub.upkeep.errors import BackupError

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LEFT_OUT = {"alembic_version", "revision", "data_change", *PASSING}


def plain(value: Any) -> Any:
    """A value as it can be compared between the two databases."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", value):
        return as_moment(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def contents(database: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those that count changes or pass."""
    metadata = MetaData()
    with database.reading() as transaction:
        metadata.reflect(transaction.connection)
        return {
            table.name: sorted((tuple(map(plain, row)) for row in transaction.all(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in LEFT_OUT
        }


@pytest.fixture(scope="module")
def company(new_demo: Callable[[], Any]) -> Any:
    """The demo company's database: every kind of record, runs, an event."""
    demo = new_demo()
    with Hub.open(demo.file) as hub:
        yield hub


@pytest.mark.thorough
def test_a_backup_of_the_demo_company_goes_into_either_database_and_back(
    company: Hub, database: Any, tmp_path: Path
) -> None:
    written = back_up(company.database, tmp_path / "company.backup")
    done = restore(database, tmp_path / "company.backup")
    assert done.rows == written.rows > 5_000
    expected = contents(company.database)
    assert contents(database) == expected
    back_up(database, tmp_path / "second.backup")
    empty = open_database(None, tmp_path / "third")
    restore(empty, tmp_path / "second.backup")
    assert contents(empty) == expected
    empty.close()


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Any:
    """An embedded database with one row, and its backup."""
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "echo-hub.db").write_bytes(sqlite_template.read_bytes())
    base = open_database(None, tmp_path / "small")
    with base.writing() as transaction:
        transaction.run("INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('hr', 'people', 0, 1)")
    back_up(base, tmp_path / "small.backup", now=NOW)
    yield base
    base.close()


def test_a_restored_database_numbers_new_rows_after_the_old_ones(small: Any, database: Any, tmp_path: Path) -> None:
    restore(database, tmp_path / "small.backup")
    insert = (
        "INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('new', 'people', 0, 1) RETURNING id"
    )
    with database.writing() as transaction:
        highest = transaction.count("SELECT MAX(id) FROM stream")
        assert transaction.count(insert) == highest + 1


def test_readers_notice_that_everything_moved(small: Any, database: Any, tmp_path: Path) -> None:
    with database.writing() as transaction:
        transaction.run("UPDATE revision SET value = 1000000 WHERE id = 1")
    restore(database, tmp_path / "small.backup", replace=True)
    assert data_revision(database) > 1_000_000


def test_a_backup_is_of_one_moment_whoever_writes_meanwhile(
    database: Any, tmp_path: Path, open_url: Callable[..., Any]
) -> None:
    writer, writes, done = open_url(database.url.render_as_string(hide_password=False)), threading.Semaphore(0), []

    def write_on() -> None:
        number = 0
        while not done:
            number += 1
            with writer.writing() as transaction:
                transaction.run(
                    "INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('hr', ?, 0, 1)",
                    (f"s{number}",),
                )
                transaction.run(
                    "INSERT INTO schedule (connection, interval_s, time_zone, paused) VALUES (?, 60, 'UTC', ?)",
                    (f"s{number}", False),
                )
            writes.release()

    thread = threading.Thread(target=write_on)
    thread.start()

    def told(table: str, _: int) -> None:
        for _ in range(4):  # at least three of them began after this table was reached
            assert writes.acquire(timeout=20)

    try:
        back_up(database, tmp_path / "moving.backup", told=told)
    finally:
        done.append(True)
        thread.join()
    restore(database, tmp_path / "moving.backup", replace=True)
    with database.reading() as transaction:
        streams = transaction.count("SELECT COUNT(*) FROM stream")
        assert streams == transaction.count("SELECT COUNT(*) FROM schedule")


def test_a_database_that_holds_something_is_replaced_only_when_asked(small: Any, database: Any, tmp_path: Path) -> None:
    with database.writing() as transaction:
        transaction.run("INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('hr', 'people', 0, 1)")
    before = contents(database)
    with pytest.raises(BackupError, match=r"not empty .table stream.*--replace"):
        restore(database, tmp_path / "small.backup")
    assert contents(database) == before
    restore(database, tmp_path / "small.backup", replace=True)
    assert contents(database) == contents(small)


def test_a_restore_that_fails_halfway_leaves_the_database_as_it_was(small: Any, database: Any, tmp_path: Path) -> None:
    with database.writing() as transaction:
        transaction.run("INSERT INTO stream (connection, name, restarts, cursor_version) VALUES ('hr', 'people', 0, 1)")
    before = contents(database)

    def fail(table: str, _: int) -> None:
        if table == "stream":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(database, tmp_path / "small.backup", replace=True, told=fail)
    assert contents(database) == before


def test_a_service_token_does_not_come_back_with_a_backup(database: Any, tmp_path: Path) -> None:
    end = NOW + timedelta(days=1)
    _, token = add_token(database, "Export", roles={"auditor"}, intents=None, by="E1", now=NOW, expires_at=end)
    back_up(database, tmp_path / "before.backup")
    restore(database, tmp_path / "before.backup", replace=True)
    restored = find_token(database, token)
    assert restored is not None
    assert (restored.revoked_by, restored.is_over(NOW)) == ("the restore", True)


def test_what_waited_then_is_not_done_by_itself_but_can_be_tried_again(database: Any, tmp_path: Path) -> None:
    with database.writing() as transaction:
        enqueue(transaction, "mail", "letter", requested_by="operator")
    back_up(database, tmp_path / "before.backup")
    restore(database, tmp_path / "before.backup", replace=True)
    (task,) = list_tasks(database)
    assert (task.state, task.error_code) == ("cancelled", "task.cancelled")
    assert "Retry what was not" in (task.error_message or "")
    with database.writing() as transaction:
        assert retry_task(transaction, task.id).state == "waiting"


def test_who_was_signed_in_then_is_not_signed_in_again(database: Any, tmp_path: Path) -> None:
    account = {"id": 1, "issuer": "i", "subject": "s", "person_id": "hr:person:1", "link_rule": "e-mail"}
    session = {"key_hash": b"x", "identity_id": 1, "person_id": "hr:person:1", "groups": "[]"}
    with database.writing() as transaction:
        transaction.execute(IDENTITY.insert(), account | {"linked_at": NOW})
        transaction.execute(SESSION.insert(), session | {"started_at": NOW, "seen_at": NOW})
        assert transaction.count("SELECT COUNT(*) FROM session") == 1
    back_up(database, tmp_path / "signed-in.backup")
    restore(database, tmp_path / "signed-in.backup", replace=True)
    with database.reading() as transaction:
        assert transaction.count("SELECT COUNT(*) FROM session") == 0
        assert transaction.count("SELECT COUNT(*) FROM identity") == 1


def changed(file: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Writes the file anew with other lines."""
    lines = gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)
    file.write_bytes(gzip.compress("".join(change(lines)).encode()))


def flipped(file: Path) -> None:
    """One bit of it is another."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-20]),
    "a bit flipped": flipped,
    "a row changed": lambda file: changed(file, lambda lines: [line.replace('"hr"', '"hx"') for line in lines]),
    "a row missing": lambda file: changed(file, lambda lines: [line for line in lines if '"hr"' not in line]),
    "no last line": lambda file: changed(file, lambda lines: lines[:-1]),
    "something else": lambda file: file.write_text("hello"),
    "another gzip": lambda file: file.write_bytes(gzip.compress(b"hello\n")),
    "empty": lambda file: file.write_bytes(b""),
    "missing": lambda file: file.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_refused_with_a_sentence_and_nothing_is_changed(
    small: Any, tmp_path: Path, damage: str
) -> None:
    before = contents(small)
    DAMAGE[damage](tmp_path / "small.backup")
    with pytest.raises(BackupError, match=r"small\.backup (is|does|was) .*\.$"):
        restore(small, tmp_path / "small.backup", replace=True)
    assert contents(small) == before


def test_a_backup_of_a_newer_release_or_form_is_refused(small: Any, tmp_path: Path) -> None:
    file = tmp_path / "small.backup"

    def header(**facts: Any) -> Callable[[list[str]], list[str]]:
        return lambda lines: [json.dumps(json.loads(lines[0]) | facts) + "\n", *lines[1:]]

    changed(file, header(echo_hub_backup=2, release="9.9"))
    with pytest.raises(BackupError, match=r"9\.9 in a form that this release does not know"):
        restore(small, file, replace=True)
    changed(file, header(echo_hub_backup=1, schema="9999"))
    with pytest.raises(BackupError, match="is damaged"):
        restore(small, file, replace=True)


def test_a_backup_never_takes_the_place_of_another_file(small: Any, tmp_path: Path) -> None:
    before = (tmp_path / "small.backup").read_bytes()
    with pytest.raises(BackupError, match="exists"):
        back_up(small, tmp_path / "small.backup")
    assert (tmp_path / "small.backup").read_bytes() == before


def test_a_backup_that_fails_leaves_no_file(small: Any, tmp_path: Path) -> None:
    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(small, tmp_path / "new.backup", told=fail)
    assert [file.name for file in tmp_path.iterdir() if "new" in file.name] == []


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX knows them")
def test_a_backup_is_readable_by_its_owner_alone(small: Any, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "small.backup").stat().st_mode) == 0o600


def test_a_backup_holds_no_secret(company: Hub, tmp_path: Path) -> None:
    back_up(company.database, tmp_path / "company.backup")
    text = gzip.decompress((tmp_path / "company.backup").read_bytes()).decode()
    secrets = [
        value.get_secret_value()
        for connection in company.settings.connections
        for value in vars(connection.config).values()
        if hasattr(value, "get_secret_value")
    ]
    assert len(secrets) >= 3
    assert [secret for secret in secrets if secret in text] == []
    assert HEAD in text.splitlines()[0]


def test_commands_write_and_put_back(
    new_demo: Callable[[], Any], run_command: Callable[..., Any], tmp_path: Path
) -> None:
    demo, file = new_demo(), tmp_path / "demo.backup"
    written = json.loads(run_command(demo.file, "backup", str(file), "--json").stdout)
    assert written["rows"] > 5_000
    assert "not empty" in run_command(demo.file, "restore", str(file), code=1).stderr
    assert "Restored" in run_command(demo.file, "restore", str(file), "--replace").stdout
    assert run_command(demo.file, "events", "verify").stdout
