"""`echo-hub backup`, `restore` and `upgrade`: what an operator does around a release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import chosen

if TYPE_CHECKING:
    from echo_hub.upkeep.backup import Copied

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the backup.")]


def backup(context: typer.Context, file: BackupFile, json: Json = False) -> None:
    """Write everything that is stored into one file, while the hub runs. The settings are not in it, nor any secret."""
    from echo_hub.upkeep.backup import back_up
    from echo_hub.upkeep.database import database_of

    with database_of(chosen(context).config) as database:
        done = back_up(database, file, told=_progress)
    _tell(done, "Written", json=json)
    say("It holds personal data of everybody: keep it as safely as the database, and the settings file beside it.")


def restore(
    context: typer.Context,
    file: BackupFile,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of all that is stored now.")] = False,
    json: Json = False,
) -> None:
    """Put a backup back, of this or an older release, from either kind of database. Stop the hub first."""
    from echo_hub.upkeep.backup import restore as put_back
    from echo_hub.upkeep.database import database_of

    with database_of(chosen(context).config) as database:
        done = put_back(database, file, replace=replace, told=_progress)
    _tell(done, "Restored", json=json)


def upgrade(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Say what would be done, and write nothing.")] = False,
    json: Json = False,
) -> None:
    """Bring the database to this release. Every other command does so too; this one does nothing else."""
    from echo_hub.upkeep.database import database_of
    from echo_hub.upkeep.upgrade import plan

    with database_of(chosen(context).config) as database:
        planned = plan(database)
        if not check and planned.state != "current":
            database.migrate()
    if json:
        print_json(planned)
    else:
        print_table(("Migration", "What it does"), planned.migrations, empty="No migration is missing.")
        said = {
            "current": f"The database is that of this release ({planned.release}, {planned.release_schema}).",
            "behind": f"The database stands at {planned.database_schema}; this release ({planned.release}) wants "
            f"{planned.release_schema}.",
            "empty": "The database is empty; its tables are made at the first start.",
            "newer": f"A newer Echo Hub wrote this database ({planned.database_schema}); this release knows "
            f"{planned.release_schema} and cannot read it. Upgrade the installation.",
        }
        say(said[planned.state])
        if not check and planned.migrations:
            say("Done.")
    if planned.state == "newer":
        raise typer.Exit(1)


def _progress(table: str, rows: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[2K{rows:,} rows, now {table} ", nl=False, err=True)


def _tell(done: Copied, what: str, *, json: bool) -> None:
    if sys.stderr.isatty():
        typer.echo("\r\x1b[2K", nl=False, err=True)
    if json:
        print_json(done)
    else:
        typer.echo(f"{what}: {done.file}, {done.rows:,} rows, {done.size:,} bytes, SHA-256 {done.sha256}")
