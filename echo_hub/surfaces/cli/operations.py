"""What HR operations run: syncs, the record of runs, and removals that wait for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from echo_hub.surfaces.cli.decisions import Note
from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from echo_hub.services.intents.operations import Outcome, RunReport

Names = Annotated[list[str] | None, typer.Argument(help="Connections; all of them when none is named.")]
EXIT_CODES: dict[Outcome, int] = {"failed": 1, "stopped": 130, "cancelled": 130, "paused": 3, "held": 4}
"""2 is a command that was called in a way it does not know."""
RUN_HEADS = (
    "Connection",
    "Stream",
    "Outcome",
    "Read",
    "Written",
    "Unchanged",
    "Removed",
    "Held",
    "Quarantined",
    "Excluded",
    "Repeated",
)


def run_row(run: RunReport) -> tuple[object, ...]:
    """One run as a table row under `RUN_HEADS`."""
    return (
        run.connection, run.stream, run.outcome or "running", run.read, run.written, run.unchanged,
        run.removed, run.held, run.quarantined, run.excluded, run.repeated,
    )  # fmt: skip


def sync(
    context: typer.Context,
    connections: Names = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again, from the beginning.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and compare, write nothing.")] = False,
    json: Json = False,
) -> None:
    """Sync connections now. Can be stopped with Ctrl-C or SIGTERM and resumed by running it again."""
    from echo_hub.surfaces.cli.progress import sync_with_progress

    with open_hub(context, lenient=False) as hub:
        reports = sync_with_progress(acting(context, hub), hub, connections or (), full=full, dry_run=dry_run)
    if json:
        print_json(reports)
    else:
        print_table(RUN_HEADS, [run_row(run) for run in reports], empty="No connection is configured.")
        if dry_run and (rows := [row for run in reports for row in difference_rows(run)]):
            print_table(("Connection", "Stream", "Would be", "Id", "Name", "Field", "Before", "After"), rows, empty="")
        for run in reports:
            if run.error_message:
                say(f"{run.connection}{run.stream and ', '}{run.stream}: {run.error_message} [{run.error_code}]")
            if run.shortened:
                say(f"{run.connection}, {run.stream}: {run.shortened} records had a text too long to keep; it was cut")
            if run.outcome == "held":
                say(f"{run.connection}, {run.stream}: {run.held} removals wait for you. See: echo-hub holds list")
    if any(run.outcome == "stopped" for run in reports):
        say("Stopped. Run it again to go on from there.")
    if code := exit_code(reports):
        raise typer.Exit(code)


def difference_rows(run: RunReport) -> Iterable[tuple[object, ...]]:
    """What a dry run would change: one row per record, or per field of a record that would change."""
    for difference in run.differences:
        record = (run.connection, run.stream, difference.change, difference.source_id, difference.name)
        if not difference.fields:
            yield *record, None, None, None
        for name, (before, after) in difference.fields.items():
            yield *record, name, before, after


def exit_code(reports: Iterable[RunReport]) -> int:
    """What `echo-hub sync` exits with, the first that is true: failed, stopped or cancelled, partial, held; else 0.

    Partial is a list that a system throttled: what was read is stored, and the next sync goes on.
    """
    outcomes = {run.outcome for run in reports}
    return next((code for outcome, code in EXIT_CODES.items() if outcome in outcomes), 0)


def runs(
    context: typer.Context,
    connection: Annotated[str | None, typer.Argument(help="Only this connection.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many, newest first.")] = 30,
    json: Json = False,
) -> None:
    """List past runs, newest first."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        listed = operations.runs(acting(context, hub), hub, connection, limit=limit, configured=True)
    if json:
        print_json(listed)
        return
    print_table(
        ("Run", "Started", *RUN_HEADS, "Error"),
        [(run.run_id, run.started_at, *run_row(run), run.error_message) for run in listed],
        empty="No run yet. Try: echo-hub sync",
    )


def cancel_run(
    context: typer.Context,
    run: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="The number `echo-hub runs` shows.")],
) -> None:
    """Cancel a run under way, in whichever process; what it has stored stays, the next one begins its window anew."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        cancelled = operations.cancel_run(acting(context, hub), hub, run)
    typer.echo(f"Run {run} ({cancelled.connection}, {cancelled.stream}) is cancelled.")


def health(context: typer.Context, json: Json = False) -> None:
    """Whether lists can be made, and every stored item that is left out, with the reason."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        report = operations.health(acting(context, hub), hub, wait=True)
    if json:
        print_json(report)
    else:
        print_table(
            ("Kind", "Which", "Why it is left out"),
            [(item.kind, item.key, item.reason) for item in report.set_aside],
            empty="Nothing that is stored is left out.",
        )
        for kind, count in report.set_aside_counts.items():
            named = sum(item.kind == kind for item in report.set_aside)
            if count > named:
                say(f"{count - named} more of this kind: {kind}.")
    if report.failure is not None:
        raise typer.Exit(1)


holds_app = typer.Typer(help="Removals that wait for a decision.", no_args_is_help=True, rich_markup_mode=None)
HoldId = Annotated[int, typer.Argument(min=0, max=LARGEST_ID, help="The number `echo-hub holds list` shows.")]


@holds_app.command("list")
def holds(context: typer.Context, json: Json = False) -> None:
    """List runs that would remove too many records."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        waiting = operations.holds(acting(context, hub), hub)
    if json:
        print_json(waiting)
        return
    print_table(
        ("Hold", "Connection", "Stream", "Would remove", "Of", "Since", "For example"),
        [(h.id, h.connection, h.stream, h.would_remove, h.live, h.opened_at, (*h.sample[:3], "…")) for h in waiting],
        empty="Nothing waits for a decision.",
    )


@holds_app.command()
def show(
    context: typer.Context,
    hold: HoldId,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many records.")] = 200,
    offset: Annotated[int, typer.Option(min=0, help="How many to skip.")] = 0,
    json: Json = False,
) -> None:
    """List who or what would go if a hold were confirmed."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        missing = operations.hold_records(acting(context, hub), hub, hold, limit=limit, offset=offset)
    if json:
        print_json(missing)
        return
    print_table(
        ("Kind", "Id", "Name"),
        [(record.entity, record.source_id, record.name) for record in missing.records],
        empty="It would remove nothing.",
    )
    if (following := offset + len(missing.records)) < missing.total:
        say(f"{missing.total - following:,} more: --offset {following} goes on, --limit {missing.total} lists all.")


@holds_app.command()
def confirm(context: typer.Context, hold: HoldId, reason: Note = "") -> None:
    """Remove the records a run on hold did not find."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        removed = operations.confirm(acting(context, hub), hub, hold, reason=reason)
    typer.echo(f"Confirmed: {removed} records are removed. A record that comes back in a later run is restored.")


@holds_app.command()
def refuse(context: typer.Context, hold: HoldId, reason: Note = "") -> None:
    """Keep the records a run on hold did not find."""
    from echo_hub.services.intents import operations

    with open_hub(context) as hub:
        operations.refuse(acting(context, hub), hub, hold, reason=reason)
    typer.echo("Refused: nothing is removed. The next complete run asks again if the records are still missing.")
