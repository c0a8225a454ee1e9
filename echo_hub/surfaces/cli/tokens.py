"""Service tokens: what programs prove themselves with at the API."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(help="Service tokens, with which programs use the API.", no_args_is_help=True)


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which program it is for.")],
    role: Annotated[
        list[str], typer.Option(help="As what it acts: hr_operations, integration_engineer, auditor; repeatable.")
    ],
    days: Annotated[int, typer.Option(help="In how many days it expires, a year at most.")],
    only: Annotated[
        list[str] | None, typer.Option(metavar="INTENT", help="All that it may do, such as run.read; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a token and print it, this once: the hub stores only its hash."""
    from echo_hub.services.intents import tokens

    with open_hub(context) as hub:
        made = tokens.make(acting(context, hub), hub, name, roles=role, days=days, intents=only or None)
    if json:
        print_json(made)
        return
    say(f"Token {made.about.id}, until {made.about.expires_at:%Y-%m-%d %H:%M} UTC. It is shown this once:")
    typer.echo(made.token)


@app.command("list")
def list_tokens(context: typer.Context, json: Json = False) -> None:
    """List every token there ever was, the latest first; no token itself."""
    from echo_hub.services.intents import tokens

    with open_hub(context) as hub:
        listed = tokens.tokens(acting(context, hub), hub)
    if json:
        print_json(listed)
        return
    print_table(
        ("Token", "Program", "Acts as", "State", "Made by", "Expires", "Last used", "Limited to"),
        [
            (row.id, row.name, row.roles, row.state, row.made_by, row.expires_at, row.seen_at, row.intents)
            for row in listed
        ],
        empty="No token yet.",
    )


@app.command("revoke")
def revoke(context: typer.Context, number: Annotated[int, typer.Argument(help="As the list shows it.")]) -> None:
    """Refuse a token from this moment on, for good."""
    from echo_hub.services.intents import tokens

    with open_hub(context) as hub:
        revoked = tokens.revoke(acting(context, hub), hub, number)
    say(f"Token {revoked.id} of {revoked.name} is revoked.")
