"""`echo-hub skills`: linking a name, spotting in a text, names nobody knows yet; taxonomies are in `taxonomy`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from echo_hub.surfaces.cli import queue, taxonomy, training
from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(help="The skills graph.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(taxonomy.app)
app.add_typer(training.app)
app.add_typer(queue.app, name="queue")
Language = Annotated[str | None, typer.Option(help="Language of the text, e.g. de.")]


@app.command()
def link(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A skill as somebody wrote it.")],
    language: Language = None,
    json: Json = False,
) -> None:
    """Which skill a name means, and why; nothing rather than a guess."""
    from echo_core.skills.linking.linker import Linker
    from echo_hub.services.intents import taxonomy as graph
    from echo_hub.services.views import Sentence
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        taxonomy = graph.taxonomy(acting(context, hub), hub)
    match = Linker(taxonomy).link(name, language=language)
    reason = worded(Sentence(message=match.reason))
    if json:
        print_json({**asdict(match), "reason": reason})
        return
    if match.skill_id is None:
        typer.echo(f"No skill is near enough to {name!r}. {reason.text}")
        for skill_id, score in match.candidates[:5]:
            typer.echo(f"  {score:.2f}  {taxonomy.skills[skill_id].label}  ({skill_id})")
        raise typer.Exit(1)
    typer.echo(f"{taxonomy.skills[match.skill_id].label}  ({match.skill_id})  {match.confidence:.2f}  {reason.text}")


@app.command()
def spot(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Text, a file with it, or - to read standard input.")],
    language: Language = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Also what is meant without being named, best first.")
    ] = False,
    top: Annotated[int, typer.Option(min=1, max=100, help="How many suggestions at most.")] = 20,
    json: Json = False,
) -> None:
    """Which skills a text mentions, where, and whether that is sure enough to be used unasked."""
    from echo_core.skills.extraction.spotter import Spotted, Spotter
    from echo_core.skills.extraction.suggester import Suggester, Suggestion
    from echo_hub.services.intents import taxonomy as graph
    from echo_hub.services.views import Sentence
    from echo_hub.surfaces.cli.progress import working
    from echo_hub.surfaces.messages.wording import worded

    text = _read(text)
    with open_hub(context) as hub:
        actor = acting(context, hub)
        taxonomy = graph.taxonomy(actor, hub)
        encoder = graph.encoder(actor, hub) if suggest else None
    hits: Sequence[Spotted | Suggestion]
    if suggest:
        with working("reading the names of all skills"):
            hits = Suggester(taxonomy, encoder).suggest(text, language=language, top=top)
    else:
        hits = Spotter(taxonomy).spot(text, language=language)
    named: list[tuple[Spotted | Suggestion, Sentence]] = [
        (skill, worded(Sentence(message=skill.reason))) for skill in hits
    ]
    if json:
        print_json([{**asdict(skill), "reason": reason} for skill, reason in named])
        return
    print_table(
        ("Skill", "Text", "At", "Automatic", "Confidence", "Reason"),
        [
            (
                *(taxonomy.skills[skill.skill_id].label, skill.text, skill.start, skill.automatic),
                *(f"{skill.confidence:.2f}", reason.text),
            )
            for skill, reason in named
        ],
        empty="No skill is mentioned.",
    )


def _read(text: str) -> str:
    """Standard input for "-", the file of that name where there is one, else the text itself."""
    if text == "-":
        return sys.stdin.read()
    try:
        file = Path(text)
        return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else text
    except OSError:
        return text
