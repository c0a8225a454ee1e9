"""The pairs recorded from a real Backstage backend: read through the connector, and compared with the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import respx

from echo_core.connectors import AuthError, ResumeExpired, StreamContext
from echo_core.model import Mentorship, Person, Project
from echo_core.testing.sandbox import Reply, Request
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.registry import Action
from echo_hub_skill_exchange.sandbox import TOKEN, Access, BackstageSandbox
from echo_hub_skill_exchange.sandbox_actions import SandboxAction
from echo_hub_skill_exchange.sandbox_search import Document

pytestmark = pytest.mark.real_input
Shared = Callable[[str], Path]
Pairs = dict[str, dict[str, Any]]
Make = Callable[..., SkillExchangeConfig]
Context = Callable[[SkillExchangeConfig], StreamContext]
Run = Callable[..., Any]
BASE = "https://backstage.corp.example"
BY_QUERY = f"{BASE}/api/catalog/entities/by-query"
LIMITED = "catalog-only-token"

READ = {
    "catalog_users_page1",
    "catalog_users_page2",
    "catalog_opportunities_page1",
    "catalog_opportunities_page2",
    "catalog_empty",
    "catalog_bad_cursor",
    "catalog_401_illegal",
    "catalog_401_missing",
    "search_query",
    "actions_list_catalog",
    "actions_list_skill_exchange_SYNTHETIC",
}
"""Pairs whose answers this version of the connector may meet while reading."""

NO_SANDBOX = {
    "notification_400_bad_link",
    "notification_400_no_title",
    "notification_create",
    "notification_group_excluding",
    "notification_list_403_service",
    "notification_same_scope_updates",
    "notification_unknown_user_accepted",
}
"""Write-back and reading notifications: not part of this version, so the sandbox has no such route."""


@pytest.fixture
def pairs(shared: Shared) -> Pairs:
    folder = shared("fixtures/skill_exchange/recorded")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


@pytest.fixture
def entities(pairs: Pairs) -> list[dict[str, Any]]:
    """The catalog that was recorded, put together again from the pages that show it."""
    found = []
    for name in ("catalog_users_page1", "catalog_users_page2"):
        for number, item in enumerate(pairs[name]["response"]["body"]["items"]):
            metadata = {**item["metadata"], "uid": f"{name}-{number}"}
            found.append({**item, "metadata": metadata, "apiVersion": "backstage.io/v1alpha1"})
    for name in ("catalog_opportunities_page1", "catalog_opportunities_page2"):
        found += pairs[name]["response"]["body"]["items"]
    return found


@pytest.fixture
def sandbox(pairs: Pairs, entities: list[dict[str, Any]]) -> BackstageSandbox:
    hit = pairs["search_query"]["response"]["body"]["results"][0]
    listed = {
        plugin: [
            SandboxAction(
                raw["name"],
                raw["title"],
                raw["description"],
                {key: value for key, value in raw["schema"]["input"].items() if key != "$schema"},
                {key: value for key, value in raw["schema"]["output"].items() if key != "$schema"},
                lambda _: pairs["action_invoke_search_skills_SYNTHETIC"]["response"]["body"]["output"],
            )
            for raw in pairs[name]["response"]["body"]["actions"]
        ]
        for plugin, name in (
            ("catalog", "actions_list_catalog"),
            ("skill-exchange", "actions_list_skill_exchange_SYNTHETIC"),
        )
    }
    return BackstageSandbox(
        entities,
        documents=[Document(hit["type"], hit["document"])],
        actions=listed,
        tokens={TOKEN: Access(), LIMITED: Access(plugins=("catalog",))},
    )


def replayed(sandbox: BackstageSandbox, pair: dict[str, Any]) -> Reply:
    """The recorded request, asked of the sandbox with the token that met the recorded answer."""
    request, status = pair["request"], pair["response"]["status"]
    token = {401: "illegal-token", 403: LIMITED}.get(status, TOKEN)
    headers = [("Authorization", f"Bearer {token}")] if request["authorization"] else []
    target = request["path"] + (f"?{urlencode(request['query'])}" if request["query"] else "")
    body = json.dumps(request["json"]).encode() if request["json"] is not None else b""
    return sandbox.handle(Request.parse(request["method"], target, headers, body))


def shape(value: Any) -> Any:
    """Keys and types of an answer, not its values; a list is the shapes that occur in it."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(inner), sort_keys=True) for inner in value})
    return type(value).__name__


def test_all_recorded_pairs_are_known(pairs: Pairs) -> None:
    assert len(pairs) == 27
    assert pairs.keys() >= READ | NO_SANDBOX


def test_the_sandbox_answers_as_the_real_backend_did(pairs: Pairs, sandbox: BackstageSandbox) -> None:
    compared = 0
    for name, pair in pairs.items():
        if name in NO_SANDBOX:
            continue
        wanted, reply = pair["response"], replayed(sandbox, pair)
        assert reply.status == wanted["status"], name
        assert reply.content_type == wanted["content_type"], name
        assert isinstance(reply.body, dict), name
        assert reply.body.keys() == wanted["body"].keys(), name
        if reply.status >= 400 and "error" in wanted["body"]:
            assert reply.body["error"]["name"] == wanted["body"]["error"]["name"], name
            assert reply.body["response"] == wanted["body"]["response"], name
            assert reply.body["request"] == wanted["body"]["request"], name
        compared += 1
    assert compared == 20


@pytest.mark.parametrize(
    "name",
    [
        "action_invoke_400",
        "action_invoke_404",
        "action_invoke_search_skills_SYNTHETIC",
        "actions_list_skill_exchange_SYNTHETIC",
        "catalog_401_illegal",
        "catalog_401_missing",
        "catalog_by_name_404",
        "catalog_by_refs_with_null",
        "catalog_empty",
        "catalog_opportunities_page1",
        "notifications_403_restricted",
        "validate_entity_custom_kind_400",
    ],
)
def test_the_sandbox_gives_the_recorded_bodies_themselves(pairs: Pairs, sandbox: BackstageSandbox, name: str) -> None:
    reply = replayed(sandbox, pairs[name])
    expected = json.loads(json.dumps(pairs[name]["response"]["body"]))
    actual = json.loads(json.dumps(reply.body))
    # A cursor is nobody's business but the server's: only that there is one.
    for body in (expected, actual):
        if "pageInfo" in body:
            body["pageInfo"] = sorted(body["pageInfo"])
    assert actual == expected


def test_a_recorded_cursor_opens_the_recorded_second_page(pairs: Pairs, sandbox: BackstageSandbox) -> None:
    """The sandbox's cursor has the real one's form, so a real cursor works on it."""
    pair = pairs["catalog_opportunities_page2"]
    reply = replayed(sandbox, pair)
    assert isinstance(reply.body, dict)
    assert reply.body["items"] == pair["response"]["body"]["items"]
    assert shape(reply.body) == shape(pair["response"]["body"])


def test_search_results_have_the_recorded_shape(pairs: Pairs, sandbox: BackstageSandbox) -> None:
    body: Any = replayed(sandbox, pairs["search_query"]).body
    expected = pairs["search_query"]["response"]["body"]
    assert body["numberOfResults"] == expected["numberOfResults"]
    (result,), (wanted,) = body["results"], expected["results"]
    assert result["document"] == wanted["document"]
    assert shape(result["rank"]) == shape(wanted["rank"])
    assert result["highlight"].keys() == wanted["highlight"].keys()
    assert result["highlight"]["fields"].keys() == wanted["highlight"]["fields"].keys()


def response(pair: dict[str, Any]) -> httpx.Response:
    answer = pair["response"]
    return httpx.Response(answer["status"], json=answer["body"], headers={"content-type": answer["content_type"]})


@respx.mock
def test_every_recorded_user_becomes_a_person(
    pairs: Pairs, make_config: Make, make_context: Context, run_stream: Run
) -> None:
    route = respx.get(BY_QUERY).mock(
        side_effect=[response(pairs["catalog_users_page1"]), response(pairs["catalog_users_page2"])]
    )
    outcome = run_stream(make_context(make_config()), "people")
    cursor = pairs["catalog_users_page2"]["request"]["query"]["cursor"]
    assert route.calls.last.request.url.params["cursor"] == cursor
    assert (outcome.quarantined, outcome.excluded) == ([], [])
    people = outcome.by_id()
    assert set(people) == {f"user:default/{name}" for name in ("ada", "bo", "cy", "dee", "eli", "guest")}
    eli = people["user:default/eli"]
    assert isinstance(eli, Person)
    assert (eli.name, eli.work_email, eli.teams) == ("Eli Example", "eli@example.com", ("group:default/platform",))
    assert [claim.label for claim in eli.skills] == ["python", "data-engineering"]
    assert people["user:default/dee"].skills == ()


@respx.mock
def test_every_recorded_opportunity_becomes_a_project_or_a_mentorship(
    pairs: Pairs, make_config: Make, make_context: Context, run_stream: Run, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("catalog_opportunities_page1", "catalog_opportunities_page2")
    respx.get(BY_QUERY).mock(side_effect=[response(pairs[name]) for name in names])
    outcome = run_stream(make_context(make_config()), "opportunities")
    assert (outcome.quarantined, outcome.excluded) == ([], [])
    found = {record.source_id.rpartition("/")[2]: record for record in outcome.records}
    assert set(found) == {"graphql-embed", "k8s-mentor", "lyrics-hack", "old-hack"}
    embed, mentor, hack, old = (found[name] for name in ("graphql-embed", "k8s-mentor", "lyrics-hack", "old-hack"))
    assert isinstance(embed, Project)
    assert (embed.project_kind, embed.starts_on, embed.seats) == ("embed", date(2027, 1, 11), 1)
    assert [requirement.label for requirement in embed.requirements] == ["graphql", "typescript"]
    assert isinstance(mentor, Mentorship)
    assert (mentor.starts_on, mentor.org_unit_ids) == (None, ("group:default/platform",))
    assert [requirement.importance for requirement in mentor.requirements] == ["teaches"]
    assert (hack.project_kind, hack.seats, hack.status) == ("hack", None, "open")
    assert [requirement.label for requirement in hack.requirements] == ["python"]
    assert old.status == "closed"
    # An empty start-date is an absent one, so nothing was left out.
    assert "left out" not in caplog.text


@respx.mock
def test_the_recorded_search_document_reads_alone_and_is_left_to_the_catalog_otherwise(
    pairs: Pairs, make_config: Make, make_context: Context, run_stream: Run
) -> None:
    respx.get(f"{BASE}/api/search/query").mock(return_value=response(pairs["search_query"]))
    settings: dict[str, Any] = {"search_types": ["software-catalog"]}
    alone = make_config(sources={"search": True, "catalog_opportunities": False}, **settings)
    (record,) = run_stream(make_context(alone), "search_opportunities").records
    assert record.title == "GraphQL embed in the lyrics squad"
    assert record.apply_url == f"{BASE}/catalog/default/component/graphql-embed"
    assert "<d56fd2b3" not in record.model_dump_json()
    both = make_config(sources={"search": True}, **settings)
    assert [item.rule for item in run_stream(make_context(both), "search_opportunities").excluded] == ["catalog_entity"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("catalog_bad_cursor", ResumeExpired),
        ("catalog_401_illegal", AuthError),
        ("catalog_401_missing", AuthError),
        ("notifications_403_restricted", AuthError),
    ],
)
@respx.mock
def test_recorded_refusals_become_the_right_error(
    pairs: Pairs, make_config: Make, make_context: Context, run_stream: Run, name: str, error: type[Exception]
) -> None:
    respx.get(BY_QUERY).mock(return_value=response(pairs[name]))
    with pytest.raises(error):
        run_stream(make_context(make_config()), "people", resume={"cursor": "not-a-cursor"})


@respx.mock
def test_an_empty_catalog_is_one_empty_page(
    pairs: Pairs, make_config: Make, make_context: Context, run_stream: Run
) -> None:
    respx.get(BY_QUERY).mock(return_value=response(pairs["catalog_empty"]))
    outcome = run_stream(make_context(make_config()), "teams")
    assert [(len(page.records), page.resume, page.total) for page in outcome.pages] == [(0, None, 0)]


def test_recorded_actions_are_understood(pairs: Pairs) -> None:
    listed = pairs["actions_list_skill_exchange_SYNTHETIC"]["response"]["body"]["actions"]
    (action,) = (Action.parse(raw) for raw in listed)
    assert (action.id, action.read_only) == ("skill-exchange:search-skills", True)
    assert action.largest("limit", None) == 100
    catalog = [Action.parse(raw) for raw in pairs["actions_list_catalog"]["response"]["body"]["actions"]]
    assert len({one.hash for one in catalog}) > 1
    assert not all(one.read_only for one in catalog)


def test_the_sample_catalog_is_covered_by_the_recorded_pages(shared: Shared, entities: list[dict[str, Any]]) -> None:
    text = shared("fixtures/skill_exchange/sample_catalog.yaml").read_text(encoding="utf-8")
    documents = [part for part in text.split("---\n") if "kind: User" in part or "kind: Component" in part]
    assert len(documents) == len(entities) == 10


def test_every_query_parameter_we_send_is_described_by_the_vendor(shared: Shared) -> None:
    catalog = json.loads(shared("fixtures/skill_exchange/backstage_catalog.openapi.json").read_text(encoding="utf-8"))
    search = json.loads(shared("fixtures/skill_exchange/backstage_search.openapi.json").read_text(encoding="utf-8"))
    known = set(catalog["components"]["parameters"])
    assert {"filter", "fields", "limit", "cursor"} <= known
    described = {item["name"] for item in search["paths"]["/query"]["get"]["parameters"]}
    assert {"term", "types", "pageLimit", "pageCursor"} <= described
    assert {"/entities/by-query", "/entity-facets"} <= catalog["paths"].keys()
