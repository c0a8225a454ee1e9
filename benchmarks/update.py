"""How soon a change is visible: a new record of a person or an opportunity, until a snapshot shows it. Prints JSON.

    python -m benchmarks.update --people 100000 --opportunities 10000

The company is that of `benchmarks/snapshot.py`. A change is committed as a page of a sync is; what comes after is
timed: the next snapshot, made from the one before, and the first feed, search and candidates from it. `whole` is the
snapshot made from all records, for comparison.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import time
from collections.abc import Callable

from benchmarks.snapshot import NOON, TODAY, Generator, Row, company, company_options
from echo_hub.services.candidates import candidates
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.snapshot import Snapshot, SnapshotHolder, build_snapshot
from echo_hub.store.bulk import upsert_records
from echo_hub.store.database import Database
from echo_hub.store.payloads import written
from echo_hub.store.records import data_revision


def commit(database: Database, rows: list[Row], run: int) -> None:
    """Writes records as a page of a run does."""
    nothing = (None, None, None)
    with database.writing() as transaction:
        streams = {
            (connection, name): identity
            for identity, connection, name in transaction.rows("SELECT id, connection, name FROM stream")
        }
        moment = transaction.moment(NOON)
        upsert_records(
            transaction,
            [
                (
                    *(streams[row.connection, row.stream], row.record.entity, row.record.source_id, None),
                    *(written(row.record).decode(), b"h", *nothing, run, run, moment, *nothing),
                    row.record.payload_version,
                )
                for row in rows
            ],
        )
        transaction.moved(run)


def milliseconds(run: Callable[[], object]) -> tuple[float, float]:
    """What a call takes by the clock and by the processor."""
    started, used = time.perf_counter(), time.process_time()
    run()
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


class Changes:
    """A company's snapshot, and changes to it one after another."""

    def __init__(self, database: Database, generator: Generator) -> None:
        self.database, self.generator = database, generator
        self._holder = SnapshotHolder(
            lambda previous: build_snapshot(database, today=TODAY, previous=previous), lambda: data_revision(database)
        )
        self.snapshot: Snapshot = self._holder.current()
        self.run = 1
        self.draw = random.Random(1)  # noqa: S311, an invented company

    def commit(self, kind: str) -> str:
        """Writes one new record of a person or an opportunity; its public id."""
        if kind == "person":
            row = Row("workday", "workers", self.generator.person(self.draw.randrange(self.generator.people)))
        else:
            row = self.generator.opportunity(self.draw.randrange(self.generator.opportunities))
        self.run += 1
        commit(self.database, [row], self.run)
        return f"{row.connection}:{row.record.entity}:{row.record.source_id}"

    def show(self) -> None:
        """The next snapshot."""
        self.snapshot = self._holder.refresh()

    def ask(self) -> None:
        """What the first readers of a new snapshot ask."""
        for_you(self.snapshot, self.snapshot.people[7].id)
        search(self.snapshot, "lead")
        candidates(self.snapshot, self.snapshot.listings[0].id)


def measured(database: Database, generator: Generator, rounds: int) -> dict[str, object]:
    """Makes changes and times how soon each is visible."""
    changes: list[Changes] = []
    wall, cpu = milliseconds(lambda: changes.append(Changes(database, generator)))
    (company,) = changes
    found: dict[str, object] = {
        "people": len(company.snapshot.people),
        "opportunities": len(company.snapshot.listings),
        "load": round(os.getloadavg()[0], 1),
        "whole": {"s": round(wall / 1000, 2), "cpu_s": round(cpu / 1000, 2)},
    }
    company.ask()
    for kind in ("person", "opportunity"):
        shown, asked = [], []
        for _ in range(rounds):
            public = company.commit(kind)
            shown.append(milliseconds(company.show))
            asked.append(milliseconds(company.ask))
            if public not in company.snapshot.person_rows and public not in company.snapshot.listing_rows:
                raise SystemExit(f"{public} was committed and is not visible")
        found[kind] = {
            "visible": figures(shown),
            "first_feed_search_and_candidates": figures(asked),
            "rounds": rounds,
        }
    found["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    return found


def figures(taken: list[tuple[float, float]]) -> dict[str, float]:
    """Median and worst, by the clock and by the processor."""
    wall, cpu = zip(*taken, strict=True)
    return {
        "median_ms": round(statistics.median(wall), 1),
        "worst_ms": round(max(wall), 1),
        "median_cpu_ms": round(statistics.median(cpu), 1),
        "worst_cpu_ms": round(max(cpu), 1),
    }


def main() -> None:
    """Runs everything once and prints one JSON object; a store that is kept is changed."""
    parser = company_options(__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with company(options) as (database, _, generator):
        print(json.dumps(measured(database, generator, options.rounds), indent=2))


if __name__ == "__main__":
    main()
