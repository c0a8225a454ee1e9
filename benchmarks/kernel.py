"""Full load and unchanged pass of 100,000 records into SQLite: Echo Hub's kernel, dlt, and the Singer SDK.

Every pass is a process of its own, start-up included, on the same generated records. Byte code is compiled before
anything is timed, for all alike. CPU is user plus system time; a piped tap and target are added up.

    python benchmarks/kernel.py --peer-python path/to/python/with/dlt/and/singer-sdk [--rounds 3]

prints JSON: per candidate and pass the medians (and the least CPU) of the rounds, ratios to Echo Hub, and whether the
figures the project holds itself to are met. A peer that is not installed is null, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HOLD = {"full_cpu_s": 6.0, "unchanged_cpu_s": 3.0, "peak_mb": 80.0}
PASSES = ("full", "unchanged")


def measure(commands: list[list[str]], env: dict[str, str]) -> dict[str, float]:
    """Runs commands piped into one another; CPU seconds added up, wall seconds, the largest peak in MB.

    Raises:
        RuntimeError: one of them failed; the message ends with what it wrote to stderr.
    """
    started = time.perf_counter()
    processes: list[subprocess.Popen[bytes]] = []
    errors = [tempfile.TemporaryFile() for _ in commands]  # noqa: SIM115 -- closed below, after the processes end
    source: Any = subprocess.DEVNULL
    for command, errors_file in zip(commands, errors, strict=True):
        piped = subprocess.PIPE if command is not commands[-1] else subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=source, stdout=piped, stderr=errors_file, env=env)
        processes.append(process)
        if source is not subprocess.DEVNULL:
            source.close()
        source = process.stdout
    cpu_s = peak_mb = 0.0
    failed = ""
    try:
        for process, errors_file in zip(processes, errors, strict=True):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu_s += usage.ru_utime + usage.ru_stime
            peak_mb = max(peak_mb, usage.ru_maxrss / 1024)
            if process.returncode:
                errors_file.seek(0)
                failed = errors_file.read().decode(errors="replace")[-400:]
    finally:
        for process, errors_file in zip(processes, errors, strict=True):
            errors_file.close()
            if process.returncode is None:
                process.kill()
    if failed:
        raise RuntimeError(failed)
    return {"cpu_s": cpu_s, "wall_s": time.perf_counter() - started, "peak_mb": peak_mb}


def commands_of(candidate: str, python: str, database: Path, count: int) -> list[list[str]]:
    """What one pass of a candidate runs."""
    quiet = [python, "-W", "ignore"]
    if candidate == "singer":
        script = str(HERE / "kernel_singer.py")
        return [[*quiet, script, "tap", str(count)], [*quiet, script, "target", str(database)]]
    return [
        [*quiet, str(HERE / f"kernel_{'hub' if candidate == 'echo_hub' else candidate}.py"), str(database), str(count)]
    ]


def rows_in(candidate: str, database: Path) -> int:
    """How many records a pass has left in its database."""
    connection = sqlite3.connect(database)
    try:
        table = "record" if candidate == "echo_hub" else "employees"
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 -- our own names
    finally:
        connection.close()


def two_passes(candidate: str, python: str, count: int, env: dict[str, str]) -> dict[str, dict[str, float]]:
    """A full load into a new database, then the same again unchanged."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        found = {name: measure(commands_of(candidate, python, database, count), env) for name in PASSES}
        stored = rows_in(candidate, database)
        if stored != count:
            raise RuntimeError(f"{candidate} left {stored} of {count} records")
        return found


def summary(rounds: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Medians over the rounds, and the least CPU, which is nearest to a quiet machine."""
    result: dict[str, dict[str, float]] = {}
    for name in PASSES:
        figures = {key: statistics.median(one[name][key] for one in rounds) for key in ("cpu_s", "wall_s", "peak_mb")}
        figures["least_cpu_s"] = min(one[name]["cpu_s"] for one in rounds)
        result[name] = {key: round(value, 2) for key, value in figures.items()}
    return result


def main() -> None:
    """Measures in interleaved rounds, so that a busy minute hits every candidate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--peer-python", help="a Python with dlt[sqlalchemy] and singer-sdk")
    options = parser.parse_args()
    pythons = {"echo_hub": sys.executable, "dlt": options.peer_python, "singer": options.peer_python}
    reasons: dict[str, str] = {}
    rounds: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in pythons}
    with tempfile.TemporaryDirectory() as byte_code:
        env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env["PYTHONPYCACHEPREFIX"] = byte_code
        for number in range(options.rounds + 1):
            for candidate, python in pythons.items():
                if candidate in reasons:
                    continue
                if python is None:
                    reasons[candidate] = "give --peer-python to measure it"
                    continue
                try:
                    found = two_passes(candidate, python, options.count if number else 2000, env)
                except (RuntimeError, OSError) as error:
                    if candidate == "echo_hub":
                        raise
                    reasons[candidate] = str(error).strip().splitlines()[-1]
                    continue
                if number:
                    rounds[candidate].append(found)
    figures: dict[str, Any] = {name: summary(found) if found else None for name, found in rounds.items()}
    ours = figures["echo_hub"]
    ratios = {
        name: {one: round(figures[name][one]["cpu_s"] / ours[one]["cpu_s"], 2) for one in PASSES}
        for name in ("dlt", "singer")
        if figures[name]
    }
    peak_mb = max(ours[one]["peak_mb"] for one in PASSES)
    met = {
        "full_cpu_s": ours["full"]["cpu_s"] <= HOLD["full_cpu_s"],
        "unchanged_cpu_s": ours["unchanged"]["cpu_s"] <= HOLD["unchanged_cpu_s"],
        "peak_mb": peak_mb <= HOLD["peak_mb"],
    }
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "load": round(os.getloadavg()[0], 2)}
    print(
        json.dumps(
            {
                "benchmark": "kernel",
                "records": options.count,
                "rounds": options.rounds,
                "machine": machine,
                **figures,
                "reasons": reasons,
                "cpu_ratio_to_echo_hub": ratios,
                "hold": HOLD,
                "met": met,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
