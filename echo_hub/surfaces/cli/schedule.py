"""`echo-hub schedule`: when connections sync."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_hub.services.intents.schedules import Plan, Timing

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
        rows = schedules(acting(context, hub), hub)
    if json:
        print_json(rows)
        return
    print_table(
        ("Connection", "When", "Paused", "Last run", "Next run", "After", "Not in", "Paused because"),
        [
            (
                *(row.connection, row.text, row.paused, row.last_run_at, row.next_run_at, row.runs_after),
                *(row.blackouts, row.paused_because),
            )
            for row in rows
        ],
        empty="No schedule is set. Try: echo-hub schedule set NAME --every 6h",
    )


@app.command("set")
def set_one(
    context: typer.Context,
    connection: Name,
    cron: Annotated[str | None, typer.Option(help="Five fields, e.g. '0 6 * * 1-5'.")] = None,
    every: Annotated[str | None, typer.Option(help="An interval: 15m, 6h, 1d.")] = None,
    time_zone: Annotated[str, typer.Option(help="IANA name; cron and blackouts are read in it.")] = "UTC",
    blackout: Annotated[
        list[str] | None,
        typer.Option(help="When no run starts: 'mon-fri 08:00-18:00', '2026-12-24/2027-01-02'. May be repeated."),
    ] = None,
    jitter: Annotated[str | None, typer.Option(help="By how much a run may come later: 10m.")] = None,
    after: Annotated[
        str | None,
        typer.Option(help="Wait for this connection's run when both are due; the people's unless said, '' for none."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the next runs and save nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Save without a question.")] = False,
) -> None:
    """Show the next five runs of a schedule, then set it; a terminal is asked first."""
    from echo_hub.services.intents import schedules

    timing: Timing = {"cron": cron, "every": every, "time_zone": time_zone, "jitter": jitter}
    timing["blackouts"] = tuple(blackout or ())
    if after is not None:
        timing["after"] = after
    with open_hub(context) as hub:
        actor = acting(context, hub)
        planned = schedules.plan(actor, hub, connection, **timing)
        _show(planned)
        if dry_run:
            say("Nothing was saved.")
            return
        if not yes and sys.stdin.isatty() and not typer.confirm(f"Let {connection} sync like this?", err=True):
            say("Nothing was saved.")
            raise typer.Exit(1)
        schedule = schedules.set_schedule(actor, hub, connection, **timing)
    typer.echo(f"{connection} syncs {schedule.text}; next at {_utc(schedule.next_run_at)} while `echo-hub serve` runs.")


def _show(planned: Plan) -> None:
    """The next runs, as clocks there show them and in UTC."""
    from echo_hub.surfaces.words import local_moment

    zone = planned.schedule.time_zone
    print_table(
        (f"Next runs ({zone})", "UTC"), [(local_moment(run, zone), _utc(run)) for run in planned.runs], empty=""
    )


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
        schedule = schedules.resume(acting(context, hub), hub, connection)
    typer.echo(f"{connection} syncs {schedule.text}; next at {_utc(schedule.next_run_at)}.")
