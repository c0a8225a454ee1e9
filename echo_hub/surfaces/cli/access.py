"""`echo-hub access`: who may do what."""

from __future__ import annotations

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub


def access(context: typer.Context, json: Json = False) -> None:
    """Who may do what: to what belongs to nobody, to their own, to anybody's."""
    from echo_hub.services.intents.access import table
    from echo_hub.surfaces.words import roles_in_words

    with open_hub(context) as hub:
        rights = table(acting(context, hub), hub)
    if json:
        print_json(rights)
        return
    print_table(
        ("Role", "Who has it", "You"),
        [(role.role, role.source, role.yours) for role in rights.roles],
        empty="No role.",
    )
    for subject in rights.subjects:
        typer.echo(f"\n{subject.title}")
        print_table(
            ("To", "What is nobody's", "Their own", "Anybody's"),
            [
                (rule.what, *(roles_in_words(roles) for roles in (rule.general, rule.own, rule.anyone)))
                for rule in subject.rules
            ],
            empty="Nothing.",
        )
