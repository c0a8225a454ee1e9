"""What is promised to raise a match comes true once the person says so: the same numbers through the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from echo_hub.application import Hub
from echo_hub.services.actor import OPERATOR
from echo_hub.services.actors import act_as
from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.services.views import Raise
from echo_hub.store.corrections import CORRECTIONS, CorrectionChoice


@pytest.fixture(scope="module")
def opened(new_demo: Callable[[], Any]) -> Iterator[tuple[Hub, str]]:
    """The demo company, synced once, and one of its people."""
    demo = new_demo()
    with Hub.open(demo.file) as hub:
        yield hub, act_as(hub, demo.number, came_by="command line").id


def rank(hub: Hub, person: str, opportunity: str) -> int | None:
    """The place of an opportunity in a person's list."""
    cards = for_you(hub.fresh_snapshot(), person, limit=10_000).cards
    return next((card.rank for card in cards if card.id == opportunity), None)


def promises(hub: Hub, person: str, most: int) -> list[tuple[str, Raise]]:
    """The first promises made about the person's list, one an opportunity."""
    snapshot = hub.fresh_snapshot()
    found = []
    for card in for_you(snapshot, person, limit=500).cards:
        if card.kind in ("job", "project") and card.gaps:
            raises = explain(snapshot, person, card.id, what_if=True).raises
            found.extend((card.id, one) for one in (raises or ())[:1])
        if len(found) == most:
            break
    return found


def test_saying_so_gives_the_promised_score_and_place(opened: tuple[Hub, str]) -> None:
    hub, person = opened
    made = promises(hub, person, 3)
    assert made
    for opportunity, one in made:
        said = CorrectionChoice(person, None, one.skill_id, one.skill_id, one.skill, level=one.level)
        (kept,) = CORRECTIONS.decide(hub.database, [said], by=OPERATOR, now=hub.now())
        after = explain(hub.fresh_snapshot(), person, opportunity)
        assert after.score == pytest.approx(one.score_after, abs=1e-9)
        assert rank(hub, person, opportunity) == one.rank_after
        CORRECTIONS.undo(hub.database, [kept.id], by=OPERATOR, now=hub.now())
        assert explain(hub.fresh_snapshot(), person, opportunity).score == pytest.approx(one.score_before, abs=1e-9)
