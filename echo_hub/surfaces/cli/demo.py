"""`echo-hub demo`: four HR systems, one sync, one person's list; then the pages."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from echo_core.text.neutral import neutral
from echo_hub.surfaces.cli.output import print_json, say
from echo_hub.surfaces.cli.stream import terminal

if TYPE_CHECKING:
    from echo_hub.services.intents.operations import RunReport
    from echo_hub.services.views import ResultList

SHOWN = 12


def demo(
    once: Annotated[bool, typer.Option("--once", help="Print the list and stop, do not serve pages.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (with --once).")] = False,
    fault: Annotated[
        bool, typer.Option("--fault", help="Give the vendors a bad day; the list must be the same.")
    ] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep settings and database in this folder.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of the pages; 0 picks a free one.")] = 8_080,
    person: Annotated[str | None, typer.Option(help="Whose list to print: employee id, e-mail or name.")] = None,
) -> None:
    """Sync a fictional company from four imitated HR systems and show one colleague's list."""
    if json and not once:
        raise typer.BadParameter("--json goes with --once")
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        _run(keep, once=once, json=json, fault=fault, port=port, person=person)
        return
    with tempfile.TemporaryDirectory(prefix="echo-hub-demo-") as folder:
        _run(Path(folder), once=once, json=json, fault=fault, port=port, person=person)


def _run(folder: Path, *, once: bool, json: bool, fault: bool, port: int, person: str | None) -> None:
    from echo_hub.demonstration import demonstration, shown_colleague
    from echo_hub.services.actor import OPERATOR
    from echo_hub.services.intents.feed import for_you
    from echo_hub.surfaces.cli.progress import sync_with_progress, working
    from echo_hub.surfaces.cli.serve import listen, run_server
    from echo_hub.surfaces.messages.wording import worded

    # The fictional data has flaws on purpose; their warnings belong into a log, not between progress bars.
    logging.getLogger("echo_hub.connection").setLevel(logging.ERROR)
    with contextlib.ExitStack() as stack:
        # Bound before anything is synced: a taken port is said at once, not after the work.
        listener = None if once else stack.enter_context(listen("127.0.0.1", port))
        hub, company = stack.enter_context(demonstration(folder, faults=fault, tell=say))
        say(
            f"{company.name}, an invented company: {len(company.people):,} people, {len(company.openings)} jobs, "
            f"{len(company.gigs)} projects, {len(company.mentors)} mentors, {len(company.courses)} learning items.\n"
            f"{len(hub.settings.connections)} imitated systems are up on loopback. Syncing over HTTP:"
        )
        reports = sync_with_progress(OPERATOR, hub, ())
        if any(report.outcome == "stopped" for report in reports):
            say("Stopped.")
            raise typer.Exit(130)
        with working("linking skills and matching"):
            results = for_you(OPERATOR, hub, person or shown_colleague(company).number, limit=SHOWN, in_words=worded)
            assert results.person is not None
        if json:
            print_json(as_document(reports, results))
        else:
            _print_list(reports, results)
        if any(report.outcome not in {"done", "skipped"} for report in reports):
            raise typer.Exit(1)
        if listener is not None:
            say(f"In another terminal: echo-hub --config {folder / 'echo-hub.toml'} runs")
            run_server(
                hub,
                listener,
                worker=True,
                landing=f"/sign-in?{urlencode({'person': results.person.employee_id or results.person.id})}",
            )


def as_document(reports: list[RunReport], results: ResultList) -> dict[str, object]:
    """The JSON of `demo --once --json`."""
    return {
        "person": results.person,
        "runs": reports,
        "opportunities": [
            {
                "id": card.id,
                "kind": card.kind,
                "title": card.title,
                "score": card.score,
                "reasons": card.reasons,
                "gaps": card.gaps,
                "source": card.source,
                "source_url": card.source_url,
            }
            for card in results.cards
        ],
    }


def _plain(text: str) -> str:
    """Text that neither the terminal nor rich's markup takes for anything else."""
    from rich.markup import escape

    return escape(neutral(text))


def _print_list(reports: list[RunReport], results: ResultList) -> None:
    from rich.console import Console
    from rich.table import Table

    from echo_hub.surfaces.words import KIND_WORDS

    console = Console(file=terminal())
    runs = Table(box=None, padding=(0, 2, 0, 0), title="What was synced", title_justify="left", title_style="bold")
    for head in ("Connection", "Stream", "Outcome"):
        runs.add_column(head)
    for head in ("Read", "Written", "Quarantined", "Excluded"):
        runs.add_column(head, justify="right")
    for run in reports:
        numbers = (run.read, run.written, run.quarantined, run.excluded)
        runs.add_row(run.connection, run.stream, run.outcome or "", *(f"{number:,}" for number in numbers))
    console.print(runs)
    assert results.person is not None
    about = ", ".join(part for part in (results.person.title, results.person.org_unit, results.person.location) if part)
    console.print(f"\n[bold]For {_plain(results.person.name)}[/bold], {_plain(about)}\n")
    table = Table(box=None, padding=(0, 2, 1, 0), show_edge=False)
    table.add_column("Match", justify="right", style="bold")
    table.add_column("Kind")
    table.add_column("Opportunity", ratio=2)
    table.add_column("Why", ratio=3)
    for card in results.cards:
        why = [reason.text for reason in card.reasons if reason.contribution > 0][:3] + [
            gap.text for gap in card.gaps[:1]
        ]
        table.add_row(
            f"{(card.score or 0) * 100:.0f}%",
            KIND_WORDS[card.kind],
            f"{_plain(card.title)}\n[dim]{_plain(card.id)}[/dim]",
            _plain("\n".join(why)),
        )
    console.print(table)
    console.print(f"{len(results.cards)} of {results.total} opportunities. Search reaches all of them.")
