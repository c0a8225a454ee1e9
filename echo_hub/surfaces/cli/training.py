"""`echo-hub skills train`: vectors of our own, learned from the imported taxonomy."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(rich_markup_mode=None)


@app.command()
def train(
    context: typer.Context,
    passes: Annotated[float, typer.Option(min=0.1, max=20.0, help="How often each pair of names is drawn.")] = 1.0,
) -> None:
    """Learn vectors from the names, translations and relations of the skills graph; nothing is downloaded."""
    from echo_hub.services.intents.taxonomy import train as learn
    from echo_hub.surfaces.cli.progress import steps

    began = time.monotonic()
    with open_hub(context) as hub, steps("learning") as progress:
        trained = learn(acting(context, hub), hub, passes=passes, progress=progress)
    typer.echo(f"{trained.name} learned in {time.monotonic() - began:.0f} s and kept as {trained.file}.")
    if not trained.used:
        typer.echo('To use it, write vectors = "own" under [matching] in echo-hub.toml.')
