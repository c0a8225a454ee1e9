"""`echo-hub receipts`: what people were shown, kept with its inputs, and run again."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub

if TYPE_CHECKING:
    from echo_core.matching import Weights
    from echo_hub.services.views import Kept

app = typer.Typer(
    help="Receipts: what people were shown, and whether the same comes out again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ReceiptId = Annotated[str, typer.Argument(metavar="RECEIPT", help="The id `echo-hub receipts list` shows.")]
Receipt = Annotated[bool, typer.Option("--receipt", help="Keep a receipt of what is shown, to replay it later.")]


@app.command("list")
def list_all(
    context: typer.Context,
    person: Annotated[
        str | None, typer.Option(help="Only this person's: id, employee id, work e-mail or name.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many.")] = 50,
    json: Json = False,
) -> None:
    """List receipts, the latest first."""
    from echo_hub.services.intents.receipts import list_receipts
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        summaries = worded(list_receipts(acting(context, hub), hub, person, limit=limit).receipts)
    if json:
        print_json(summaries)
        return
    print_table(
        ("Receipt", "Shown at", "Person", "List", "Scorer", "Asked for"),
        [
            (summary.id, summary.shown_at, summary.person, summary.surface, summary.scorer_version, summary.asked.text)
            for summary in summaries
        ],
        empty="No receipts. Keep one with: echo-hub match PERSON --receipt",
    )


@app.command()
def show(context: typer.Context, receipt: ReceiptId, json: Json = False) -> None:
    """One receipt: every opportunity as it was shown, and what it was made from."""
    from echo_hub.services.intents import receipts
    from echo_hub.surfaces.messages.wording import worded
    from echo_hub.surfaces.words import points

    with open_hub(context) as hub:
        view = worded(receipts.receipt(acting(context, hub), hub, receipt))
    if json:
        print_json(view)
        return
    typer.echo(f"{view.id}: shown to {view.person} at {view.shown_at:%Y-%m-%d %H:%M}Z, scorer {view.scorer_version}")
    typer.echo(f"{view.surface.replace('_', ' ')}, {view.asked.text}; {view.total} in all\n")
    for item in view.items:
        printed, total = points([reason.contribution for reason in item.reasons], item.score)
        typer.echo(f"{item.place:4}  {total:>5}%  {item.id}  {item.title or ''}".rstrip())
        for reason, share in zip(item.reasons, printed, strict=True):
            typer.echo(f"      {share:>6}  {reason.text}")
        for gap in item.gaps:
            typer.echo(f"      missing: {gap.text}")
        for gate in item.gates:
            typer.echo(f"      {'yes' if gate.passed else 'NO '}  {gate.text}")
    typer.echo("")
    for part in view.inputs:
        typer.echo(f"{part.kind:8}  sha256 {part.sha256}")


@app.command()
def replay(
    context: typer.Context,
    receipt: ReceiptId,
    weights: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Score with this file to see what it would change.")
    ] = None,
    json: Json = False,
) -> None:
    """Run a receipt again from its stored inputs alone; exit code 1 when anything differs without --weights."""
    from echo_hub.services.intents.receipts import replay as again
    from echo_hub.surfaces.messages.catalogue import catalogue
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        changed = None if weights is None else _weights(weights)
        result = worded(again(acting(context, hub), hub, receipt, catalogue().render, changed))
    if json:
        print_json(result)
    else:
        print_table(
            ("Shown at", "Replay", "Shown", "Replay", "Text", "Opportunity", "Title"),
            [
                (
                    *(item.shown_place or "-", item.place or "-"),
                    *("-" if item.shown_score is None else f"{item.shown_score:.6f}", f"{item.score:.6f}"),
                    *("same" if item.same_text else "differs", item.id, item.title),
                )
                for item in result.items
            ],
            empty="The list was empty, and is again.",
        )
        for note in result.notes:
            say(note.text)
        typer.echo(
            f"Identical: every score, place and sentence of {result.receipt} came out again."
            if result.identical
            else f"Not identical to what {result.receipt} shows (scorer {result.scorer_version})."
        )
    if not result.identical and weights is None:
        raise typer.Exit(1)


@app.command()
def prune(
    context: typer.Context,
    older_than: Annotated[str, typer.Option(metavar="DAYS", help="Days to keep, e.g. 180d.")],
    json: Json = False,
) -> None:
    """Remove old receipts, and the inputs that no other receipt needs."""
    from echo_hub.services.intents import receipts

    days = re.fullmatch(r"(\d{1,5})d?", older_than.strip())
    if days is None:
        raise typer.BadParameter("--older-than: write days, e.g. 180d")
    with open_hub(context) as hub:
        gone = receipts.prune(acting(context, hub), hub, older_than=timedelta(days=int(days[1])))
    if json:
        print_json(gone)
        return
    typer.echo(f"Removed {gone.receipts} receipts and {gone.inputs} inputs ({gone.freed / 1e6:.1f} MB).")


def say_kept(kept: Kept | None) -> None:
    """The id of a receipt that was just kept, or why there is none, on standard error."""
    if kept is not None:
        say(kept.problem or f"Receipt {kept.id}. Run it again with: echo-hub receipts replay {kept.id}")


def _weights(file: Path) -> Weights:
    from tomllib import TOMLDecodeError

    from echo_core.matching import WeightsError, read_weights

    try:
        return read_weights(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, TOMLDecodeError, WeightsError, KeyError) as error:
        raise typer.BadParameter(f"--weights: {file} cannot be used: {error}") from None
