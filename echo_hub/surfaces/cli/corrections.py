"""`echo-hub corrections`: a person's word about their own skills, which no sync takes back."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.decisions import Note
from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

app = typer.Typer(
    help="What people say of their own skills: not me, or their level.", no_args_is_help=True, rich_markup_mode=None
)
Person = Annotated[str, typer.Argument(help="Id, employee id, work e-mail or name.")]
Skill = Annotated[str, typer.Argument(help="The skill's id or name, or a name on the profile.")]
Stance = Annotated[str, typer.Option(help="has, wants_to_use, wants_to_learn or avoids.")]


@app.command("list")
def list_all(context: typer.Context, person: Person, json: Json = False) -> None:
    """List what a person has said of their skills, with the claims that do not count because of it."""
    from echo_hub.services.intents.people import profile
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        corrections = worded(profile(acting(context, hub), hub, person).corrections)
    if json:
        print_json(corrections)
        return
    print_table(
        ("Correction", "Skill", "Says", "By", "At", "Claims that do not count"),
        [
            (
                correction.id,
                correction.skill,
                "not me" if correction.level is None else f"level {correction.level}",
                correction.decided_by,
                correction.decided_at,
                [claim.record or claim.source for claim in correction.claims],
            )
            for correction in corrections
        ],
        empty="They have corrected nothing.",
    )


@app.command("not-me")
def not_me(
    context: typer.Context, person: Person, skill: Skill, stance: Stance = "has", note: Note = "", json: Json = False
) -> None:
    """Say that a skill is not the person's, whatever systems say now or later."""
    _correct(context, person, skill, stance, None, note, json)


@app.command()
def level(
    context: typer.Context,
    person: Person,
    skill: Skill,
    value: Annotated[int, typer.Argument(metavar="LEVEL", help="1 (aware) to 5 (expert).")],
    note: Note = "",
    json: Json = False,
) -> None:
    """Say which level a person has in a skill; it counts instead of every system's."""
    _correct(context, person, skill, "has", value, note, json)


@app.command()
def undo(
    context: typer.Context,
    correction: Annotated[int, typer.Argument(min=0, max=LARGEST_ID, help="The number `list` shows.")],
) -> None:
    """Take a correction back: what the systems say counts again."""
    from echo_hub.services.intents.people import undo_correction

    with open_hub(context) as hub:
        undone = undo_correction(acting(context, hub), hub, correction)
    typer.echo(f"Undone: what was said before about {undone.skill} counts again.")


def _correct(
    context: typer.Context, person: str, skill: str, stance: str, value: int | None, note: str, json: bool
) -> None:
    from echo_hub.services.intents.people import correct

    with open_hub(context) as hub:
        made = correct(acting(context, hub), hub, skill, person, stance=stance, level=value, note=note)
    if json:
        print_json(made)
        return
    what = "is not theirs" if value is None else f"is at level {value}"
    typer.echo(f"Stored: {made.skill} {what}. Undo with: echo-hub corrections undo {made.id}")
