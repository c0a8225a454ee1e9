"""Walking the catalog: what every request carries, and what may go wrong between two pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from echo_core.connectors import (
    AuthError,
    ConfigError,
    ContractError,
    ResumeExpired,
    StreamContext,
    TransientError,
)
from echo_hub_skill_exchange.config import SkillExchangeConfig

Make = Callable[..., SkillExchangeConfig]
Context = Callable[[SkillExchangeConfig], StreamContext]
Run = Callable[..., Any]
URL = "https://backstage.corp.example/api/catalog/entities/by-query"


@pytest.fixture
def ctx(make_config: Make, make_context: Context) -> StreamContext:
    return make_context(make_config())


def answer(items: list[Any], following: str | None = None, total: int = 9) -> httpx.Response:
    info = {"nextCursor": following} if following else {}
    return httpx.Response(200, json={"items": items, "totalItems": total, "pageInfo": info})


def user(name: str, uid: str | None = None) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "default", **({"uid": uid} if uid else {})}
    return {"kind": "User", "metadata": metadata, "spec": {}}


def refused(status: int, name: str, message: str = "x") -> httpx.Response:
    return httpx.Response(
        status, json={"error": {"name": name, "message": message}, "response": {"statusCode": status}}
    )


@respx.mock
def test_fields_and_limit_travel_on_every_page_and_the_filter_only_on_the_first(
    ctx: StreamContext, run_stream: Run
) -> None:
    route = respx.get(URL).mock(side_effect=[answer([user("a")], "two"), answer([user("b")])])
    outcome = run_stream(ctx, "people")
    first, second = (dict(call.request.url.params.multi_items()) for call in route.calls)
    assert first.keys() == {"filter", "fields", "limit"}
    assert first["filter"] == "kind=user"
    assert second == {"cursor": "two", "fields": first["fields"], "limit": "500"}
    assert "picture" not in first["fields"]
    assert [page.resume for page in outcome.pages] == [{"cursor": "two"}, None]
    assert [page.total for page in outcome.pages] == [9, 9]
    assert [call.request.headers["authorization"] for call in route.calls] == ["Bearer invented-token-1234"] * 2


@respx.mock
def test_opportunities_are_asked_for_by_type_or_by_annotation(
    make_config: Make, make_context: Context, run_stream: Run
) -> None:
    route = respx.get(URL).mock(return_value=answer([]))
    config = make_config(annotation_prefix="talent.example", namespaces=["default", "labs"], page_size=7)
    run_stream(make_context(config), "opportunities")
    params = route.calls.last.request.url.params
    where = "metadata.namespace=default,metadata.namespace=labs"
    assert params.get_list("filter") == [
        f"kind=component,spec.type=opportunity,{where}",
        f"kind=component,metadata.annotations.talent.example/opportunity,{where}",
    ]
    assert params["limit"] == "7"
    assert "orderField" not in params


@respx.mock
def test_an_empty_page_with_a_next_cursor_is_passed(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(side_effect=[answer([user("a")], "2"), answer([], "3"), answer([user("b")])])
    outcome = run_stream(ctx, "people")
    assert [len(page.records) for page in outcome.pages] == [1, 0, 1]
    assert set(outcome.by_id()) == {"user:default/a", "user:default/b"}


@respx.mock
def test_an_entity_seen_twice_in_a_walk_is_yielded_once(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(
        side_effect=[
            answer([user("a", "u1"), user("bare")], "2"),
            answer([user("renamed", "u1"), user("bare"), user("c", "u3")]),
        ]
    )
    outcome = run_stream(ctx, "people")
    assert [record.source_id for record in outcome.records] == ["user:default/a", "user:default/bare", "user:default/c"]


@respx.mock
def test_a_cursor_that_repeats_ends_the_walk(ctx: StreamContext, run_stream: Run) -> None:
    route = respx.get(URL).mock(side_effect=[answer([], "2"), answer([], "3"), answer([], "2"), answer([])])
    with pytest.raises(ContractError) as caught:
        run_stream(ctx, "people")
    assert caught.value.error_code == "source.page_repeats"
    assert route.call_count == 3


@respx.mock
def test_continues_at_the_resume_value(ctx: StreamContext, run_stream: Run) -> None:
    route = respx.get(URL).mock(return_value=answer([user("b")]))
    run_stream(ctx, "people", resume={"cursor": "two"})
    assert route.calls.last.request.url.params["cursor"] == "two"
    assert "filter" not in route.calls.last.request.url.params


@respx.mock
def test_a_resume_value_backstage_no_longer_reads_is_expired(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=refused(400, "InputError", "Malformed cursor: SyntaxError"))
    with pytest.raises(ResumeExpired):
        run_stream(ctx, "people", resume={"cursor": "old"})


@pytest.mark.parametrize("resume", ["text", {"page": 3}, {"cursor": 4}, {"cursor": ""}, []])
def test_a_resume_value_of_another_form_is_expired(ctx: StreamContext, run_stream: Run, resume: Any) -> None:
    with pytest.raises(ResumeExpired):
        run_stream(ctx, "people", resume=resume)


@respx.mock
def test_a_400_without_cursor_is_a_broken_contract(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=refused(400, "InputError"))
    with pytest.raises(ContractError) as caught:
        run_stream(ctx, "people")
    assert not isinstance(caught.value, ResumeExpired)


@respx.mock
def test_a_token_rotated_in_mid_walk_names_the_cause(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(side_effect=[answer([user("a")], "2"), refused(401, "AuthenticationError", "Illegal token")])
    with pytest.raises(AuthError, match="externalAccess") as caught:
        run_stream(ctx, "people")
    assert "invented-token" not in str(caught.value) + caught.value.detail


@respx.mock
def test_a_restricted_token_names_the_grant_that_is_missing(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=refused(403, "NotAllowedError", ""))
    with pytest.raises(AuthError, match="plugin: catalog") as caught:
        run_stream(ctx, "people")
    assert caught.value.error_code == "auth.forbidden"


@respx.mock
def test_a_login_page_with_200_is_refused(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=httpx.Response(200, html="<html>Sign in</html>"))
    with pytest.raises(ContractError) as caught:
        run_stream(ctx, "people")
    assert caught.value.error_code == "source.not_json"


@respx.mock
def test_a_backend_without_catalog_is_a_wrong_address(ctx: StreamContext, run_stream: Run) -> None:
    respx.get(URL).mock(return_value=httpx.Response(404))
    with pytest.raises(ConfigError, match="no plug-in 'catalog'"):
        run_stream(ctx, "people")


@pytest.mark.parametrize("body", [[], {"items": None}, {"totalItems": 3}, "text"])
@respx.mock
def test_an_answer_of_another_shape_is_a_broken_contract(ctx: StreamContext, run_stream: Run, body: Any) -> None:
    respx.get(URL).mock(return_value=httpx.Response(200, json=body))
    with pytest.raises(ContractError):
        run_stream(ctx, "people")


@respx.mock
def test_backstage_restarting_is_waited_for_and_then_reported(ctx: StreamContext, run_stream: Run) -> None:
    route = respx.get(URL).mock(side_effect=[httpx.Response(503), httpx.Response(502), answer([user("a")])])
    assert len(run_stream(ctx, "people").records) == 1
    assert route.call_count == 3
    route.mock(return_value=httpx.Response(503))
    with pytest.raises(TransientError):
        run_stream(ctx, "people")


@respx.mock
def test_values_left_out_are_logged_with_entity_and_reason(
    ctx: StreamContext, run_stream: Run, played: Callable[..., httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    respx.get(URL).mock(return_value=played("opportunities.json"))
    with caplog.at_level(logging.INFO):
        outcome = run_stream(ctx, "opportunities")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("echo_hub.test")]
    assert [line for line in lines if "component:default/player-service, field start-date, value 'soon'" in line]
    assert [line for line in lines if "field weekly-hours, value 'a few'" in line]
    assert lines[-1] == "opportunities: 2 values left out, 0 orphans kept"
    assert set(outcome.by_id()) == {
        "component:default/loudness-embed",
        "component:default/mentor-nia",
        "component:default/player-service",
    }
    assert outcome.quarantined == ["component:default/mentor-unclear"]


@respx.mock
def test_two_users_with_one_address_and_orphans_are_logged_and_kept(
    ctx: StreamContext, run_stream: Run, played: Callable[..., httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    pages = ["users_page_1.json", "users_page_2_empty.json", "users_page_3.json"]
    respx.get(URL).mock(side_effect=[played(name) for name in pages])
    with caplog.at_level(logging.INFO):
        outcome = run_stream(ctx, "people")
    text = caplog.text
    assert "user:default/lars and user:default/lars-admin carry the same e-mail address" in text
    assert "user:default/lars is an orphan" in text
    assert "corp.example" not in text.lower().replace("backstage.corp.example", "")
    assert len(outcome.records) == 4
    assert outcome.by_id()["user:default/bot.release"].work_email is None


@respx.mock
def test_a_flood_of_malformed_values_is_cut_and_summed(
    ctx: StreamContext, run_stream: Run, caplog: pytest.LogCaptureFixture
) -> None:
    annotations = {"echo-hub.example/opportunity": "project", "echo-hub.example/seats": "many"}
    items = [
        {"kind": "Component", "metadata": {"name": f"c{number}", "annotations": annotations}} for number in range(150)
    ]
    respx.get(URL).mock(return_value=answer(items))
    with caplog.at_level(logging.INFO):
        run_stream(ctx, "opportunities")
    assert sum("left out a value" in record.getMessage() for record in caplog.records) == 100
    assert "150 values left out" in caplog.text


@respx.mock
def test_a_broken_entity_is_quarantined_and_the_rest_goes_on(ctx: StreamContext, run_stream: Run) -> None:
    items = [{"kind": "User", "metadata": {"name": "x", "annotations": []}}, {"kind": "User"}, user("fine"), None]
    respx.get(URL).mock(return_value=answer(items))
    outcome = run_stream(ctx, "people")
    assert outcome.quarantined == ["user:default/x", None, None], "the null as well"
    assert list(outcome.by_id()) == ["user:default/fine"]
