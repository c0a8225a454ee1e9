"""The fictional company that the vendor sandboxes serve: `build_company()`.

Deterministic: the same seed gives the same company, byte for byte, on every machine and on every day.
All people, texts and numbers are invented.
"""

from __future__ import annotations

import random
from datetime import date

from echo_core.testing.company import Company
from echo_core.testing.fiction.learning import completions, courses
from echo_core.testing.fiction.places import SITES, UNITS
from echo_core.testing.fiction.work import gigs, mentors, openings
from echo_core.testing.fiction.workforce import workforce

TODAY = date(2026, 11, 2)
"""The day the facts are true on, unless the caller names another."""


def build_company(
    seed: int = 7,
    *,
    today: date = TODAY,
    people: int = 1_200,
    jobs: int = 150,
    projects: int = 80,
    paths: int = 300,
    mentoring: int = 200,
) -> Company:
    """Meridian Sound, an invented audio company.

    Args:
        seed: another seed gives another company of the same shape.
        today: the day the facts are true on.
        people: active colleagues; about 25 leavers, future hires and double worker objects come on top.
        jobs: visible openings; a dozen confidential, template, draft, closed and deleted ones come on top.
        projects, paths, mentoring: how many of each; `paths` counts paths and courses, 40 videos come on top.
    """
    rng = random.Random(seed)
    domain = "meridian-sound.example"
    staff = workforce(rng, domain, today, people)
    content = courses(rng, today, paths)
    return Company(
        name="Meridian Sound",
        domain=domain,
        today=today,
        sites=SITES,
        units=UNITS,
        people=staff,
        openings=tuple(openings(rng, staff, today, jobs)),
        gigs=tuple(gigs(rng, staff, today, projects)),
        mentors=tuple(mentors(rng, staff, mentoring)),
        courses=content,
        completions=tuple(completions(rng, staff, content, today, people * 3 // 2)),
    )


__all__ = ["TODAY", "build_company"]
