"""A tiny company with every trap in it, a served sandbox, and a way to run a stream as the kernel would."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from echo_core.connectors import CheckResult, Stream, StreamContext, Window
from echo_core.connectors.declaration import load
from echo_core.testing.company import Colleague, Company, Site, Unit
from echo_core.testing.driving import FakeClock, StreamRun, drive, open_context, sandbox_config
from echo_core.testing.sandbox import Faults, SandboxServer
from echo_hub_workday import CONNECTOR
from echo_hub_workday.config import WorkdayConfig
from echo_hub_workday.sandbox import OWNER, TENANT, SandboxReport, WorkdaySandbox

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE_BY_PASSWORD = {
    "host": "wd5-services1.myworkday.com",
    "tenant": "acme",
    "report_owner": "echo_reports",
    "user": "ISU_Echo",
    "password": "invented-password",
}


class Run(StreamRun):
    """A run whose refused rows are told by their errors."""

    @property
    def quarantined(self) -> list[Exception]:
        return [row.error for row in self.rejected]


@dataclass
class Connection:
    """A connection as the kernel holds it, over a client whose clock is ours."""

    context: StreamContext
    config: WorkdayConfig
    clock: FakeClock
    server: SandboxServer

    def stream(self, name: str) -> Stream:
        return next(stream for stream in CONNECTOR.streams_for(self.config) if stream.name == name)

    def run(self, name: str = "workers") -> Run:
        return Run(**vars(drive(self.stream(name), self.context, Window(None, self.clock.now()))))

    def check(self) -> list[CheckResult]:
        assert CONNECTOR.check is not None
        return list(load(CONNECTOR.check)(self.context))


@pytest.fixture
def config() -> Callable[..., WorkdayConfig]:
    """A configuration with changes: `config(values={...})`."""
    return lambda **changes: WorkdayConfig.model_validate({**PEOPLE_BY_PASSWORD, **changes})


@pytest.fixture
def connect() -> Iterator[Callable[..., Connection]]:
    """Serves a sandbox over loopback and connects to it: `connect(sandbox, faults=..., values={...})`."""
    with ExitStack() as stack:

        def opened(sandbox: WorkdaySandbox, *, faults: Faults | None = None, **changes: Any) -> Connection:
            server = stack.enter_context(SandboxServer(sandbox, faults=faults))
            settings = sandbox_config(CONNECTOR, server.connection, **changes)
            assert isinstance(settings, WorkdayConfig)
            clock = FakeClock(NOW)
            context = stack.enter_context(open_context(CONNECTOR, settings, clock, read_timeout_s=1.0))
            return Connection(context, settings, clock, server)

        yield opened


@pytest.fixture
def tenant(connect: Callable[..., Connection]) -> Callable[..., Connection]:
    """A tenant whose people report holds just these rows, with no other reports."""

    def of(rows: Sequence[Mapping[str, Any]], **changes: Any) -> Connection:
        sandbox = WorkdaySandbox({"Echo_Workers": SandboxReport(list(rows))})
        settings = {"workers": {}, "languages": {}, "skills": {"enabled": False}, "attempts": 2, **changes}
        return connect(sandbox, **settings)

    return of


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    """A plain row of the people report with changes; a change to None takes the column away."""

    def plain(**changes: Any) -> dict[str, Any]:
        whole = {
            "Workday_ID": "a" * 32,
            "Worker_ID": "21001",
            "Worker_Type": "Employee",
            "Active": "1",
            "Preferred_Name": "Ada Example",
            "Supervisory_Org_ID": "SUP-1",
            "Supervisory_Org": "Platform",
            "Hire_Date": "2020-05-01",
            **changes,
        }
        return {key: value for key, value in whole.items() if value is not None}

    return plain


@pytest.fixture
def report_path() -> str:
    """The path of the people report, as requests show it."""
    return f"/ccx/service/customreport2/{TENANT}/{OWNER}/Echo_Workers"


@pytest.fixture
def recordings() -> Callable[[str], Any]:
    """One of our recordings, read as JSON."""
    folder = Path(__file__).parent.parent / "recordings"
    return lambda name: json.loads((folder / name).read_text(encoding="utf-8"))


@pytest.fixture
def company() -> Company:
    """Eight workers: employees, a contractor without mail, a converted one with two worker objects, a leaver of
    long ago, a future hire, one on leave."""
    sites = (
        Site("par", "Paris, Opéra", "Paris", "FR", "France", "Europe/Paris", "fr"),
        Site("nyc", "New York", "New York", "US", "United States of America", "America/New_York", "en"),
    )
    units = (Unit("company", "Company", None), Unit("rnd", "Research & Development", "company"))
    people = (
        _colleague("E1", "Grace O'Hara", is_manager=True, unit="company"),
        _colleague("E2", "Noé Petit", manager="E1", site="par", languages=(("fr", 5), ("en", 3))),
        _colleague("C-0042X", "Sam Contract", manager="E1", worker_type="contingent", email=None),
        _colleague("E4", "Kim Convert", human="U-77", manager="E1", hired_on=date(2026, 2, 1)),
        _colleague(
            "C-0004Z",
            "Kim Convert",
            human="U-77",
            email="e4@acme.example",
            worker_type="contingent",
            status="left",
            left_on=date(2026, 1, 31),
        ),
        _colleague("E6", "Lou Gone", status="left", left_on=date(2025, 6, 30)),
        _colleague("E7", "Nia Next", manager="E1", status="future", hired_on=date(2026, 4, 1)),
        _colleague("E8", "Ola Away", manager="E1", status="on_leave"),
    )
    nothing: tuple[Any, ...] = ()
    return Company(
        "Acme", "acme.example", NOW.date(), sites, units, people, nothing, nothing, nothing, nothing, nothing
    )


def _colleague(number: str, name: str, **changes: Any) -> Colleague:
    whole: dict[str, Any] = {
        "number": number,
        "wid": f"{abs(hash_of(number)):032x}",
        "human": f"U-{number}",
        "name": name,
        "login": number.lower(),
        "email": f"{number.lower()}@acme.example",
        "worker_type": "employee",
        "status": "active",
        "title": "R&D Engineer",
        "profile": "Engineer",
        "grade": 2,
        "unit": "rnd",
        "site": "nyc",
        "manager": None,
        "is_manager": False,
        "hired_on": date(2021, 1, 4),
        "left_on": None,
        "fte": 0.8,
        "languages": (("en", 5),),
        "skills": (("Python", 4), ("C++", 2), ("C#", 3)),
        "wants": (),
        **changes,
    }
    return Colleague(**whole)


def hash_of(number: str) -> int:
    return int.from_bytes(number.encode().ljust(16, b"."))
