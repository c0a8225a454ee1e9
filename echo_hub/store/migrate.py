"""Runs the migrations that travel inside the package; no alembic.ini, no files outside the wheel."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(engine: Engine) -> Config:
    """Alembic's settings for one database."""
    config = _scripts()
    config.attributes["engine"] = engine
    return config


def upgrade_inside(connection: Connection, revision: str) -> None:
    """Applies what is missing up to `revision` in a transaction that is open already."""
    config = configuration(connection.engine)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def migrations_after(version: str | None) -> tuple[tuple[str, str], ...]:
    """The migrations that a database at `version` lacks, in order: number, and what it does."""
    scripts = ScriptDirectory.from_config(_scripts()).walk_revisions()
    known = [(script.revision, (script.doc or "").strip()) for script in scripts]
    return tuple(sorted(migration for migration in known if version is None or migration[0] > version))


def upgrade(engine: Engine) -> None:
    """Applies every migration that is missing, in one transaction; a second process waits and finds nothing to do."""
    command.upgrade(configuration(engine), "head")


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
