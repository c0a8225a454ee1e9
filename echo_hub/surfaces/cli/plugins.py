"""`echo-hub plugins`: what is installed and, when asked, whether its code can be imported."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import chosen


def plugins(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Also import what connectors name; exit code 1 when something is broken.")
    ] = False,
    json: Json = False,
) -> None:
    """List the installed plug-ins, those too that cannot be loaded."""
    from echo_core.connectors.loader import load_plugins

    registry = load_plugins(no_plugins=chosen(context).no_plugins)
    # Nobody has tried the code behind the connectors yet, so nothing is "ok" yet.
    listed = (
        registry.tried()
        if check
        else [replace(plugin, state="loaded") if plugin.state == "ok" else plugin for plugin in registry.plugins]
    )
    if json:
        print_json(listed)
    else:
        print_table(
            ("Name", "State", "Distribution", "Version", "Api", "Hooks", "Error"),
            [(p.name, p.state, p.distribution, p.version, p.api, p.hooks, p.error) for p in listed],
            empty="No plug-in is installed. pip install 'echo-hub[all]' installs those of this project.",
        )
    if check and any(plugin.state not in ("ok", "disabled") for plugin in listed):
        raise typer.Exit(1)
