"""`echo-hub rematch`: everybody's best matches into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, say
from echo_hub.surfaces.cli.state import acting, open_hub


def rematch(
    context: typer.Context,
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file: CSV if it ends in .csv, else JSON Lines.")],
    top: Annotated[int, typer.Option(min=1, max=500, help="How many for each person.")] = 20,
    again: Annotated[bool, typer.Option("--again", help="Start from the beginning, whatever was begun.")] = False,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786: its workers make the lists."),
    ] = None,
    json: Json = False,
) -> None:
    """Match the whole company at once: everybody's best opportunities into a file. Stopped, it goes on from there."""
    from echo_hub.services.intents.rematch import rematch as match_everybody
    from echo_hub.services.rematch import engine
    from echo_hub.surfaces.cli.progress import steps

    if not out.parent.is_dir():
        raise typer.BadParameter(f"--out: there is no folder {out.parent}")
    if dask is None and engine() == "plain":
        say("Without the extra `batch` (pip install 'echo-hub[batch]') this takes minutes where it could take seconds.")
    with open_hub(context) as hub:
        actor = acting(context, hub)
        with steps("people") as show:
            result = match_everybody(actor, hub, out, top=top, again=again, dask=dask, show=show)
    if json:
        print_json(result)
        return
    typer.echo(f"{result.matches:,} matches of {result.people:,} people in {result.file}.")
    if result.resumed_at:
        typer.echo(f"The first {result.resumed_at:,} people were there already.")
