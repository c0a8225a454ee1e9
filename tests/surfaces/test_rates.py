"""One actor cannot take the hub from the others: a bucket of requests each, and an answer that says when to go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from echo_hub.settings.serve import ServeSettings
from echo_hub.surfaces import rates as module
from echo_hub.surfaces.rates import Rates, TooManyRequestsError


@pytest.fixture
def limited(fresh_hub: Any, browse: Callable[..., Any]) -> Any:
    """A client of a hub that takes ten requests a minute; it acts as E1."""
    fresh_hub.settings = replace(fresh_hub.settings, serve=ServeSettings(requests_per_minute=10))
    client = browse(fresh_hub, as_="E1")
    clock = [0.0]
    client.app.state.rates._clock = lambda: clock[0]
    client.clock = clock
    return client


def test_an_actor_who_asks_too_fast_is_told_when_to_go_on(limited: Any) -> None:
    assert {limited.get("/api/v1/sources").status_code for _ in range(10)} == {200}
    refused = limited.get("/api/v1/sources")
    assert (refused.status_code, refused.json()["code"]) == (429, "request.too_many")
    assert refused.headers["retry-after"] == "6"
    assert "6 seconds" in limited.get("/explore").text
    limited.clock[0] = 6.0
    assert limited.get("/api/v1/sources").status_code == 200
    assert limited.get("/api/v1/sources").status_code == 429


def test_others_are_served_meanwhile(limited: Any) -> None:
    for _ in range(11):
        limited.get("/api/v1/sources")
    assert limited.get("/api/v1/sources", headers={"X-Echo-Hub-As": "; auditor"}).status_code == 200


def test_an_address_that_nobody_signs_in_from_is_limited_too(limited: Any) -> None:
    del limited.headers["X-Echo-Hub-As"]
    codes = [limited.get("/api/v1/sources").status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2
    assert limited.get("/healthz").status_code == 200


def test_a_bucket_fills_evenly_and_never_over_its_edge() -> None:
    now = [0.0]
    rates = Rates(60, lambda: now[0])
    now[0] = 1_000.0
    for _ in range(60):
        rates.take("a")
    for wait in (0.0, 0.5):
        now[0] = 1_000.0 + wait
        with pytest.raises(TooManyRequestsError) as error:
            rates.take("a")
        assert error.value.wait_s == 1
    now[0] = 1_001.0
    rates.take("a")


def test_no_limit_takes_any_number() -> None:
    rates = Rates(0)
    for _ in range(10_000):
        rates.take("a")
    assert not rates._buckets


def test_memory_stays_bounded_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BUCKETS", 3)
    rates = Rates(10)
    for number in range(50):
        rates.take(str(number))
    assert list(rates._buckets) == ["47", "48", "49"]
