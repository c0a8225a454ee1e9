"""How the snapshot scales: build time and memory, one person's feed, candidates, search. Prints JSON.

    python benchmarks/snapshot.py --people 100000 --opportunities 10000

The company is invented by a seeded generator; skills are drawn with the skew of real skill lists. It is written into
an SQLite store in bulk, past the sync, and the snapshot is built from there in a process of its own. `cpu_s` is beside
`build_s` because a busy machine stretches the latter; `load` is the load average when the build began.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from echo_core.model import (
    Job,
    Language,
    LearningPath,
    Mentorship,
    Person,
    PersonRef,
    Project,
    Record,
    Requirement,
    SkillClaim,
)
from echo_core.skills.taxonomy.graph import GROUP
from echo_core.skills.taxonomy.starter import starter
from echo_hub.services.candidates import candidates
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.snapshot import SnapshotHolder, build_snapshot
from echo_hub.store.bulk import upsert_records
from echo_hub.store.database import FILE_NAME, Database, open_database
from echo_hub.store.payloads import written

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNTRIES = ("DE", "SE", "GB", "US", "ES", "FR", "NL", "PL", "IN", "BR", "CA", "JP")
LANGUAGES = ("en", "de", "sv", "es", "fr", "nl", "pl", "pt", "ja")
UNITS = ("Platform", "Payments", "Data", "People", "Finance", "Design", "Growth", "Support")
STANCES = ("has",) * 12 + ("wants_to_learn",) * 2 + ("wants_to_use", "teaches")


@dataclass(frozen=True)
class Row:
    """A stored record."""

    connection: str
    stream: str
    record: Record


class Generator:
    """Records of an invented company, one at a time."""

    def __init__(self, people: int, opportunities: int, seed: int) -> None:
        self.people = people
        self.opportunities = opportunities
        self.random = random.Random(seed)  # noqa: S311, an invented company
        self.skills = [skill.label for skill in starter() if skill.kind != GROUP]
        self.random.shuffle(self.skills)
        self.weights = [1.0 / (place + 20) for place in range(len(self.skills))]

    def rows(self) -> Iterator[Row]:
        """Everything the store would hold."""
        for number in range(self.people):
            yield Row("workday", "workers", self.person(number))
        for number in range(self.opportunities):
            yield self.opportunity(number)

    def _some(self, least: int, most: int) -> list[str]:
        count = self.random.randint(least, most)
        return list(dict.fromkeys(self.random.choices(self.skills, self.weights, k=count)))

    def person(self, number: int) -> Person:
        """A person with this number, another one each time."""
        draw = self.random
        return Person(
            source_id=f"w{number}",
            name=f"Person {number}",
            employee_id=f"E{number}",
            work_email=f"p{number}@example.org",
            manager_id=f"w{number // 8}" if number else None,
            country=draw.choice(COUNTRIES),
            languages=tuple(Language(code=code) for code in {"en", draw.choice(LANGUAGES)}),
            skills=tuple(
                SkillClaim.model_construct(
                    label=label, level=draw.choice((None, 1, 2, 3, 4, 5)), stance=draw.choice(STANCES)
                )
                for label in self._some(8, 24)
            ),
        )

    def opportunity(self, number: int) -> Row:
        """An opportunity with this number, another one each time."""
        draw = self.random
        named = self._some(4, 10)
        words = " ".join(draw.choices(self.skills, k=40))
        common = {
            "source_id": str(number),
            "title": f"{draw.choice(named)} {draw.choice(('engineer', 'lead', 'analyst', 'manager'))} {number}",
            "description": f"We look for people. Requirements:\n{words}",
            "posted_at": NOON - timedelta(hours=number),
        }
        asked = tuple(
            Requirement(
                label=label, level=draw.choice((None, 2, 3, 4)), importance=draw.choice(("essential", "desired"))
            )
            for label in named
        )
        taught = tuple(Requirement(label=label, importance="teaches") for label in named[:4])
        match draw.choice(("job", "job", "project", "mentorship", "learning_path")):
            case "job":
                return Row("ats", "jobs", Job(**common, requirements=asked, countries=(draw.choice(COUNTRIES),)))
            case "project":
                return Row(
                    "exchange",
                    "projects",
                    Project(**common, requirements=asked, hours_per_week=draw.choice((4, 8, 20))),
                )
            case "mentorship":
                owner = PersonRef(scheme="employee_id", value=f"E{draw.randrange(self.people)}")
                return Row(
                    "exchange",
                    "mentors",
                    Mentorship(**common, requirements=taught, owner=owner, seats=2, seats_taken=1),
                )
            case _:
                return Row(
                    "lxp", "paths", LearningPath(**common, requirements=taught, languages=(draw.choice(LANGUAGES),))
                )


def timed(run: Callable[[int], object], count: int) -> dict[str, float]:
    """p50 and p99 in milliseconds over `count` calls, by the clock and by the processor's time."""
    spent, used = [], []
    for number in range(count):
        started, began = time.perf_counter(), time.process_time()
        run(number)
        spent.append((time.perf_counter() - started) * 1000)
        used.append((time.process_time() - began) * 1000)
    by_clock, by_cpu = statistics.quantiles(spent, n=100), statistics.quantiles(used, n=100)
    return {
        "p50_ms": round(by_clock[49], 3),
        "p99_ms": round(by_clock[98], 3),
        "p50_cpu_ms": round(by_cpu[49], 3),
        "p99_cpu_ms": round(by_cpu[98], 3),
        "most_ms": round(max(spent), 3),
        "calls": count,
    }


def fill(database: Database, generator: Generator) -> None:
    """Writes the company into an empty store, a few thousand records at a time."""
    streams: dict[tuple[str, str], int] = {}
    rows: list[tuple[object, ...]] = []
    nothing = (None, None, None)
    with database.writing() as transaction:
        moment = transaction.moment(NOON)
        for row in generator.rows():
            stream = streams.get((row.connection, row.stream))
            if stream is None:
                stream = streams[row.connection, row.stream] = len(streams) + 1
                transaction.run(
                    "INSERT INTO stream (id, connection, name, restarts, cursor_version) VALUES (?, ?, ?, 0, 1)",
                    (stream, row.connection, row.stream),
                )
            record = row.record
            payload = written(record).decode()
            key = (stream, record.entity, record.source_id, None)
            rows.append((*key, payload, b"h", *nothing, 1, 1, moment, *nothing, record.payload_version))
            if len(rows) == 5000:
                upsert_records(transaction, rows)
                rows.clear()
        upsert_records(transaction, rows)


def measured(database: Database, options: argparse.Namespace, words: list[str]) -> dict[str, object]:
    """Builds the snapshot and asks it."""
    load = os.getloadavg()[0]
    started, used = time.perf_counter(), time.process_time()
    snapshot = SnapshotHolder(lambda _: build_snapshot(database, today=TODAY), lambda: 0).current()
    build_s, cpu_s = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    draw = random.Random(options.seed)  # noqa: S311, an invented company
    count = len(snapshot.listings)
    work = [one.id for one in snapshot.listings if one.kind in ("job", "project")]
    teaching = [one.id for one in snapshot.listings if one.kind not in ("job", "project")]
    first = timed(lambda _: candidates(snapshot, snapshot.listings[0].id), 2)  # makes what all candidates share
    return {
        "people": len(snapshot.people),
        "opportunities": count,
        "skills": len(snapshot.space),
        "load": round(load, 1),
        "build_s": round(build_s, 2),
        "cpu_s": round(cpu_s, 2),
        "peak_rss_mb": round(peak, 1),
        "feed": timed(lambda _: for_you(snapshot, f"workday:person:w{draw.randrange(options.people)}"), options.calls),
        "first_candidates_ms": first["most_ms"],
        "candidates": timed(lambda _: candidates(snapshot, draw.choice(work)), options.calls),
        "candidates_of_teaching": timed(lambda _: candidates(snapshot, draw.choice(teaching)), options.calls // 2),
        "search": timed(lambda at: search(snapshot, f"{words[at % len(words)]} {at}"), options.calls),
        "search_one_word": timed(lambda at: search(snapshot, words[at % len(words)]), len(words)),
        "search_filtered": timed(
            lambda at: search(snapshot, words[at % len(words)], Filters(kind=("job",), country=("DE",))), options.calls
        ),
        "browse": timed(lambda at: search(snapshot, "", offset=at), options.calls),
        "rss_after_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def company_options(about: str | None, *, people: int = 10_000, opportunities: int = 10_000) -> argparse.ArgumentParser:
    """The options of a benchmark over an invented company; `company` takes what they come to."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--people", type=int, default=people)
    parser.add_argument("--opportunities", type=int, default=opportunities)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--store", type=Path, help="keep the store in this folder, or use the one that is there")
    return parser


@contextmanager
def company(options: argparse.Namespace) -> Iterator[tuple[Database, Path, Generator]]:
    """The store of an invented company, its folder, and the generator it came from."""
    generator = Generator(options.people, options.opportunities, options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.store or Path(temporary)
        there = (folder / FILE_NAME).exists()
        database = open_database(None, folder)
        database.migrate()
        if not there and os.fork() == 0:  # in another process, so that making it leaves no memory behind
            fill(database, generator)
            os._exit(0)
        if not there:
            os.wait()
        yield database, folder, generator
        database.close()


def main() -> None:
    """Runs everything once and prints one JSON object."""
    parser = company_options(__doc__)
    parser.add_argument("--calls", type=int, default=300)
    options = parser.parse_args()
    with company(options) as (database, _, generator):
        words = [f"{one} {other}" for one in generator.skills[:40] for other in ("", "engineer", "manager")]
        print(json.dumps(measured(database, options, words), indent=2))


if __name__ == "__main__":
    main()
