"""What would raise a person's match: the exact score and place in the list with a skill more, and who teaches it."""

from __future__ import annotations

import numpy as np

from echo_core.matching import Change, Effect
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.model import LearningPath
from echo_core.model.message import Message
from echo_hub.services.feed import what_if
from echo_hub.services.policy import EVERYTHING_ON, PersonPolicy
from echo_hub.services.views import Lesson, Raise
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.snapshot import Snapshot

TRIED = 8
"""How many skills are tried, those that weigh most first. Each costs one whole list."""
LESSONS = 3
"""How many courses and mentors are named for a skill."""
_TEACHES = 2


def raises(
    snapshot: Snapshot, person: int, listing: Listing, policy: PersonPolicy = EVERYTHING_ON
) -> tuple[Raise, ...]:
    """What reaching the level asked for would bring, skill by skill, the largest gain first.

    The numbers are those of a snapshot in which the person says today to have the skill; ranks count in the unfiltered
    list. What would bring nothing is left out, so the answer may be empty.

    Args:
        policy: what is on for the person.
    """
    if all(requirement.importance == "teaches" for requirement in listing.requirements):
        return ()
    gains = what_if(snapshot, person, policy).gains(listing.row, TRIED)
    own = snapshot.prepared(person).profile.skills
    stated = dict(zip(own.has.tolist(), own.level.tolist(), strict=True))
    open_to, there = snapshot.eligible(person), policy.there(snapshot)
    open_to = open_to if there is None else open_to & there
    return tuple(_raise(snapshot, person, listing, gain, stated, open_to) for gain in gains)


def _raise(
    snapshot: Snapshot, person: int, listing: Listing, gain: Effect, stated: dict[int, int], open_to: BoolArray
) -> Raise:
    (change,) = gain.changes
    label = snapshot.space.labels[change.skill]
    return Raise(
        skill_id=snapshot.space.ids[change.skill],
        skill=label,
        has_level=stated.get(change.skill) or None,
        level=change.level,
        score_before=gain.before.score,
        score_after=gain.after.score,
        rank_before=gain.before.rank,
        rank_after=gain.after.rank,
        message=_message(label, stated.get(change.skill), gain),
        taught_by=_lessons(snapshot, person, listing, change, open_to),
    )


def _message(label: str, stated: int | None, gain: Effect) -> Message:
    """To the person: "With Kafka at level 3 your match would be 78 instead of 62, and its place in your list …"."""
    before, after = gain.before.score * 100, gain.after.score * 100
    digits = 0 if round(before) != round(after) else 1
    values: dict[str, str | int | float] = {
        "skill": label,
        "level": gain.changes[0].level,
        "has_level": stated or 0,
        "before": round(before, digits),
        "after": round(after, digits),
        "digits": digits,
    }
    if gain.after.rank is None:
        return Message("raise-unlisted", values)
    values["rank_after"] = gain.after.rank
    if gain.before.rank is None:
        return Message("raise-enters", values)
    values["rank_before"] = gain.before.rank
    return Message("raise-same-rank" if gain.before.rank == gain.after.rank else "raise-in-list", values)


def _lessons(
    snapshot: Snapshot, person: int, listing: Listing, change: Change, open_to: BoolArray
) -> tuple[Lesson, ...]:
    """What is open to the person and teaches a skill at that level or above: two paths at most, then mentors.

    Where no level is stated the level counts that matching takes it for; what states its level comes first, then the
    better match.
    """
    requirements = snapshot.block.requirements
    unknown = int(snapshot.weights.number("level", "unknown_taught"))
    at = np.flatnonzero(requirements.skill == change.skill)
    at = at[requirements.importance[at] == _TEACHES]
    at = at[np.where(requirements.level[at] > 0, requirements.level[at], unknown) >= change.level]
    at = at[open_to[requirements.opportunity[at]] & (requirements.opportunity[at] != listing.row)]
    if not at.size:
        return ()
    rows: IntArray = requirements.opportunity[at]
    scores = snapshot.scores(person, rows).total.tolist()
    order = sorted(
        range(len(rows)),
        key=lambda position: (requirements.level[at[position]] == 0, -round(scores[position], 12), rows[position]),
    )
    is_path = [snapshot.listings[row].kind == "learning_path" for row in rows.tolist()]
    paths = [position for position in order if is_path[position]][: LESSONS - 1]
    others = [position for position in order if not is_path[position]]
    lessons = []
    for position in [*paths, *others][:LESSONS]:
        teacher = snapshot.listings[int(rows[position])]
        record = teacher.record
        lessons.append(
            Lesson(
                id=teacher.id,
                kind=teacher.kind,
                title=record.title,
                level=int(requirements.level[at[position]]) or None,
                minutes=record.minutes if isinstance(record, LearningPath) else None,
                owner=teacher.owner_name,
                languages=teacher.languages,
            )
        )
    return tuple(lessons)
