"""`echo-hub plugins`: what is installed and whether it works."""

from __future__ import annotations

from dataclasses import asdict

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import chosen


def plugins(context: typer.Context, json: Json = False) -> None:
    """List the installed plug-ins, the broken ones too."""
    from echo_core.connectors.loader import load_plugins

    tried = load_plugins(no_plugins=chosen(context).no_plugins).tried()
    if json:
        print_json([asdict(plugin) for plugin in tried])
        return
    print_table(
        ("Name", "State", "Distribution", "Version", "Api", "Hooks", "Error"),
        [(p.name, p.state, p.distribution, p.version, p.api, p.hooks, p.error) for p in tried],
        empty="No plug-in is installed. pip install 'echo-hub[all]' installs those of this project.",
    )
