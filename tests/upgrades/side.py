"""One release at work on a database that another one uses too. Started by `benchmarks/side_by_side.py`.

    PYTHONPATH=(sources of a release) python side.py URL

reads one command a line and answers each with one line of JSON: `migrate`, `sync`, `list`. Runs under every release
since 20a48ae, whatever its rooms are called.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from company import RECORDS, connector

from echo_hub.store.database import Database, open_database
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import sync_connection

TODAY = date(2026, 5, 1)


def room(*names: str) -> Any:
    """The first of these modules that this release has."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    raise ModuleNotFoundError(f"this release has none of {', '.join(names)}")


def sync(database: Database) -> list[dict[str, Any]]:
    """Reads everything from the beginning."""
    declaration = room("echo_core.connectors.declaration", "echo_core.connect.declaration")
    reports = []
    for name in RECORDS:
        source: Any = connector(declaration.Stream, declaration.Page, name)
        connection = Connection(name, source, SimpleNamespace(region="eu"))
        for report in sync_connection(database, connection, full=True, http=lambda _: None):
            counts = {
                key: getattr(report, key) for key in ("outcome", "written", "unchanged", "removed", "quarantined")
            }
            reports.append({"stream": report.stream, "error": report.error_message, **counts})
    return reports


def listed(database: Database) -> dict[str, Any]:
    """Who is there, what is open, and what suits Ana."""
    build = room("echo_hub.snapshot.build", "echo_hub.market.building")
    feed = room("echo_hub.services.feed", "echo_hub.marketplace.feed")
    made = (getattr(build, "build_snapshot", None) or build.build_market)(database, today=TODAY, people_connection="hr")
    cards = feed.for_you(made, "hr:person:w1").cards
    return {
        "people": [person.fact.name for person in made.people],
        "open": [listing.id for listing in made.listings],
        "for_ana": [card.id for card in cards],
    }


def answer(database: Database, command: str) -> Any:
    """What one command comes to; an error of the hub as its code and sentence."""
    try:
        match command:
            case "migrate":
                database.migrate()
                return {"version": database.version()}
            case "sync":
                return sync(database)
            case "list":
                return listed(database)
            case _:
                return {"error": f"no command {command!r}"}
    except Exception as error:  # noqa: BLE001, the driver shows what a release says, whatever it is
        return {"error": f"{getattr(error, 'error_code', type(error).__name__)}: {error}"}


def main() -> None:
    """Answers commands until there are no more."""
    database = open_database(sys.argv[1], Path())
    for line in sys.stdin:
        print(json.dumps(answer(database, line.strip())), flush=True)  # noqa: T201, the answer
    database.close()


if __name__ == "__main__":
    main()
