"""The fictional company is the same everywhere and holds the cases that real HR data holds."""

from __future__ import annotations

import pytest

from echo_core.skills.extraction.spotter import Spotter
from echo_core.skills.linking.linker import Linker
from echo_core.skills.taxonomy.starter import starter
from echo_core.testing.company import Company
from echo_core.testing.fiction import build_company


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company()


def test_the_same_seed_gives_the_same_company(company: Company) -> None:
    assert build_company() == company
    assert build_company(seed=8) != company


def test_it_has_the_size_the_demo_promises(company: Company) -> None:
    active = [person for person in company.people if person.status in {"active", "on_leave"}]
    countries = {company.site(person.site).country for person in active}
    assert len(active) == 1_200
    assert len(countries) >= 12
    assert sum(not opening.flag for opening in company.openings) == 150
    assert {opening.flag for opening in company.openings} >= {"confidential", "template", "draft", "closed", "deleted"}
    assert (len(company.gigs), len(company.mentors)) == (80, 200)
    assert sum(course.kind in {"path", "course"} for course in company.courses) == 300


def test_keys_are_unique(company: Company) -> None:
    for keys in (
        [person.number for person in company.people],
        [person.wid for person in company.people],
        [opening.key for opening in company.openings],
        [gig.key for gig in company.gigs],
        [course.key for course in company.courses],
    ):
        assert len(keys) == len(set(keys))


def test_reporting_lines_end_at_one_chief(company: Company) -> None:
    by_number = {person.number: person for person in company.people}
    chiefs = [person for person in company.people if person.status == "active" and person.manager is None]
    assert len(chiefs) == 1
    for person in company.people:
        seen = set()
        while person.manager is not None:
            assert person.number not in seen
            seen.add(person.number)
            person = by_number[person.manager]


def test_the_awkward_people_are_there(company: Company) -> None:
    assert any(person.email is None for person in company.people)
    assert any(person.number.startswith("C-") for person in company.people)
    assert {person.status for person in company.people} == {"active", "on_leave", "left", "future"}
    humans = [person.human for person in company.people]
    assert len(humans) - len(set(humans)) == 1


def test_every_skill_has_a_place_in_the_starter_taxonomy(company: Company) -> None:
    names = {name for person in company.people for name, _ in person.skills}
    names |= {name for person in company.people for name in person.wants}
    names |= {name for course in company.courses for name in course.skills}
    names |= {name for gig in company.gigs for name, _ in gig.skills}
    names |= {name for opening in company.openings for name, _ in opening.essential + opening.desired}
    linker = Linker(starter())
    assert {name for name in names if linker.link(name).method not in {"exact", "alias"}} == set()


def test_posts_name_the_skills_they_were_written_for(company: Company) -> None:
    linker, spotter = Linker(starter()), Spotter(starter())
    right = found = wanted = 0
    for opening in company.openings:
        asked = {linker.link(name).skill_id for name, _ in opening.essential + opening.desired}
        spotted = spotter.spot(f"{opening.title}\n{opening.html}")
        tagged = {one.skill_id for one in spotted if one.automatic}
        assert asked <= tagged, (opening.title, opening.language)
        right, found, wanted = right + len(asked & tagged), found + len(tagged), wanted + len(asked)
    assert wanted == right > 1_000
    assert right / found >= 0.9
