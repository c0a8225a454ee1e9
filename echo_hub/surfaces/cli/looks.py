"""`echo-hub looks`: who looked at one's data."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub


def looks(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, the latest first.")] = 100,
    json: Json = False,
) -> None:
    """Who looked at your data, the latest first; say who you are with --as."""
    from echo_hub.services.intents import looks as intents
    from echo_hub.surfaces.words import LOOK_WORDS

    with open_hub(context) as hub:
        listed = intents.looks(acting(context, hub), hub, limit=limit)
    if json:
        print_json(listed)
        return
    print_table(
        ("At", "Who", "What", "Came by"),
        [(look.at, look.name, LOOK_WORDS[look.intent], look.came_by) for look in listed],
        empty="Nobody has looked.",
    )
