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
    stances = []
    for stance, title in STANCE_WORDS.items():
        skills = _once(skill for skill in person.skills if skill.stance == stance and not skill.overruled)
        if skills:
            stances.append(Stance(title, skills))
    return tuple(stances)


def _once(claims: Iterable[PersonSkill]) -> tuple[Held, ...]:
    best: dict[str, Held] = {}
    for claim in claims:
        key = claim.skill_id or claim.skill.casefold()
        if key not in best or (claim.level or 0) > (best[key].level or 0):
            best[key] = Held(claim.skill, claim.level, claim.linked)
    return tuple(sorted(best.values(), key=lambda claim: (-(claim.level or 0), claim.skill.casefold())))
