"""A tiny company, a served sandbox and a way to run one stream as the kernel would."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from echo_core.connectors import Page, Retry, Stream, StreamContext, Window
from echo_core.testing.company import Colleague, Company, Opening, Site, Unit
from echo_core.testing.driving import FakeClock, StreamRun, drive, open_context, sandbox_config
from echo_core.testing.sandbox import Faults, SandboxConnection, SandboxServer
from echo_hub_greenhouse import CONNECTOR
from echo_hub_greenhouse.config import GreenhouseConfig
from echo_hub_greenhouse.sandbox import GreenhouseSandbox

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Connection:
    """A connection as the kernel holds it, over a client whose clock is ours."""

    context: StreamContext
    config: GreenhouseConfig
    clock: FakeClock

    def stream(self, name: str) -> Stream:
        return next(stream for stream in CONNECTOR.streams_for(self.config) if stream.name == name)

    def window(self, since: datetime | None = None) -> Window:
        return Window(since, self.clock.now() - timedelta(minutes=1))

    def pages(self, name: str, *, since: datetime | None = None, resume: Any = None) -> Iterator[Page]:
        return self.stream(name).read(self.context, self.window(since), resume)

    def run(self, name: str, *, since: datetime | None = None, resume: Any = None) -> StreamRun:
        run = drive(self.stream(name), self.context, self.window(since), resume)
        if run.rejected:
            raise run.rejected[0].error
        return run


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def open_connection(clock: FakeClock) -> Iterator[Callable[..., Connection]]:
    """`open_connection(settings, **changes)`: a connection to what a sandbox's `connection(url)` describes."""
    with ExitStack() as opened:

        def connect(settings: SandboxConnection, *, read_timeout_s: float = 5.0, **changes: Any) -> Connection:
            config = sandbox_config(CONNECTOR, settings, **changes)
            asked = open_context(
                CONNECTOR,
                config,
                clock,
                name=settings.name,
                retry=Retry(attempts=6),
                read_timeout_s=read_timeout_s,
            )
            return Connection(opened.enter_context(asked), config, clock)

        yield connect


@pytest.fixture
def serve() -> Iterator[Callable[..., SandboxServer]]:
    """`serve(sandbox, faults=None)`: the sandbox over real HTTP on loopback."""
    with ExitStack() as stack:

        def start(sandbox: GreenhouseSandbox, faults: Faults | None = None) -> SandboxServer:
            return stack.enter_context(SandboxServer(sandbox, faults=faults))

        yield start


def _opening(key: int, title: str, **changes: Any) -> Opening:
    facts: dict[str, Any] = {
        "unit": "platform",
        "site": "sto",
        "html": f"<p>About {title}.</p><ul><li>Python &amp; SQL</li><li>Kafka</li></ul>",
        "language": "en",
        "essential": (("Python", 4),),
        "desired": (("Apache Kafka", 2),),
        "opened_on": date(2026, 1, 5),
        "remote": "on_site",
        "manager": "E1",
        **changes,
    }
    return Opening(key=key, title=title, **facts)


def _colleague(number: str, name: str, **changes: Any) -> Colleague:
    login = name.split()[0].lower()
    facts: dict[str, Any] = {
        **{"wid": number * 16, "human": number, "login": login, "email": f"{login}@tiny.example"},
        **{"worker_type": "employee", "status": "active", "title": "Head of Platform", "profile": "Lead", "grade": 6},
        **{"unit": "platform", "site": "sto", "manager": None, "is_manager": True, "hired_on": date(2020, 1, 1)},
        **{"left_on": None, "fte": 1.0, "languages": (), "skills": (), "wants": (), **changes},
    }
    return Colleague(number=number, name=name, **facts)


@pytest.fixture(scope="session")
def company() -> Company:
    """Twelve openings that stand for every case, and nothing else of a company."""
    return Company(
        name="Tiny",
        domain="tiny.example",
        today=date(2026, 3, 1),
        sites=(
            Site("sto", "Stockholm, Slussen", "Stockholm", "SE", "Sweden", "Europe/Stockholm", "sv"),
            Site("nyc", "New York, Chelsea", "New York", "US", "United States", "America/New_York", "en"),
        ),
        units=(Unit("company", "Company", None), Unit("platform", "Platform", "company")),
        people=(_colleague("E1", "Hana Berg"), _colleague("E2", "Rosa Quist", title="Recruiter")),
        openings=(
            _opening(1, "Backend Engineer"),
            _opening(2, "Data Engineer", external=True, remote="hybrid"),
            _opening(3, "Site Reliability Engineer", remote="remote", site="nyc"),
            _opening(4, "Plattformsutvecklare", language="sv"),
            _opening(5, "Anywhere Engineer", remote="remote"),
            _opening(6, "Secret Officer", flag="confidential"),
            _opening(7, "Unpublished Outside", external=True),
            _opening(8, "Engineer Template", flag="template"),
            _opening(9, "Future Engineer", flag="draft"),
            _opening(10, "Filled and still live", flag="closed"),
            _opening(11, "Filled and taken down", flag="closed"),
            _opening(12, "Withdrawn Engineer", flag="deleted"),
        ),
        gigs=(),
        mentors=(),
        courses=(),
    )


@pytest.fixture
def sandbox(company: Company, clock: FakeClock) -> GreenhouseSandbox:
    return GreenhouseSandbox.from_company(company, clock=clock)


@pytest.fixture
def harvest(
    sandbox: GreenhouseSandbox,
    serve: Callable[..., SandboxServer],
    open_connection: Callable[..., Connection],
) -> Connection:
    """A Harvest connection to the tiny company."""
    return open_connection(serve(sandbox).connection)


@pytest.fixture(scope="session")
def recording() -> Callable[[str], Any]:
    """`recording("job_posts.json")`: one of our own invented payloads."""
    folder = Path(__file__).parent.parent / "recordings"
    return lambda name: json.loads((folder / name).read_text())


@pytest.fixture(scope="session")
def recorded_body() -> Callable[[Path], Any]:
    """The JSON body of a VCR cassette: one YAML scalar, in single or double quotes, folded over several lines."""

    def body(cassette: Path) -> Any:
        response = cassette.read_text().split("  response:", 1)[1]
        found = re.search(r"string: (?:! )?(['\"])(.*?)\1\n    http_version", response, re.DOTALL)
        assert found, f"no body in {cassette.name}"
        folded = re.sub(r"\s*\n\s+", " ", found[2])
        if found[1] == "'":
            return json.loads(folded.replace("''", "'"))
        return json.loads(json.loads(f'"{folded}"'))

    return body


@pytest.fixture(scope="session")
def violations() -> Callable[[Mapping[str, Any], Any], list[str]]:
    """Where a value breaks a vendor schema: the JSON Schema keywords those schemas use, and no others."""
    return _violations


_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "null": lambda v: v is None,
}


def _violations(schema: Mapping[str, Any], value: Any, where: str = "$") -> list[str]:
    unknown = set(schema) - {
        "type", "properties", "additionalProperties", "items", "enum", "format", "required", "anyOf", "description"
    }  # fmt: skip
    assert not unknown, f"the check does not know {unknown}"
    types = schema.get("type", list(_TYPES))
    types = [types] if isinstance(types, str) else types
    if not any(_TYPES[name](value) for name in types):
        return [f"{where}: {value!r} is not {types}"]
    if value is None:
        return []
    found = [f"{where}: {value!r} is not one of the values"] if value not in schema.get("enum", [value]) else []
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        found.append(f"{where}: {value!r} has no time zone")
    if "anyOf" in schema and all(_violations(option, value, where) for option in schema["anyOf"]):
        found.append(f"{where}: {value!r} fits none of the alternatives")
    if isinstance(value, list):
        for at, entry in enumerate(value):
            found += _violations(schema.get("items", {}), entry, f"{where}[{at}]")
    if isinstance(value, dict):
        found += [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        known = schema.get("properties", {})
        for name, entry in value.items():
            extra = schema.get("additionalProperties", True)
            if name in known:
                found += _violations(known[name], entry, f"{where}.{name}")
            elif extra is False:
                found.append(f"{where}: {name} is unknown")
            elif isinstance(extra, dict):
                found += _violations(extra, entry, f"{where}.{name}")
    return found
