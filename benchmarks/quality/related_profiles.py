"""An occupation seen through its counterparts in another source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from echo_core.skills.occupations.related_evidence import OPTIONAL_SHARE
from echo_core.skills.taxonomy.records import Occupation, OccupationSkill


def occupation_through(occupation: Occupation, others: Sequence[Occupation]) -> Occupation:
    """An occupation with the profile that its counterparts in another source have, in place of its own.

    What each asks for counts by the share of the counterparts that ask for it, an optional skill half; titles are
    those of all. For evidence that is independent of the occupation's own source.
    """
    shares: dict[str, float] = {}
    for other in others:
        for skill in other.skills:
            share = 1.0 if skill.essential else OPTIONAL_SHARE
            shares[skill.skill_id] = shares.get(skill.skill_id, 0.0) + share / len(others)
    return replace(
        occupation,
        labels=tuple(label for other in others for label in other.labels),
        description=" ".join(f"{other.label}. {other.description}" for other in others),
        skills=tuple(
            OccupationSkill(skill_id, share >= 0.5, None, share) for skill_id, share in sorted(shares.items())
        ),
        tasks=(),
        traits=(),
        zone=None,
    )
