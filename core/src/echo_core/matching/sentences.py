"""The words of an explanation: one whole sentence per contribution, without a full stop, about nobody in particular."""

from __future__ import annotations

from collections.abc import Sequence

from echo_core.matching.space import Relation

_RELATIONS: dict[Relation, str] = {
    "narrower": "a narrower skill than {need}",
    "broader": "the broader field of {need}",
    "related": "related to {need}",
    "same": "{need}",
}


def at_level(level: int) -> str:
    """ "at level 3", or that nobody said."""
    return f"at level {level}" if level else "(level not stated)"


def asks(noun: str, importance: str, level: int) -> str:
    """What an opportunity asks of a skill: "the job asks for 3", "the project would like it"."""
    verb = "asks for" if importance == "essential" else "would like"
    return f"{noun} {verb} {level or 'it'}"


def has(skill: str, level: int, noun: str, importance: str, needs: int) -> str:
    """The very skill, at whatever level."""
    return f"Has {skill} {at_level(level)}, {asks(noun, importance, needs)}"


def has_nearby(have: str, level: int, relation: Relation, need: str, noun: str, importance: str) -> str:
    """Partly, through a related, broader or narrower skill."""
    verb = "asks for" if importance == "essential" else "would like"
    return f"Has {have} {at_level(level)}, {_RELATIONS[relation].format(need=need)}, which {noun} {verb}"


def lacks(skill: str, noun: str, importance: str, needs: int, nearby: str | None) -> str:
    """A skill that is asked for and missing, or only there through a neighbour."""
    wish = asks(noun, importance, needs) if needs == 0 else f"{asks(noun, importance, 0)} at level {needs}"
    return f"{skill} is missing, {wish}" + (f"; {nearby} counts in part" if nearby else "")


def below(skill: str, level: int, noun: str, importance: str, needs: int) -> str:
    """The skill is there, the level is not."""
    known = f"{skill} is at level {level}" if level else f"{skill} has no stated level"
    return f"{known}, {asks(noun, importance, needs)}"


def wished(verb: str, skill: str, near: str | None, relation: Relation, wish: str) -> str:
    """Something wished for: "Teaches Helm, related to Kubernetes, which is on the wish list to learn"."""
    beside = "" if near is None else f", {_RELATIONS[relation].format(need=near)}"
    return f"{verb} {skill}{beside}, which is on the wish list to {wish}"


def missing_nearby(skill: str, roles: int) -> str:
    """Taught, and asked for by roles near the person's skills."""
    many = "a similar role asks" if roles == 1 else f"{roles} similar roles ask"
    return f"Teaches {skill}, not on the profile yet; {many} for it"


def backed(skills: Sequence[str]) -> str:
    """Whose evidence is more than a self-assessment."""
    if not skills:
        return "Skills rest on self-assessment, which counts a little"
    if len(skills) == 1:
        return f"{skills[0]} is confirmed by more than a self-assessment"
    shown = [*skills[:2], f"{len(skills) - 2} more"] if len(skills) > 3 else list(skills)
    return f"{', '.join(shown[:-1])} and {shown[-1]} are confirmed by more than a self-assessment"


def place(state: str, country: str | None) -> str:
    """How the place fits."""
    return {
        "remote": "Can be done remotely",
        "same_country": f"Is in the same country ({country})",
        "anywhere": "Is open to any place",
    }.get(state, "Place of the person is not known, so it counts in part")


def language(state: str, name: str | None) -> str:
    """How the language fits."""
    return {
        "spoken": f"Is in {name}, which the person speaks",
        "not_stated": "Asks for no particular language",
        "assumed": "Is in English, which everyone is taken to understand",
    }.get(state, "Languages of the person are not known, so it counts in part")


def hours(per_week: float | None) -> str:
    """How it fits beside a role."""
    if per_week is None:
        return "Does not say how many hours a week it takes"
    return f"Takes {per_week:g} hour{'' if per_week == 1 else 's'} a week"


def avoids(skill: str) -> str:
    """What a person asked not to be shown."""
    return f"Involves {skill}, which is on the list of skills to avoid"
