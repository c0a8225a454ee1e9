"""The fictional company of the demo, seen through the connector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from echo_core.testing.company import Company
from echo_core.testing.fiction import build_company
from echo_core.testing.sandbox import SandboxServer
from echo_hub_greenhouse.sandbox import GreenhouseSandbox
from echo_hub_greenhouse.sandbox_company import FIRST_JOB


@pytest.fixture(scope="module")
def meridian() -> Company:
    return build_company(people=120, jobs=40, projects=1, paths=1, mentoring=1)


def test_people_see_every_open_job_and_none_that_must_stay_out_of_sight(
    meridian: Company, clock: Any, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    clock.sleep(365 * 86_400)
    connection = open_connection(serve(GreenhouseSandbox.from_company(meridian, clock=clock)).connection)
    requisitions, posts = connection.run("jobs"), connection.run("job_posts")
    keys = {flag: {str(FIRST_JOB + one.key) for one in meridian.openings if one.flag == flag} for flag in FLAGS}
    assert {job.requisition_id for job in posts.records if job.status == "open"} == keys[""]
    assert {job.requisition_id for job in posts.records if job.status == "closed"} <= keys["closed"] | keys["deleted"]
    assert set(requisitions.rules) == keys["confidential"] | keys["template"] | keys["draft"]
    assert all(keys.values()), "the company has an opening of every kind"


OPEN = ("", "deleted")
"""Flags of openings whose job is open and no secret; that its post was deleted closes no job."""


def test_every_open_job_has_a_hiring_manager_who_is_a_user_known_by_more_than_a_name(
    meridian: Company, clock: Any, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    clock.sleep(365 * 86_400)
    connection = open_connection(serve(GreenhouseSandbox.from_company(meridian, clock=clock)).connection)
    users, team = connection.run("users").by_id, connection.run("hiring_team").records
    managers = {member.requisition_id: member.person.value for member in team if member.role == "hiring_manager"}
    assert set(managers) == {str(FIRST_JOB + opening.key) for opening in meridian.openings if opening.flag in OPEN}
    known = {person.number: person for person in meridian.people}
    for opening in meridian.openings:
        if opening.flag in OPEN:
            user, person = users[managers[str(FIRST_JOB + opening.key)]], known[opening.manager]
            assert user.employee_id == person.number or user.work_email == person.email
    assert {user.employee_id is None for user in users.values()} == {True, False}


FLAGS = ("", "confidential", "template", "draft", "closed", "deleted")


def test_every_open_job_has_a_text_a_link_and_a_department_that_arrives_too(
    meridian: Company, clock: Any, serve: Callable[..., SandboxServer], open_connection: Callable[..., Any]
) -> None:
    clock.sleep(365 * 86_400)
    connection = open_connection(serve(GreenhouseSandbox.from_company(meridian, clock=clock)).connection)
    units, places = connection.run("departments").by_id, connection.run("offices").by_id
    jobs = [job for job in connection.run("job_posts").records if job.status == "open"]
    assert len(jobs) >= 40
    for job in jobs:
        assert len(job.description) > 100
        assert job.apply_url
        assert set(job.org_unit_ids) <= set(units)
        assert set(job.place_ids) <= set(places)
        assert job.countries or job.location == "Remote"
    assert {job.audience for job in jobs} == {"internal", "external"}
    assert {job.remote for job in jobs} == {None, "hybrid", "remote"}
    assert all(place.country and place.city for place in places.values())
