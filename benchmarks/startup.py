"""CPU seconds of the commands that must answer at once: `uv run python benchmarks/startup.py [--runs 10]`.

User plus system CPU of the whole process, Python's own start included; the bare interpreter is measured beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys

COMMANDS = {
    "python": ["-c", "pass"],
    "help": ["-m", "echo_hub", "--help"],
    "plugins": ["-m", "echo_hub", "plugins"],
    "plugins_json": ["-m", "echo_hub", "plugins", "--json"],
}


def cpu_s(arguments: list[str]) -> float:
    """CPU seconds of one run."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{arguments} ended with {status}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Prints minimum and median per command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    figures = {}
    for name, arguments in COMMANDS.items():
        cpu_s(arguments)
        measured = [cpu_s(arguments) for _ in range(runs)]
        figures[name] = {"cpu_s_min": round(min(measured), 3), "cpu_s_median": round(statistics.median(measured), 3)}
    print(json.dumps({"benchmark": "startup", "hold_cpu_s": 0.3, "runs": runs, "figures": figures}))


if __name__ == "__main__":
    main()
