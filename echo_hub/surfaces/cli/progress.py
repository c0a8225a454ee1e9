"""Progress on standard error, and a first Ctrl-C or SIGTERM that stops a sync at the next page, not in the middle."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from echo_hub.services.actor import Actor
    from echo_hub.services.hub import Hub
    from echo_hub.services.intents.operations import RunReport, StreamProgress


def _bars() -> Progress:
    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:>6,.0f} read"),
        TextColumn("[dim]{task.fields[note]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """A spinner while something without known length goes on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield


@contextlib.contextmanager
def reading_files() -> Iterator[Callable[[str, int], None]]:
    """One bar per file read; gives what a reader calls with (file name, rows so far)."""
    with _bars() as bars:
        tasks: dict[str, TaskID] = {}

        def show(name: str, rows: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None, note="")
            bars.update(tasks[name], completed=rows)

        yield show


@contextlib.contextmanager
def steps(what: str) -> Iterator[Callable[[int, int], None]]:
    """One bar for work in known steps; gives what is called with (steps done, steps in all)."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bars:
        task = bars.add_task(what, total=None)
        yield lambda done, every: bars.update(task, completed=done, total=every)


@contextlib.contextmanager
def stop_gently() -> Iterator[threading.Event]:
    """The first Ctrl-C or SIGTERM sets the event, the second one ends the process as usual."""
    stop = threading.Event()

    def first(received: int, _: FrameType | None) -> None:
        stop.set()
        restore()
        more = "; press Ctrl-C again to stop at once" if received == signal.SIGINT else ""
        print(f"Stopping after the pages under way{more}.", file=sys.stderr)  # noqa: T201

    def restore() -> None:
        for which, handler in before.items():
            signal.signal(which, handler)

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {which: signal.signal(which, first) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        restore()


def sync_with_progress(
    actor: Actor, hub: Hub, names: Sequence[str], *, full: bool = False, dry_run: bool = False, workers: int = 4
) -> list[RunReport]:
    """Syncs connections side by side, one bar per stream; the reports of all of them."""
    from echo_hub.services.intents import operations

    with _bars() as bars, stop_gently() as stop:
        tasks: dict[tuple[str, str], TaskID] = {}
        lock = threading.Lock()

        def show(step: StreamProgress) -> None:
            key = (step.connection, step.stream)
            with lock:
                if key not in tasks:
                    tasks[key] = bars.add_task(f"{step.connection} {step.stream}", total=None, note="")
            total = step.total if step.outcome is None else max(step.read, 1)
            bars.update(
                tasks[key],
                total=total,
                completed=total if step.outcome == "done" else step.read,
                note=step.outcome or (f"{step.written:,} written" if step.written else ""),
            )

        return operations.sync(actor, hub, names, full=full, dry_run=dry_run, progress=show, stop=stop, workers=workers)
