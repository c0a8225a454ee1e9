"""Our own invented recordings: each is played through the connector."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from echo_core.connectors import AuthError, StreamContext
from echo_core.model import OrgUnit, Project
from echo_hub_skill_exchange.config import SkillExchangeConfig

FOLDER = Path(__file__).parent.parent / "recordings"
STREAM_OF = {
    "groups.json": "teams",
    "opportunities.json": "opportunities",
    "search_documents.json": "search_opportunities",
    "token_restricted.json": "search_opportunities",
    "token_unknown.json": "people",
    "users_page_1.json": "people",
    "users_page_2_empty.json": "people",
    "users_page_3.json": "people",
}


def test_every_recording_is_played() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(STREAM_OF)


@pytest.mark.parametrize(("name", "stream"), sorted(STREAM_OF.items()))
@respx.mock
def test_a_recording_is_read_or_refused_as_backstage_meant_it(
    name: str,
    stream: str,
    recording: Callable[[str], dict[str, Any]],
    played: Callable[..., httpx.Response],
    make_config: Callable[..., SkillExchangeConfig],
    make_context: Callable[..., StreamContext],
    run_stream: Callable[..., Any],
) -> None:
    made = recording(name)
    # A page that names a next cursor is followed by an empty last one here.
    last = {"items": [], "totalItems": 0, "pageInfo": {}}
    respx.get(f"https://backstage.corp.example{made['request']['path']}").mock(
        side_effect=[played(name), *([httpx.Response(200, json=last)] if "Cursor" in str(made) else [])]
    )
    ctx = make_context(make_config(sources={"search": True}, search_types=["gigs"]))
    if made["response"]["status"] != 200:
        with pytest.raises(AuthError):
            run_stream(ctx, stream)
        return
    outcome = run_stream(ctx, stream)
    body = made["response"]["body"]
    sent = len(body.get("items", body.get("results", [])))
    assert len(outcome.records) + len(outcome.excluded) + len(outcome.quarantined) == sent


@respx.mock
def test_the_recorded_embed_and_teams_read_as_written(
    played: Callable[..., httpx.Response],
    make_config: Callable[..., SkillExchangeConfig],
    make_context: Callable[..., StreamContext],
    run_stream: Callable[..., Any],
) -> None:
    route = respx.get("https://backstage.corp.example/api/catalog/entities/by-query")
    route.mock(return_value=played("opportunities.json"))
    ctx = make_context(make_config())
    embed = run_stream(ctx, "opportunities").by_id()["component:default/loudness-embed"]
    assert isinstance(embed, Project)
    assert (embed.title, embed.seats, embed.seats_taken) == ("Loudness embed 🎧", 2, 1)
    assert embed.description == "Eight weeks with the loudness squad."
    route.mock(return_value=played("groups.json"))
    teams = run_stream(ctx, "teams").by_id()
    squad = teams["group:default/sound"]
    assert isinstance(squad, OrgUnit)
    assert squad.parent_id == "group:default/engineering"
    assert teams["group:default/engineering"].parent_id is None
