"""`echo-hub schedule`: when connections sync."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(
    help="When connections sync, while `echo-hub serve` runs.", no_args_is_help=True, rich_markup_mode=None
)
Name = Annotated[str, typer.Argument(help="The connection.")]


def _utc(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "no moment that still comes"


@app.command("list")
def list_all(context: typer.Context, json: Json = False) -> None:
    """List the schedules."""
    from echo_hub.services.intents.schedules import schedules

    with open_hub(context) as hub:
        listed = schedules(acting(context, hub), hub)
    if json:
        print_json(listed)
        return
    print_table(
        ("Connection", "When", "Paused", "Last run", "Next run"),
        [(s.connection, s.text, s.paused, s.last_run_at, s.next_run_at) for s in listed],
        empty="No schedule is set. Try: echo-hub schedule set NAME --every 6h",
    )


@app.command("set")
def set_one(
    context: typer.Context,
    connection: Name,
    cron: Annotated[str | None, typer.Option(help="Five fields, e.g. '0 6 * * 1-5'.")] = None,
    every: Annotated[str | None, typer.Option(help="An interval: 15m, 6h, 1d.")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA name the cron fields are read in.")] = "UTC",
) -> None:
    """Set a connection's schedule."""
    from echo_hub.services.intents.schedules import set_schedule

    with open_hub(context) as hub:
        actor = acting(context, hub)
        stored = set_schedule(actor, hub, connection, cron=cron, every=every, time_zone=time_zone)
    typer.echo(f"{connection} syncs {stored.text}; next at {_utc(stored.next_run_at)} while `echo-hub serve` runs.")


@app.command()
def pause(context: typer.Context, connection: Name) -> None:
    """Pause a schedule; a run under way goes on."""
    from echo_hub.services.intents import schedules

    with open_hub(context) as hub:
        schedules.pause(acting(context, hub), hub, connection)
    typer.echo(f"{connection} is paused. Resume with: echo-hub schedule resume {connection}")


@app.command()
def resume(context: typer.Context, connection: Name) -> None:
    """Resume a paused schedule."""
    from echo_hub.services.intents import schedules

    with open_hub(context) as hub:
        stored = schedules.resume(acting(context, hub), hub, connection)
    typer.echo(f"{connection} syncs {stored.text}; next at {_utc(stored.next_run_at)}.")
