"""Whom an import concerns: the people, opportunities and decisions whose skills go or change in a release."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.taxonomy_changes import Changes


@dataclass(frozen=True, slots=True)
class Concerned:
    """How many people have one of some skills, how many listed opportunities and standing decisions are about one."""

    people: int
    opportunities: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom the skills concern that a release no longer has, and whom those that it changes."""

    removed: Concerned
    changed: Concerned


def impact_of(snapshot: Snapshot, changes: Changes) -> Impact:
    """Counts in the snapshot of now. A skill that another stands for counts by the one that stands."""
    return Impact(_concerned(snapshot, changes.removed_ids), _concerned(snapshot, changes.changed_ids))


def _concerned(snapshot: Snapshot, ids: Set[str]) -> Concerned:
    standing = {snapshot.taxonomy.standing_for(skill_id) for skill_id in ids}
    space = snapshot.space
    rows = [space.index[skill_id] for skill_id in standing if skill_id in space.index]
    claims, decisions = snapshot.claims, snapshot.names.decisions
    decided: list[tuple[str | None, ...]] = [
        *((decision.choice.skill_id,) for decision in decisions.names),
        *((decision.choice.skill_id, decision.choice.standing_id) for decision in decisions.corrections),
        *((decision.choice.skill_id,) for decision in decisions.requirements),
    ]
    return Concerned(
        people=len(np.unique(claims.person[np.isin(claims.skill, rows)])),
        opportunities=sum(
            any(required.skill_id in standing for required in listing.requirements) for listing in snapshot.listings
        ),
        decisions=sum(not ids.isdisjoint(skills) for skills in decided),
    )
