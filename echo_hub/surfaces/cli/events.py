"""`echo-hub events`: the timeline of what was done, and whether it is as it was written."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.decisions import Most
from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(help="The timeline: what was done, and whether it is as it was written.", rich_markup_mode=None)
Person = Annotated[
    str | None, typer.Option(help="Only what this person did or what is about them: id, employee id, e-mail or name.")
]


@app.callback(invoke_without_command=True)
def events(context: typer.Context, person: Person = None, limit: Most = 50, json: Json = False) -> None:
    """List what was done, the latest first; people stand under keys that are no names."""
    if context.invoked_subcommand is not None:
        return
    from echo_hub.services.intents import timeline

    with open_hub(context) as hub:
        listed = timeline.events(acting(context, hub), hub, person, limit=limit)
    if json:
        print_json(listed)
        return
    print_table(
        ("Event", "At", "Who", "Came by", "Did", "To", "About"),
        [
            (
                event.id,
                event.at,
                event.actor,
                event.came_by,
                event.intent,
                f"{event.object_kind} {event.object_id}",
                event.other,
            )
            for event in listed
        ],
        empty="Nothing was done yet.",
    )


@app.command()
def verify(context: typer.Context, json: Json = False) -> None:
    """Walk the whole chain of events; exit code 1 when anything was changed, taken out or put in."""
    from echo_hub.services.intents import timeline

    with open_hub(context) as hub:
        verified = timeline.verify(acting(context, hub), hub)
    if json:
        print_json(verified)
    elif verified.problem is None:
        typer.echo(f"Whole: {verified.events:,} events, the last with hash {verified.last_hash}.")
    else:
        typer.echo(
            f"Broken at event {verified.broken_at}: {verified.problem} The {verified.events:,} before it are whole."
        )
    if verified.problem is not None:
        raise typer.Exit(1)
