"""How cost grows with the company: the same figures for several numbers of people, in one table. Prints JSON.

    uv run --extra batch --group peers python -m benchmarks.growth --people 10000 100000 500000

Runs `snapshot`, `update` and `rematch` for each size, each in a process of its own on one store, one after another.
`--markdown` prints the table instead.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
ROWS: tuple[tuple[str, Callable[[Figures], object]], ...] = (
    ("snapshot from the store, s", lambda one: one["snapshot"]["build_s"]),
    ("its memory, MB", lambda one: one["snapshot"]["peak_rss_mb"]),
    ("a changed person visible, ms", lambda one: one["update"]["person"]["visible"]["median_ms"]),
    ("a changed opportunity visible, ms", lambda one: one["update"]["opportunity"]["visible"]["median_ms"]),
    ("one list with reasons, p50 / p99 ms", lambda one: both(one["snapshot"]["feed"])),
    ("candidates for work, p50 / p99 ms", lambda one: both(one["snapshot"]["candidates"])),
    ("candidates for teaching, p50 / p99 ms", lambda one: both(one["snapshot"]["candidates_of_teaching"])),
    ("search with filters and facets, p50 / p99 ms", lambda one: both(one["snapshot"]["search_filtered"])),
    ("everybody's best 20, s", lambda one: one["rematch"]["ours_s"]),
    ("bare sparse product of the same, s", lambda one: one["rematch"]["bare_s"]),
)
"""What is compared, and where it stands in the figures of one size."""


def both(timed: dict[str, float]) -> str:
    """p50 / p99 by the clock."""
    return f"{timed['p50_ms']:.1f} / {timed['p99_ms']:.1f}"


def run(module: str, *options: str) -> Figures:
    """What another benchmark prints.

    Raises:
        SystemExit: it failed; its errors are on stderr.
    """
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *options], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit(f"benchmarks.{module} {' '.join(options)} failed")
    figures: Figures = json.loads(done.stdout)
    return figures


def measured(people: int, opportunities: int, calls: int, rounds: int) -> Figures:
    """All figures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        company = ("--people", str(people), "--opportunities", str(opportunities), "--store", folder)
        snapshot = run("snapshot", *company, "--calls", str(calls))
        rematch = run("rematch", "--store", folder, "--rounds", str(rounds), "--sample", "100")
        update = run("update", *company, "--rounds", "9")
    return {"snapshot": snapshot, "update": update, "rematch": rematch}


def table(found: dict[int, Figures]) -> str:
    """Markdown: a column per size."""
    lines = ["| people | " + " | ".join(f"{size:,}" for size in found) + " |", "|---" * (len(found) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(str(read(one)) for one in found.values()) + " |" for name, read in ROWS]
    return "\n".join(lines)


def main() -> None:
    """Runs everything and prints one JSON object, or the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--opportunities", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--keep", type=Path, help="write the JSON to this file as well")
    options = parser.parse_args()
    found = {
        people: measured(people, options.opportunities, options.calls, options.rounds) for people in options.people
    }
    text = json.dumps(found, indent=2)
    if options.keep:
        options.keep.write_text(text)
    print(table(found) if options.markdown else text)


if __name__ == "__main__":
    main()
