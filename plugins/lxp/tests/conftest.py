"""A tiny company, a clock that stands still, connections to sandboxes and to stubs, and a way to map raw records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from echo_core.connectors import Page, Retry, Stream, StreamContext, Window
from echo_core.testing.company import Colleague, Company, Completion, Course, Site, Unit
from echo_core.testing.driving import FakeClock, StreamRun, drive, open_context, sandbox_config
from echo_core.testing.sandbox import Faults, Sandbox, SandboxConnection, SandboxServer
from echo_hub_lxp import CONNECTOR
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.engine import prepared, selection
from echo_hub_lxp.streams import streams

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORDINGS = Path(__file__).parent.parent / "recordings"


class Run(StreamRun):
    """A run whose refused rows are told by key."""

    @property
    def quarantined(self) -> dict[str | None, Exception]:
        return {row.key: row.error for row in self.rejected}


@dataclass
class Connection:
    """A connection as the kernel holds it, over a client whose clock is ours."""

    context: StreamContext
    config: LxpConfig
    clock: FakeClock

    def stream(self, name: str) -> Stream:
        return next(stream for stream in streams(self.config, pause=self.clock.sleep) if stream.name == name)

    def window(self, stream: Stream, since: datetime | None) -> Window:
        return Window(since, self.clock.now() - stream.lag)

    def pages(self, name: str, *, since: datetime | None = None, resume: Any = None) -> Iterator[Page]:
        stream = self.stream(name)
        return iter(stream.read(self.context, self.window(stream, since), resume))

    def run(self, name: str, *, since: datetime | None = None, resume: Any = None) -> Run:
        stream = self.stream(name)
        return Run(**vars(drive(stream, self.context, self.window(stream, since), resume)))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def recording() -> Callable[[str], Any]:
    """`recording("percipio/report")`: one of our own invented payloads."""
    return lambda name: json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def configured() -> Callable[..., LxpConfig]:
    """`configured("percipio", locales=("de",))`: a configuration with invented credentials."""
    needed: dict[str, dict[str, Any]] = {
        "percipio": {"organisation": "org-1", "token": "t-secret-1"},
        "degreed": {"client_id": "client", "client_secret": "c-secret-1"},
        "xapi": {"base_url": "https://lrs.example/xapi", "user": "u", "password": "p-secret-1"},
    }

    def config(dialect: str, **changes: Any) -> LxpConfig:
        return LxpConfig.model_validate({"dialect": dialect, **needed.get(dialect, {}), **changes})

    return config


@pytest.fixture
def mapped() -> Callable[..., Run]:
    """`mapped(config, "catalogue", rows, body=None)`: raw records through pruning, raw model and map."""

    def run(config: LxpConfig, name: str, rows: Sequence[Mapping[str, Any]], body: Any = None) -> Run:
        stream = next(stream for stream in streams(config) if stream.name == name)
        rules = config.record.streams[name]
        kept, removed = prepared(config.record, rules, selection(rules, config), [dict(row) for row in rows], body)
        done = Run()
        done.take(stream, Page(records=kept, removed=removed), config)
        return done

    return run


@pytest.fixture
def open_connection(clock: FakeClock) -> Iterator[Callable[..., Connection]]:
    """`open_connection(settings, transport=None, **changes)`: a connection to what `connection(url)` describes."""
    with ExitStack() as opened:

        def connect(
            settings: SandboxConnection,
            *,
            read_timeout_s: float = 5.0,
            transport: httpx.BaseTransport | None = None,
            **changes: Any,
        ) -> Connection:
            config = sandbox_config(CONNECTOR, settings, **changes)
            asked = open_context(
                CONNECTOR,
                config,
                clock,
                name=settings.name,
                transport=transport,
                retry=Retry(attempts=6),
                read_timeout_s=read_timeout_s,
            )
            return Connection(opened.enter_context(asked), config, clock)

        yield connect


@pytest.fixture
def stubbed(open_connection: Callable[..., Connection]) -> Callable[..., Connection]:
    """`stubbed(config, answer)`: a connection whose requests are answered by the function `answer`."""

    def connect(config: LxpConfig, answer: Callable[[httpx.Request], httpx.Response]) -> Connection:
        values = config.model_dump(exclude_unset=True)
        secrets = {"token": "t-secret-1", "client_secret": "c-secret-1", "password": "p-secret-1"}
        settings = SandboxConnection(
            "stub", "lxp", {**values, **{key: secrets[key] for key in secrets if key in values}}
        )
        return open_connection(settings, transport=httpx.MockTransport(answer))

    return connect


@pytest.fixture
def serve() -> Iterator[Callable[..., SandboxServer]]:
    """`serve(sandbox, faults=None)`: the sandbox over real HTTP on loopback."""
    with ExitStack() as stack:

        def start(sandbox: Sandbox, faults: Faults | None = None) -> SandboxServer:
            return stack.enter_context(SandboxServer(sandbox, faults=faults))

        yield start


def _colleague(number: str, name: str, login: str) -> Colleague:
    return Colleague(
        number=number, wid=f"{number:0>32}", human=number, name=name, login=login, email=f"{login}@fjord.example",
        worker_type="employee", status="active", title="Engineer", profile="Engineering", grade=3, unit="platform",
        site="sto", manager=None, is_manager=False, hired_on=date(2020, 1, 1), left_on=None, fte=1.0,
        languages=(("English", 4),), skills=(), wants=(),
    )  # fmt: skip


@pytest.fixture
def company() -> Company:
    """Two people, a path with two courses, a video and a book; four completions, one of them failed."""
    text = "Learn it <well> & fast."
    day = date(2026, 1, 15)
    courses = (
        Course("path-1", "Kafka path", text, "path", "en", "intermediate", 180, ("Apache Kafka",), None, day),
        Course("c-1", "Kafka basics", text, "course", "en", "beginner", 90, ("Apache Kafka",), "path-1", day),
        Course("c-2", "Kafka für Profis", text, "course", "de", "advanced", 90, ("Apache Kafka",), "path-1", day),
        Course("v-1", "A short film", text, "video", "en", "beginner", 7, ("Kafka Streams",), "c-1", day),
        Course("b-1", "A book", text, "book", "en", "beginner", 300, ("SQL",), None, day),
    )
    completions = (
        Completion("E1", "c-1", date(2026, 2, 3), 0.9, True),
        Completion("E1", "v-1", date(2026, 2, 3), 1.0, True),
        Completion("E2", "c-2", date(2026, 2, 10), 0.4, False),
        Completion("E2", "c-1", date(2026, 2, 20), 0.8, True),
    )
    return Company(
        name="Fjord", domain="fjord.example", today=NOW.date() - timedelta(days=1),
        sites=(Site("sto", "Stockholm", "Stockholm", "SE", "Sweden", "Europe/Stockholm", "sv"),),
        units=(Unit("platform", "Platform", None),),
        people=(_colleague("E1", "Mira Lund", "mira.lund"), _colleague("E2", "Jo Park", "jo.park")),
        openings=(), gigs=(), mentors=(), courses=courses, completions=completions,
    )  # fmt: skip
