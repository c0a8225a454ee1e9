"""`echo-hub skills queue`: names no skill is near enough to, and what people decide about them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.decisions import Batch, Most, Note, Numbers, show_decisions, take_back
from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_hub.services.intents.queue import Decided, NameWanted
    from echo_hub.services.queue import NameDecisionView

app = typer.Typer(help="Names no skill is near enough to: list and decide.", rich_markup_mode=None)
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many, most frequent first.")]
Name = Annotated[str, typer.Argument(help="The name, or its id as `queue list` shows it.")]
Names = Annotated[list[str] | None, typer.Argument(help="Names, or their ids as `queue list` shows them.")]
Language = Annotated[str | None, typer.Option(help="Decide for this language only, e.g. de.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be decided, store nothing.")]


@app.callback(invoke_without_command=True)
def queue(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """Skill names from the source systems that no skill is near enough to."""
    if context.invoked_subcommand is None:
        _list(context, limit, json)


@app.command("list")
def list_names(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """List the names that wait for a decision."""
    _list(context, limit, json)


def _list(context: typer.Context, limit: int, json: bool) -> None:
    from echo_hub.services.intents.queue import waiting_names
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        page = worded(waiting_names(acting(context, hub), hub, limit=limit))
    if json:
        print_json(page.items)
        return
    print_table(
        ("Id", "Name", "People", "Opportunities", "From", "Nearest"),
        [
            (
                *(item.id, item.name, item.people, item.opportunities, item.connections),
                [f"{near.skill} ({near.skill_id}) {near.confidence:.2f}" for near in item.candidates[:3]]
                or item.reason.text,
            )
            for item in page.items
        ],
        empty="Every skill name is linked or decided.",
    )
    if page.total > limit:
        say(f"{page.total - limit} more; see --limit.")


@app.command()
def accept(
    context: typer.Context,
    names: Names = None,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Accept for every name whose nearest skill is at least so sure.")
    ] = None,
    note: Note = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Link names to the nearest skill."""
    if bool(names) == (min_confidence is not None):
        raise typer.BadParameter("give names, or --min-confidence for all that are sure enough")
    wanted = [_wanted("accept", name, note=note) for name in names or ()]
    _decide(context, wanted, dry_run, json, min_confidence=min_confidence)


@app.command("map")
def map_name(
    context: typer.Context,
    name: Name,
    skill: Annotated[str, typer.Argument(help="The skill's id or name.")],
    language: Language = None,
    note: Note = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Link a name to a skill, also where the hub had linked it to another one."""
    _decide(context, [_wanted("map", name, skill=skill, language=language, note=note)], dry_run, json)


@app.command()
def create(
    context: typer.Context,
    name: Name,
    label: Annotated[str | None, typer.Option(help="What to call the skill; the name itself when left out.")] = None,
    broader: Annotated[str | None, typer.Option(help="Id or name of a skill above it.")] = None,
    language: Language = None,
    note: Note = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Add a name to the taxonomy as a skill of the company's own."""
    wanted = _wanted("create", name, skill=label, broader=broader, language=language, note=note)
    _decide(context, [wanted], dry_run, json)


@app.command()
def reject(
    context: typer.Context,
    names: Names = None,
    language: Language = None,
    note: Note = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Say that names are no skills: they are never linked and never asked about again."""
    if not names:
        raise typer.BadParameter("give at least one name")
    wanted = [_wanted("reject", name, language=language, note=note) for name in names]
    _decide(context, wanted, dry_run, json)


@app.command()
def undo(context: typer.Context, decisions: Numbers = None, batch: Batch = None, json: Json = False) -> None:
    """Take decisions back: each name is again what it was before."""
    from echo_hub.services.intents import queue as intents

    _show(take_back(context, intents, decisions, batch), json, "Nothing was undone.")


@app.command()
def history(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Only this name, or the name with this id.")] = None,
    limit: Most = 50,
    json: Json = False,
) -> None:
    """List the decisions that were made, undone ones too."""
    from echo_hub.services.intents import queue as intents

    with open_hub(context) as hub:
        decisions = intents.history(acting(context, hub), hub, name, limit=limit)
    _show(decisions, json, "Nothing has been decided yet.")


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The CSV file to write; - for standard output.")] = Path("-"),
) -> None:
    """Write the queue as a table: fill in the column `decision` and give it to `queue apply`."""
    from echo_hub.services.intents import queue as intents
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        text, count = intents.export(acting(context, hub), hub, worded)
    if str(file) == "-":
        sys.stdout.write(text.removeprefix("\ufeff"))
        return
    file.write_text(text, encoding="utf-8", newline="")
    typer.echo(f"{count} names written to {file}.")


@app.command()
def apply(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file as `queue export` writes it; - for standard input.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make the decisions of a table, all or none. Applying it again changes nothing."""
    from echo_hub.services.intents.queue import apply_table

    try:
        table = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}") from None
    with open_hub(context) as hub:
        decided = apply_table(acting(context, hub), hub, table, dry_run=dry_run)
    _tell(decided, dry_run, json)


def _wanted(action: str, name: str, **more: str | None) -> NameWanted:
    from echo_hub.services.intents.queue import NameWanted

    return NameWanted.model_validate({"action": action, "name": name, **more})


def _decide(
    context: typer.Context,
    wanted: Sequence[NameWanted],
    dry_run: bool,
    json: bool,
    *,
    min_confidence: float | None = None,
) -> None:
    from echo_hub.services.intents.queue import decide_names

    with open_hub(context) as hub:
        decided = decide_names(acting(context, hub), hub, wanted, min_confidence=min_confidence, dry_run=dry_run)
    _tell(decided, dry_run, json)


def _tell(decided: Decided, dry_run: bool, json: bool) -> None:
    """Shows what was decided, or what would be."""
    if not dry_run:
        _show(decided.decisions, json, "Nothing new to decide.", "echo-hub skills queue undo")
        return
    if json:
        print_json(decided.planned)
        return
    print_table(
        ("Would", "Name", "Skill", "Skill id", "Confidence"),
        [(plan.action, plan.label, plan.skill, plan.skill_id, plan.confidence) for plan in decided.planned],
        empty="Nothing would be decided.",
    )


def _show(decisions: Sequence[NameDecisionView], json: bool, empty: str, undo_with: str = "") -> None:
    show_decisions(
        decisions,
        json,
        ("Name", "Decision", "Skill", "Skill id"),
        lambda decision: (decision.name, decision.action, decision.skill, decision.skill_id),
        empty=empty,
        undo_with=undo_with,
    )
