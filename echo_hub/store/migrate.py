"""Runs the migrations that travel inside the package; no alembic.ini, no files outside the wheel."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(engine: Engine) -> Config:
    """Alembic's settings for one database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Applies every migration that is missing, in one transaction; a second process waits and finds nothing to do."""
    command.upgrade(configuration(engine), "head")
