"""The connector against its sandbox over real HTTP, on good days and bad ones."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from echo_core.connectors import Client, ContractError, ResumeExpired, StreamContext
from echo_core.model import Mentorship, Person, PersonRef, Project
from echo_core.testing.company import Company
from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import Faults, SandboxServer
from echo_hub_skill_exchange import CONNECTOR
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.sandbox import BackstageSandbox
from echo_hub_skill_exchange.streams import http_settings

Run = Callable[..., Any]
Connect = Callable[..., StreamContext]


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company(people=150, jobs=2, projects=32, paths=2, mentoring=24)


@pytest.fixture(scope="module")
def sandbox(company: Company) -> BackstageSandbox:
    return BackstageSandbox.from_company(company)


@pytest.fixture
def connect(make_context: Callable[[SkillExchangeConfig], StreamContext]) -> Connect:
    """The context for what a sandbox says about its own connection."""

    def run(server: SandboxServer, **settings: Any) -> StreamContext:
        connection = server.connection
        raw = {
            key: connection.secrets[value.removeprefix("env:")]
            if isinstance(value, str) and value.startswith("env:")
            else value
            for key, value in connection.config.items()
        }
        return make_context(SkillExchangeConfig.model_validate({**raw, **settings}))

    return run


@pytest.fixture
def served(sandbox: BackstageSandbox) -> Iterator[SandboxServer]:
    with SandboxServer(sandbox) as server:
        yield server


def everything(ctx: StreamContext, run_stream: Run) -> dict[str, Any]:
    return {stream.name: run_stream(ctx, stream.name) for stream in CONNECTOR.streams_for(ctx.config)}


def test_the_connection_names_a_secret_and_holds_none(served: SandboxServer) -> None:
    connection = served.connection
    assert connection.connector == CONNECTOR.name
    assert str(connection.config["token"]).startswith("env:")
    assert not set(connection.secrets.values()) & {str(value) for value in connection.config.values()}
    assert not set(connection.secrets) & set(os.environ)


def test_every_entity_of_the_company_is_accounted_for(
    served: SandboxServer, connect: Connect, run_stream: Run, company: Company, sandbox: BackstageSandbox
) -> None:
    found = everything(connect(served, page_size=40), run_stream)
    assert list(found) == ["people", "teams", "opportunities", "search_opportunities", "experts"]
    assert not any(outcome.quarantined for outcome in found.values())
    counts = {entry["value"]: entry["count"] for entry in sandbox.catalog.facets(["kind"], {})["kind"]}
    assert len(found["people"].records) == counts["User"]
    assert len(found["teams"].records) == counts["Group"] == len(company.units)
    read = found["opportunities"].records + found["search_opportunities"].records
    titles = sorted([gig.title for gig in company.gigs] + [mentor.title for mentor in company.mentors])
    assert sorted(record.title for record in read) == titles
    assert len(found["search_opportunities"].records) == 4
    assert found["experts"].records
    assert len(found["people"].pages) > 3


def test_facts_of_the_company_arrive(
    served: SandboxServer, connect: Connect, run_stream: Run, company: Company
) -> None:
    ctx = connect(served)
    records = run_stream(ctx, "opportunities").records + run_stream(ctx, "search_opportunities").records
    people = run_stream(ctx, "people").by_id()
    by_title = {(record.title, record.starts_on): record for record in records}
    for index, gig in enumerate(company.gigs):
        starts_on = None if index == 3 else gig.starts_on
        project = by_title[gig.title, starts_on]
        assert isinstance(project, Project)
        assert (project.project_kind, project.description) == (gig.kind, gig.text)
        assert project.seats == (None if gig.kind == "hack" else gig.seats)
        assert (project.hours_per_week, project.duration_weeks) == (gig.hours_per_week, gig.weeks)
        assert [(requirement.label, requirement.level) for requirement in project.requirements] == list(gig.skills)
        assert project.owner is not None
        owner = people[project.owner.value]
        assert isinstance(owner, Person)
        assert owner.name == company.colleague(gig.owner).name
    for mentor in company.mentors:
        offer = next(record for record in records if record.title == mentor.title)
        assert isinstance(offer, Mentorship)
        assert (offer.seats, offer.seats_taken, offer.direction) == (mentor.seats, mentor.taken, "offer")
        assert {requirement.importance for requirement in offer.requirements} == {"teaches"}
        assert offer.languages == mentor.languages
        assert offer.owner is not None
        assert people[offer.owner.value].name == company.colleague(mentor.colleague).name


def test_people_are_as_incomplete_as_a_real_directory(
    served: SandboxServer, connect: Connect, run_stream: Run, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        people = run_stream(connect(served), "people").records
    active = sum(person.status in {"active", "on_leave"} for person in company.people)
    addresses = [person.work_email for person in people if person.work_email]
    assert 0.8 * active < len(people) <= active + 1
    assert len(addresses) < len(people)
    assert len(addresses) - len(set(addresses)) == 1
    assert "carry the same e-mail address" in caplog.text
    assert 0 < sum(person.employee_id is not None for person in people) < len(people)
    assert any(person.skills for person in people)


def test_experts_name_people_of_the_catalog(served: SandboxServer, connect: Connect, run_stream: Run) -> None:
    ctx = connect(served)
    people = run_stream(ctx, "people").by_id()
    experts = run_stream(ctx, "experts").records
    assert experts
    assert {expert.person.value for expert in experts} <= people.keys()
    assert {expert.person.scheme for expert in experts} == {PersonRef(scheme="source", value="x").scheme}
    assert {expert.claim.stance for expert in experts} == {"has", "teaches"}


def test_a_plain_service_is_never_an_opportunity(served: SandboxServer, connect: Connect, run_stream: Run) -> None:
    records = run_stream(connect(served), "opportunities").by_id()
    assert not [ref for ref in records if ref.endswith("-service")]


def test_a_second_run_reads_exactly_the_same(served: SandboxServer, connect: Connect, run_stream: Run) -> None:
    first = everything(connect(served), run_stream)
    second = everything(connect(served, page_size=17), run_stream)
    for name, outcome in first.items():
        assert outcome.by_id() == second[name].by_id()


@pytest.mark.parametrize("name", ["people", "opportunities", "search_opportunities", "experts"])
def test_stopping_after_any_page_and_going_on_loses_and_doubles_nothing(
    served: SandboxServer, connect: Connect, run_stream: Run, name: str
) -> None:
    ctx = connect(served, page_size=30)
    whole = run_stream(ctx, name)
    for stop in range(1, len(whole.pages)):
        before = run_stream(ctx, name, pages=stop)
        after = run_stream(ctx, name, resume=before.pages[-1].resume)
        assert len(before.records) + len(after.records) == len(whole.records)
        assert {**before.by_id(), **after.by_id()} == whole.by_id()


def test_a_bad_day_gives_the_same_records(sandbox: BackstageSandbox, connect: Connect, run_stream: Run) -> None:
    with SandboxServer(sandbox) as server:
        expected = {name: out.by_id() for name, out in everything(connect(server), run_stream).items()}
    rates = {"http_429": 0.1, "http_500": 0.1, "http_503": 0.05, "reset": 0.05, "half_body": 0.1}
    with SandboxServer(sandbox, faults=Faults(seed=5, rates=rates)) as server:
        found = {name: out.by_id() for name, out in everything(connect(server, page_size=10), run_stream).items()}
        assert sum(server.faults.counts.values()) > 5
    assert found == expected


def test_a_hanging_backend_is_asked_again(sandbox: BackstageSandbox, run_stream: Run, connect: Connect) -> None:
    path = "/api/catalog/entities/by-query"
    with SandboxServer(sandbox, faults=Faults.scripted({path: ["hang"]})) as server:
        ctx = connect(server)
        settings = replace(http_settings(ctx.config), read_timeout_s=0.2)
        with Client(settings, clock=lambda: 0.0, sleep=lambda _: None) as client:
            outcome = run_stream(replace(ctx, http=client), "teams")
        assert len(outcome.records) > 3
        assert [line.fault for line in server.log] == ["hang", None]


def test_a_real_mangled_cursor_restarts_the_walk(served: SandboxServer, connect: Connect, run_stream: Run) -> None:
    with pytest.raises(ResumeExpired):
        run_stream(connect(served), "people", resume={"cursor": "bWFuZ2xlZA=="})


def test_a_type_the_index_lost_stops_search_and_nothing_else(
    served: SandboxServer, connect: Connect, run_stream: Run
) -> None:
    ctx = connect(served, search_types=["skill-exchange", "gone"])
    with pytest.raises(ContractError):
        run_stream(ctx, "search_opportunities")
    assert run_stream(ctx, "people").records


def test_the_token_is_in_no_log_line_and_no_url(
    served: SandboxServer, connect: Connect, run_stream: Run, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        everything(connect(served), run_stream)
    (token,) = served.connection.secrets.values()
    assert token not in caplog.text
    assert not [request.target for request in served.requests if token in request.target]
