"""A person's skills as one reads them: each once per stance, whoever and however many say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from echo_hub.services.views import PersonSkill, PersonView
from echo_hub.surfaces.words import STANCE_WORDS


@dataclass(frozen=True, slots=True)
class Held:
    """One skill. `level` is the highest that anyone states; `linked` is False for a name the graph does not know."""

    skill: str
    level: int | None
    linked: bool


@dataclass(frozen=True, slots=True)
class Stance:
    """What a person has, wants, teaches or avoids."""

    title: str
    skills: tuple[Held, ...]


def stances_of(person: PersonView) -> tuple[Stance, ...]:
    """The person's skills by stance, highest level first; stances without any skill are left out."""
    found = []
    for stance, title in STANCE_WORDS.items():
        skills = _once(one for one in person.skills if one.stance == stance and not one.overruled)
        if skills:
            found.append(Stance(title, skills))
    return tuple(found)


def _once(claims: Iterable[PersonSkill]) -> tuple[Held, ...]:
    best: dict[str, Held] = {}
    for one in claims:
        key = one.skill_id or one.skill.casefold()
        if key not in best or (one.level or 0) > (best[key].level or 0):
            best[key] = Held(one.skill, one.level, one.linked)
    return tuple(sorted(best.values(), key=lambda one: (-(one.level or 0), one.skill.casefold())))
