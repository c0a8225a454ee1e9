"""The replay of Backstage is strict, so that a request the real backend never saw cannot pass for one it answered."""

from __future__ import annotations

from typing import Any

import pytest

from echo_core.testing.sandbox import Request

pytestmark = pytest.mark.real_input

LIST = "/api/catalog/entities/by-query"
SIGNED_IN = [("Authorization", "Bearer invented-backstage-token")]


@pytest.fixture
def replay(backstage: Any) -> Any:
    """A replay of the same pairs whose refusals are its own."""
    groups = backstage.pages[-1]["response"]["body"]["items"]
    facets, users, more_users, opportunities, more_opportunities = backstage.pages[:5]
    return type(backstage)(
        {
            "catalog_facets": facets,
            "catalog_users_page1": users,
            "catalog_users_page2": more_users,
            "catalog_opportunities_page1": opportunities,
            "catalog_opportunities_page2": more_opportunities,
        },
        groups,
    )


def test_the_connector_asked_only_for_what_was_recorded(world: Any, backstage: Any) -> None:
    assert by_name(world)["backstage"] == {"people", "teams", "opportunities"}
    assert backstage.refused == []


def by_name(world: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for report in world.reports["first"]:
        found.setdefault(report.connection, set()).add(report.stream)
    return found


def test_a_recorded_request_gets_the_recorded_answer(replay: Any) -> None:
    reply = replay.handle(Request.parse("GET", f"{LIST}?filter=kind%3Duser&fields=kind&limit=500", SIGNED_IN))
    assert (reply.status, reply.body) == (200, replay.pages[1]["response"]["body"])
    assert replay.refused == []


@pytest.mark.parametrize(
    "target",
    [
        f"{LIST}?filter=kind%3Dapi&limit=4",
        f"{LIST}?filter=kind%3Duser&filter=kind%3Dapi&limit=4",
        f"{LIST}?filter=kind%3Duser&limit=3",
        f"{LIST}?filter=kind%3Duser&limit=4&offset=4",
        f"{LIST}?cursor=never-given&limit=4",
        f"{LIST}?limit=4",
        "/api/catalog/entities?filter=kind%3Duser&limit=4",
        "/api/catalog/entity-facets?facet=metadata.tags",
    ],
)
def test_a_request_that_was_not_recorded_is_refused(replay: Any, target: str) -> None:
    assert replay.handle(Request.parse("GET", target, SIGNED_IN)).status == 500
    assert replay.refused == [f"GET {target}"]


def test_nobody_gets_an_answer_without_the_token(replay: Any) -> None:
    assert replay.handle(Request.parse("GET", f"{LIST}?filter=kind%3Duser&limit=4")).status == 500


def test_the_groups_are_those_the_recording_backend_counted(replay: Any) -> None:
    facets = {one["value"]: one["count"] for one in replay.pages[0]["response"]["body"]["facets"]["kind"]}
    assert len(replay.pages[-1]["response"]["body"]["items"]) == facets["Group"] == 2


@pytest.mark.parametrize("resource", ["jobs", "job_posts", "job_post_locations", "departments", "offices"])
def test_the_dressed_harvest_rows_have_the_columns_v3_documents(
    harvest: dict[str, list[dict[str, Any]]], payload: Any, resource: str
) -> None:
    documented = set(payload(f"fixtures/greenhouse/v3-json-schemas/{resource}.json")["properties"])
    assert harvest[resource]
    for row in harvest[resource]:
        assert set(row) == documented
