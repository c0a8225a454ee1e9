"""The declaration is cheap, and names things that exist."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from pydantic import BaseModel, SecretStr

import echo_hub_skill_exchange
from echo_core.connectors import Stream
from echo_core.model import ENTITIES
from echo_hub_skill_exchange.config import SkillExchangeConfig


def test_exports_the_declaration_and_the_hook() -> None:
    assert sorted(echo_hub_skill_exchange.__all__) == ["CONNECTOR", "echo_hub_connectors"]
    assert list(echo_hub_skill_exchange.echo_hub_connectors()) == [echo_hub_skill_exchange.CONNECTOR]


def test_importing_the_declaration_imports_nothing_heavy() -> None:
    heavy = "httpx pydantic sqlalchemy sqlmodel fastapi apscheduler numpy echo_hub_skill_exchange.streams"
    code = f"import sys, echo_hub_skill_exchange\nprint([name for name in {heavy.split()!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_every_reference_of_the_declaration_can_be_loaded(make_config: Callable[..., SkillExchangeConfig]) -> None:
    connector = echo_hub_skill_exchange.CONNECTOR
    assert connector.config_model() is SkillExchangeConfig
    config = make_config()
    assert connector.http_settings(config).base_url == "https://backstage.corp.example/api/"
    assert [stream.name for stream in connector.streams_for(config)] == ["people", "teams", "opportunities"]


def test_each_source_has_its_own_switch(make_config: Callable[..., SkillExchangeConfig]) -> None:
    def names(**sources: bool) -> list[str]:
        types = ["gigs"] if sources.get("search") else []
        config = make_config(sources=sources, search_types=types)
        return [stream.name for stream in echo_hub_skill_exchange.CONNECTOR.streams_for(config)]

    assert names(catalog_people=False) == ["opportunities"]
    assert names(catalog_opportunities=False) == ["people", "teams"]
    assert names(search=True, actions=True) == ["people", "teams", "opportunities", "search_opportunities", "experts"]


def test_search_without_types_reads_nothing(make_config: Callable[..., SkillExchangeConfig]) -> None:
    config = make_config(sources={"search": True})
    assert "search_opportunities" not in [s.name for s in echo_hub_skill_exchange.CONNECTOR.streams_for(config)]


def test_every_stream_is_a_guarded_snapshot_that_fills_fields_which_exist(
    make_config: Callable[..., SkillExchangeConfig],
) -> None:
    config = make_config(sources={"search": True, "actions": True}, search_types=["gigs"])
    chosen: tuple[Stream, ...] = echo_hub_skill_exchange.CONNECTOR.streams_for(config)
    assert len(chosen) == 5
    for stream in chosen:
        assert (stream.removal, stream.watermark, stream.max_removal_ratio) == ("snapshot", "none", 0.3)
        known = {name for entity in stream.entities for name in ENTITIES[entity].model_fields}
        assert set(stream.fills) <= known


def test_every_setting_has_a_title_and_a_description() -> None:
    def walk(model: type[BaseModel]) -> list[str]:
        bare: list[str] = []
        for name, field in model.model_fields.items():
            if not (field.title and field.description):
                bare.append(name)
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                bare += walk(field.annotation)
        return bare

    assert walk(SkillExchangeConfig) == []
    assert SkillExchangeConfig.model_fields["token"].annotation is SecretStr
