"""A hiring manager, from Greenhouse's hiring team to their own browser: what is theirs, and when it stops to be."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.exceptions import StarletteDeprecationWarning

from echo_core.skills.taxonomy.starter import starter
from echo_core.testing.company import Company
from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import SandboxServer
from echo_hub.application import Hub
from echo_hub.demonstration import settings_text
from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import operations, people
from echo_hub.store.taxonomy import save_taxonomy
from echo_hub.surfaces.sign_in.development import HEADER
from echo_hub.surfaces.web.app import create_app
from echo_hub_greenhouse.sandbox import CLIENT_SECRET, GreenhouseSandbox
from echo_hub_workday.sandbox import WorkdaySandbox

with warnings.catch_warnings():
    warnings.simplefilter("ignore", StarletteDeprecationWarning)  # it would rather have httpx2; ours is httpx
    from fastapi.testclient import TestClient

Row = dict[str, Any]


@dataclass
class World:
    """A company with its people in Workday and its jobs in Greenhouse, synced."""

    company: Company
    greenhouse: GreenhouseSandbox
    hub: Hub
    browsers: dict[str, TestClient] = field(default_factory=dict)

    def sync(self) -> dict[str, Any]:
        """Reads everything again; the outcome of each of Greenhouse's streams."""
        reports = [report for report in operations.sync(OPERATOR, self.hub) if report.connection == "greenhouse"]
        self.hub.fresh_snapshot()
        return {report.stream: report for report in reports}

    def browser(self, number: str) -> TestClient:
        """The browser of whoever has this employee id, signed in as in development."""
        if number not in self.browsers:
            self.browsers[number] = TestClient(
                create_app(self.hub), client=("127.0.0.1", 50_000), base_url="http://localhost:8080"
            )
        self.browsers[number].headers[HEADER] = number
        return self.browsers[number]

    def rows_of(self, resource: str, job: Row) -> list[Row]:
        return [row for row in self.greenhouse.rows[resource] if row["job_id"] == job["id"]]

    def user(self, number: str) -> Row:
        """The Greenhouse user of a colleague."""
        name = next(person.name for person in self.company.people if person.number == number)
        return next(row for row in self.greenhouse.rows["users"] if row["name"] == name)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    company = build_company(people=120, jobs=40, projects=1, paths=1, mentoring=1, today=datetime.now(UTC).date())
    greenhouse = GreenhouseSandbox.from_company(company, requests=100_000)
    with ExitStack() as opened:
        connections = [
            opened.enter_context(SandboxServer(sandbox)).connection
            for sandbox in (WorkdaySandbox.from_company(company), greenhouse)
        ]
        secrets = {name: value for connection in connections for name, value in connection.secrets.items()}
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        for name, value in secrets.items():
            patch.setenv(name, value)
        file = tmp_path / "echo-hub.toml"
        file.write_text(settings_text(connections), encoding="utf-8")
        hub = opened.enter_context(Hub.open(file))
        save_taxonomy(hub.database, starter())
        world = World(company, greenhouse, hub)
        world.sync()
        yield world


def routes(job: str) -> tuple[str, ...]:
    path = quote(job, safe=":")
    return (
        f"/candidates/{path}",
        f"/requirements/{path}",
        f"/api/v1/opportunities/{path}/candidates",
        f"/api/v1/opportunities/{path}/requirements",
    )


def answers(world: World, number: str, job: str) -> set[int]:
    return {world.browser(number).get(route).status_code for route in routes(job)}


def own_job(world: World) -> tuple[str, str, Row, str]:
    """A hiring manager's employee id, a listed job of theirs, its row in Greenhouse, and a job of somebody else."""
    snapshot = world.hub.snapshot()
    managers = {opening.key: opening.manager for opening in world.company.openings}
    rows = {row["id"]: row for row in world.greenhouse.rows["jobs"]}
    first = world.greenhouse.rows["jobs"][-1]["id"] - world.company.openings[0].key
    listed = [
        (managers[int(listing.record.requisition_id) - first], listing.id, rows[int(listing.record.requisition_id)])
        for listing in snapshot.listings
        if listing.kind == "job"
    ]
    number, job, row = listed[0]
    other = next(listing for manager, listing, _ in listed if manager != number)
    return number, job, row, other


def test_hiring_managers_see_who_fits_their_own_jobs_and_nobody_elses(world: World) -> None:
    number, job, _, other = own_job(world)
    browser = world.browser(number)
    assert answers(world, number, job) == {200}
    assert answers(world, number, other) == {403}
    fitting = browser.get(routes(job)[2]).json()
    assert fitting["opportunity"]["id"] == job
    assert fitting["candidates"]
    name = next(person.name for person in world.company.people if person.number == number)
    assert name in browser.get(f"/opportunities/{quote(job, safe=':')}").text
    assert routes(job)[0] in browser.get(f"/opportunities/{quote(job, safe=':')}").text


def test_recruiters_and_colleagues_see_no_candidates_of_a_job(world: World) -> None:
    _, job, row, _ = own_job(world)
    (recruiter,) = world.rows_of("job_owners", row)
    managers = {opening.manager for opening in world.company.openings}
    user = next(user for user in world.greenhouse.rows["users"] if user["id"] == recruiter["user_id"])
    other = next(
        person for person in world.company.people if person.status == "active" and person.number not in managers
    )
    for number in (next(person.number for person in world.company.people if person.name == user["name"]), other.number):
        assert answers(world, number, job) == {403}


def test_who_is_taken_off_the_team_loses_the_job_with_the_next_sync_and_who_comes_gets_it(world: World) -> None:
    number, job, row, _ = own_job(world)
    (place,) = world.rows_of("job_hiring_managers", row)
    heir = next(
        user
        for user in world.greenhouse.rows["users"]
        if user["primary_email"] and not user["deactivated"] and user["id"] != place["user_id"]
    )
    heir_number = next(person.number for person in world.company.people if person.name == heir["name"])
    world.greenhouse.rows["job_hiring_managers"].remove(place)
    world.greenhouse.rows["job_hiring_managers"].insert(0, place | {"id": place["id"] + 1_000, "user_id": heir["id"]})
    assert answers(world, number, job) == {200}, "nothing was synced yet"
    world.sync()
    assert answers(world, number, job) == {403}
    assert answers(world, heir_number, job) == {200}


def test_two_hiring_managers_of_a_job_both_have_it(world: World) -> None:
    number, job, row, other = own_job(world)
    (place,) = world.rows_of("job_hiring_managers", row)
    second = next(opening.manager for opening in world.company.openings if opening.manager != number)
    more = place | {"id": place["id"] + 1_000, "user_id": world.user(second)["id"]}
    world.greenhouse.rows["job_hiring_managers"].insert(0, more)
    world.sync()
    assert answers(world, number, job) == answers(world, second, job) == {200}
    assert answers(world, number, other) == {403}


def test_a_deactivated_user_loses_the_job_with_the_next_sync_though_still_on_the_team(world: World) -> None:
    number, job, row, _ = own_job(world)
    world.user(number)["deactivated"] = True
    world.sync()
    assert len(world.rows_of("job_hiring_managers", row)) == 1
    assert answers(world, number, job) == {403}


def test_a_scope_for_users_that_is_taken_away_stops_no_other_stream(world: World) -> None:
    number, job, _, _ = own_job(world)
    world.greenhouse.scopes = frozenset(world.greenhouse.rows) - {"users"}
    outcomes = {name: report.outcome for name, report in world.sync().items()}
    assert outcomes.pop("users") == "skipped"
    assert set(outcomes.values()) == {"done"}
    assert answers(world, number, job) == {200}, "what was read before stays until the scope comes back"


def test_users_who_fit_nobody_are_listed_among_the_accounts_without_a_person(world: World) -> None:
    number, job, _, _ = own_job(world)
    user = world.user(number)
    user["employee_id"], user["primary_email"] = None, "somebody@agency.example"
    world.sync()
    assert answers(world, number, job) == {403}, "the name alone gives nothing"
    assert str(user["id"]) in {account.source_id for account in people.unmatched(OPERATOR, world.hub)}


def test_nothing_of_a_user_but_who_they_are_is_in_the_database(world: World) -> None:
    for user in world.greenhouse.rows["users"]:
        user["job_title"] = "Chief of Secret Projects"
        user["emails"] = ["private@home.example"]
    world.sync()
    with world.hub.database.reading() as transaction:
        payloads = [payload for (payload,) in transaction.rows("SELECT payload FROM record") if payload]
    assert any("hiring_manager" in payload for payload in payloads)
    assert not any(word in payload for payload in payloads for word in ("Secret Projects", "home.example"))
    assert not any(CLIENT_SECRET in payload for payload in payloads)
