"""A small company with awkward names, the demo company, and a browser that can do without JavaScript."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import fastapi.dependencies.models
import pytest
import uvicorn
from starlette.exceptions import StarletteDeprecationWarning

from echo_core.connectors.loader import load_plugins
from echo_core.model import (
    Job,
    LearningPath,
    Mentorship,
    Person,
    PersonRef,
    Project,
    Record,
    Requirement,
    Requisition,
    SkillClaim,
)
from echo_core.model.person import Language
from echo_core.skills.taxonomy.starter import starter
from echo_hub.application import Hub
from echo_hub.services.actors import act_as
from echo_hub.services.feed import for_you
from echo_hub.services.mentoring import draft
from echo_hub.services.mentoring_views import RoundSettings
from echo_hub.settings import Settings
from echo_hub.settings.serve import ServeSettings
from echo_hub.snapshot import Snapshot
from echo_hub.store.database import Database, open_database
from echo_hub.store.tasks import claim_task, enqueue, fail_task, report_progress
from echo_hub.surfaces.sign_in.development import HEADER
from echo_hub.surfaces.web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore", StarletteDeprecationWarning)  # it would rather have httpx2; ours is httpx
    from fastapi.testclient import TestClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

STAFF = "; hr_operations, integration_engineer, auditor"
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AWKWARD = "post/../12 a?b#c&d"
HOSTILE = "<script>alert('x')</script> & \"quotes\""
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Row:
    """A stored record, as the store would hand it over."""

    connection: str
    stream: str
    entity: str
    record: Record
    changed_at: datetime = NOW


class SmallHub(Hub):
    """A hub over an empty database whose snapshot is built from records at hand. `broken` is raised instead."""

    rows: tuple[Row, ...] = ()
    broken: Exception | None = None

    built: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        if self.broken is not None:
            raise self.broken
        if self.built is None:
            self.built = _small_market() if self.rows is _rows() else Snapshot.build(self.rows, starter(), today=TODAY)
        return self.built

    def fresh_snapshot(self) -> Snapshot:
        return self.snapshot()


def _requirements(*labels: str, importance: str = "essential", level: int | None = 3) -> tuple[Requirement, ...]:
    return tuple(Requirement(label=label, importance=importance, level=level) for label in labels)


def _records() -> Iterator[tuple[str, Record]]:
    skills = (
        SkillClaim(label="Python", level=4),
        SkillClaim(label="SQL", level=2),
        SkillClaim(label="Kubernetes", stance="wants_to_learn"),
        SkillClaim(label="Yodelling for two voices"),
    )
    swede = {"country": "SE", "languages": (Language(code="en"), Language(code="sv")), "location": "Stockholm"}
    yield (
        "workday",
        Person(
            source_id="1",
            name="Ada Lindqvist",
            employee_id="E1",
            work_email="ada@tonic.example",
            skills=skills,
            **swede,
        ),
    )
    yield "workday", Person(source_id="2", name="Sam Moss", employee_id="E2", title="Analyst", **swede)
    yield "workday", Person(source_id="3", name="Sam Moss", employee_id="E3", title="Producer", **swede)
    yield "workday", Person(source_id="4", name=HOSTILE, employee_id="E4", **swede)
    yield "workday", Person(source_id="5", name="Lina Left", employee_id="E5", status="left", **swede)
    yield "workday", Person(source_id="6", name="שירה כהן 🎧", employee_id="E6", **swede)
    yield "greenhouse", Requisition(source_id="r1", title="Draft", status="draft")
    yield (
        "greenhouse",
        Job(
            source_id=AWKWARD,
            title="Data engineer",
            description="You bring:\n- Python\n- SQL",
            requirements=_requirements("Python", "SQL"),
            countries=("SE",),
            posted_at=NOW,
            apply_url="https://jobs.example/12?a=1&b=2",
        ),
    )
    yield "greenhouse", Job(source_id="hidden", title="Hidden", requisition_id="r1")
    yield "greenhouse", Job(source_id="html", title=HOSTILE, description=HOSTILE, location=HOSTILE, languages=("en",))
    yield (
        "exchange",
        Project(
            source_id="bad",
            title="Bad link",
            requirements=_requirements("Python"),
            apply_url="javascript:alert(1)",
            hours_per_week=4,
        ),
    )
    yield "exchange", Project(source_id="long", title="Donau" + "dampfschiff" * 40, description="x" * 5000)
    yield (
        "exchange",
        Mentorship(
            source_id="m1",
            title="Sam mentors in Kubernetes",
            owner=PersonRef(scheme="employee_id", value="E2"),
            requirements=_requirements("Kubernetes", importance="teaches"),
            seats=2,
            hours_per_week=1,
        ),
    )
    yield (
        "lxp",
        LearningPath(
            source_id="rtl",
            title="מבוא ל-Kubernetes 🎓",
            languages=("he",),
            minutes=150,
            level="beginner",
            requirements=_requirements("Kubernetes", importance="teaches"),
        ),
    )
    for number in range(30):
        yield (
            "lxp",
            LearningPath(
                source_id=f"path-{number:02}",
                title=f"Python, part {number}",
                requirements=_requirements("Python", importance="teaches"),
            ),
        )


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(Row(connection, one.entity, one.entity, one) for connection, one in _records())


@cache
def _small_market() -> Snapshot:
    return Snapshot.build(_rows(), starter(), today=TODAY)


@pytest.fixture(scope="session")
def new_hub(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Callable[..., SmallHub]]:
    """Opens a hub over the small company, or over nothing. Hubs over the small company share one snapshot."""
    opened: list[SmallHub] = []

    def create(*, empty: bool = False) -> SmallHub:
        folder = tmp_path_factory.mktemp("hub")
        shutil.copy(sqlite_template, folder)
        serve = ServeSettings(requests_per_minute=0)
        settings = Settings(folder / "echo-hub.toml", folder, None, None, (), serve=serve)
        hub = SmallHub(settings, load_plugins(no_plugins=True), open_database(None, folder), now=lambda: NOW)
        if not empty:
            hub.rows = _rows()
        opened.append(hub)
        return hub

    yield create
    for hub in opened:
        hub.close()


@pytest.fixture
def fresh_hub(new_hub: Callable[..., SmallHub]) -> Iterator[SmallHub]:
    """A hub over the small company that a test may change."""
    hub = new_hub()
    yield hub
    hub.close()
    hub.rows, hub.built = (), None


@pytest.fixture(autouse=True, scope="module")
def forgotten_applications() -> Iterator[None]:
    """FastAPI keeps the last four thousand functions of routes, and with them hundreds of applications and hubs."""
    yield
    for kept in vars(fastapi.dependencies.models).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@pytest.fixture(scope="session")
def browse() -> Callable[..., TestClient]:
    """A client of an application over a hub, acting as staff unless told; it follows no redirect unless told."""

    def client(hub: Hub, *, host: str = "127.0.0.1:8080", as_: str | None = STAFF, **options: Any) -> TestClient:
        return TestClient(
            create_app(hub, **options),
            headers={} if as_ is None else {HEADER: as_},
            client=("127.0.0.1", 50_000),
            base_url=f"http://{host}",
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    return client


@pytest.fixture(scope="session")
def web(new_hub: Callable[..., SmallHub], browse: Callable[..., TestClient]) -> TestClient:
    """A client of the application over the small company."""
    return browse(new_hub())


@pytest.fixture(scope="session")
def awkward_id() -> str:
    """The id of an opportunity that holds everything an address must escape."""
    return f"greenhouse:job:{AWKWARD}"


@pytest.fixture(scope="session")
def awkward_path(awkward_id: str) -> str:
    """Its page."""
    return f"/opportunities/{quote(awkward_id, safe=':')}"


@dataclass(frozen=True)
class Site:
    """A running server and what there is to visit."""

    url: str
    person: str
    opportunities: dict[str, str]
    round: int
    receipt: str

    def pages(self) -> dict[str, str]:
        """Every kind of page by name."""
        who = quote(self.person, safe="")
        one = {kind: f"/opportunities/{quote(key, safe=':')}?person={who}" for kind, key in self.opportunities.items()}
        return {
            "for-you": f"/for-you?person={who}",
            "narrowed": f"/for-you?person={who}&kind=learning_path&hours_max=6&language=en",
            "explore": "/explore",
            "search": f"/explore?q=python&person={who}&country=SE&country=DE&offset=2",
            "nothing-found": "/explore?q=zzzqqqxxx",
            "people": "/people",
            "people-found": f"/people?q=an&person={who}",
            "connections": "/connections",
            "api": "/api",
            "access": "/access",
            "schedules": "/schedules",
            "tokens": "/tokens",
            "tasks": "/tasks",
            "alerts": "/alerts",
            "unmatched": "/people/unmatched",
            "quarantine": "/quarantine",
            "schedule": "/schedules/lxp?cron=0+5+*+*+1-5&time_zone=Europe/Stockholm&after=workday",
            "policy": "/policy",
            "matching": f"/matching?person={who}",
            "queue": f"/skills/queue?person={who}",
            "profile": f"/profile?person={who}",
            "mentoring": f"/mentoring?person={who}",
            "mentoring-round": f"/mentoring/{self.round}?person={who}",
            "receipt": f"/receipts/{self.receipt}?person={who}",
            "receipts": f"/receipts?person={who}",
            "requirements": f"/requirements/{quote(self.opportunities['job'], safe=':')}?person={who}",
            "candidates": f"/candidates/{quote(self.opportunities['job'], safe=':')}",
            "also-eligible": f"/also-eligible/{quote(self.opportunities['job'], safe=':')}?person={who}",
            **one,
        }


@pytest.fixture(scope="session")
def demo_hub(new_demo: Callable[[], Any]) -> Iterator[tuple[Hub, str]]:
    """The demo company, synced once over loopback, and the id of the colleague the demo looks at."""
    demo = new_demo()
    with Hub.open(demo.file) as hub:
        yield hub, act_as(hub, demo.number, came_by="command line").id


@pytest.fixture(scope="session")
def site(demo_hub: tuple[Hub, str]) -> Iterator[Site]:
    """The demo company served over loopback."""
    hub, person = demo_hub
    first: dict[str, str] = {}
    for listing in hub.snapshot().listings:
        first.setdefault(listing.kind, listing.id)
    # It listens before the thread starts, so a browser that comes early waits in the queue.
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(hub), log_level="error", access_log=False, ws="none", server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    drafted = draft(hub.database, hub.snapshot(), RoundSettings(), by=person, now=hub.now())
    kept = hub.receipts.keep(hub.snapshot(), for_you(hub.snapshot(), person), "for_you")
    leave_tasks(hub.database)
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", person, first, drafted.round.id, kept)
    server.should_exit = True
    thread.join(10)
    listener.close()


def leave_tasks(database: Database) -> None:
    """One task that failed for good, one that is under way, one that waits."""
    with database.writing() as transaction:
        for number in range(3):
            key = f"greenhouse 2026-03-0{number + 1}T05:00:00Z"
            enqueue(transaction, "sync", key, {"connection": "greenhouse"}, requested_by="scheduler")
    failed, under_way = (claim_task(database, ["sync"], "worker", timedelta(days=1)) for _ in range(2))
    assert failed is not None
    assert under_way is not None
    report_progress(database, under_way, "job_posts 1,200/3,900")
    with database.writing() as transaction:
        fail_task(transaction, failed, "auth.refused", "Greenhouse did not accept the key.", again_in=None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright; skipped without Chromium on a laptop, a failure in CI."""
    if not Path(CHROMIUM).exists() and shutil.which("chromium") is None:
        reason = f"no browser: {CHROMIUM} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Headless Chromium from the system, with an empty profile."""
    path = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), ignore_default_args=["--headless=old"])
    yield browser
    browser.close()


@dataclass
class Window:
    """A browser page, and everything it complained about or asked for."""

    page: Page
    complaints: list[str]
    asked: list[str]


@pytest.fixture
def open_window(chromium: Browser) -> Iterator[Callable[..., Window]]:
    """Opens a window: 1280 wide unless told, light unless told."""
    contexts = []

    def create(
        *, width: int = 1280, height: int = 900, scheme: str = "light", script: bool = True, as_: str = STAFF
    ) -> Window:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
            extra_http_headers={HEADER: as_},
        )
        contexts.append(context)
        window = Window(context.new_page(), [], [])
        window.page.on(
            "console", lambda said: window.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.page.on("request", lambda request: window.asked.append(request.url))
        return window

    yield create
    for context in contexts:
        context.close()


class TableFolder:
    """A hub with one connection, `hr`, that reads a CSV file of people; the file and the settings can be changed."""

    HEADER = "employee id;name;manager;hired_on;status\n"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "echo-hub.toml"
        self.configure()

    def configure(self, **settings: str) -> None:
        config = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
        text = f'[connections.hr]\nconnector = "csv_folder"\n[connections.hr.config]\nfolder = "{self.folder}"\n'
        self.file.write_text(f'{text}{config}opportunities = {{ file = "" }}\n', encoding="utf-8")

    def write(self, *rows: str) -> None:
        """Rows as "00030;Person 30;00001;2020-01-01;", without the end of the line."""
        (self.folder / "people.csv").write_text(self.HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")

    @staticmethod
    def people(first: int, last: int) -> list[str]:
        return [f"{number:05};Person {number};00001;2020-01-01;" for number in range(first, last + 1)]


@pytest.fixture
def table_folder(tmp_path: Path) -> TableFolder:
    """See `TableFolder`."""
    return TableFolder(tmp_path)
