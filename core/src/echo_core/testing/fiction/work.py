"""Job openings, projects and mentoring offers of the fictional company."""

from __future__ import annotations

import html
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from echo_core.testing.company import Colleague, Gig, Mentor, Opening, SkillAtLevel
from echo_core.testing.fiction.ideas import PROJECTS
from echo_core.testing.fiction.places import SITES, UNITS
from echo_core.testing.fiction.roles import ROLES, Role
from echo_core.testing.fiction.workforce import title_at

Flag = Literal["", "confidential", "template", "draft", "closed", "deleted"]
HIDDEN: tuple[Flag, ...] = ("confidential", "template", "draft", "closed", "deleted")
REMOTE: tuple[Literal["on_site", "hybrid", "remote"], ...] = ("on_site", "hybrid", "remote")

WORDS = {
    "en": ("About the team", "The {unit} team makes the parts of our service that people hear every day.", "What you will do", "What you bring", "Good to have", "Working with {skill} is part of every week.", "level"),
    "de": ("Über das Team", "Das Team {unit} baut die Teile unseres Dienstes, die Menschen jeden Tag hören.", "Deine Aufgaben", "Das bringst du mit", "Von Vorteil", "Die Arbeit mit {skill} gehört zu jeder Woche.", "Stufe"),
    "es": ("Sobre el equipo", "El equipo de {unit} crea las partes del servicio que la gente escucha cada día.", "Qué harás", "Qué aportas", "Se valora", "Trabajar con {skill} es parte de cada semana.", "nivel"),
    "sv": ("Om teamet", "Teamet {unit} bygger de delar av tjänsten som folk hör varje dag.", "Det här gör du", "Det här har du med dig", "Meriterande", "Att arbeta med {skill} är en del av varje vecka.", "nivå"),
    "fr": ("L'équipe", "L'équipe {unit} construit ce que l'on entend chaque jour.", "Vos missions", "Votre profil", "Un plus", "Travailler avec {skill} fait partie de chaque semaine.", "niveau"),
    "pt": ("Sobre o time", "O time de {unit} cria as partes do serviço que as pessoas ouvem todos os dias.", "O que você fará", "O que você traz", "Diferenciais", "Trabalhar com {skill} faz parte de toda semana.", "nível"),
}  # fmt: skip


def openings(rng: random.Random, people: Sequence[Colleague], today: date, size: int) -> Iterator[Opening]:
    """`size` visible openings, then a dozen that must never be seen."""
    managers = [person for person in people if person.is_manager and person.status == "active"]
    names = {unit.key: unit.name for unit in UNITS}
    for index in range(size + 12):
        role = ROLES[index % len(ROLES)] if index < len(ROLES) else rng.choice(ROLES)
        grade = rng.choices((1, 2, 3, 4, 5), (10, 30, 38, 16, 6))[0]
        site = rng.choice(SITES)
        language = site.language if site.language in WORDS and rng.random() < 0.45 else "en"
        essential = tuple((name, max(1, min(5, grade + rng.choice((0, 1))))) for name in role.core)
        desired = tuple((name, max(1, min(5, grade))) for name in rng.sample(role.more, 4))
        near = [person for person in managers if person.unit == role.unit] or managers
        yield Opening(
            key=4_000_123_000 + index * 17,
            title=title_at(role, grade),
            unit=role.unit,
            site=site.key,
            html=_post(role, names[role.unit], language, essential, desired),
            language=language,
            essential=essential,
            desired=desired,
            opened_on=today - timedelta(days=rng.randint(1, 90)),
            remote=rng.choices(REMOTE, (40, 45, 15))[0],
            manager=rng.choice(near).number,
            external=rng.random() < 0.4,
            flag="" if index < size else HIDDEN[(index - size) % len(HIDDEN)],
        )


def _post(
    role: Role, unit: str, language: str, essential: Sequence[SkillAtLevel], desired: Sequence[SkillAtLevel]
) -> str:
    about, team, doing, bring, plus, weekly, _level = WORDS[language]
    duties = role.duties if language == "en" else tuple(weekly.format(skill=name) for name, _ in essential[:3])

    def items(texts: Sequence[str]) -> str:
        return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in texts) + "</ul>"

    return (
        f"<h3>{about}</h3><p>{html.escape(team.format(unit=unit))}</p>"
        f"<h3>{doing}</h3>{items(duties)}"
        f"<h3>{bring}</h3>{items([name for name, _ in essential])}"
        f"<h3>{plus}</h3>{items([name for name, _ in desired])}"
    )


def gigs(rng: random.Random, people: Sequence[Colleague], today: date, size: int) -> Iterator[Gig]:
    """Projects: every idea, several times over with another home and timing."""
    kinds: dict[str, Literal["project", "embed", "hack", "collab"]] = {
        "project": "project", "embed": "embed", "hack": "hack", "collab": "collab",
    }  # fmt: skip
    owners = [person for person in people if person.grade >= 3 and person.status == "active" and person.email]
    for index in range(size):
        title, text, skills, kind = PROJECTS[index % len(PROJECTS)]
        owner = rng.choice(owners)
        site = next(site for site in SITES if site.key == owner.site)
        again = index // len(PROJECTS)
        yield Gig(
            key=f"{kind}-{index + 1:03d}",
            title=title if not again else f"{title} ({site.city})" if again == 1 else f"{title}, round {again + 1}",
            kind=kinds[kind],
            text=text,
            language="en",
            skills=tuple((name, rng.randint(2, 4)) for name in skills),
            hours_per_week=rng.choice((4, 6, 8, 12, 20)) if kind != "embed" else 32,
            weeks=rng.choice((2, 4, 6, 8, 12)) if kind != "hack" else 1,
            starts_on=today + timedelta(days=rng.randint(3, 75)),
            seats=rng.randint(1, 4) if kind != "hack" else 12,
            owner=owner.number,
            unit=owner.unit,
            site=owner.site,
            remote=rng.random() < 0.6,
        )


def mentors(rng: random.Random, people: Sequence[Colleague], size: int) -> Iterator[Mentor]:
    """Experienced colleagues who offer to mentor, some of them already full."""
    able = [
        person
        for person in people
        if person.grade >= 3 and person.status == "active" and person.email and person.worker_type == "employee"
    ]
    for index, person in enumerate(rng.sample(able, size)):
        best = sorted(person.skills, key=lambda skill: -skill[1])[:5]
        teaches = tuple(rng.sample(best, min(3, len(best))))
        first = person.name.split()[0]
        subjects = ", ".join(name for name, _ in teaches)
        seats = rng.randint(1, 3)
        yield Mentor(
            key=f"mentor-{index + 1:03d}",
            colleague=person.number,
            title=f"{first} mentors in {teaches[0][0]} and {teaches[1][0]}",
            text=f"{first}, {person.title}, offers regular conversations about {subjects}. You set the agenda.",
            teaches=teaches,
            languages=tuple(code for code, level in person.languages if level >= 3),
            seats=seats,
            taken=seats if rng.random() < 0.12 else rng.randint(0, seats - 1),
            hours_per_week=1,
        )
