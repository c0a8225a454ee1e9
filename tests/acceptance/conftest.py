"""Real payloads, served over loopback HTTP and carried once through the whole hub; every acceptance test looks at it.

What is served, and what had to be added to it:

- Workday: the two recorded reports as they are. They hold no skills, so a skills report written by hand for the people
  of the first one stands beside it (`SKILLS`); it is the only invented source here.
- Greenhouse, public boards: the 18 posts of six real boards as they were captured.
- Greenhouse, Harvest v3: of the lists the hub reads, the vendor has published v3 example rows only for users; they are
  served as they are. Its own v1 samples and the recorded v1 answers are therefore dressed in v3's documented
  columns (`harvest_rows`); values are the vendor's, and a value v1 does not have stays null.
- Percipio and the LRS: the genuine catalogue, report and statements as they are.
- Backstage: the recorded pairs, replayed to requests that ask for what was recorded and refused to all others.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from echo_core.testing.sandbox import Reply, Request, Sandbox, SandboxConnection, SandboxServer
from echo_hub.application import Hub
from echo_hub.demonstration import settings_text
from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import operations
from echo_hub_greenhouse.sandbox import GreenhouseSandbox
from echo_hub_lxp.sandbox import LrsSandbox, PercipioSandbox
from echo_hub_workday.sandbox import SandboxReport, WorkdaySandbox

Shared = Callable[[str], Path]
Row = dict[str, Any]

BEGIN = datetime(2026, 8, 15, 12, tzinfo=UTC)
"""The first sync: after the newest real post, before the recorded opportunities begin."""

BOARDS = ("phonepe", "amplitude", "smarterdx", "gitlab_a", "gitlab_b", "anthropic")

PATIENT: dict[str, Any] = {"read_timeout_s": 60.0}
"""A busy machine is no vendor fault."""

MOZILLA = {
    "Workday_ID": "EmployeeID",
    "Worker_ID": "EmployeeID",
    "Worker_Type": "WorkerType",
    "Active": "CurrentlyActive",
    "Work_Email": "PrimaryWorkEmail",
    "Business_Title": "businessTitle",
    "Supervisory_Org_ID": "Team",
    "Supervisory_Org": "Team",
    "Manager_Workday_ID": "WorkersManagersEmployeeID",
    "Is_Manager": "IsManager",
    "Location": "LocationDescription",
    "City": "LocationCity",
    "Country_ISO2": "LocationCountryISO2",
    "Hire_Date": "HireDate",
}
"""How the first report calls the contract's columns. It has no Workday ID: the employee id is the key."""

FLAGS = {
    "Worker_ID": "Emp_ID",
    "Worker_Type": "Employee_Type",
    "Work_Email": "Email_Address",
    "Business_Title": "Title",
    "Job_Profile": "Job_Function",
    "Supervisory_Org_ID": "Department",
    "Supervisory_Org": "Department",
    "Manager_Workday_ID": "Mgr_ID",
    "Is_Manager": "People_Manager_Flag",
    "Country_ISO2": "Work_Country_Code",
    "Termination_Date": "Last_Day_Of_Work",
}
"""The same for the second, which is filtered to active people and writes dates month first. It is read twice: once by a
connection that knows the order of dates and once by one that does not, whose only row must end in quarantine."""

SKILLS: tuple[Row, ...] = tuple(
    {"EmployeeID": "E8888", "Skill": skill, "Source": source, "Level": level}
    for skill, source, level in (
        ("Python", "Worker", "Expert"),
        ("JavaScript", "Worker", "Advanced"),
        ("TypeScript", "Worker", "Proficient"),
        ("SQL", "Assessment", "Advanced"),
        ("Cybersecurity", "Manager", "Expert"),
        ("Cloud security", "Worker", "Proficient"),
        ("Systems thinking", "Worker", "Advanced"),
        ("Kubernetes", "Worker", "Advanced"),
    )
)
"""Written by hand for one person of the first report, because no recorded report carries skills: what her title,
Sr Staff Security Engineer, suggests. ESCO 1.1.1 has no Kubernetes, so one of the eight must end in the queue."""


@dataclass
class Clock:
    """What the hub takes for now; moved by hand."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """The hub after everything has been carried through it, and what each step said.

    `bytes_before_taxonomy` is the database with every record and no taxonomy in it, for looking for what must not be
    there: words of 14,000 skills would hide a leak.
    """

    hub: Hub
    file: Path
    secrets: dict[str, str]
    reports: dict[str, list[Any]] = field(default_factory=dict)
    checks: dict[str, list[Any]] = field(default_factory=dict)
    bytes_before_taxonomy: bytes = b""
    import_said: str = ""
    snapshot: Any = None


class ReplayedBackstage(Sandbox):
    """Answers with recorded pairs only.

    A request is recorded when method, path, bearer token and query are. Of a list of entities `fields` and `orderField`
    are let be, and `limit` may be higher: the first two choose no entities and the last is an upper bound. Beside the
    recorded filter another may stand if it is known to select the same entities (`ALSO`). Everything else is answered
    with 500 and remembered in `refused`.
    """

    name = "backstage"
    TOKEN = "invented-backstage-token"
    ALSO = frozenset({"kind=component,metadata.annotations.echo-hub.example/opportunity"})
    """Every recorded opportunity carries this annotation, so asking for it as well selects no others."""
    FREE = frozenset({"fields", "orderField", "limit"})

    def __init__(self, pairs: Mapping[str, Any], groups: list[Row]) -> None:
        lists = (f"catalog_{what}_page{number}" for what in ("users", "opportunities") for number in (1, 2))
        self.pages = [pairs["catalog_facets"], *(pairs[name] for name in lists)]
        answer = {"status": 200, "body": {"items": groups, "totalItems": len(groups), "pageInfo": {}}}
        query = {"filter": "kind=group", "limit": str(len(groups))}
        path = "/api/catalog/entities/by-query"
        self.pages.append({"request": {"method": "GET", "path": path, "query": query}, "response": answer})
        self.refused: list[str] = []

    def connection(self, url: str) -> SandboxConnection:
        config = {
            "base_url": url,
            "app_url": "https://backstage.example",
            "token": "env:BACKSTAGE_TOKEN",
            "page_size": 4,
        }
        return SandboxConnection(self.name, "skill_exchange", config, {"BACKSTAGE_TOKEN": self.TOKEN})

    def handle(self, request: Request) -> Reply:
        signed_in = request.headers.get("authorization") == f"Bearer {self.TOKEN}"
        found = [page for page in self.pages if signed_in and self._asks_for(request, page)]
        if len(found) != 1:
            self.refused.append(f"{request.method} {request.target}")
            return Reply(500, {"error": {"name": "NotRecorded", "message": "this request was never recorded"}})
        response = found[0]["response"]
        return Reply(response["status"], response["body"], content_type="application/json; charset=utf-8")

    def _asks_for(self, request: Request, page: Mapping[str, Any]) -> bool:
        recorded, asked = page["request"], dict(request.query)
        if (request.method, request.path) != (recorded["method"], recorded["path"]):
            return False
        wanted = {name: [value] for name, value in recorded["query"].items() if name not in self.FREE}
        if "items" in page["response"]["body"]:
            asked.pop("fields", None)
            if int(asked.pop("limit", ["0"])[0]) < len(page["response"]["body"]["items"]):
                return False
        if "filter" in wanted:
            asked["filter"] = [one for one in asked.get("filter", ()) if one not in self.ALSO]
        return asked == wanted


def recorded_groups(catalog: str) -> list[Row]:
    """The groups of the catalog that was served while recording. No request for groups was recorded, so they come
    from its source, in the form in which Backstage gives entities."""
    names = re.findall(r"kind: Group\nmetadata: \{name: (\w+), namespace: default\}", catalog)
    default = {"namespace": "default"}
    return [{"kind": "Group", "metadata": {"name": name, **default}, "spec": {"type": "team"}} for name in names]


def cassette(path: Path) -> Any:
    """The JSON body of a recorded answer: one YAML scalar, in single or double quotes, folded over several lines."""
    response = path.read_text(encoding="utf-8").split("  response:", 1)[1]
    found = re.search(r"string: (?:! )?(['\"])(.*?)\1\n    http_version", response, re.DOTALL)
    assert found, path.name
    folded = re.sub(r"\s*\n\s+", " ", found[2])
    return json.loads(folded.replace("''", "'") if found[1] == "'" else json.loads(f'"{folded}"'))


def harvest_rows(folder: Path) -> dict[str, list[Row]]:
    """Vendor samples (v1 reference) and recorded answers (v1) in the columns v3 documents, one organisation.

    v3 moved a job's departments and offices to ids, and a post's location to a list of its own; it has `active` on
    every post, because deleted ones can be listed. The recorded post has no id of its own: it takes its job's.
    """
    docs = folder / "vendor-docs-v1/harvest"
    sample = {name: json.loads((docs / f"{name}.json").read_text(encoding="utf-8")) for name in SAMPLES}
    taken = {name: cassette(folder / f"recorded-v1-vcr/harvest/{name}.yml") for name in RECORDED}
    jobs = [*sample["jobs__get_list_jobs"], *taken["jobs"]]
    post = {**taken["job_post"], "id": taken["jobs"][0]["id"], "job_id": taken["jobs"][0]["id"], "live": True}
    users = json.loads((folder / "vendor-openapi-v3/vendor-examples-v3.json").read_text(encoding="utf-8"))
    team = sample["jobs__get_hiring_team"]
    posts = {one["id"]: one for one in (*sample["job_posts__get_list_job_posts_for_job"], post)}
    return {
        "users": [{**user, "emails": None} for user in users["GET /v3/users 200"]],
        "job_hiring_managers": [_team_row(member, taken["jobs"][0]) for member in team["hiring_managers"]],
        "job_owners": [
            _team_row(member, taken["jobs"][0]) | {"type": role, "responsible": member.get("responsible", False)}
            for role in ("recruiter", "coordinator", "sourcer")
            for member in team[f"{role}s"]
        ],
        "jobs": [_job(one) for one in jobs],
        "job_posts": [_post(one) for one in posts.values()],
        "job_post_locations": [_location(one) for one in posts.values()],
        "job_board_custom_locations": sample["job_posts__get_retrieve_custom_locations_for_job_post"],
        "departments": [_unit(one) for one in (*sample["departments__get_list_departments"], *taken["departments"])],
        "offices": [
            {**_unit(one), "location": one["location"]["name"], "primary_in_house_contact_user_id": None}
            for one in (*sample["offices__get_list_offices"], *taken["offices"])
        ],
    }


SAMPLES = (
    "jobs__get_list_jobs",
    "jobs__get_hiring_team",
    "job_posts__get_list_job_posts_for_job",
    "job_posts__get_retrieve_custom_locations_for_job_post",
    "departments__get_list_departments",
    "offices__get_list_offices",
)
RECORDED = ("jobs", "job_post", "departments", "offices")


def _team_row(member: Row, job: Row) -> Row:
    """A member of a v1 hiring team, which has no id of its own."""
    born = {"created_at": job["created_at"], "updated_at": job["created_at"]}
    return born | {"id": member["user_id"], "job_id": job["id"], "user_id": member["user_id"]}


def _job(v1: Row) -> Row:
    kept = ("id", "created_at", "name", "requisition_id", "notes", "status", "opened_at", "closed_at")
    return {name: v1[name] for name in kept} | {
        "updated_at": v1.get("updated_at", v1["created_at"]),
        "confidential": v1.get("confidential", False),
        "is_template": v1.get("is_template"),
        "copied_from_id": v1.get("copied_from_id"),
        "department_id": v1["departments"][0]["id"],
        "office_ids": [office["id"] for office in v1["offices"]],
        "custom_fields": v1.get("keyed_custom_fields"),
    }


def _post(v1: Row) -> Row:
    kept = ("id", "updated_at", "title", "live", "content", "job_id", "questions")
    return {name: v1[name] for name in kept} | {
        "created_at": v1.get("created_at", v1["updated_at"]),
        "internal": v1.get("internal", False),
        "active": v1.get("active", True),
        "featured": False,
        "first_published_at": v1.get("first_published_at"),
        "internal_content": v1.get("internal_content"),
        "language": None,
        "public_url": None,
        "demographic_question_set_id": v1.get("demographic_question_set_id"),
        "job_board_id": 111,
    }


def _location(post: Row) -> Row:
    place = post["location"]
    return {
        "id": place.get("id", post["id"]),
        "created_at": post.get("created_at", post["updated_at"]),
        "updated_at": post["updated_at"],
        "plain_text_location": place["name"],
        "office_id": place.get("office_id"),
        "type": "free_text",
        "job_post_id": post["id"],
        "custom_location_id": None,
    }


def _unit(v1: Row) -> Row:
    stamps = {"created_at": None, "updated_at": None}  # v1 says neither; nothing is made up
    return {name: v1.get(name) for name in ("id", "name", "parent_id", "external_id")} | stamps


def _json(path: Path) -> Any:
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


@pytest.fixture(scope="session")
def payload(shared: Shared) -> Callable[[str], Any]:
    """A payload read for a second opinion: `payload("data/greenhouse-samples/phonepe.json.gz")`."""
    return lambda path: _json(shared(path))


@pytest.fixture(scope="session")
def backstage(shared: Shared) -> ReplayedBackstage:
    """The strict replay server."""
    folder = shared("fixtures/skill_exchange")
    pairs = {path.stem: _json(path) for path in (folder / "recorded").glob("*.json")}
    return ReplayedBackstage(pairs, recorded_groups((folder / "sample_catalog.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def harvest(shared: Shared) -> dict[str, list[Row]]:
    """Harvest v3 rows by resource."""
    return harvest_rows(shared("fixtures/greenhouse"))


def _workday(stack: ExitStack, shared: Shared) -> Iterator[SandboxConnection]:
    folder = shared("fixtures/workday/raas")
    rows = {name: _json(folder / f"report_people_{name}.json")["Report_Entry"] for name in ("mozilla", "flags")}
    reports = {f"people_{name}": SandboxReport(found) for name, found in rows.items()}
    sandbox = WorkdaySandbox({**reports, "skills_by_hand": SandboxReport(SKILLS)})
    plain = stack.enter_context(SandboxServer(sandbox)).connection
    mozilla = {
        "workers": {"report": "people_mozilla", "columns": MOZILLA},
        "skills": {"report": "skills_by_hand", "columns": {"Workday_ID": "EmployeeID"}},
        "languages": {"enabled": False},
    }
    flags = {
        "workers": {"report": "people_flags", "columns": FLAGS, "constants": {"Active": "1"}},
        "skills": {"enabled": False},
        "languages": {"enabled": False},
    }
    dated = {"values": {"date_order": "month_first"}}
    yield replace(plain, config=plain.config | mozilla)
    yield replace(plain, name="workday-flags", config=plain.config | flags | dated)
    yield replace(plain, name="workday-undated", config=plain.config | flags)


def _greenhouse(stack: ExitStack, shared: Shared, rows: dict[str, list[Row]]) -> Iterator[SandboxConnection]:
    # Two hosts, as at the vendor: connections to one host share its budget, and the boards are read within seconds.
    yield stack.enter_context(SandboxServer(GreenhouseSandbox(rows))).connection
    folder = shared("data/greenhouse-samples")
    sandbox = GreenhouseSandbox({}, boards={name: _json(folder / f"{name}.json.gz") for name in BOARDS})
    server = stack.enter_context(SandboxServer(sandbox))
    for name in BOARDS:
        board = sandbox.board_connection(server.url, name)
        config = board.config | {"requests_per_window": 1000}
        yield replace(board, name=f"board-{name.replace('_', '-')}", config=config)


def _learning(stack: ExitStack, shared: Shared) -> Iterator[SandboxConnection]:
    folder = shared("fixtures/lxp")
    items, rows = (_json(folder / f"percipio/{name}.json") for name in ("catalog_content", "learning_activity_report"))
    yield stack.enter_context(SandboxServer(PercipioSandbox(items, rows))).connection
    lines = (folder / "xapi/fun_mooc_statements.jsonl").read_text(encoding="utf-8").splitlines()
    lrs = stack.enter_context(SandboxServer(LrsSandbox(json.loads(line) for line in lines))).connection
    yield replace(lrs, config=lrs.config | {"accounts": {"http://fun-mooc.fr": "user_name"}})


def _import(file: Path, esco: Path) -> str:
    command = [sys.executable, "-P", "-m", "echo_hub", "--config", str(file), "skills", "import", "esco", str(esco)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _as_stored(file: Path) -> bytes:
    """The database's files, read by another process: closing them in this one would drop SQLite's locks on them."""
    code = "import pathlib, sys\nfor one in sys.argv[1:]: sys.stdout.buffer.write(pathlib.Path(one).read_bytes())"
    files = [str(path) for path in sorted(file.parent.glob("data/echo-hub.db*"))]
    return subprocess.run([sys.executable, "-I", "-c", code, *files], capture_output=True, check=True).stdout


@pytest.fixture(scope="session")
def world(
    shared: Shared,
    backstage: ReplayedBackstage,
    harvest: dict[str, list[Row]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Everything once, as an engineer would do it: check, dry run, sync, import the taxonomy, sync again, look."""
    esco = shared("data/esco/v1.1.1")
    with ExitStack() as stack:
        connections = [
            *_workday(stack, shared),
            *_greenhouse(stack, shared, harvest),
            *_learning(stack, shared),
            stack.enter_context(SandboxServer(backstage)).connection,
        ]
        secrets = {name: secret for one in connections for name, secret in one.secrets.items()}
        file = tmp_path_factory.mktemp("acceptance") / "echo-hub.toml"
        file.write_text(settings_text([replace(one, http=PATIENT) for one in connections]), encoding="utf-8")
        with environment(secrets):
            hub = stack.enter_context(Hub.open(file))
            hub.now = clock = Clock()
            made = World(hub, file, secrets)
            made.checks = {connection.name: [] for connection in connections}
            for name, line in operations.check(OPERATOR, hub):
                made.checks[name].append(line)
            made.reports["dry run"] = operations.sync(OPERATOR, hub, dry_run=True)
            made.reports["first"] = operations.sync(OPERATOR, hub)
            made.bytes_before_taxonomy = _as_stored(file)
            made.import_said = _import(file, esco)
            clock.now += timedelta(days=1)
            made.reports["next day"] = operations.sync(OPERATOR, hub)
            clock.now += timedelta(days=1)
            made.reports["full"] = operations.sync(OPERATOR, hub, full=True)
            made.snapshot = hub.fresh_snapshot()
        yield made


@contextmanager
def environment(secrets: Mapping[str, str]) -> Iterator[None]:
    """The variables the settings file refers to, and no database but the embedded one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ECHO_HUB_DATABASE_URL", raising=False)
        for name, secret in secrets.items():
            patch.setenv(name, secret)
        yield


@pytest.fixture(scope="session")
def people_by_backstage(world: World) -> Iterator[Any]:
    """The snapshot of the same database with Backstage's users as the company's people: they carry recorded skills."""
    file = world.file.with_name("by-backstage.toml")
    file.write_text(
        world.file.read_text(encoding="utf-8").replace('people = "workday"', 'people = "backstage"'), encoding="utf-8"
    )
    with environment(world.secrets), Hub.open(file) as hub:
        hub.now = Clock(BEGIN + timedelta(days=2))
        yield hub.fresh_snapshot()
