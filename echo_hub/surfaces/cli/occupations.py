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
        near = worded(near_roles(acting(context, hub), hub, role, top=limit))
    if json:
        print_json(near)
        return
    typer.echo(f"Near {near.title}  ({near.id}), {near.reason.text}\n")
    typer.echo(f"Usually takes {', '.join(skill.skill for skill in near.skills)}.\n")
    print_table(
        ("Role", "Id", "Why"),
        [
            (neighbour.title, neighbour.id, "; ".join(reason.text for reason in neighbour.reasons))
            for neighbour in near.near
        ],
        empty="The taxonomy has no other role of this source.",
    )
    say_credits(near.credits)
