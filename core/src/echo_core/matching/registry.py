"""The closed registry: everything that may move a score, what it is read from, and how it is worked out.

A score is the sum of these contributions and of nothing else. What is not named here as an input cannot change one:
no name, pronoun, photo, age, pay or private address stands here, and tests hold the scorer to the list. This is the
only place that defines a feature: scorer, candidates and the compiled batch ranker go by its form, the weights give
its number by kind, and the surfaces its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from echo_core.matching.circumstances import hours_worth, language_worth, location_worth, start_worth
from echo_core.matching.forms import CongestionShare, Form, PairScalar, SkillProduct

Evidence = Literal["skill", "assumption", "wish", "growth", "circumstance", "capacity"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of contribution.

    `inputs` are the fields of records it is read from, beside `opportunity.kind`, which picks the weights. `evidence`
    is the kind of thing it rests on: only skills, assumptions, wishes and growth recommend anything, circumstances
    settle near ties and capacity takes away. How it is said stands in the catalogues of the surfaces.

    Args:
        form: how it is worked out.
        subtracted: whether it takes away from a score.

    Raises:
        ValueError: the evidence is not of the kind that the form has.
    """

    name: str
    evidence: Evidence
    inputs: tuple[str, ...]
    form: Form
    subtracted: bool = False

    def __post_init__(self) -> None:
        of_skills = self.evidence not in ("circumstance", "capacity")
        if of_skills != isinstance(self.form, SkillProduct):
            raise ValueError(f"the feature {self.name!r} is a {type(self.form).__name__}, which is no {self.evidence}")
        if isinstance(self.form, CongestionShare) and not self.subtracted:
            raise ValueError(f"the feature {self.name!r} is congestion, which only takes away")

    @property
    def recommends(self) -> bool:
        """Whether it can be a reason to recommend something: a good location alone recommends nothing."""
        return not self.subtracted and isinstance(self.form, SkillProduct)


class FeatureSet:
    """The features of one version of the weights, by code: the position each has in a table of scores.

    Those before the code `gains` add to a score, the others take away: congestion a share, then the rest in points.

    Raises:
        ValueError: two features have one name, or those that take away do not stand last, congestion first.
    """

    def __init__(self, features: tuple[Feature, ...]) -> None:
        self.features = features
        self.names = tuple(feature.name for feature in features)
        if len(set(self.names)) < len(features):
            raise ValueError("two features have one name")
        turns = [2 * feature.subtracted - isinstance(feature.form, CongestionShare) for feature in features]
        if turns != sorted(turns) or turns.count(1) > 1:
            raise ValueError("features that take away stand last; congestion, of which there is one, first among them")
        self.gains = turns.count(0)
        self.recommends = tuple(code for code, feature in enumerate(features) if feature.recommends)

    def __len__(self) -> int:
        return len(self.features)

    def code(self, name: str) -> int:
        """The code of a feature.

        Raises:
            KeyError: there is no such feature.
        """
        if name not in self.names:
            raise KeyError(f"the registry of features has no {name!r}; it has {', '.join(self.names)}")
        return self.names.index(name)


_HAS = ("claim.skill", "claim.stance", "claim.level")
_WISH = ("claim.skill", "claim.stance")
_ASKED = ("requirement.skill", "requirement.importance", "requirement.level", "requirement.origin")
_PERSON_LOCATION = ("person.country", "person.place_id", "person.location", "person.city")
_OPPORTUNITY_LOCATION = ("opportunity.countries", "opportunity.place_ids", "opportunity.location", "opportunity.remote")
_LEVELS_ASKED = ("essential", "desired")

REGISTRY: tuple[Feature, ...] = (
    Feature("essential", "skill", (*_HAS, *_ASKED), SkillProduct("coverage", ("essential",))),
    Feature("desired", "skill", (*_HAS, *_ASKED), SkillProduct("coverage", ("desired",))),
    Feature(
        "assumed",
        "assumption",
        ("person.title", *_HAS, *_ASKED),
        SkillProduct("assumed", _LEVELS_ASKED, "faded"),
    ),
    Feature(
        "evidence",
        "skill",
        ("claim.skill", "claim.stance", "claim.asserter", "claim.asserted_at", *_ASKED),
        SkillProduct("strength", ("asked",)),
    ),
    Feature("wants_to_use", "wish", (*_WISH, *_ASKED), SkillProduct("use", ("presence",), "saturated")),
    Feature("wants_to_learn", "wish", (*_WISH, *_ASKED), SkillProduct("learn", ("presence",), "saturated")),
    Feature("steps_up", "growth", (*_HAS, *_ASKED), SkillProduct("steps_up", _LEVELS_ASKED)),
    Feature("willing_to_teach", "wish", (*_WISH, *_ASKED), SkillProduct("teach", ("presence",), "saturated")),
    Feature("teaches_wanted", "wish", (*_HAS, *_ASKED), SkillProduct("lessons_wanted", ("taught",), "taught_share")),
    Feature(
        "teaches_missing",
        "growth",
        ("person.title", *_HAS, *_ASKED),
        SkillProduct("lessons_missing", ("taught",), "taught_share"),
    ),
    Feature(
        "place",
        "circumstance",
        (*_PERSON_LOCATION, *_OPPORTUNITY_LOCATION, "preference.remote", "preference.countries"),
        PairScalar(location_worth),
    ),
    Feature("language", "circumstance", ("person.languages", "opportunity.languages"), PairScalar(language_worth)),
    Feature(
        "hours",
        "circumstance",
        ("opportunity.hours_per_week", "preference.hours_per_week"),
        PairScalar(hours_worth),
    ),
    Feature("start", "circumstance", ("opportunity.starts_on", "preference.starts_from"), PairScalar(start_worth)),
    Feature(
        "crowded",
        "capacity",
        ("opportunity.seats", "opportunity.seats_taken", *_ASKED),
        CongestionShare(),
        subtracted=True,
    ),
    Feature("avoids", "wish", (*_WISH, *_ASKED), SkillProduct("avoid", ("named",), "doubled"), subtracted=True),
)
"""Every feature, in the order its contributions stand in a table of scores."""

STANDARD = FeatureSet(REGISTRY)
"""The features a score is made of, unless weights are read with others."""

FEATURES = STANDARD.names
"""The names of the features, by code."""

SUBTRACTED = FEATURES[STANDARD.gains :]
"""Features that take away; they stand last."""

RECOMMENDS = STANDARD.recommends
"""Codes of the features that can be a reason to recommend something: a good location alone recommends nothing."""


def feature(name: str) -> int:
    """The code of a feature.

    Raises:
        KeyError: the registry has no such feature.
    """
    return STANDARD.code(name)
