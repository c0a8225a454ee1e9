"""Walking the search index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from echo_core.connectors import AuthError, ContractError, ResumeExpired, StreamContext
from echo_core.model import Mentorship
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.search import types_seen

Run = Callable[..., Any]
URL = "https://backstage.corp.example/api/search/query"


@pytest.fixture
def ctx(make_config: Callable[..., SkillExchangeConfig], make_context: Callable[..., StreamContext]) -> StreamContext:
    field_map = {"opportunity": "kind", "skills": "needs", "contact": "owner"}
    return make_context(make_config(sources={"search": True}, search_types=["gigs", "hacks"], field_map=field_map))


def found(location: str | None, type_: str = "gigs") -> dict[str, Any]:
    return {
        "type": type_,
        "document": {"title": "T", "location": location},
        "rank": 1,
        "highlight": {"preTag": "<r4nd0m>", "fields": {"title": "<r4nd0m>T"}},
    }


def answer(results: list[Any], following: str | None = None) -> httpx.Response:
    more = {"nextPageCursor": following} if following else {}
    return httpx.Response(200, json={"results": results, "numberOfResults": 7, **more})


@respx.mock
def test_lists_everything_with_an_empty_term_in_pages_of_a_hundred(ctx: StreamContext, run_stream: Run) -> None:
    route = respx.get(URL).mock(side_effect=[answer([found("/a")], "Mg=="), answer([found("/b")])])
    outcome = run_stream(ctx, "search_opportunities")
    first, second = (dict(call.request.url.params.multi_items()) for call in route.calls)
    assert first == {"term": "", "types[0]": "gigs", "types[1]": "hacks", "pageLimit": "100"}
    assert second == {**first, "pageCursor": "Mg=="}
    assert set(outcome.by_id()) == {"/a", "/b"}
    assert outcome.pages[0].total == 7


@respx.mock
def test_never_passes_on_highlight_or_rank(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=answer([found("/a")]))
    outcome = run_stream(ctx, "search_opportunities")
    assert list(outcome.pages[0].records) == [{"type": "gigs", "document": {"title": "T", "location": "/a"}}]


@respx.mock
def test_a_location_seen_twice_counts_once_and_one_without_is_quarantined(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=answer([found("/a"), found("/a"), found(None)]))
    outcome = run_stream(ctx, "search_opportunities")
    assert len(outcome.records) == 1
    assert outcome.quarantined == [None]


@respx.mock
def test_a_cursor_that_repeats_or_is_refused_ends_the_walk(ctx: StreamContext, run_stream: Run) -> None:
    route = respx.get(URL).mock(side_effect=[answer([], "MQ=="), answer([], "MQ==")])
    with pytest.raises(ContractError) as caught:
        run_stream(ctx, "search_opportunities")
    assert caught.value.error_code == "source.page_repeats"
    route.mock(side_effect=[httpx.Response(400, json={"error": {"name": "InputError", "message": "?"}})])
    with pytest.raises(ResumeExpired):
        run_stream(ctx, "search_opportunities", resume={"cursor": "old"})


@respx.mock
def test_a_type_that_was_removed_is_a_broken_contract(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=httpx.Response(400, json={"error": {"name": "InputError", "message": "enum"}}))
    with pytest.raises(ContractError):
        run_stream(ctx, "search_opportunities")


@respx.mock
def test_a_token_without_search_names_the_grant(
    ctx: StreamContext, run_stream: Run, played: Callable[..., httpx.Response]
) -> None:
    respx.get(URL).mock(return_value=played("token_restricted.json"))
    with pytest.raises(AuthError, match="plugin: search"):
        run_stream(ctx, "search_opportunities")


@respx.mock
def test_the_recorded_documents_map(ctx: StreamContext, run_stream: Run, played: Callable[..., httpx.Response]) -> None:
    respx.get(URL).mock(return_value=played("search_documents.json"))
    outcome = run_stream(ctx, "search_opportunities")
    (pair,) = outcome.records
    assert isinstance(pair, Mentorship)
    assert (pair.session, [requirement.label for requirement in pair.requirements]) == ("one_off", ["redis", "go"])
    assert [item.rule for item in outcome.excluded] == ["catalog_entity"]


@respx.mock
def test_types_are_counted_over_the_whole_index_up_to_a_limit(ctx: StreamContext) -> None:
    route = respx.get(URL).mock(
        side_effect=[answer([found("/a"), found("/b", "docs")], "1"), answer([found("/c")], "2"), answer([], "3")]
    )
    assert types_seen(ctx, pages=2) == {"gigs": 2, "docs": 1}
    assert "types[0]" not in route.calls[0].request.url.params
    assert route.call_count == 2
