"""Fresh clone to the first printed list: `uv run python benchmarks/first_result.py [--runs 3] [--cold]`.

Clones this repository's HEAD into a new folder, runs the README's first command with `--once --json`, and prints the
wall seconds of each step as JSON. `--cold` gives uv an empty cache, so that packages are downloaded too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def once(folder: Path, *, cold: bool) -> dict[str, float]:
    """One clone and one demo; wall seconds per step."""
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    if cold:
        environment["UV_CACHE_DIR"] = str(folder / "uv-cache")
    clone = folder / "echo-hub"
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    seconds["clone_s"] = time.perf_counter() - start
    step = time.perf_counter()
    subprocess.run(["uv", "sync", "--quiet"], cwd=clone, env=environment, check=True)
    seconds["install_s"] = time.perf_counter() - step
    step = time.perf_counter()
    command = ["uv", "run", "echo-hub", "demo", "--once", "--json"]
    done = subprocess.run(command, cwd=clone, env=environment, check=True, capture_output=True, text=True)
    seconds["demo_s"] = time.perf_counter() - step
    seconds["total_s"] = time.perf_counter() - start
    kinds = {row["kind"] for row in json.loads(done.stdout)["opportunities"]}
    if len(kinds) != 4:
        sys.exit(f"the list has only {sorted(kinds)}")
    return seconds


def main() -> None:
    """Prints the runs and their median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    runs = []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            runs.append({key: round(value, 2) for key, value in once(Path(folder), cold=options.cold).items()})
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    print(
        json.dumps(
            {"benchmark": "first_result", "cold": options.cold, "hold_total_s": 60, "median": median, "runs": runs}
        )
    )


if __name__ == "__main__":
    main()
