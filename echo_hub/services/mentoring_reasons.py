"""Mentoring in words: why two people were paired, as a sum, and why a mentee was not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from echo_core.matching import Breakdown, Explainer, Scorer
from echo_core.text.language_names import language_name
from echo_hub.services.mentoring_pool import Pool

_NAMED = 3
_RULES = {
    "reporting_line": "one reports to the other",
    "not_own": "the offer is the mentee's own",
    "owner_there": "not with the company now",
    "open": "not open",
    "country": "not open in the mentee's country",
    "language": "in a language the mentee does not speak",
    "common_language": "no common language",
    "time_zone": "clocks too far apart",
    "refused": "ruled out by a person, or paired before",
}


class PairExplainer:
    """Puts candidates of a pool into words."""

    def __init__(self, pool: Pool) -> None:
        snapshot = self._snapshot = pool.snapshot
        self._pool = pool
        columns = snapshot.columns
        # Scores of a pair know no crowd: who else asks for the place is what the assignment itself weighs.
        self._offers = Explainer(
            Scorer(snapshot.block, snapshot.weights),
            snapshot.space,
            lambda row: snapshot.listings[row].noun,
            columns.country_names,
            columns.language_names,
        )
        names = tuple(language_name(code) for code in pool.language_codes)
        self._requests = Explainer(pool.request_scorer, snapshot.space, lambda _: "the mentee", (), names)

    def reasons(self, candidate: int) -> dict[str, Any]:
        """A candidate as it is stored: each side's score, its addends scaled to the pair's score, and notes."""
        pool = self._pool
        mentee, mentor = int(pool.candidates.mentee[candidate]), int(pool.candidates.mentor[candidate])
        score = float(pool.candidates.score[candidate])
        share = self._snapshot.weights.number("mentoring", "mentee_share")
        (wish,) = self._offers.explain(*pool.mentee(mentee), pool.offer[candidate : candidate + 1])
        (offer,) = self._requests.explain(*pool.mentor(mentor), np.array([mentee]))
        return {
            "mentee_score": wish.score,
            "mentor_score": offer.score,
            "reasons": self._addends("mentee", wish, score * share)
            + self._addends("mentor", offer, score * (1.0 - share)),
            "notes": self._notes(mentee, mentor),
        }

    def _addends(self, side: str, breakdown: Breakdown, total: float) -> list[dict[str, Any]]:
        """A side's contributions in proportion, so that they come to `total`: a mean has no addends of its own."""
        return [
            {
                "side": side,
                "feature": part.feature,
                "text": part.text,
                "contribution": part.contribution * total / breakdown.score,
                "skill": None if part.skill is None else self._snapshot.space.labels[part.skill],
            }
            for part in breakdown.contributions
        ]

    def _notes(self, mentee: int, mentor: int) -> list[str]:
        pool = self._pool
        notes = []
        both = pool.mentee_side.languages[mentee] & pool.mentor_side.languages[mentor]
        spoken = [language_name(pool.language_codes[column]) for column in np.flatnonzero(both)]
        if spoken:
            notes.append(f"Both speak {' and '.join(spoken)}.")
        else:
            notes.append("Whether they have a language in common is not known.")
        hours = pool.apart(mentee, mentor)
        if hours is None:
            notes.append("The time zone of one of them is not known.")
        else:
            apart = f"up to {hours:g} {'hour' if hours == 1 else 'hours'} apart"
            notes.append(f"Their clocks are {apart if hours else 'the same'}.")
        return notes


def why_unassigned(pool: Pool, mentee: int) -> str:
    """One sentence: what stood between a mentee and a mentor."""
    blocked = pool.blocked[mentee]
    if not blocked.wanted:
        return f"No mentor offers {_skills(pool, mentee, levels=False)} or a skill next to it."
    wanted = _skills(pool, mentee, levels=True)
    if blocked.peers == blocked.wanted:
        return f"No mentor teaches {wanted}."
    if fitting := int((pool.candidates.mentee == mentee).sum()):
        return f"No mentor with {wanted} has a place left; {fitting} would fit."
    return f"No mentor with {wanted} may be paired: {_listed(blocked.rules)}."


def why_not(pool: Pool, mentor_id: str, mentee_id: str) -> str:
    """Why two people are no candidates."""
    people = pool.snapshot.people
    mentee = next((at for at, row in enumerate(pool.mentees) if mentee_id in people[row].ids), None)
    mentor = next((at for at, row in enumerate(pool.mentors) if mentor_id in people[row].ids), None)
    if mentee is None:
        return "the mentee is not in the pool"
    if mentor is None:
        return "the mentor has no open offer"
    rules = pool.against(mentee, mentor)
    return ", ".join(_rule(name) for name in rules) or "nothing the mentee wants is taught above the mentee's level"


def _rule(name: str) -> str:
    return _RULES.get(name, name.replace("_", " "))


def _listed(rules: Mapping[str, int]) -> str:
    ordered = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} × {_rule(name)}" for name, count in ordered)


def _skills(pool: Pool, mentee: int, *, levels: bool) -> str:
    """What a mentee wants, and the level above which it would have to be taught: "Kafka above level 2 or Helm"."""
    row = pool.mentees[mentee]
    wanted = zip(pool.wishes[row].tolist(), pool.own_levels(row).tolist(), strict=True)
    labels = pool.snapshot.space.labels
    shown = [f"{labels[skill]} above level {own}" if levels and own else labels[skill] for skill, own in wanted]
    if len(shown) > _NAMED:
        shown = [*shown[:_NAMED], f"{len(shown) - _NAMED} more"]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
