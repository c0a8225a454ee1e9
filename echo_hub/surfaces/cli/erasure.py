"""`echo-hub erase`: forgets a person, and says what stays and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, say
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_hub.services.intents.erasure import ErasureView

_KEPT = {
    "mentor_capacity": "what was decided on their places as a mentor",
    "mentor_place": "their places as a mentor",
    "mentoring_pair": "their mentoring pairs",
    "mentoring_unassigned": "why they got no mentor",
    "person_key": "the key that leads to their events",
    "quarantine": "their records in quarantine",
    "receipt": "receipts of what they were shown",
    "receipt_input": "inputs of these receipts",
    "record": "records that no system lists any more",
    "decision": "their corrections",
}
"""Tables in words; see docs/data.md."""
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def erase(
    context: typer.Context,
    person: Annotated[
        str,
        typer.Argument(
            help="Id, employee id, work e-mail, user name or name; of somebody who is gone id or employee id."
        ),
    ],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Erase what the hub itself keeps of a person, for good; asks first, and says what stays and why."""
    from echo_hub.services.intents import erasure

    with open_hub(context) as hub:
        actor = acting(context, hub)
        if not yes:
            _ask(erasure.erasable(actor, hub, person))
        erased = erasure.erase(actor, hub, person)
    if json:
        print_json(erased)
        return
    typer.echo(f"Erased {_named(erased)}.")
    for sentence in staying(erased):
        typer.echo(sentence)


def _ask(foreseen: ErasureView) -> None:
    """Says on standard error what goes and what stays, and leaves unless somebody agrees."""
    for name, count in foreseen.removed.items():
        say(f"Goes: {_KEPT.get(name, name)} ({count:,}).")
    if foreseen.replaced:
        say(f"Goes: their name where they decided something ({foreseen.replaced:,}); the decisions stay.")
    for sentence in staying(foreseen):
        say(sentence)
    typer.confirm(f"Erase {_named(foreseen)} for good? There is no way back", abort=True, err=True)


def staying(erased: ErasureView) -> list[str]:
    """What stays, and why."""
    sentences = []
    if erased.events:
        sentences.append(
            f"{erased.events:,} events stay in the timeline, the log of what was done: under a random key that leads "
            "to nobody, with unit, location, country and status of that moment, so that figures stay true."
        )
    if erased.listed:
        systems = ", ".join(f"{count:,} in {name}" for name, count in erased.listed.items())
        sentences.append(
            f"Records that their systems still list stay ({systems}), for the next sync would bring them back. Remove "
            "the person there, sync, and erase once more."
        )
    sentences.append("Backups, and files that were written out, are not the hub's to change.")
    return sentences


def _named(erased: ErasureView) -> str:
    return erased.person if erased.name is None else f"{erased.name} ({erased.person})"
