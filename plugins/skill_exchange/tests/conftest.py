"""Fixtures of the Skill Exchange connector: configuration, a client without waiting, recordings, sandboxes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from echo_core.connectors import StreamContext, Window
from echo_core.testing.driving import FakeClock, StreamRun, drive, open_context
from echo_hub_skill_exchange import CONNECTOR
from echo_hub_skill_exchange.config import SkillExchangeConfig

BASE = "https://backstage.corp.example"
TOKEN = "invented-token-1234"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RECORDINGS = Path(__file__).parent.parent / "recordings"


class Outcome(StreamRun):
    """What a run of one stream would store; refused rows are told by key."""

    @property
    def quarantined(self) -> list[str | None]:
        return [row.key for row in self.rejected]

    def by_id(self) -> dict[str, Any]:
        return super().by_id


@pytest.fixture
def make_config() -> Callable[..., SkillExchangeConfig]:
    def make(**settings: Any) -> SkillExchangeConfig:
        return SkillExchangeConfig.model_validate({"base_url": BASE, "token": TOKEN, **settings})

    return make


@pytest.fixture
def make_context() -> Iterator[Callable[[SkillExchangeConfig], StreamContext]]:
    """A context over a real client whose clock moves only when it sleeps."""
    with ExitStack() as opened:

        def make(config: SkillExchangeConfig) -> StreamContext:
            return opened.enter_context(open_context(CONNECTOR, config, FakeClock(NOW), name="backstage"))

        yield make


@pytest.fixture
def run_stream() -> Callable[..., Outcome]:
    """Reads, validates and maps one stream as the kernel would, without a store."""

    def run(ctx: StreamContext, name: str, *, resume: Any = None, pages: int | None = None) -> Outcome:
        stream = next(stream for stream in CONNECTOR.streams_for(ctx.config) if stream.name == name)
        return Outcome(**vars(drive(stream, ctx, Window(None, NOW), resume, pages=pages)))

    return run


@pytest.fixture
def played(recording: Callable[[str], dict[str, Any]]) -> Callable[..., httpx.Response]:
    """A recorded answer as the client sees it, with parts of its body replaced."""

    def play(name: str, **changes: Any) -> httpx.Response:
        answer = recording(name)["response"]
        body = {**answer["body"], **changes}
        return httpx.Response(answer["status"], json=body, headers={"content-type": answer["content_type"]})

    return play


@pytest.fixture
def recording() -> Callable[[str], dict[str, Any]]:
    def load(name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((RECORDINGS / name).read_text(encoding="utf-8"))
        return loaded

    return load
