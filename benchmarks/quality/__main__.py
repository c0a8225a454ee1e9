"""Scores the hub's own linking, spotting and matching against an answer key. Prints a table, or JSON with --json.

    uv run python -m benchmarks.quality TASK --data DIR --key FILE [--language sv]
        [--vectors wordllama [--keep DIR]] [--json]

Another key of the same format scores the same way: nothing is stored per query.
"""

from __future__ import annotations

import argparse
import json
import resource
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.quality.task import Options, Outcome
from benchmarks.quality.title_data import opened

COLUMNS = {
    "related-occupations": ("O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier"),
    "titles": (),
    "title-to-occupation": ("vacancyTitle", "conceptUri"),
    "skill-names": ("nationalSkillLabel", "escoSkillUri", "mappingRelation"),
    "extraction": ("sentence", "label"),
    "title-to-skills": (),
}
"""Columns that the key of each task has; those without are explained in the task's own file."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=tuple(COLUMNS))
    parser.add_argument("--data", type=Path, required=True, help="folder with the taxonomies and sets")
    parser.add_argument("--key", type=Path, required=True, help="answer key in the set's own format")
    parser.add_argument("--language", default="en", help="language of the key, where the task has several")
    parser.add_argument("--vectors", help="wordllama, onnx:FOLDER or own:FILE; the default install when not given")
    parser.add_argument("--keep", type=Path, help="folder where vectors are kept for the next run, see KeptVectors")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.data / "esco").is_dir():
        parser.error(f"--data {options.data} has no folder esco in it; name the folder that holds esco and onet")
    if doubt := wrong_key(options.task, options.key):
        parser.error(f"--key {options.key} {doubt}")
    encoder = None
    if options.vectors:
        from echo_core.skills.embeddings.encoders import EncoderError, open_encoder
        from echo_core.skills.embeddings.vector_cache import KeptVectors

        try:
            model = open_encoder(options.vectors)
        except EncoderError as error:
            parser.error(f"--vectors: {error}")
        encoder = KeptVectors(model, options.keep) if options.keep else model
    task = import_module(f"benchmarks.quality.{options.task.replace('-', '_')}")
    outcome: Outcome = task.run(Options(options.data, options.key, encoder, options.language))
    if options.json:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({**asdict(outcome), "vectors": options.vectors, "peak_mb": peak}, indent=1))
        return
    show(outcome)


def wrong_key(task: str, key: Path) -> str | None:
    """What is wrong with a key at first sight: no file, nothing in it, or not the columns of the task."""
    try:
        with opened(key) as stream:
            head = stream.readline()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        return f"cannot be read ({error})"
    if not head.strip():
        return "is empty"
    judged = task == "titles" or (task == "title-to-occupation" and key.name.startswith("annotations"))
    if judged:
        return None if head.count("\t") == 3 else "is no TREC key: query, 0, document, relevance, parted by tabs"
    lacking = [column for column in COLUMNS[task] if column not in head]
    return f"is no key of {task}: its first line lacks {', '.join(lacking)}" if lacking else None


def show(outcome: Outcome) -> None:
    figures = [row.figures for row in outcome.rows] + [row.figures for row in outcome.published]
    names = list(dict.fromkeys(name for one in figures for name in one))
    table = Table(title=f"{outcome.task}, {outcome.queries} queries")
    table.add_column("method")
    for name in names:
        table.add_column(name, justify="right")
    table.add_column("source")
    for row in outcome.rows:
        cells = [f"{row.figures[name]:.3f}" if name in row.figures else "" for name in names]
        table.add_row(row.method, *cells, "Echo Hub" if row.ours else "baseline", style="bold" if row.ours else None)
    for other in outcome.published:
        cells = [f"{other.figures[name]:.3f}" if name in other.figures else "" for name in names]
        table.add_row(other.method, *cells, other.source, style="dim")
    console = Console(width=160)
    console.print(table)
    for note in outcome.notes:
        console.print(note)


if __name__ == "__main__":
    main()
