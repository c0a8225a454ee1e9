"""`echo-hub roles`: what work is near a person's, a title's or an occupation's, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say_credits
from echo_hub.surfaces.cli.state import acting, open_hub


def roles(
    context: typer.Context,
    role: Annotated[str, typer.Argument(help="A title, a role's id, or a person: id, employee id, e-mail, name.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 10,
    json: Json = False,
) -> None:
    """Roles near yours: what yours usually takes, and what they share with it, nearest first."""
    from echo_hub.services.intents.people import near_roles
    from echo_hub.surfaces.cli.progress import working
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub, working("comparing roles"):
        found = worded(near_roles(acting(context, hub), hub, role, top=limit))
    if json:
        print_json(found)
        return
    typer.echo(f"Near {found.title}  ({found.id}), {found.reason.text}\n")
    typer.echo(f"Usually takes {', '.join(one.skill for one in found.skills)}.\n")
    print_table(
        ("Role", "Id", "Why"),
        [(one.title, one.id, "; ".join(reason.text for reason in one.reasons)) for one in found.near],
        empty="The taxonomy has no other role of this source.",
    )
    say_credits(found.credits)
