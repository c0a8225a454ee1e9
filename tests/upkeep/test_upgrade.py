"""`upgrade --check` says what would be done and writes nothing; `upgrade` does it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from echo_hub.store.database import HEAD


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file whose connection cannot be used: that is nothing to an upgrade."""
    file = tmp_path / "echo-hub.toml"
    file.write_text('[hub]\ndata_dir = "data"\n[connections.hr]\nconnector = "nowhere"\n')
    return file


def stands_at(tmp_path: Path, version: str, sqlite_template: Path) -> None:
    """An embedded database that says it is at a migration."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "echo-hub.db"
    file.write_bytes(sqlite_template.read_bytes())
    with sqlite3.connect(file) as plain:
        plain.execute("UPDATE alembic_version SET version_num = ?", (version,))
    plain.close()


def test_a_missing_database_is_not_created_by_asking(
    settings: Path, run_command: Callable[..., Any], tmp_path: Path
) -> None:
    said = json.loads(run_command(settings, "upgrade", "--check", "--json").stdout)
    assert (said["state"], said["database_schema"], said["release_schema"]) == ("empty", None, HEAD)
    assert said["migrations"][0][0] == "0001"
    assert not (tmp_path / "data" / "echo-hub.db").exists()


def test_an_upgrade_makes_the_tables_and_then_has_nothing_to_do(
    settings: Path, run_command: Callable[..., Any]
) -> None:
    run_command(settings, "upgrade")
    said = json.loads(run_command(settings, "upgrade", "--check", "--json").stdout)
    assert (said["state"], said["migrations"]) == ("current", [])


def test_what_is_missing_is_listed_with_what_it_does(
    settings: Path, run_command: Callable[..., Any], tmp_path: Path, sqlite_template: Path
) -> None:
    stands_at(tmp_path, "0009", sqlite_template)
    said = run_command(settings, "upgrade", "--check")
    assert "0010" in said.stdout
    assert "Runs count what a source listed twice" in said.stdout
    assert "0009" not in said.stdout
    assert "stands at 0009" in said.stderr


def test_a_database_of_a_newer_release_is_refused_with_an_exit_code(
    settings: Path, run_command: Callable[..., Any], tmp_path: Path, sqlite_template: Path
) -> None:
    stands_at(tmp_path, "9999", sqlite_template)
    assert "cannot read it" in run_command(settings, "upgrade", "--check", code=1).stderr
    assert "newer" in run_command(settings, "upgrade", code=1).stderr
