"""Why two people were paired, as a sum with its messages, and why a mentee was not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from echo_core.matching import THEY, Breakdown, Contribution, Explainer
from echo_core.model.message import Message, Value
from echo_hub.services.mentoring_pool import Pool
from echo_hub.services.stored_messages import json_of

_NAMED = 3


class PairExplainer:
    """Takes the score of candidates of a pool apart."""

    def __init__(self, pool: Pool) -> None:
        snapshot = self._snapshot = pool.snapshot
        self._pool = pool
        self._requests = Explainer(pool.request_scorer, snapshot.space, lambda _: "mentee", (), pool.language_codes)

    def reasons(self, candidate: int) -> dict[str, Any]:
        """A candidate as it is stored: each side's score, its addends scaled to the pair's score, and notes."""
        pool = self._pool
        mentee, mentor = int(pool.candidates.mentee[candidate]), int(pool.candidates.mentor[candidate])
        score = float(pool.candidates.score[candidate])
        share = self._snapshot.weights.number("mentoring", "mentee_share")
        wish = pool.ranker.explain(pool.mentee(mentee), int(pool.offer[candidate]))
        (offer,) = self._requests.explain_people([pool.mentor(mentor)], mentee)
        both = self._both_speak(mentee, mentor)
        return {
            "mentee_score": wish.score,
            "mentor_score": offer.score,
            "reasons": self._addends("mentee", wish, score * share, both)
            + self._addends("mentor", offer, score * (1.0 - share), both),
            "notes": self._notes(mentee, mentor, both),
        }

    def _addends(self, side: str, breakdown: Breakdown, total: float, both: tuple[str, ...]) -> list[dict[str, Any]]:
        """A side's contributions in proportion, so that they come to `total`: a mean has no addends of its own."""
        return [
            {
                "side": side,
                "feature": part.feature,
                "message": json_of(part.message),
                "contribution": part.contribution * total / breakdown.score,
                "skill": None if part.skill is None else self._snapshot.space.labels[part.skill],
                "speaks": part.speaks,
            }
            for part in (_of_languages(part, both) for part in breakdown.contributions)
        ]

    def _both_speak(self, mentee: int, mentor: int) -> tuple[str, ...]:
        """Codes of the languages that both sides are recorded to speak; English that is taken for granted is none."""
        people, pool = self._snapshot.people, self._pool
        mentors = set(people[pool.mentors[mentor]].languages)
        return tuple(code for code in people[pool.mentees[mentee]].languages if code in mentors)

    def _notes(self, mentee: int, mentor: int, both: tuple[str, ...]) -> list[dict[str, Any]]:
        pool = self._pool
        taken = pool.mentee_side.languages[mentee] & pool.mentor_side.languages[mentor]
        if both:
            notes = [_note("pair-speak", "for", languages=both)]
        elif taken.any():
            notes = [_note("pair-english-assumed", "open")]
        else:
            notes = [_note("pair-language-unknown", "open")]
        hours = pool.apart(mentee, mentor)
        if hours is None:
            notes.append(_note("pair-clocks-unknown", "open"))
        elif hours:
            notes.append(_note("pair-clocks-apart", "for", hours=hours))
        else:
            notes.append(_note("pair-clocks-same", "for"))
        return notes


def _note(name: str, speaks: str, **values: Value) -> dict[str, Any]:
    return {"message": json_of(Message(name, values)), "speaks": speaks}


def _of_languages(part: Contribution, both: tuple[str, ...]) -> Contribution:
    """The language of a pair is one that both are recorded to speak, else the English that is taken for granted."""
    if part.message.id != "reason-language-spoken":
        return part
    if both:
        return part._replace(message=Message("reason-language-spoken", {"who": THEY, "language": both[0]}))
    return part._replace(message=Message("reason-language-assumed"), speaks="open")


def why_unassigned(pool: Pool, mentee: int) -> Message:
    """What stood between a mentee and a mentor."""
    blocked = pool.blocked[mentee]
    if not blocked.wanted:
        return Message("unassigned-nobody", {"wishes": _wishes(pool, mentee, levels=False)})
    wanted = _wishes(pool, mentee, levels=True)
    if blocked.peers == blocked.wanted:
        return Message("unassigned-peers", {"wishes": wanted})
    if fitting := int((pool.candidates.mentee == mentee).sum()):
        return Message("unassigned-full", {"wishes": wanted, "mentors": fitting})
    return Message("unassigned-ruled-out", {"wishes": wanted, "rules": _counted(blocked.rules)})


def why_not(pool: Pool, mentor_id: str, mentee_id: str) -> str:
    """Why two people are no candidates, for the sentence of an error."""
    people = pool.snapshot.people
    mentee = next((at for at, row in enumerate(pool.mentees) if mentee_id in people[row].ids), None)
    mentor = next((at for at, row in enumerate(pool.mentors) if mentor_id in people[row].ids), None)
    if mentee is None:
        return "the mentee is not in the pool"
    if mentor is None:
        return "the mentor is not in the pool"
    rules = [name.replace("_", " ") for name in pool.against(mentee, mentor)]
    closed = f"closed by {'rule' if len(rules) == 1 else 'rules'}: {', '.join(rules)}"
    return closed if rules else "nothing the mentee wants is taught above the mentee's level"


def _counted(rules: Mapping[str, int]) -> tuple[Message, ...]:
    ordered = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Message(f"ruled-out-{name.replace('_', '-')}", {"mentors": count}) for name, count in ordered)


def _wishes(pool: Pool, mentee: int, *, levels: bool) -> tuple[Message, ...]:
    """What a mentee wants, and the level above which it would have to be taught: "Kafka above level 2 or Helm"."""
    row = pool.mentees[mentee]
    claims, labels = pool.snapshot.claims.of(row), pool.snapshot.space.labels
    stated = dict(zip(claims.has.tolist(), claims.level.tolist(), strict=True))
    shown = []
    for skill in pool.wishes[row].tolist():
        level = stated.get(skill) if levels else None
        if level is None:
            shown.append(Message("wish", {"skill": labels[skill]}))
        elif level:
            shown.append(Message("wish-above-level", {"skill": labels[skill], "level": level}))
        else:
            shown.append(Message("wish-above-own", {"skill": labels[skill]}))
    if len(shown) > _NAMED:
        shown = [*shown[:_NAMED], Message("wishes-more", {"count": len(shown) - _NAMED})]
    return tuple(shown)
