"""`echo-hub skills train`: vectors of our own, learned from the imported taxonomy."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from echo_hub.surfaces.cli.state import open_hub

app = typer.Typer(rich_markup_mode=None)


@app.command()
def train(
    context: typer.Context,
    passes: Annotated[float, typer.Option(min=0.1, max=20.0, help="How often each pair of names is drawn.")] = 1.0,
) -> None:
    """Learn vectors from the names, translations and relations of the skills graph; nothing is downloaded."""
    from echo_core.connectors.errors import ConfigError
    from echo_core.skills.embeddings.own_encoder import train_encoder
    from echo_core.skills.taxonomy.graph import TaxonomyError
    from echo_hub.surfaces.cli.progress import steps

    with open_hub(context) as hub:
        taxonomy, file, chosen = hub.taxonomy(), hub.trained_model, hub.settings.vectors
    began = time.monotonic()
    try:
        with steps("learning") as progress:
            encoder = train_encoder(taxonomy, passes=passes, progress=progress)
    except TaxonomyError as error:
        raise ConfigError(str(error), code=error.code) from None
    encoder.save(file)
    typer.echo(f"{encoder.name} learned in {time.monotonic() - began:.0f} s and kept as {file}.")
    if chosen != "own":
        typer.echo('To use it, write vectors = "own" under [matching] in echo-hub.toml.')
