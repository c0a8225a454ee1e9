"""Whom an import concerns, counted before it takes place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from echo_hub.services.taxonomy_impact import Concerned, impact_of
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.corrections import CorrectionChoice
from echo_hub.store.ledger import Decision
from echo_hub.store.name_decisions import NameChoice, NameId
from echo_hub.store.requirement_decisions import RequirementChoice
from echo_hub.store.taxonomy_changes import Changes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHANGES = Changes("t", "2", "1", 0, 0, 0, 0, {}, ())


def counted(snapshot: Snapshot, skill_id: str) -> tuple[int, int]:
    """People and opportunities of a skill, counted one by one."""
    people = sum(
        any(claim.skill_id == skill_id for claim in snapshot.claims_of(row)) for row in range(len(snapshot.people))
    )
    opportunities = sum(skill_id in {need.skill_id for need in listing.requirements} for listing in snapshot.listings)
    return people, opportunities


def made(choice):
    return Decision(1, 1, choice, "hr", NOW)


def test_people_and_opportunities_of_skills_that_go_and_of_those_that_change_are_counted_apart(snapshot):
    impact = impact_of(
        snapshot, replace(CHANGES, removed_ids=frozenset({"t:sql"}), changed_ids=frozenset({"t:python"}))
    )
    assert impact.removed == Concerned(*counted(snapshot, "t:sql"), decisions=0)
    assert impact.changed == Concerned(*counted(snapshot, "t:python"), decisions=0)
    assert impact.removed.people
    assert impact.removed.opportunities
    assert impact.removed != impact.changed


def test_a_person_with_two_skills_that_go_counts_once(snapshot):
    both = frozenset({"t:sql", "t:python"})
    people = impact_of(snapshot, replace(CHANGES, removed_ids=both)).removed.people
    assert max(counted(snapshot, "t:sql")[0], counted(snapshot, "t:python")[0]) <= people
    assert people < counted(snapshot, "t:sql")[0] + counted(snapshot, "t:python")[0]


def test_decisions_of_every_kind_about_a_skill_that_goes_are_counted(build):
    decisions = Decisions(
        names=(made(NameChoice(NameId.of("sequel"), "sequel", "map", "t:sql", "SQL")),),
        corrections=(made(CorrectionChoice("nobody", None, "t:other", "t:sql", "SQL")),),
        requirements=(
            made(RequirementChoice("greenhouse:job:1", "t:sql", "SQL", "desired")),
            made(RequirementChoice("greenhouse:job:1", "t:python", "Python", "desired")),
        ),
    )
    snapshot = build(decisions=decisions)
    assert impact_of(snapshot, replace(CHANGES, removed_ids=frozenset({"t:sql"}))).removed.decisions == 3


def test_a_release_that_takes_nothing_concerns_nobody(snapshot):
    impact = impact_of(snapshot, CHANGES)
    assert impact.removed == impact.changed == Concerned(0, 0, 0)
