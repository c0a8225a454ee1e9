"""What an upgrade would do to a database, told before it does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from echo_hub import __version__
from echo_hub.store.database import HEAD, Database
from echo_hub.store.migrate import migrations_after


@dataclass(frozen=True, slots=True)
class UpgradePlan:
    """`state`: current, behind (the `migrations` would run), empty, or newer (this release cannot read it)."""

    release: str
    release_schema: str
    database_schema: str | None
    state: Literal["current", "behind", "empty", "newer"]
    migrations: tuple[tuple[str, str], ...] = ()


def plan(database: Database) -> UpgradePlan:
    """What this release would do to a database. Reads only.

    Raises:
        HubError: the database cannot be read.
    """
    if not database.exists():
        return UpgradePlan(__version__, HEAD, None, "empty", migrations_after(None))
    version = database.version()
    if version is not None and version > HEAD:
        return UpgradePlan(__version__, HEAD, version, "newer")
    if version == HEAD:
        return UpgradePlan(__version__, HEAD, version, "current")
    return UpgradePlan(__version__, HEAD, version, "empty" if version is None else "behind", migrations_after(version))
