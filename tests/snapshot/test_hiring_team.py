"""Whose a job is: the hiring managers of its requisition, as far as they are people on file."""

from __future__ import annotations

import pytest

from echo_core.model import PersonRef


def owners(snapshot):
    return [snapshot.people[row].fact.name for row in snapshot.listing("greenhouse:job:j").owners]


@pytest.fixture
def hiring(draft):
    """Hana and Ben on file in the HR system, and a job that waits for its team."""
    draft.person("w1", employee_id="E1", name="Hana Berg", work_email="hana@tonic.example")
    draft.person("w2", employee_id="E2", name="Ben Okafor", work_email="ben@tonic.example")
    draft.requisition("r")
    draft.job("j", requisition_id="r")
    draft.job("other", requisition_id=None)
    return draft


def user(draft, source_id, name, **fields):
    return draft.person(source_id, connection="greenhouse", name=name, **fields)


def test_a_job_belongs_to_all_hiring_managers_of_its_team_and_to_nobody_else_in_it(hiring):
    user(hiring, "u1", "H. Berg", employee_id="E1")
    user(hiring, "u2", "B. Okafor", work_email="Ben@tonic.example")
    hiring.person("w3", employee_id="E3", name="Rosa Quist")
    user(hiring, "u3", "Rosa Quist", employee_id="E3")
    for user_id, role in (("u1", "hiring_manager"), ("u2", "hiring_manager"), ("u3", "recruiter"), ("u3", "sourcer")):
        hiring.team_member("r", user_id, role)
    snapshot = hiring.snapshot(people_connection="workday")
    assert owners(snapshot) == ["Hana Berg", "Ben Okafor"]
    assert snapshot.listing("greenhouse:job:j").owner_name == "Hana Berg"
    assert snapshot.listing("greenhouse:job:other").owners == ()


def test_a_manager_named_by_the_requisition_and_by_the_team_owns_the_job_once(draft):
    draft.person("w1", employee_id="E1", name="Hana Berg")
    draft.requisition("r", hiring_manager=PersonRef(scheme="employee_id", value="E1"))
    draft.job("j", requisition_id="r")
    user(draft, "u1", "Hana Berg", employee_id="E1")
    draft.team_member("r", "u1")
    assert owners(draft.snapshot(people_connection="workday")) == ["Hana Berg"]


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ({"name": "Hana Berg"}, "no_key"),
        ({"name": "Hana Berg", "work_email": "hana@agency.example"}, "no_match"),
        ({"name": "Hana Berg", "employee_id": "1"}, "no_match"),
        (
            {"name": "Hana Berg", "employee_id": "E9", "work_email": "hana@tonic.example"},
            "employee_id_and_mail_disagree",
        ),
    ],
)
def test_nobody_owns_a_job_by_a_name_and_the_account_is_listed_as_unmatched(hiring, account, reason):
    user(hiring, "u1", **account)
    hiring.team_member("r", "u1")
    snapshot = hiring.snapshot(people_connection="workday")
    assert owners(snapshot) == []
    assert [(issue.source_id, issue.reason) for issue in snapshot.issues] == [("u1", reason)]


def test_two_accounts_of_one_employee_id_own_nothing(hiring):
    for user_id in ("u1", "u2"):
        user(hiring, user_id, "Hana Berg", employee_id="E1")
    hiring.team_member("r", "u1")
    snapshot = hiring.snapshot(people_connection="workday")
    assert owners(snapshot) == []
    assert {issue.reason for issue in snapshot.issues} == {"employee_id_on_several_accounts"}


def test_a_team_that_names_a_user_who_is_not_there_leaves_the_job_to_nobody(hiring):
    hiring.team_member("r", "gone")
    assert owners(hiring.snapshot(people_connection="workday")) == []
