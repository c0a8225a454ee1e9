"""`connections check`: one line per thing, advice with the lines to paste."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from echo_core.connectors import CheckResult, StreamContext
from echo_core.testing.sandbox import SandboxServer
from echo_hub_skill_exchange.check import check
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.grants import access_snippet
from echo_hub_skill_exchange.sandbox import TOKEN, Access, BackstageSandbox
from echo_hub_skill_exchange.sandbox_actions import skill_exchange_actions
from echo_hub_skill_exchange.sandbox_search import Document

Make = Callable[..., SkillExchangeConfig]
Context = Callable[[SkillExchangeConfig], StreamContext]
API = "https://backstage.corp.example/api"


def entity(kind: str, name: str, **annotations: str) -> dict[str, Any]:
    marked = {f"echo-hub.example/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return {"kind": kind, "metadata": {"name": name, "uid": f"{kind}-{name}", "annotations": marked}, "spec": {}}


def lines(ctx: StreamContext) -> dict[str, CheckResult]:
    results = list(check(ctx))
    assert len({result.name for result in results}) == len(results)
    return {result.name: result for result in results}


@pytest.fixture
def probe(make_config: Make, make_context: Context) -> Callable[..., dict[str, CheckResult]]:
    def run(sandbox: BackstageSandbox, **settings: Any) -> dict[str, CheckResult]:
        with SandboxServer(sandbox) as server:
            config = make_config(base_url=server.url, token=TOKEN, requests_per_s=1000, **settings)
            return lines(make_context(config))

    return run


Probe = Callable[..., dict[str, CheckResult]]


def test_a_good_backstage_is_all_ok(probe: Probe) -> None:
    found = probe(BackstageSandbox([entity("User", "ada"), entity("Component", "gig", opportunity="hack")]))
    assert all(result.ok for result in found.values())
    assert found["token"].message == "Backstage accepts the token; its catalog holds 1 Component, 1 User"
    assert found["opportunities"].message == "opportunities advertised: 1; values that cannot be read: 0"


def test_an_unknown_token_gets_the_lines_to_paste(probe: Probe) -> None:
    found = probe(BackstageSandbox([], tokens={"another-token": Access()}))
    assert not found["token"].ok
    assert "does not know the token" in found["token"].message
    assert "externalAccess" in found["token"].advice
    assert "- plugin: catalog" in found["token"].advice
    assert TOKEN not in str(found)


def test_a_missing_grant_for_one_source_leaves_the_others_alone(probe: Probe) -> None:
    sandbox = BackstageSandbox(
        [entity("User", "ada"), entity("Component", "gig", opportunity="hack")],
        tokens={TOKEN: Access(plugins=("catalog",))},
    )
    found = probe(sandbox, sources={"search": True, "actions": True})
    assert found["token"].ok
    assert found["opportunities"].ok
    for name, plugin in (("search", "search"), ("actions", "skill-exchange")):
        assert not found[name].ok
        assert f"plugin: {plugin}" in found[name].message
        assert f"- plugin: {plugin}" in found[name].advice


def test_an_empty_catalog_says_what_to_import(probe: Probe) -> None:
    found = probe(BackstageSandbox([]))
    assert "organisation providers" in found["people"].advice
    assert "echo-hub.example/opportunity: project" in found["opportunities"].advice


def test_unreadable_annotations_are_listed_with_their_entity(probe: Probe) -> None:
    found = probe(
        BackstageSandbox(
            [
                entity("User", "ada"),
                entity("Component", "gig", opportunity="hack", start_date="soon"),
                entity("Component", "wish", opportunity="mentorship", direction="both"),
            ]
        )
    )["opportunities"]
    assert not found.ok
    assert found.message.endswith("cannot be read: 2")
    assert "component:default/gig: start-date 'soon' is not a date" in found.advice


def test_search_types_seen_are_reported_for_choosing(probe: Probe) -> None:
    documents = [Document("gigs", {"title": "t", "location": f"/g/{number}"}) for number in range(3)]
    sandbox = BackstageSandbox([], documents=[*documents, Document("docs", {"title": "d", "location": "/d"})])
    found = probe(sandbox, sources={"search": True})["search"]
    assert not found.ok
    assert "gigs (3), docs (1)" in found.message
    assert probe(sandbox, sources={"search": True}, search_types=["gigs"])["search"].ok
    gone = probe(sandbox, sources={"search": True}, search_types=["gigs", "hacks"])["search"]
    assert "Not among them: hacks" in gone.advice


def test_actions_are_described_with_their_hash(probe: Probe) -> None:
    sandbox = BackstageSandbox([], actions={"skill-exchange": skill_exchange_actions([], {})})
    found = probe(sandbox, sources={"actions": True})
    assert "inputs category, limit, query, relatedToSkillIds; output skills" in found["action search-skills"].message
    assert "schema hash" in found["action search-experts"].message
    assert "actions.experts is not set" in found["actions"].message
    ready = {"skills": "skills", "experts_input": "skillIds", "experts": "experts", "expert": "entityRef"}
    assert probe(sandbox, sources={"actions": True}, actions=ready)["actions"].ok


def test_no_actions_means_plugin_sources(probe: Probe) -> None:
    found = probe(BackstageSandbox([], actions={"skill-exchange": ()}), sources={"actions": True})["actions"]
    assert "backend.actions.pluginSources" in found.advice


@respx.mock
def test_a_login_page_is_explained(make_config: Make, make_context: Context) -> None:
    respx.get(url__startswith=API).mock(return_value=httpx.Response(200, html="<html>Sign in</html>"))
    found = lines(make_context(make_config()))
    assert "sign-on page" in found["token"].advice


@respx.mock
def test_a_clock_that_is_wrong_is_noticed(make_config: Make, make_context: Context) -> None:
    facets = {"facets": {"kind": [{"value": "User", "count": 3}]}}
    headers = {"Date": "Sun, 22 Nov 2026 08:00:00 GMT"}
    respx.get(f"{API}/catalog/entity-facets").mock(return_value=httpx.Response(200, json=facets, headers=headers))
    found = lines(make_context(make_config(sources={"catalog_opportunities": False})))
    assert "differ by 3600 s" in found["clock"].message


def test_the_snippet_grants_what_the_switches_need_and_no_more(make_config: Make) -> None:
    assert "plugin: search" not in access_snippet(make_config())
    full = access_snippet(make_config(sources={"search": True, "actions": True}, plugin_id="skillx"))
    assert [line.split(": ")[1] for line in full.splitlines() if "plugin: " in line] == ["catalog", "search", "skillx"]
    assert full.count("action: read") == 1
