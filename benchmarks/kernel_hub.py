"""One pass of Echo Hub's whole kernel over the benchmark's records: migrate, lease, run, pages, sweep, watermark.

Usage: python kernel_hub.py DATABASE_FILE COUNT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kernel_data import pages
from pydantic import AwareDatetime, BaseModel

from echo_core.connectors.declaration import Connector, Page, Stream, StreamContext, Window
from echo_core.model import Person
from echo_hub.store.database import open_database
from echo_hub.sync.connection import Connection
from echo_hub.sync.kernel import sync_connection

COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 0


class Location(BaseModel):
    """The nested object."""

    city: str
    country: str
    building: str


class Employee(BaseModel):
    """Every field of the benchmark's records."""

    id: int
    first_name: str
    last_name: str
    email: str
    title: str
    department: str
    location: Location
    teams: list[str]
    manager_id: int
    fte: float
    created_at: AwareDatetime
    updated_at: AwareDatetime


class Nothing(BaseModel):
    """A configuration without fields."""


def read(_: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """The generated pages, always from the beginning."""
    assert window.since is None
    assert resume is None
    for number, page in enumerate(pages(COUNT), start=1):
        yield Page(page, resume=number, total=COUNT)


def to_person(raw: Employee, _: Any) -> Iterator[Person]:
    """Maps every field."""
    place = raw.location
    yield Person(
        source_id=str(raw.id),
        updated_at=raw.updated_at,
        name=f"{raw.first_name} {raw.last_name}",
        work_email=raw.email,
        title=raw.title,
        manager_id=str(raw.manager_id),
        org_unit=raw.department,
        teams=tuple(raw.teams),
        location=place.building,
        city=place.city,
        country=place.country,
        fte=raw.fte,
        hired_on=raw.created_at.date(),
    )


def streams(_: Any) -> tuple[Stream, ...]:
    """One snapshot stream."""
    return (Stream("employees", Employee, read, to_person, ("person",)),)


def main() -> None:
    """Runs one pass and prints its report."""
    name = __name__
    connector = Connector(
        "bench", "Benchmark", "Generated records", f"{name}:Nothing", f"{name}:Nothing", f"{name}:streams"
    )
    database = open_database(f"sqlite:///{Path(sys.argv[1])}", Path())
    database.migrate()
    [report] = sync_connection(database, Connection("bench", connector, Nothing()), http=lambda _: None)
    outcome = {"outcome": report.outcome, "read": report.read, "written": report.written, "unchanged": report.unchanged}
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
