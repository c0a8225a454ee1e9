"""Why an opportunity fits a person, for reading: the score as a sum, and each requirement with what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from echo_hub.services.views import Explanation, Gap, Gate, OpportunityView, Raise, Reason
from echo_hub.surfaces.words import points


@dataclass(frozen=True, slots=True)
class Line:
    """One addend. `width` is its share of the largest one, 0..100."""

    reason: Reason
    points: str
    width: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The whole sum. Printed points add up to the printed `total` exactly. `gaps` are those no raise speaks of."""

    score: float
    eligible: bool
    lines: tuple[Line, ...]
    total: str
    raises: tuple[Raise, ...]
    gaps: tuple[Gap, ...]
    gates: tuple[Gate, ...]
    scorer: str

    @property
    def closed(self) -> tuple[Gate, ...]:
        """The rules that say no."""
        return tuple(gate for gate in self.gates if not gate.passed)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill that is asked for. `state` is None where the page is seen through nobody's eyes."""

    skill: str
    importance: str
    required_level: int | None
    has_level: int | None
    via: str | None
    confirmed: str | None
    state: Literal["has", "part", "missing"] | None


def fit_of(why: Explanation) -> Fit:
    """The score of an explanation as a sum."""
    parts = [reason.contribution for reason in why.card.reasons]
    printed, total = points(parts, why.score)
    most = max((abs(part) for part in parts), default=1.0) or 1.0
    lines = tuple(
        Line(reason, text, round(100 * abs(reason.contribution) / most, 1))
        for reason, text in zip(why.card.reasons, printed, strict=True)
    )
    raises = why.raises or ()
    told = {gain.skill_id for gain in raises}
    gaps = tuple(gap for gap in why.card.gaps if gap.skill_id not in told)
    return Fit(why.score, why.eligible, lines, total, raises, gaps, why.gates, why.scorer_version)


def requirements_of(view: OpportunityView, why: Explanation | None) -> tuple[Requirement, ...]:
    """What is asked for, in the opportunity's order, with what the person has."""
    if why is None:
        return tuple(
            Requirement(
                skill=requirement.skill,
                importance=requirement.importance,
                required_level=requirement.required_level,
                has_level=None,
                via=None,
                confirmed=requirement.confirmed,
                state=None,
            )
            for requirement in view.requirements
        )
    covered = {reason.skill_id: reason for reason in why.card.reasons if reason.feature in ("essential", "desired")}
    gaps = {gap.skill_id: gap for gap in why.card.gaps}
    requirements = []
    for requirement in view.requirements:
        reason, gap = covered.get(requirement.skill_id), gaps.get(requirement.skill_id)
        state: Literal["has", "part", "missing"] = "has" if gap is None else "part" if reason else "missing"
        own = gap.has_level if gap else reason.has_level if reason and not reason.via else None
        requirements.append(
            Requirement(
                skill=requirement.skill,
                importance=requirement.importance,
                required_level=requirement.required_level,
                has_level=own,
                via=reason.via if reason else None,
                confirmed=requirement.confirmed,
                state=state,
            )
        )
    return tuple(requirements)
