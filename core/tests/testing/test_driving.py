"""A stream driven without the hub: what is kept, what is set aside, and the promises that are demanded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from echo_core.connectors import (
    BearerAuth,
    Connector,
    HttpSettings,
    Page,
    RecordError,
    Retry,
    Stream,
    StreamContext,
    TransientError,
    Window,
    paging,
)
from echo_core.model import Excluded, OrgUnit
from echo_core.testing import driving
from echo_core.testing.driving import FakeClock, StreamRun, drive, open_context, sandbox_config
from echo_core.testing.sandbox import Faults, Reply, Request, Sandbox, SandboxConnection, SandboxServer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class TeamsVendor(Sandbox):
    """Five teams, two a page."""

    name = "teams"

    def handle(self, request: Request) -> Reply:
        if request.headers.get("authorization") != "Bearer invented":
            return Reply(401, {"error": "who are you"})
        first = int(request.param("offset", "0") or 0)
        return Reply(200, [{"id": number, "name": f"Team {number}"} for number in range(first, min(first + 2, 5))])

    def connection(self, url: str) -> SandboxConnection:
        return SandboxConnection("teams", "teams", {"url": url, "login": {"token": "env:TOKEN"}}, {"TOKEN": "invented"})


class Login(BaseModel):
    token: SecretStr


class TeamsConfig(BaseModel):
    url: str
    login: Login
    prefix: str = ""


class RawTeam(BaseModel):
    id: int
    name: Any


def read_teams(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    return paging.offset(ctx.http, "teams", params={}, resume=resume, items=lambda body: body, limit=2)


def map_team(raw: RawTeam, config: Any) -> Iterable[OrgUnit | Excluded]:
    if raw.name == "secret":
        yield Excluded(entity="org_unit", source_id=str(raw.id), rule="confidential")
    elif raw.name == "unread":
        raise RecordError("The team has no name.", field="name")
    else:
        yield OrgUnit(source_id=str(raw.id), name=f"{getattr(config, 'prefix', '')}{raw.name}")


TEAMS = Stream(name="teams", raw=RawTeam, read=read_teams, map=map_team, entities=("org_unit",))


def http_settings(config: TeamsConfig) -> HttpSettings:
    return HttpSettings(base_url=config.url, auth=BearerAuth(config.login.token))


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> Connector:
    """A connector whose parts are this module's: test modules cannot be named as "module:object"."""
    parts = {"config": TeamsConfig, "http": http_settings, "streams": lambda config: (TEAMS,)}
    monkeypatch.setattr("echo_core.connectors.declaration.load", parts.__getitem__)
    return Connector(name="teams", title="Teams", summary="Teams", config="config", http="http", streams="streams")


@pytest.fixture
def context() -> Any:
    """A context for streams that ask no source."""
    return SimpleNamespace(config=None, http=None, now=lambda: NOON, log=logging.getLogger("test"))


@pytest.fixture
def listed() -> Callable[..., Stream]:
    """listed(page, page, map=…) -> a stream that reads just these pages; without any, a page of one good team."""

    def stream(*pages: Page, **changes: Any) -> Stream:
        given = pages or (Page([{"id": 1, "name": "One"}]),)
        return replace(TEAMS, **{"read": lambda ctx, window, resume: iter(given), **changes})

    return stream


def test_seconds_pass_only_when_somebody_sleeps():
    clock = FakeClock(NOON)
    clock.sleep(1.5)
    clock.seconds += 60
    assert (clock(), clock.now(), clock.slept) == (
        NOON.timestamp() + 61.5,
        NOON + timedelta(seconds=61.5),
        [1.5],
    )
    assert FakeClock().now() == driving.START


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="with a zone"):
        FakeClock(datetime(2026, 3, 2))  # noqa: DTZ001, that is the point


def test_records_exclusions_and_rejected_ones_are_told_apart(context, listed):
    rows = [
        {"id": 1, "name": "One"},
        {"id": 2, "name": "secret"},
        {"id": 3, "name": "unread"},
        {"id": "x", "name": "Four"},
        {"name": "Five"},
    ]
    run = drive(listed(Page(rows, removed=("9",)), Page([{"id": 6, "name": "Six"}], removed=("8", "7"))), context)
    assert [record.source_id for record in run.records] == ["1", "6"]
    assert run.by_id["6"].name == "Six"
    assert run.rules == {"2": "confidential"}
    assert [(row.key, type(row.error)) for row in run.rejected] == [
        ("3", RecordError),
        ("x", ValidationError),
        (None, ValidationError),
    ]
    assert run.removed == ["9", "8", "7"]
    assert run.raws == [*rows, {"id": 6, "name": "Six"}]
    assert len(run.pages) == 2


def test_records_reach_the_model_as_json_leaves_them(context, listed):
    seen: list[Any] = []

    def remember(raw: RawTeam, config: Any) -> Iterable[OrgUnit]:
        seen.append(raw.name)
        return ()

    drive(listed(Page([{"id": 1, "name": ("a", "b")}]), map=remember), context)
    assert seen[0] == ["a", "b"]


def test_a_record_that_is_no_json_stops_the_run(context, listed):
    with pytest.raises(TypeError, match="not JSON serializable"):
        drive(listed(Page([{"id": 1, "name": NOON}])), context)


@pytest.mark.parametrize(("length", "fits"), [(65_534, True), (65_535, False)])
def test_a_resume_value_has_at_most_64_kb(context, listed, length, fits):
    stream = listed(Page([], resume="x" * length))
    if fits:
        assert drive(stream, context).pages[0].resume == "x" * length
    else:
        with pytest.raises(AssertionError, match="more than 64 KB"):
            drive(stream, context)


def test_a_mapping_that_changes_its_mind_is_found(context, listed):
    names = iter("ab")
    stream = listed(map=lambda raw, config: [OrgUnit(source_id="1", name=next(names))])
    with pytest.raises(AssertionError, match="teams: mapping twice gives another result"):
        drive(stream, context)


def test_a_mapping_that_changes_the_raw_record_is_found(context, listed):
    def spoil(raw: RawTeam, config: Any) -> Iterable[OrgUnit]:
        raw.name["spoilt"] = True
        return ()

    with pytest.raises(AssertionError, match="changed its input"):
        drive(listed(Page([{"id": 1, "name": {}}]), map=spoil), context)


def test_an_entity_the_stream_does_not_declare_is_found(context, listed):
    with pytest.raises(AssertionError, match="made 'org_unit', which it does not declare"):
        drive(listed(entities=("job",)), context)


def test_a_bug_of_the_mapping_is_not_quarantined(context, listed):
    with pytest.raises(ZeroDivisionError):
        drive(listed(map=lambda raw, config: [1 / 0]), context)


def test_a_run_can_be_stopped_after_a_page(context, listed):
    read: list[int] = []

    def pages(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
        for number in range(3):
            read.append(number)
            yield Page([{"id": number, "name": "n"}], resume=number)

    run = drive(listed(read=pages), context, pages=2)
    assert ([page.resume for page in run.pages], read) == ([0, 1], [0, 1])


@pytest.mark.parametrize(
    ("watermark", "until"), [("none", NOON), ("observed_max", NOON), ("window", NOON - timedelta(minutes=5))]
)
def test_without_a_window_everything_is_read_as_in_the_hubs_first_run(context, listed, watermark, until):
    asked: list[Any] = []
    stream = listed(
        read=lambda ctx, window, resume: iter(asked.append((window, resume)) or ()),
        watermark=watermark,
        lag=timedelta(minutes=5),
    )
    drive(stream, context)
    window = Window(NOON - timedelta(days=1), NOON)
    drive(stream, context, window, {"at": (1, 2)})
    assert asked == [(Window(None, until), None), (window, {"at": [1, 2]})]


def test_pages_can_be_taken_one_by_one():
    run = StreamRun()
    run.take(TEAMS, Page([{"id": 1, "name": "One"}]), SimpleNamespace(prefix="Team "))
    assert run.by_id["1"].name == "Team One"
    assert run.rejected == []


def test_the_sandboxs_configuration_has_its_secrets_filled_in_at_any_depth(connector):
    told = TeamsVendor().connection("http://127.0.0.1:1")
    config = sandbox_config(connector, told, prefix="x")
    assert (config.url, config.login.token.get_secret_value(), config.prefix) == ("http://127.0.0.1:1", "invented", "x")
    assert told.config["login"] == {"token": "env:TOKEN"}
    with pytest.raises(ValidationError, match="url"):
        sandbox_config(connector, told, url=None)
    with pytest.raises(KeyError, match="OTHER"):
        sandbox_config(connector, told, login={"token": "env:OTHER"})


def test_a_stream_is_driven_over_real_http_and_goes_on_where_it_stopped(connector):
    clock = FakeClock(NOON)
    with SandboxServer(TeamsVendor(), faults=Faults.scripted({"/teams": ["http_503", "http_429"]})) as server:
        config = sandbox_config(connector, server.connection)
        with open_context(connector, config, clock) as context:
            first = drive(TEAMS, context, pages=1)
            rest = drive(TEAMS, context, resume=first.pages[-1].resume)
    assert list(first.by_id) == ["0", "1"]
    assert list(rest.by_id) == ["2", "3", "4"]
    assert clock.slept == [0.5, 1.0]
    assert context.now() == clock.now() == NOON + timedelta(seconds=1.5)
    assert context.log.name == "echo_hub.test.teams"


def test_http_settings_can_be_replaced_and_answers_stubbed(connector):
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503)

    config = sandbox_config(connector, TeamsVendor().connection("https://teams.example"))
    stub = httpx.MockTransport(answer)
    with (
        open_context(connector, config, FakeClock(), name="ours", transport=stub, retry=Retry(attempts=3)) as context,
        pytest.raises(TransientError),
    ):
        drive(TEAMS, context)
    assert [request.url.host for request in asked] == ["teams.example"] * 3
    assert context.http.connection == "ours"
    assert context.http.settings.auth is not None
