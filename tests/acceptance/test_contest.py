"""Rule G-21: a corrected or rejected skill stays so after the next full and incremental sync of every connector.

Four systems over real HTTP, one person of each whose claim comes from it, and every sync there is in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from echo_core.skills.taxonomy.starter import starter
from echo_hub.application import Hub
from echo_hub.services.actor import OPERATOR
from echo_hub.services.corrections import correction
from echo_hub.services.intents import operations
from echo_hub.services.people import person_view
from echo_hub.services.views import PersonSkill
from echo_hub.store.corrections import CORRECTIONS, Correction
from echo_hub.store.name_decisions import NAMES, NameChoice, NameId
from echo_hub.store.taxonomy import save_taxonomy

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def hub(new_demo: Callable[[], Any]) -> Iterator[Hub]:
    """The demo company, synced once."""
    with Hub.open(new_demo().file) as opened:
        yield opened


def held(hub: Hub, person: str) -> dict[tuple[str, str], list[PersonSkill]]:
    """Claims that count, by skill and stance."""
    snapshot = hub.fresh_snapshot()
    found: dict[tuple[str, str], list[PersonSkill]] = {}
    for one in person_view(snapshot, snapshot.person_rows[person]).skills:
        if one.skill_id:
            found.setdefault((one.skill_id, one.stance), []).append(one)
    return found


def matched(hub: Hub, person: str) -> dict[str, int]:
    """Level by skill, as the matcher sees it."""
    snapshot = hub.fresh_snapshot()
    skills = snapshot.claims.of(snapshot.person_rows[person])
    return {snapshot.space.ids[at]: int(level) for at, level in zip(skills.has, skills.level, strict=True)}


def chosen(hub: Hub) -> dict[str, tuple[str, str]]:
    """For every connection that says what people can do, somebody and a skill it says they have."""
    snapshot = hub.fresh_snapshot()
    found: dict[str, tuple[str, str]] = {}
    taken = set()
    for person in snapshot.people:
        for claim in snapshot.claims_of(person.row):
            fresh = claim.source not in found and person.id not in taken
            if fresh and claim.skill_id and claim.stance == "has" and person.fact.status == "active":
                found[claim.source] = (person.id, claim.skill_id)
                taken.add(person.id)
    return found


def syncs(hub: Hub) -> Iterator[str]:
    """Every way in which data comes again."""
    operations.sync(OPERATOR, hub)
    yield "incremental"
    operations.sync(OPERATOR, hub, full=True)
    yield "full"
    save_taxonomy(hub.database, starter())
    yield "taxonomy"
    for connection in hub.settings.connections:
        operations.sync(OPERATOR, hub, [connection.name], full=True)
    yield "one by one"


def test_not_me_and_own_levels_survive_every_sync_of_every_connector(hub: Hub) -> None:
    refused = chosen(hub)
    assert len(refused) >= 3, "every system that claims skills of people has a part in this test"
    made: dict[str, Correction] = {}
    before: dict[str, Any] = {}
    for source, (person, skill) in refused.items():
        before[source] = held(hub, person), matched(hub, person)
        choice = correction(hub.fresh_snapshot(), person, skill)
        (made[source],) = CORRECTIONS.decide(hub.database, [choice], by=OPERATOR, now=hub.now())
    corrected = "workday"
    person, skill = next(
        (person.id, claim.skill_id)
        for person in hub.fresh_snapshot().people
        for claim in hub.fresh_snapshot().claims_of(person.row)
        if claim.source == corrected and claim.skill_id and claim.stance == "has" and (claim.level or 0) >= 3
        if person.id not in {who for who, _ in refused.values()}
    )
    choice = correction(hub.fresh_snapshot(), person, skill, level=1)
    (own,) = CORRECTIONS.decide(hub.database, [choice], by=OPERATOR, now=hub.now())
    for when in ("at once", *syncs(hub)):
        for source, (who, gone) in refused.items():
            assert not {(gone, "has"), (gone, "teaches")} & held(hub, who).keys(), (when, source)
            assert gone not in matched(hub, who), (when, source)
            view = person_view(hub.fresh_snapshot(), hub.fresh_snapshot().person_rows[who])
            assert source in {claim.source for one in view.corrections for claim in one.claims}, (when, source)
        assert matched(hub, person)[skill] == 1, when
        assert {one.overruled for one in held(hub, person)[skill, "has"] if one.source == corrected} == {True}, when
    for source, one in made.items():
        CORRECTIONS.undo(hub.database, [one.id], by=OPERATOR, now=hub.now())
        assert (held(hub, refused[source][0]), matched(hub, refused[source][0])) == before[source]
    CORRECTIONS.undo(hub.database, [own.id], by=OPERATOR, now=hub.now())


def test_a_rejected_name_stays_rejected_and_a_mapped_one_mapped(hub: Hub) -> None:
    snapshot = hub.fresh_snapshot()
    used = [key for key, link in snapshot.names.links.items() if link.skill_id and key.scheme != "graph"]
    wrong, moved = sorted({key.label for key in used})[:2]
    target = next(one.id for one in starter() if one.label.casefold() not in (wrong.casefold(), moved.casefold()))

    def choices(action: str, label: str, skill_id: str | None) -> list[NameChoice]:
        keys = [key for key in used if NameId.of(key.label).name == NameId.of(label).name]
        names = {NameId.of(key.label, None, key.scheme, key.external_id) for key in keys}
        return [NameChoice(name, label, action, skill_id, skill_id) for name in names]  # type: ignore[arg-type]

    NAMES.decide(
        hub.database, choices("reject", wrong, None) + choices("map", moved, target), by=OPERATOR, now=hub.now()
    )
    for when in ("at once", *syncs(hub)):
        links = hub.fresh_snapshot().names.links
        assert {link.skill_id for key, link in links.items() if key.label == wrong} == {None}, when
        assert {link.skill_id for key, link in links.items() if key.label == moved} == {target}, when
        assert wrong not in {one.label for one in hub.fresh_snapshot().unlinked}, when
