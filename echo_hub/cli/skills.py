"""`echo-hub skills`: taxonomies, linking a name, spotting in a text, names nobody knows yet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.cli.output import Json, print_json, print_table, say
from echo_hub.cli.state import open_hub

if TYPE_CHECKING:
    from echo_core.skills.taxonomy import Taxonomy

app = typer.Typer(help="The skills graph.", no_args_is_help=True, rich_markup_mode=None)
Language = Annotated[str | None, typer.Option(help="Language of the text, e.g. de.")]


@app.command("import")
def import_taxonomy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="starter, esco or onet.")],
    folder: Annotated[Path | None, typer.Argument(help="Where the classification's files lie (esco, onet).")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Languages of ESCO labels to read; repeatable.")] = None,
) -> None:
    """Import a taxonomy, replacing the same source's earlier import."""
    from echo_hub.cli.progress import working
    from echo_hub.store.taxonomy import load_taxonomy, save_taxonomy

    with open_hub(context) as hub, working(f"importing {source}"):
        taxonomy = read_taxonomy(source, folder, tuple(language or ("en",)))
        first = load_taxonomy(hub.database) is None
        save_taxonomy(hub.database, taxonomy)
    if first and source != "starter":
        say("This replaces the built-in starter taxonomy. To use both: echo-hub skills import starter")
    labels = sum(len(skill.labels) for skill in taxonomy.skills.values())
    typer.echo(f"{len(taxonomy.skills)} skills with {labels} labels imported from {source}.")
    for line in taxonomy.sources:
        if line.credit:
            typer.echo(line.credit)


def read_taxonomy(source: str, folder: Path | None, languages: tuple[str, ...]) -> Taxonomy:
    """The taxonomy of that name, read from its folder.

    Raises:
        HubError: an unknown name, a missing folder, file or column.
    """
    from echo_core.connect.errors import ConfigError
    from echo_core.skills.taxonomy import TaxonomyError

    if source == "starter":
        from echo_core.skills.starter import starter

        return starter()
    if source not in {"esco", "onet"}:
        raise typer.BadParameter(f"{source!r} is no source; valid: esco, onet, starter")
    if folder is None:
        raise typer.BadParameter(f"say where the {source} files lie: echo-hub skills import {source} FOLDER")
    try:
        if source == "esco":
            from echo_core.skills.esco import read_esco

            return read_esco(folder, languages=languages)
        from echo_core.skills.onet import read_onet

        return read_onet(folder)
    except TaxonomyError as error:
        raise ConfigError(str(error), code=error.code) from None


@app.command()
def link(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A skill as somebody wrote it.")],
    language: Language = None,
    json: Json = False,
) -> None:
    """Which skill a name means, and why; nothing rather than a guess."""
    from echo_core.skills.linking import Linker

    with open_hub(context) as hub:
        taxonomy = hub.taxonomy()
    found = Linker(taxonomy).link(name, language=language)
    if json:
        print_json(found)
        return
    if found.skill_id is None:
        typer.echo(f"No skill is near enough to {name!r}. {found.reason}")
        for skill_id, score in found.candidates[:5]:
            typer.echo(f"  {score:.2f}  {taxonomy.skills[skill_id].label}  ({skill_id})")
        raise typer.Exit(1)
    typer.echo(f"{taxonomy.skills[found.skill_id].label}  ({found.skill_id})  {found.confidence:.2f}  {found.reason}")


@app.command()
def spot(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Text, or - to read standard input.")],
    language: Language = None,
    json: Json = False,
) -> None:
    """Which skills a text mentions, where, and whether that is sure enough to be used unasked."""
    from echo_core.skills.spotting import Spotter

    if text == "-":
        text = sys.stdin.read()
    with open_hub(context) as hub:
        taxonomy = hub.taxonomy()
    found = Spotter(taxonomy).spot(text, language=language)
    if json:
        print_json(found)
        return
    print_table(
        ("Skill", "Text", "At", "Automatic", "Confidence", "Reason"),
        [
            (taxonomy.skills[s.skill_id].label, s.text, s.start, s.automatic, f"{s.confidence:.2f}", s.reason)
            for s in found
        ],
        empty="No skill is mentioned.",
    )


@app.command()
def queue(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, most frequent first.")] = 50,
    json: Json = False,
) -> None:
    """Skill names from the source systems that no skill is near enough to."""
    with open_hub(context) as hub:
        current = hub.fresh_market()
    waiting = current.unlinked[:limit]
    if json:
        print_json(waiting)
        return
    print_table(
        ("Name", "People", "Opportunities", "Nearest"),
        [(n.label, n.people, n.opportunities, [label for _, label, _ in n.candidates[:3]]) for n in waiting],
        empty="Every skill name is linked.",
    )
    if len(current.unlinked) > limit:
        say(f"{len(current.unlinked) - limit} more; see --limit.")
