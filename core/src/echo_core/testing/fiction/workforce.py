"""The colleagues of the fictional company: who they are, whom they report to, what they can and want."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b

from echo_core.testing.company import Colleague, SkillAtLevel
from echo_core.testing.fiction.places import FAMILY, GIVEN, NAMES_AT, SITE_WEIGHTS, SITES
from echo_core.testing.fiction.roles import GRADES, ROLES, Role

SOFT = (
    "Communication", "Teamwork", "Problem solving", "Time management", "Presentation skills", "Mentoring",
    "Writing", "Project management", "Coaching", "Public speaking", "Workshop facilitation", "Stakeholder management",
)  # fmt: skip
ENGLISH_LEVELS = (3, 4, 4, 5)


def ascii_login(name: str) -> str:
    """A login made from a name: lower case, ASCII, a dot between the parts."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ł", "l").replace("ø", "o").replace("ß", "ss"))
    return ".".join("".join(c for c in part if c.isascii() and c.isalpha()) for part in plain.split())


def title_at(role: Role, grade: int) -> str:
    """The role's title at a grade, e.g. "Senior Backend Engineer"."""
    return f"{GRADES[grade - 1]} {role.title}".strip()


def workforce(rng: random.Random, domain: str, today: date, size: int) -> tuple[Colleague, ...]:
    """Everyone: active people first, then a few leavers, future hires and one converted contractor."""
    people = list(_active(rng, domain, today, size))
    people = _with_managers(rng, people)
    people += list(_others(rng, domain, today, people))
    return tuple(people)


def _active(rng: random.Random, domain: str, today: date, size: int) -> Iterator[Colleague]:
    shares = [role.share for role in ROLES]
    logins: set[str] = set()
    for number in range(size):
        role = rng.choices(ROLES, shares)[0]
        grade = rng.choices((1, 2, 3, 4, 5), (14, 34, 30, 15, 7))[0]
        yield _colleague(rng, domain, today, 10_001 + number, role, grade, logins)


def _colleague(
    rng: random.Random, domain: str, today: date, number: int, role: Role, grade: int, logins: set[str]
) -> Colleague:
    site = rng.choices(SITES, SITE_WEIGHTS)[0]
    tongue = rng.choice(NAMES_AT[site.key])
    name = f"{rng.choice(GIVEN[tongue].split())} {rng.choice(FAMILY[tongue].split())}"
    login = ascii_login(name)
    while login in logins:
        login = f"{ascii_login(name)}{rng.randint(2, 99)}"
    logins.add(login)
    contingent = rng.random() < 0.07
    key = f"C-{number % 10_000:04d}X" if contingent else f"E{number}"
    # Some contractors have no company mail at all: real HR data is like that, and matching must not need one.
    email = None if contingent and rng.random() < 0.5 else f"{login}@{domain}"
    return Colleague(
        number=key,
        wid=blake2b(f"worker {key}".encode(), digest_size=16).hexdigest(),
        human=f"U{number}",
        name=name,
        login=login,
        email=email,
        worker_type="contingent" if contingent else "employee",
        status="on_leave" if rng.random() < 0.02 else "active",
        title=title_at(role, grade),
        profile=role.title,
        grade=grade,
        unit=role.unit,
        site=site.key,
        manager=None,
        is_manager=role.title.endswith("Manager") and role.unit in {"engineering", "sales"},
        hired_on=today - timedelta(days=rng.randint(30, 3_600)),
        left_on=None,
        fte=rng.choices((1.0, 0.8, 0.6), (90, 8, 2))[0],
        languages=_languages(rng, site.language),
        skills=_skills(rng, role, grade),
        wants=_wants(rng, role),
    )


def _languages(rng: random.Random, local: str) -> tuple[SkillAtLevel, ...]:
    spoken = {local: 5}
    spoken.setdefault("en", rng.choice(ENGLISH_LEVELS))
    if rng.random() < 0.25:
        spoken.setdefault(rng.choice(("es", "fr", "de", "pt", "sv")), rng.randint(2, 4))
    return tuple(spoken.items())


def _skills(rng: random.Random, role: Role, grade: int) -> tuple[SkillAtLevel, ...]:
    def level(base: int) -> int:
        return max(1, min(5, base + rng.choice((-1, 0, 0, 0, 1))))

    skills = {name: level(grade + 1) for name in role.core}
    skills |= {name: level(grade) for name in rng.sample(role.more, rng.randint(3, min(6, len(role.more))))}
    skills |= {name: level(3) for name in rng.sample(SOFT, rng.randint(1, 3)) if name not in skills}
    return tuple(skills.items())


def _wants(rng: random.Random, role: Role) -> tuple[str, ...]:
    if rng.random() < 0.35:
        return ()
    near = rng.choice([other for other in ROLES if other.unit == role.unit] + [rng.choice(ROLES)])
    return tuple(dict.fromkeys(rng.sample(near.core + near.more, rng.randint(1, 3))))


def _with_managers(rng: random.Random, people: list[Colleague]) -> list[Colleague]:
    """Gives each unit a head and leads of about eight people, so that reporting lines are three to five deep."""
    chief = max(range(len(people)), key=lambda index: (people[index].grade, -index))
    managed = list(people)
    heads: dict[str, str] = {}
    for unit in sorted({person.unit for person in people}):
        members = [index for index, person in enumerate(people) if person.unit == unit and index != chief]
        members.sort(key=lambda index: (-people[index].grade, people[index].number))
        if not members:
            continue
        head, rest = members[0], members[1:]
        heads[unit] = people[head].number
        managed[head] = replace(people[head], manager=people[chief].number, is_manager=True)
        leads = rest[: max(1, len(rest) // 8)]
        for index in leads:
            managed[index] = replace(people[index], manager=heads[unit], is_manager=True)
        for index in rest[len(leads) :]:
            boss = rng.choice(leads)
            managed[index] = replace(people[index], manager=people[boss].number)
    managed[chief] = replace(people[chief], is_manager=True)
    return managed


def _others(rng: random.Random, domain: str, today: date, people: list[Colleague]) -> Iterator[Colleague]:
    logins = {person.login for person in people}
    for offset in range(24):
        role = rng.choice(ROLES)
        person = _colleague(rng, domain, today, 18_001 + offset, role, rng.randint(1, 3), logins)
        if offset < 16:
            yield replace(person, status="left", left_on=today - timedelta(days=rng.randint(5, 300)))
        else:
            yield replace(person, status="future", hired_on=today + timedelta(days=rng.randint(7, 60)))
    # A contractor who became an employee: two worker objects, one human, the same mail.
    employee = next(person for person in people if person.worker_type == "employee" and person.email)
    yield replace(
        employee,
        number=f"C-{employee.number[-4:]}Z",
        wid=blake2b(f"worker before {employee.number}".encode(), digest_size=16).hexdigest(),
        worker_type="contingent",
        status="left",
        left_on=employee.hired_on - timedelta(days=1),
        hired_on=employee.hired_on - timedelta(days=400),
        is_manager=False,
        manager=None,
    )
