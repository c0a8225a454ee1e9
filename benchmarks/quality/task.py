"""What every task is given and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from echo_core.skills.embeddings.vectors import Encoder


@dataclass(frozen=True)
class Options:
    """What the command line asked for.

    Args:
        data: folder with the taxonomies and sets, laid out as the set folders' READMEs say.
        key: the answer key, in the format of the set; the queries stand in it or beside it.
        encoder: vectors to use, None for the default install.
        language: ISO 639-1 code of the key, where a task has several.
    """

    data: Path
    key: Path
    encoder: Encoder | None = None
    language: str = "en"


@dataclass(frozen=True)
class Row:
    """One method's figures. `ours` marks what the hub itself does; the others are baselines of the same run."""

    method: str
    figures: dict[str, float]
    ours: bool = False


@dataclass(frozen=True)
class Published:
    """A figure somebody else published, with where it stands and on what it was measured."""

    method: str
    figures: dict[str, float]
    source: str


@dataclass
class Outcome:
    """A task's answer: rows in the order to print, `queries` as scored, `seconds` of our own method by step."""

    task: str
    queries: int
    rows: list[Row] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
