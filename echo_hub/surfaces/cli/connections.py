"""`echo-hub connections`: what is configured, and whether it can be reached with the rights it needs."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(help="The configured systems.", no_args_is_help=True, rich_markup_mode=None)
Names = Annotated[list[str] | None, typer.Argument(help="Connections; all of them when none is named.")]


@app.command("list")
def list_connections(context: typer.Context, json: Json = False) -> None:
    """List the connections with their last and next runs."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        states = operations.connections(acting(context, hub), hub)
    if json:
        print_json(states)
        return
    print_table(
        ("Connection", "System", "Last run", "Outcome", "Schedule", "Next run"),
        [(s.name, s.title, s.last_run, s.outcome, "paused" if s.paused else s.schedule, s.next_run) for s in states],
        empty="No connection is configured. Add one to the settings file.",
    )


@app.command()
def check(context: typer.Context, names: Names = None, json: Json = False) -> None:
    """Try each connection: credentials, permissions, one record of each stream."""
    from echo_hub.services.intents import operations

    with open_hub(context, lenient=False) as hub:
        results = [
            {
                "connection": name,
                "check": line.name,
                "ok": line.ok,
                "message": line.message,
                "advice": line.advice,
            }
            for name, line in operations.check(acting(context, hub), hub, names or ())
        ]
    if json:
        print_json(results)
    else:
        print_table(
            ("Connection", "Check", "Ok", "Message"),
            [(r["connection"], r["check"], r["ok"], r["message"]) for r in results],
            empty="No connection is configured.",
        )
        for result in results:
            if not result["ok"] and result["advice"]:
                typer.echo(f"\n{result['connection']}, {result['check']}: {result['advice']}")
    if not all(result["ok"] for result in results):
        raise typer.Exit(1)
