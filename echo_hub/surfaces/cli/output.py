"""How commands answer: aligned columns for people, JSON for programs. Progress and notes go to standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from echo_core.text.neutral import escaped_json, neutral

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
WIDEST = 60


def print_json(value: Any) -> None:
    """One JSON document on standard output: dataclasses and view models become objects, moments ISO text."""
    typer.echo(escaped_json(json.dumps(value, default=_plain, ensure_ascii=False, indent=2)))


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Aligned columns; the last one takes what room the terminal has left. `empty` is said when there are no rows."""
    texts = [["" if cell is None else _cell(cell) for cell in row] for row in rows]
    if not texts:
        typer.echo(empty)
        return
    widths = [min(WIDEST, max(len(head), *(len(row[index]) for row in texts))) for index, head in enumerate(heads)]
    room = shutil.get_terminal_size((120, 24)).columns - sum(widths[:-1]) - 2 * (len(heads) - 1)
    # A pipe has no width: whoever reads it gets the whole text.
    widths[-1] = max(20, room) if sys.stdout.isatty() else max(len(row[-1]) for row in [list(heads), *texts])
    for row in [list(heads), *texts]:
        cells = [_fit(text, width).ljust(width) for text, width in zip(row, widths, strict=True)]
        typer.echo("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}Z"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return " ".join(neutral(", ".join(str(item) for item in value)).split())
    return " ".join(neutral(str(value)).split())


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def say_credits(lines: Iterable[str]) -> None:
    """The sentences that the licences of the names just shown ask for, on standard error."""
    for line in lines:
        say(line)


def say(text: str) -> None:
    """A note for the person at the keyboard, on standard error."""
    typer.echo(neutral(text), err=True)
