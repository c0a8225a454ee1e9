"""The sandbox refuses what a real backend refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from echo_core.testing.sandbox import Reply, Request
from echo_hub_skill_exchange.sandbox import TOKEN, Access, BackstageSandbox
from echo_hub_skill_exchange.sandbox_actions import skill_exchange_actions
from echo_hub_skill_exchange.sandbox_search import Document

Ask = Callable[..., Reply]


def entity(kind: str, name: str, number: int, **spec: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": "default",
            "uid": f"{number:04d}",
            "tags": ["Java"],
            "annotations": {"corp.example/a.b": "X"},
        },
        "spec": spec,
        "relations": [{"type": "memberOf", "targetRef": "group:default/Lyrics"}],
    }


@pytest.fixture
def ask() -> Ask:
    entities = [entity("User", f"u{number}", number) for number in range(7)]
    entities.append(entity("Component", "c1", 90, type="opportunity"))
    sandbox = BackstageSandbox(
        entities,
        documents=[Document("gigs", {"title": f"Gig {number}", "location": f"/g/{number}"}) for number in range(230)],
        actions={"skill-exchange": skill_exchange_actions([{"id": 1, "name": "Python", "category": "LANGUAGES"}], {})},
        tokens={TOKEN: Access(), "catalog-only-token": Access(plugins=("catalog", "search"))},
    )

    def send(target: str, *, method: str = "GET", token: str | None = TOKEN, body: Any = None) -> Reply:
        headers = [("Authorization", f"Bearer {token}")] if token else []
        return sandbox.handle(Request.parse(method, target, headers, json.dumps(body).encode() if body else b""))

    return send


def names(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [item["metadata"]["name"] for item in reply.body["items"]]


Q = "/api/catalog/entities/by-query"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 8),
        ("?filter=kind=user", 7),
        ("?filter=KIND=USER,metadata.name=U3", 1),
        ("?filter=metadata.name=u1,metadata.name=u2", 2),
        ("?filter=kind=user,metadata.name=u1&filter=kind=component", 2),
        ("?filter=metadata.tags.java", 8),
        ("?filter=metadata.tags=java", 8),
        ("?filter=relations.memberof=group:default/lyrics", 8),
        ("?filter=metadata.annotations.corp.example/a.b", 8),
        ("?filter=metadata.annotations.corp.example/other", 0),
        ("?filter=spec.type", 1),
        ("?filter=kind=nothing", 0),
    ],
)
def test_filters_mean_what_the_api_description_says(ask: Ask, query: str, count: int) -> None:
    assert len(names(ask(Q + query))) == count


def test_a_cursor_freezes_the_filter_and_the_total_but_not_fields_and_limit(ask: Ask) -> None:
    first = ask(Q + "?filter=kind=user&limit=3&fields=metadata.name").body
    assert (len(first["items"]), first["totalItems"], set(first["pageInfo"])) == (3, 7, {"nextCursor"})
    assert first["items"][0] == {"metadata": {"name": "u0"}}
    second = ask(f"{Q}?cursor={first['pageInfo']['nextCursor']}&filter=kind=component").body
    assert [item["metadata"]["name"] for item in second["items"]] == ["u3", "u4", "u5", "u6"]
    assert "spec" in second["items"][0]
    assert set(second["pageInfo"]) == {"prevCursor"}
    back = ask(f"{Q}?cursor={second['pageInfo']['prevCursor']}&limit=2").body
    assert [item["metadata"]["name"] for item in back["items"]] == ["u1", "u2"]


def test_an_order_is_kept_across_pages(ask: Ask) -> None:
    first = ask(Q + "?filter=kind=user&orderField=metadata.name,desc&limit=4").body
    second = ask(f"{Q}?cursor={first['pageInfo']['nextCursor']}&limit=4").body
    seen = [item["metadata"]["name"] for item in first["items"] + second["items"]]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


@pytest.mark.parametrize("cursor", ["not-a-cursor", "e30=", "bnVsbA==", "W10="])
def test_a_mangled_cursor_is_an_input_error(ask: Ask, cursor: str) -> None:
    reply = ask(f"{Q}?cursor={cursor}")
    assert reply.status == 400
    assert reply.body["error"]["name"] == "InputError"
    assert reply.body["error"]["message"].startswith("Malformed cursor")
    assert reply.body["request"] == {"method": "GET", "url": f"/entities/by-query?cursor={cursor}"}


@pytest.mark.parametrize("query", ["?limit=many", "?limit=-1", "?orderField=metadata.name,up", "?filter=,"])
def test_other_bad_parameters_are_input_errors(ask: Ask, query: str) -> None:
    assert ask(Q + query).body["error"]["name"] == "InputError"


def test_by_refs_answers_in_order_with_null_for_a_missing_one(ask: Ask) -> None:
    body = {"entityRefs": ["user:default/U2", "user:default/gone"], "fields": ["metadata.name"]}
    reply = ask("/api/catalog/entities/by-refs", method="POST", body=body)
    assert reply.body == {"items": [{"metadata": {"name": "u2"}}, None]}
    assert ask("/api/catalog/entities/by-refs", method="POST", body={"x": 1}).status == 400


def test_facets_count_and_demand_a_facet(ask: Ask) -> None:
    body = ask("/api/catalog/entity-facets?facet=kind&facet=metadata.tags").body
    assert body["facets"]["kind"] == [{"value": "Component", "count": 1}, {"value": "User", "count": 7}]
    assert body["facets"]["metadata.tags"] == [{"value": "Java", "count": 8}]
    assert ask("/api/catalog/entity-facets").status == 400


def test_search_pages_by_a_hundred_at_most(ask: Ask) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        body = ask(f"/api/search/query?term=&types[0]=gigs&pageLimit=100{cursor}").body
        seen += [item["document"]["location"] for item in body["results"]]
        assert body["numberOfResults"] == 230
        if "nextPageCursor" not in body:
            break
        cursor = f"&pageCursor={body['nextPageCursor']}"
    assert len(set(seen)) == 230
    assert len(ask("/api/search/query?term=").body["results"]) == 25


@pytest.mark.parametrize(
    "query", ["?pageLimit=101", "?types[0]=unknown", "?term=" + "x" * 101, "?pageCursor=nonsense", "?pageLimit=x"]
)
def test_search_refuses_beyond_its_caps(ask: Ask, query: str) -> None:
    reply = ask("/api/search/query" + query)
    assert (reply.status, reply.body["error"]["name"]) == (400, "InputError")


def test_highlights_differ_from_query_to_query(ask: Ask) -> None:
    tags = {
        ask(f"/api/search/query?term=gig&pageLimit={limit}").body["results"][0]["highlight"]["preTag"]
        for limit in range(1, 6)
    }
    assert len(tags) == 5


@pytest.mark.parametrize(
    ("token", "status", "name", "message"),
    [
        (None, 401, "AuthenticationError", "Missing credentials"),
        ("nobody-knows-me", 401, "AuthenticationError", "Illegal token"),
        (
            "catalog-only-token",
            403,
            "NotAllowedError",
            "This token's access is restricted to plugin(s) 'catalog', 'search'",
        ),
    ],
)
def test_tokens_are_judged_before_anything_else(
    ask: Ask, token: str | None, status: int, name: str, message: str
) -> None:
    reply = ask("/api/skill-exchange/.backstage/actions/v1/actions", token=token)
    assert (reply.status, reply.body["error"]) == (status, {"name": name, "message": message})


def test_actions_are_listed_and_inputs_checked(ask: Ask) -> None:
    base = "/api/skill-exchange/.backstage/actions/v1/actions"
    assert [action["id"] for action in ask(base).body["actions"]] == [
        "skill-exchange:search-skills",
        "skill-exchange:search-experts",
    ]
    assert ask("/api/catalog/.backstage/actions/v1/actions").body == {"actions": []}
    invoke = f"{base}/skill-exchange:search-skills/invoke"
    assert ask(invoke, method="POST", body={"query": "PY"}).body["output"]["skills"][0]["name"] == "Python"
    for body, code in (
        ({"limit": 101}, "too_big"),
        ({"limit": 0}, "too_small"),
        ({"limit": "ten"}, "invalid_type"),
        ({"category": "FOOD"}, "invalid_enum_value"),
    ):
        error = ask(invoke, method="POST", body=body).body["error"]
        assert error["cause"]["issues"][0]["code"] == code
    assert ask(f"{base}/skill-exchange:nope/invoke", method="POST").body["error"]["name"] == "NotFoundError"


@pytest.mark.parametrize("target", ["/", "/api/catalog/nothing", "/api/search/query/x", "/api/unknown/x"])
def test_unknown_routes_are_not_found(ask: Ask, target: str) -> None:
    assert ask(target).status == 404
