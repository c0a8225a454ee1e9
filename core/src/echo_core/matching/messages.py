"""The sentences of an explanation as messages: which one a contribution or a gap is, and the facts it states.

A message says of a person only what somebody said or a system recorded. A level nobody stated is 0 here, never the
level the score counts it as; what a title lets one assume is a message of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from echo_core.matching.space import Relation
from echo_core.model.message import Message, Value

Voice = Literal["you", "they"]
"""Whom a sentence speaks to: the person the match is about, or somebody else (a hiring manager, an owner)."""
YOU: Voice = "you"
THEY: Voice = "they"

Speaks = Literal["for", "open", "against"]
"""Whether a contribution speaks for the opportunity, against it, or only says what is not known."""


class Said(NamedTuple):
    """A message and whether it speaks for the opportunity."""

    message: Message
    speaks: Speaks = "for"


class Asking(NamedTuple):
    """What an opportunity asks of a skill. `noun` is what it is ("job"), `level` 0 where it states none."""

    noun: str
    importance: Literal["essential", "desired"]
    level: int


def has(voice: Voice, skill: str, level: int, asking: Asking) -> Message:
    """The very skill, at whatever level."""
    return _of_requirement("reason-has", asking, who=voice, skill=skill, level=level)


def has_nearby(voice: Voice, have: str, level: int, relation: Relation, skill: str, asking: Asking) -> Message:
    """Partly, through a related, broader or narrower skill."""
    return _of_requirement("reason-near", asking, who=voice, skill=skill, near=have, level=level, relation=relation)


def assumed(voice: Voice, skill: str, title: str, confidence: float) -> Message:
    """Taken from the role's profile, because nobody stated it."""
    return _message("reason-assumed", who=voice, skill=skill, title=title, confidence=round(confidence, 1))


def wished(voice: Voice, name: str, skill: str, near: str | None, relation: Relation) -> Message:
    """Something wished for: "Teaches Helm, related to Kubernetes, which is on your wish list to learn"."""
    return _message(name, who=voice, skill=skill, near=near or "", relation=relation)


def step_up(voice: Voice, skill: str, level: int, required: int) -> Message:
    """A wish to learn, on the job: more than the person has yet. Levels are 0 where nobody stated them."""
    return _message("reason-step-up", who=voice, skill=skill, level=level, asked=required)


def missing_nearby(voice: Voice, skill: str, level: int | None, roles: int) -> Message:
    """Taught, and asked for by roles near the person's skills. `level` is None where the profile has not the skill."""
    if level is None:
        return _message("reason-taught-missing", who=voice, skill=skill, roles=roles)
    return _message("reason-taught-higher", who=voice, skill=skill, level=level, roles=roles)


def backed(skills: Sequence[str]) -> Said:
    """Whose evidence is more than a self-assessment."""
    if not skills:
        return Said(_message("reason-unconfirmed"), "open")
    shown = tuple(skills[:2] if len(skills) > 3 else skills)
    return Said(_message("reason-confirmed", skills=shown, more=len(skills) - len(shown), count=len(skills)))


def location(voice: Voice, state: str, country: str | None, *, remote: bool) -> Said:
    """How the location fits. `country` is the person's or, where they named some, the one of those it is in."""
    if state == "remote":
        return Said(_message("reason-place-remote"))
    if state == "anywhere":
        return Said(_message("reason-place-anywhere"))
    if state == "same_country":
        return Said(_message("reason-place-same-country", country=country or ""))
    if state == "preferred":
        return Said(_message("reason-place-preferred", who=voice, country=country or ""))
    if state == "not_preferred":
        return Said(_message(f"reason-place-{'remote' if remote else 'on-site'}-unwished", who=voice), "against")
    return Said(_message("reason-place-unknown", who=voice), "open")


def language(voice: Voice, state: str, code: str | None) -> Said:
    """How the language fits."""
    if state == "spoken":
        return Said(_message("reason-language-spoken", who=voice, language=code or ""))
    if state == "not_stated":
        return Said(_message("reason-language-any"), "open")
    if state == "assumed":
        return Said(_message("reason-language-assumed"), "open")
    return Said(_message("reason-language-unknown", who=voice), "open")


def hours(voice: Voice, per_week: float | None, wanted: float | None) -> Said:
    """How it fits beside a role, or into the hours a person gave."""
    if per_week is None:
        return Said(_message("reason-hours-unstated"), "open")
    if per_week == 0:
        return Said(_message("reason-hours-own-pace", who=voice))
    if wanted is None:
        return Said(_message("reason-hours", hours=per_week), "open")
    if per_week <= wanted:
        return Said(_message("reason-hours-fit", who=voice, hours=per_week, wanted=wanted))
    return Said(_message("reason-hours-beyond", who=voice, hours=per_week, wanted=wanted), "against")


def start(voice: Voice, day: int) -> Said:
    """How the first day fits; `day` is a proleptic ordinal, 0 where not stated."""
    if not day:
        return Said(_message("reason-start-unstated"), "open")
    return Said(_message("reason-start", who=voice, day=date.fromordinal(day).isoformat()))


def crowded(others: float, free: int) -> Message:
    """More people than seats."""
    return _message("reason-crowded", people=max(round(others), 1), free=free)


def avoids(voice: Voice, skill: str) -> Message:
    """What a person asked not to be shown."""
    return _message("reason-avoids", who=voice, skill=skill)


def lacks(voice: Voice, skill: str, asking: Asking, near: str | None) -> Message:
    """A skill that is asked for and on no profile, or only there through a neighbour."""
    if near is None:
        return _of_requirement("gap-missing", asking, who=voice, skill=skill)
    return _of_requirement("gap-near", asking, who=voice, skill=skill, near=near)


def only_assumed(voice: Voice, skill: str, title: str, asking: Asking) -> Message:
    """A skill that is asked for and nobody stated, but the title suggests: neither there nor missing."""
    return _of_requirement("gap-assumed", asking, who=voice, skill=skill, title=title)


def below(skill: str, level: int, asking: Asking) -> Message:
    """The skill is there, the level is not, or nobody stated it."""
    if not level:
        return _of_requirement("gap-level-unstated", asking, skill=skill)
    return _of_requirement("gap-below", asking, skill=skill, level=level)


def _of_requirement(name: str, asking: Asking, **values: Value) -> Message:
    values["noun"], values["importance"], values["asked"] = asking
    return Message(name, values)


def _message(name: str, **values: Value) -> Message:
    return Message(name, values)
