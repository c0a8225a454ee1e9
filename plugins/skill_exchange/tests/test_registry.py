"""Experts through actions: discovered, checked, cut into slices, and closed when something is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from echo_core.connectors import AuthError, ConfigError, ContractError, StreamContext
from echo_core.testing.sandbox import SandboxServer
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.registry import Action, changed, declares, within, wrong
from echo_hub_skill_exchange.sandbox import TOKEN, BackstageSandbox
from echo_hub_skill_exchange.sandbox_actions import CATEGORIES, SandboxAction, skill_exchange_actions

Run = Callable[..., Any]
Serve = Callable[..., StreamContext]
PATHS = {
    "skills": "skills",
    "experts_input": "skillIds",
    "experts": "experts",
    "expert": "entityRef",
    "expert_level": "level",
    "expert_teaches": "mentors",
}


@pytest.fixture
def serve(
    make_config: Callable[..., SkillExchangeConfig], make_context: Callable[..., StreamContext]
) -> Iterator[Callable[..., StreamContext]]:
    """A context over a sandbox with the given actions; `servers` keeps the request logs."""
    servers: list[SandboxServer] = []

    def start(actions: Any, **paths: Any) -> StreamContext:
        server = SandboxServer(BackstageSandbox([], actions={"skill-exchange": actions})).start()
        servers.append(server)
        config = make_config(
            base_url=server.url,
            token=TOKEN,
            sources={"actions": True},
            requests_per_s=1000,
            actions={**PATHS, **paths},
        )
        return make_context(config)

    start.servers = servers  # type: ignore[attr-defined]
    yield start
    for server in servers:
        server.stop()
        assert server.errors == []


def skills(count: int) -> list[dict[str, Any]]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        {"id": number, "name": f"{letters[number % 26] * 3} {number}", "category": CATEGORIES[number % 5]}
        for number in range(1, count + 1)
    ]


ADA = {"entityRef": "user:default/ada", "level": 5, "mentors": True}
BO = {"entityRef": "User:default/Bo", "level": 4, "mentors": False}


def test_every_expert_of_every_skill_is_read(serve: Serve, run_stream: Run) -> None:
    ctx = serve(skill_exchange_actions(skills(3), {1: [ADA, BO], 3: [ADA]}))
    outcome = run_stream(ctx, "experts")
    assert set(outcome.by_id()) == {"user:default/ada|1", "user:default/bo|1", "user:default/ada|3"}
    assert outcome.by_id()["user:default/ada|1"].claim.stance == "teaches"
    assert outcome.by_id()["user:default/bo|1"].claim.level == 4


def test_a_list_longer_than_the_cap_is_cut_by_category_and_letter(serve: Serve, run_stream: Run) -> None:
    many = [{**skill, "category": "LANGUAGES"} for skill in skills(130)]
    ctx = serve(skill_exchange_actions(many, {int(skill["id"]): [ADA] for skill in many}))
    outcome = run_stream(ctx, "experts")
    assert len(outcome.records) == 130
    assert [len(page.records) for page in outcome.pages] == [25, 25, 25, 25, 25, 5]


def test_a_slice_that_stays_full_is_said_in_the_log(
    serve: Serve, run_stream: Run, caplog: pytest.LogCaptureFixture
) -> None:
    same = [{"id": number, "name": "aaa", "category": "LANGUAGES"} for number in range(150)]
    ctx = serve(skill_exchange_actions(same, {}))
    with caplog.at_level(logging.WARNING):
        run_stream(ctx, "experts")
    assert "at least 100 skills for {'category': 'LANGUAGES', 'query': 'a'}" in caplog.text


def test_continues_after_the_last_skill_of_a_stored_page(serve: Serve, run_stream: Run) -> None:
    many = skills(60)
    ctx = serve(skill_exchange_actions(many, {int(skill["id"]): [ADA] for skill in many}))
    whole = run_stream(ctx, "experts")
    first = run_stream(ctx, "experts", pages=1)
    rest = run_stream(ctx, "experts", resume=first.pages[0].resume)
    assert first.by_id().keys() | rest.by_id().keys() == whole.by_id().keys()
    assert not first.by_id().keys() & rest.by_id().keys()


def test_no_skills_is_an_empty_list_not_an_error(serve: Serve, run_stream: Run) -> None:
    outcome = run_stream(serve(skill_exchange_actions([], {})), "experts")
    assert [len(page.records) for page in outcome.pages] == [0]


def test_an_unlisted_plugin_asks_for_plugin_sources(serve: Serve, run_stream: Run) -> None:
    with pytest.raises(AuthError, match=r"backend\.actions\.pluginSources") as caught:
        run_stream(serve(()), "experts")
    assert caught.value.error_code == "auth.scope_missing"


def test_an_action_that_does_not_only_read_is_never_called(serve: Serve, run_stream: Run) -> None:
    def never(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        raise AssertionError(f"called with {asked}")

    listed, experts = skill_exchange_actions([], {})
    risky = SandboxAction(listed.name, "", "", listed.input, listed.output, never, read_only=False)
    with pytest.raises(ContractError, match="does not say that it only reads"):
        run_stream(serve((risky, experts)), "experts")


@pytest.mark.parametrize(
    ("paths", "complaint"),
    [
        ({"skills": "items"}, "has no 'items'"),
        ({"skill_name": "label"}, "has no 'label'"),
        ({"experts": "people"}, "has no 'people'"),
        ({"expert": "ref"}, "has no 'ref'"),
        ({"experts_input": "skill"}, "has no input 'skill'"),
    ],
)
def test_a_mapped_field_that_is_gone_stops_the_stream_and_is_named(
    serve: Serve, run_stream: Run, paths: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ContractError, match=complaint) as caught:
        run_stream(serve(skill_exchange_actions(skills(1), {}), **paths), "experts")
    assert caught.value.error_code == "source.schema_changed"


def test_an_output_without_the_mapped_list_stops_the_stream(serve: Serve, run_stream: Run) -> None:
    listed, experts = skill_exchange_actions(skills(1), {})
    vague = SandboxAction(listed.name, "", "", listed.input, {"type": "object"}, lambda _: {"other": []})
    with pytest.raises(ContractError, match="answered without the list 'skills'"):
        run_stream(serve((vague, experts)), "experts")


def test_unset_paths_are_listed_before_anything_is_asked(serve: Any, run_stream: Run) -> None:
    ctx = serve(skill_exchange_actions([], {}), experts="", expert="")
    with pytest.raises(ConfigError, match=r"actions\.experts, actions\.expert"):
        run_stream(ctx, "experts")
    assert serve.servers[0].requests == []


def test_a_changed_schema_is_said_and_reading_goes_on(
    serve: Serve, run_stream: Run, caplog: pytest.LogCaptureFixture
) -> None:
    ctx = serve(skill_exchange_actions(skills(1), {1: [ADA]}), schema_hashes={"search-skills": "0" * 16})
    with caplog.at_level(logging.WARNING):
        outcome = run_stream(ctx, "experts")
    assert len(outcome.records) == 1
    assert "skill-exchange:search-skills: schema hash" in caplog.text


def test_the_hash_moves_with_the_schema_only() -> None:
    raw = {"id": "p:a", "name": "a", "schema": {"input": {"x": 1, "y": 2}, "output": {}}}
    same = {"id": "p:a", "name": "a", "title": "new", "schema": {"output": {}, "input": {"y": 2, "x": 1}}}
    other = {"id": "p:a", "name": "a", "schema": {"input": {"x": 1}, "output": {}}}
    assert Action.parse(raw).hash == Action.parse(same).hash != Action.parse(other).hash
    assert Action.parse({}).read_only is False


def test_known_hashes_are_compared_by_name(make_config: Callable[..., SkillExchangeConfig]) -> None:
    action = Action.parse({"id": "p:a", "name": "a"})
    assert changed({"a": action}, make_config(actions={"schema_hashes": {"a": action.hash, "b": "x"}})) == []
    assert len(changed({"a": action}, make_config(actions={"schema_hashes": {"a": "x"}}))) == 1
    assert len(wrong({}, make_config())) == 2


def test_schemas_are_searched_through_objects_and_lists() -> None:
    schema = {
        "properties": {"people": {"type": "array", "items": {"properties": {"user": {"properties": {"ref": {}}}}}}},
        "additionalProperties": False,
    }
    assert declares(schema, "people.user.ref")
    assert not declares(schema, "people.user.email")
    assert not declares(schema, "persons")
    assert declares({"type": "object"}, "anything.at.all")
    assert declares(within(schema, "people"), "user.ref")
    assert within(schema, "nowhere") == {}
