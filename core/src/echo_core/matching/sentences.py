"""The words of an explanation: one whole sentence per contribution, without a full stop.

They speak to the person ("You have …") or about nobody in particular ("Has …"); see `Voice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from echo_core.matching.space import Relation

_RELATIONS: dict[Relation, str] = {
    "narrower": "a narrower skill than {need}",
    "broader": "the broader field of {need}",
    "related": "related to {need}",
    "same": "{need}",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who a sentence speaks to. Each field is the piece of a sentence that differs."""

    has: str
    your: str
    whose: str
    you: str
    are: str
    speak: str


YOU = Voice("You have", "your", "your", "you", "you are", "you speak")
"""To the person the match is about."""
THEY = Voice("Has", "the", "the person's", "the person", "the person is", "the person speaks")
"""To somebody else: a hiring manager, an owner, an operator."""


def at_level(level: int) -> str:
    """ "at level 3", or that nobody said."""
    return f"at level {level}" if level else "(level not stated)"


def asks(noun: str, importance: str, level: int) -> str:
    """What an opportunity asks of a skill: "the job asks for 3", "the project would like it"."""
    verb = "asks for" if importance == "essential" else "would like"
    return f"{noun} {verb} {level or 'it'}"


def has(voice: Voice, skill: str, level: int, wish: str) -> str:
    """The very skill, at whatever level."""
    return f"{voice.has} {skill} {at_level(level)}, {wish}"


def has_nearby(voice: Voice, have: str, level: int, relation: Relation, need: str, noun: str, importance: str) -> str:
    """Partly, through a related, broader or narrower skill."""
    verb = "asks for" if importance == "essential" else "would like"
    return f"{voice.has} {have} {at_level(level)}, {_RELATIONS[relation].format(need=need)}, which {noun} {verb}"


def assumed(voice: Voice, skill: str, title: str, confidence: float) -> str:
    """Taken from the role's profile, because nobody stated it."""
    return f"{skill} is assumed from {voice.your} title {title} (confidence {confidence:.1f}), not stated"


def lacks(skill: str, noun: str, importance: str, needs: int, nearby: str | None) -> str:
    """A skill that is asked for and missing, or only there through a neighbour."""
    wish = asks(noun, importance, needs) if needs == 0 else f"{asks(noun, importance, 0)} at level {needs}"
    return f"{skill} is missing, {wish}" + (f"; {nearby} counts in part" if nearby else "")


def below(skill: str, level: int, noun: str, importance: str, needs: int) -> str:
    """The skill is there, the level is not."""
    known = f"{skill} is at level {level}" if level else f"{skill} has no stated level"
    return f"{known}, {asks(noun, importance, needs)}"


def wished(voice: Voice, verb: str, skill: str, near: str | None, relation: Relation, wish: str) -> str:
    """Something wished for: "Teaches Helm, related to Kubernetes, which is on your wish list to learn"."""
    beside = "" if near is None else f", {_RELATIONS[relation].format(need=near)}"
    return f"{verb} {skill}{beside}, which is on {voice.your} wish list to {wish}"


def step_up(voice: Voice, skill: str, level: int, needs: int) -> str:
    """A wish to learn, on the job: more than the person has yet."""
    rise = f" from level {level} to {needs}" if level else f" to level {needs}"
    return f"Is a step up in {skill}{rise}, towards what is on {voice.your} wish list to learn"


def missing_nearby(voice: Voice, skill: str, level: int, roles: int) -> str:
    """Taught, and asked for by roles near the person's skills."""
    many = "a similar role asks" if roles == 1 else f"{roles} similar roles ask"
    state = f"which is at level {level} on {voice.your} profile" if level else f"not on {voice.your} profile yet"
    return f"Teaches {skill}, {state}; {many} for it"


def backed(voice: Voice, skills: Sequence[str]) -> str:
    """Whose evidence is more than a self-assessment."""
    if not skills:
        return f"{voice.your.capitalize()} skills rest on self-assessment, which counts a little"
    if len(skills) == 1:
        return f"{skills[0]} is confirmed by more than a self-assessment"
    shown = [*skills[:2], f"{len(skills) - 2} more"] if len(skills) > 3 else list(skills)
    return f"{', '.join(shown[:-1])} and {shown[-1]} are confirmed by more than a self-assessment"


def place(voice: Voice, state: str, country: str | None, remote: bool) -> str:
    """How the place fits."""
    return {
        "remote": "Can be done remotely",
        "same_country": f"Is in the same country ({country})",
        "anywhere": "Is open to any place",
        "preferred": f"Is in a country on {voice.your} wish list ({country})",
        "not_preferred": f"Is {'remote' if remote else 'on site'}, which is not what {voice.you} asked for",
    }.get(state, f"Where {voice.are} is not known, so place counts in part")


def language(voice: Voice, state: str, name: str | None) -> str:
    """How the language fits."""
    return {
        "spoken": f"Is in {name}, which {voice.speak}",
        "not_stated": "Asks for no particular language",
        "assumed": "Is in English, which everyone is taken to understand",
    }.get(state, f"Which languages {voice.speak} is not known, so it counts in part")


def hours(voice: Voice, per_week: float | None, wanted: float | None) -> str:
    """How it fits beside a role, or into the hours a person gave."""
    if per_week is None:
        return "Does not say how many hours a week it takes"
    if per_week == 0:
        return f"Can be done at {voice.your} own pace" if voice is YOU else "Can be done at one's own pace"
    takes = f"Takes {per_week:g} hour{'' if per_week == 1 else 's'} a week"
    return takes if wanted is None else f"{takes}, of the {wanted:g} {voice.you} gave"


def start(voice: Voice, day: int) -> str:
    """How the first day fits; `day` is a proleptic ordinal, 0 where not stated."""
    if not day:
        return "Does not say when it starts"
    return f"Starts on {date.fromordinal(day).isoformat()}, when {voice.are} free"


def crowded(others: float, free: int) -> str:
    """More people than places."""
    people = max(round(others), 1)
    many = "person fits" if people == 1 else "people fit"
    left = {0: "no place is left", 1: "1 place is left"}.get(free, f"{free} places are left")
    return f"About {people:,} other {many}, {left}"


def avoids(voice: Voice, skill: str) -> str:
    """What a person asked not to be shown."""
    return f"Involves {skill}, which is on {voice.your} list of skills to avoid"
