"""`echo-hub skills queue`: names no skill is near enough to, and what people decide about them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import open_hub
from echo_hub.surfaces.ids import LARGEST_ID

if TYPE_CHECKING:
    from echo_hub.application import Hub
    from echo_hub.store.decisions import Choice, Decision

app = typer.Typer(help="Names no skill is near enough to: list and decide.", rich_markup_mode=None)
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many, most frequent first.")]
Name = Annotated[str, typer.Argument(help="The name, or its id as `queue list` shows it.")]
Names = Annotated[list[str] | None, typer.Argument(help="Names, or their ids as `queue list` shows them.")]
Note = Annotated[str, typer.Option(help="Why, for whoever asks later.")]
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
    from echo_hub.services.queue import queue_page

    with open_hub(context) as hub:
        page = queue_page(hub.fresh_snapshot(), limit=limit)
    if json:
        print_json(page.items)
        return
    print_table(
        ("Id", "Name", "People", "Opportunities", "From", "Nearest"),
        [
            (
                *(one.id, one.name, one.people, one.opportunities, one.connections),
                [f"{near.skill} ({near.skill_id}) {near.confidence:.2f}" for near in one.candidates[:3]] or one.reason,
            )
            for one in page.items
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
    from echo_hub.services.deciding import Deciding
    from echo_hub.services.queue import waiting

    if bool(names) == (min_confidence is not None):
        raise typer.BadParameter("give names, or --min-confidence for all that are sure enough")
    with open_hub(context) as hub:
        snapshot = hub.fresh_snapshot()
        deciding = Deciding(snapshot)
        if min_confidence is not None:
            choices = deciding.sure_enough(waiting(snapshot), min_confidence)
        else:
            choices = [one for name in names or () for one in deciding.choices("accept", name, note=note)]
        _store(hub, choices, dry_run, json)


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
    from echo_hub.services.deciding import Deciding

    with open_hub(context) as hub:
        choices = Deciding(hub.fresh_snapshot()).choices("map", name, skill=skill, language=language, note=note)
        _store(hub, choices, dry_run, json)


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
    from echo_hub.services.deciding import Deciding

    with open_hub(context) as hub:
        deciding = Deciding(hub.fresh_snapshot())
        choices = deciding.choices("create", name, skill=label, broader=broader, language=language, note=note)
        _store(hub, choices, dry_run, json)


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
    from echo_hub.services.deciding import Deciding

    if not names:
        raise typer.BadParameter("give at least one name")
    with open_hub(context) as hub:
        deciding = Deciding(hub.fresh_snapshot())
        choices = [one for name in names for one in deciding.choices("reject", name, language=language, note=note)]
        _store(hub, choices, dry_run, json)


@app.command()
def undo(
    context: typer.Context,
    decisions: Annotated[
        list[int] | None, typer.Argument(min=0, max=LARGEST_ID, help="Numbers that `queue history` shows.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=0, max=LARGEST_ID, help="Everything that was decided together.")
    ] = None,
    json: Json = False,
) -> None:
    """Take decisions back: each name is again what it was before."""
    from echo_hub.store.decisions import undo_batch, undo_decisions

    if bool(decisions) == (batch is not None):
        raise typer.BadParameter("give decisions, or --batch for all that were made together")
    with open_hub(context) as hub:
        by, now = getpass.getuser(), hub.now()
        if batch is not None:
            undone = undo_batch(hub.database, batch, by=by, now=now)
        else:
            undone = undo_decisions(hub.database, decisions or (), by=by, now=now)
    _show(undone, json, "Nothing was undone.")


@app.command()
def history(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Only this name, or the name with this id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the latest first.")] = 50,
    json: Json = False,
) -> None:
    """List the decisions that were made, undone ones too."""
    from echo_hub.services.queue import history_views
    from echo_hub.store.decisions import decision_history, standing_decisions

    with open_hub(context) as hub:
        found = decision_history(hub.database, limit=limit, about=name)
        views = history_views(found, standing_decisions(hub.database))
    if json:
        print_json(views)
        return
    print_table(
        ("Decision", "Batch", "Name", "Decision", "Skill", "Counts", "By", "At", "Note"),
        [
            (
                one.id,
                one.batch,
                one.name,
                one.action,
                one.skill_id,
                one.counts,
                one.decided_by,
                one.decided_at,
                one.note,
            )
            for one in views
        ],
        empty="Nothing has been decided yet.",
    )


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The CSV file to write; - for standard output.")] = Path("-"),
) -> None:
    """Write the queue as a table: fill in the column `decision` and give it to `queue apply`."""
    from echo_hub.services.decision_file import write_decisions
    from echo_hub.services.queue import items_of, waiting

    with open_hub(context) as hub:
        snapshot = hub.fresh_snapshot()
        names = waiting(snapshot)
        text = write_decisions(items_of(snapshot, names))
    if str(file) == "-":
        sys.stdout.write(text.removeprefix("\ufeff"))
        return
    file.write_text(text, encoding="utf-8", newline="")
    typer.echo(f"{len(names)} names written to {file}.")


@app.command()
def apply(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file as `queue export` writes it; - for standard input.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make the decisions of a table, all or none. Applying it again changes nothing."""
    from echo_hub.services.deciding import Deciding
    from echo_hub.services.decision_file import read_decisions

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} cannot be read as UTF-8 text: {error}") from None
    with open_hub(context) as hub:
        _store(hub, read_decisions(text, Deciding(hub.fresh_snapshot())), dry_run, json)


def _store(hub: Hub, choices: Sequence[Choice], dry_run: bool, json: bool) -> None:
    """Stores choices and shows them, or only shows them."""
    from echo_hub.store.decisions import decide

    if not dry_run:
        _show(decide(hub.database, choices, by=getpass.getuser(), now=hub.now()), json, "Nothing new to decide.")
        return
    if json:
        print_json(choices)
        return
    print_table(
        ("Would", "Name", "Skill", "Skill id", "Confidence"),
        [(one.action, one.label, one.skill, one.skill_id, one.confidence) for one in choices],
        empty="Nothing would be decided.",
    )


def _show(decisions: Sequence[Decision], json: bool, empty: str) -> None:
    from echo_hub.services.queue import DecisionView

    if json:
        print_json([DecisionView.of(one, counts=one.undone_at is None) for one in decisions])
        return
    print_table(
        ("Decision", "Name", "Decision", "Skill", "Skill id"),
        [(one.id, one.choice.label, one.choice.action, one.choice.skill, one.choice.skill_id) for one in decisions],
        empty=empty,
    )
    if decisions:
        say(f"Undo with: echo-hub skills queue undo --batch {decisions[0].batch}")
