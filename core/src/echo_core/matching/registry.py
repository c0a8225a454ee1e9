"""The closed registry: everything that may move a score, what it is read from, and how it is said.

A score is the sum of these contributions and of nothing else. What is not named here as an input cannot change one:
no name, pronoun, photo, age, pay or private address stands here, and tests hold the scorer to the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Evidence = Literal["skill", "assumption", "wish", "growth", "circumstance", "capacity"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of contribution.

    `inputs` are the fields of records it is read from, beside `opportunity.kind`, which picks the weights. `evidence`
    is the kind of thing it rests on: only skills, assumptions, wishes and growth recommend anything, circumstances
    settle near ties and capacity takes away. `sentence` is how it is said, with stand-ins in braces.
    """

    name: str
    evidence: Evidence
    inputs: tuple[str, ...]
    sentence: str


_HAS = ("claim.skill", "claim.stance", "claim.level")
_ASKED = ("need.skill", "need.importance", "need.level", "need.origin")
_WORKPLACE = ("person.country", "person.place_id", "person.location", "person.city")
_PLACES = ("opportunity.countries", "opportunity.place_ids", "opportunity.location", "opportunity.remote")

REGISTRY: tuple[Feature, ...] = (
    Feature("essential", "skill", (*_HAS, *_ASKED), "Has {skill} at level {level}, {noun} asks for {needed}"),
    Feature("desired", "skill", (*_HAS, *_ASKED), "Has {skill} at level {level}, {noun} would like {needed}"),
    Feature(
        "assumed",
        "assumption",
        ("person.title", *_HAS, *_ASKED),
        "{skill} is assumed from the title {title}, not stated",
    ),
    Feature(
        "evidence",
        "skill",
        ("claim.skill", "claim.stance", "claim.asserter", "claim.asserted_at", *_ASKED),
        "{skill} is confirmed by more than a self-assessment",
    ),
    Feature("wants_to_use", "wish", ("claim.skill", "claim.stance", *_ASKED), "Uses {skill}, on the wish list to use"),
    Feature(
        "wants_to_learn",
        "wish",
        ("claim.skill", "claim.stance", *_ASKED),
        "Is a chance to practise {skill}, on the wish list to learn",
    ),
    Feature("steps_up", "growth", (*_HAS, *_ASKED), "Is a step up in {skill}, on the wish list to learn"),
    Feature(
        "willing_to_teach",
        "wish",
        ("claim.skill", "claim.stance", *_ASKED),
        "Asks for help with {skill}, on the list of skills to teach",
    ),
    Feature("teaches_wanted", "wish", (*_HAS, *_ASKED), "Teaches {skill}, on the wish list to learn"),
    Feature(
        "teaches_missing",
        "growth",
        ("person.title", *_HAS, *_ASKED),
        "Teaches {skill}; {roles} similar roles ask for it",
    ),
    Feature("place", "circumstance", (*_WORKPLACE, *_PLACES, "preference.remote", "preference.countries"), "{place}"),
    Feature("language", "circumstance", ("person.languages", "opportunity.languages"), "Is in {language}"),
    Feature(
        "hours",
        "circumstance",
        ("opportunity.hours_per_week", "preference.hours_per_week"),
        "Takes {hours} hours a week",
    ),
    Feature("start", "circumstance", ("opportunity.starts_on", "preference.starts_from"), "Starts on {day}"),
    Feature(
        "crowded",
        "capacity",
        ("opportunity.seats", "opportunity.seats_taken", *_ASKED),
        "About {people} others fit the {seats} places left",
    ),
    Feature("avoids", "wish", ("claim.skill", "claim.stance", *_ASKED), "Involves {skill}, on the list to avoid"),
)
"""Every feature, in the order its contributions stand in a table of scores."""

FEATURES = tuple(feature.name for feature in REGISTRY)
"""The names of the features, by code."""

SUBTRACTED = ("crowded", "avoids")
"""Features that take away; they stand last."""

RECOMMENDS = tuple(
    code
    for code, feature in enumerate(REGISTRY)
    if feature.name not in SUBTRACTED and feature.evidence not in ("circumstance", "capacity")
)
"""Codes of the features that can be a reason to recommend something: a good place alone recommends nothing."""


def feature(name: str) -> int:
    """The code of a feature.

    Raises:
        KeyError: the registry has no such feature.
    """
    if name not in FEATURES:
        raise KeyError(f"the registry of features has no {name!r}; it has {', '.join(FEATURES)}")
    return FEATURES.index(name)
