"""Learning content of the fictional company and who finished what."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from echo_core.testing.company import Colleague, Completion, Course
from echo_core.testing.fiction.ideas import LEVELS, TOPICS, TRANSLATED_LEVELS, TRANSLATED_TEXTS

Level = Literal["beginner", "intermediate", "advanced"]
NAMES: tuple[Level, ...] = ("beginner", "intermediate", "advanced")
PARTS = ("First steps", "Case studies", "Tools of the trade", "Common mistakes", "Working together")


def courses(rng: random.Random, today: date, size: int) -> tuple[Course, ...]:
    """`size` paths and courses: per subject three courses and one path holding them, some translated, plus videos."""
    made: list[Course] = []

    def updated() -> date:
        return today - timedelta(days=rng.randint(1, 500))

    for index, (subject, skills) in enumerate(TOPICS):
        path = f"path-{index + 1:03d}"
        text = f"From the first steps to mastery in {', '.join(skills)}."
        made.append(
            Course(path, f"{subject}: the whole path", text, "path", "en", "intermediate", 0, skills, None, updated())
        )
        total = 0
        for level, (_, title, about) in enumerate(LEVELS):
            minutes = rng.choice((60, 90, 120, 180, 240, 360))
            total += minutes
            key = f"course-{index + 1:03d}-{level + 1}"
            about = f"{about} Covers {', '.join(skills)}."
            made.append(
                Course(
                    key, title.format(subject), about, "course", "en", NAMES[level], minutes, skills, path, updated()
                )
            )
        made[-4] = Course(
            path, f"{subject}: the whole path", text, "path", "en", "intermediate", total, skills, None, updated()
        )
    translated = _translated(rng, today)
    while len(made) < size:
        made.append(next(translated))
    videos = _videos(rng, today)
    return tuple(made[:size]) + tuple(next(videos) for _ in range(40))


def _translated(rng: random.Random, today: date) -> Iterator[Course]:
    index = 0
    while True:
        language = list(TRANSLATED_LEVELS)[index % len(TRANSLATED_LEVELS)]
        subject, skills = TOPICS[(index * 7) % len(TOPICS)]
        level = index % 3
        yield Course(
            f"course-{language}-{index + 1:03d}", TRANSLATED_LEVELS[language][level].format(subject),
            f"{TRANSLATED_TEXTS[language][level]} {', '.join(skills)}.", "course", language, NAMES[level],
            rng.choice((60, 90, 120)), skills, None, today - timedelta(days=rng.randint(1, 400)),
        )  # fmt: skip
        index += 1


def _videos(rng: random.Random, today: date) -> Iterator[Course]:
    index = 0
    while True:
        subject, skills = TOPICS[(index * 5) % len(TOPICS)]
        part = PARTS[index % len(PARTS)]
        yield Course(
            f"video-{index + 1:03d}", f"{subject}: {part}", f"{part} in {subject}.", "video", "en", NAMES[index % 3],
            rng.randint(4, 18), skills, None, today - timedelta(days=rng.randint(1, 300)),
        )  # fmt: skip
        index += 1


def completions(
    rng: random.Random, people: Sequence[Colleague], content: Sequence[Course], today: date, size: int
) -> Iterator[Completion]:
    """People finish what is near their work; videos too, which must never count as evidence."""
    active = [person for person in people if person.status == "active" and person.email]
    by_skill: dict[str, list[Course]] = {}
    for course in content:
        for skill in course.skills:
            by_skill.setdefault(skill, []).append(course)
    seen: set[tuple[str, str]] = set()
    while len(seen) < size:
        person = rng.choice(active)
        near = [name for name, _ in person.skills if name in by_skill] + [
            name for name in person.wants if name in by_skill
        ]
        if not near:
            continue
        course = rng.choice(by_skill[rng.choice(near)])
        if (person.number, course.key) in seen or course.kind == "path":
            continue
        seen.add((person.number, course.key))
        score = round(rng.uniform(0.45, 1.0), 2)
        yield Completion(person.number, course.key, today - timedelta(days=rng.randint(1, 300)), score, score >= 0.6)
