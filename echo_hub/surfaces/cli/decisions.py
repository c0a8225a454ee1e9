"""What commands about decisions share: their options, taking back, and the table of decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Annotated, Any

import typer

from echo_hub.surfaces.cli.output import print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

Note = Annotated[str, typer.Option(help="Why, for whoever asks later.")]
Numbers = Annotated[
    list[int] | None,
    typer.Argument(min=0, max=LARGEST_ID, help="Numbers that `history` shows.", metavar="[DECISIONS]..."),
]
Batch = Annotated[int | None, typer.Option(min=0, max=LARGEST_ID, help="Everything that was decided together.")]
Most = Annotated[int, typer.Option(min=1, max=10_000, help="How many, the latest first.")]


def take_back(
    context: typer.Context, intents: ModuleType, numbers: Sequence[int] | None, batch: int | None
) -> Sequence[Any]:
    """Takes decisions back through `intents.undo`; answers them."""
    if bool(numbers) == (batch is not None):
        raise typer.BadParameter("give decisions, or --batch for all that were made together")
    with open_hub(context) as hub:
        undone: Sequence[Any] = intents.undo(acting(context, hub), hub, numbers or (), batch=batch)
    return undone


def show_decisions(
    decisions: Sequence[Any],
    json: bool,
    heads: Sequence[str],
    cells: Callable[[Any], Sequence[object]],
    *,
    empty: str,
    undo_with: str = "",
) -> None:
    """The decisions as a table, or as JSON.

    Args:
        heads, cells: the columns of what was decided.
        undo_with: the command that takes them back together, to be named below the table.
    """
    if json:
        print_json(decisions)
        return
    print_table(
        ("Decision", "Batch", *heads, "Counts", "By", "At", "Note"),
        [
            (
                *(decision.id, decision.batch, *cells(decision)),
                *(decision.counts, decision.decider, decision.decided_at, decision.note),
            )
            for decision in decisions
        ],
        empty=empty,
    )
    if decisions and undo_with:
        say(f"Undo with: {undo_with} --batch {decisions[0].batch}")
