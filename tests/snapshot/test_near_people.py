"""Accounts that fit nobody show whom they nearly fit and why, and managers who cannot be are listed."""

from __future__ import annotations

from typing import Any

import pytest

from echo_hub.services.near_people import NearPeople


def near(snapshot: Any, account: str) -> list[tuple[str, str]]:
    return [
        (person.person, person.why)
        for person in NearPeople(snapshot, {("backstage", account)}).of("backstage", account)
    ]


@pytest.mark.parametrize(
    ("people", "account", "expected"),
    [
        ([{"employee_id": "000125"}], {"employee_id": "125"}, ["zeros"]),
        ([{"employee_id": "125"}], {"employee_id": "0125"}, ["zeros"]),
        ([{"employee_id": "0000"}], {"employee_id": "0"}, []),
        (
            [{"employee_id": "E1", "work_email": "a@x.org", "status": "left"}],
            {"employee_id": "E9", "work_email": "A@x.org"},
            ["mail_left"],
        ),
        (
            [{"employee_id": "E1", "status": "left"}, {"employee_id": "E1"}],
            {"employee_id": "e1"},
            ["employee_id_left", "employee_id"],
        ),
        (
            [{"employee_id": "E1", "worker_type": "contingent"}, {"employee_id": "E1"}],
            {"employee_id": "E1"},
            ["employee_id_contingent", "employee_id"],
        ),
        ([{"name": "Ana Ek"}], {"name": "ana ek"}, ["name"]),
        ([{"name": "Ana Ek"}, {"employee_id": "007"}], {"name": "Ana Ek", "employee_id": "7"}, ["zeros"]),
        ([{"name": "Ana Ek"}], {"name": "Bo Ek"}, []),
    ],
)
def test_an_account_that_fits_nobody_shows_whom_it_nearly_fits_and_why(
    draft: Any, people: list[dict[str, Any]], account: dict[str, Any], expected: list[str]
) -> None:
    for number, person in enumerate(people, 1):
        draft.person(f"w{number}", **person)
    draft.person("u", connection="backstage", **account)
    snapshot = draft.snapshot(people_connection="workday")
    assert snapshot.person("backstage:person:u") is None, "it is joined to nobody"
    assert [why for _, why in near(snapshot, "u")] == expected


def test_managers_who_cannot_be_are_listed_and_nobody_who_left(draft: Any) -> None:
    draft.person("w1", manager_id="w1")
    draft.person("w2", manager_id="gone")
    draft.person("w3", manager_id="w4")
    draft.person("w4", manager_id="w3")
    draft.person("w5", manager_id="gone", status="left")
    draft.person("w6", manager_id="w3")
    snapshot = draft.snapshot()
    assert {(issue.source_id, issue.reason) for issue in snapshot.issues} == {
        ("w1", "own_manager"),
        ("w2", "unknown_manager"),
        ("w3", "manager_cycle"),
    }
    assert [person.manager for person in snapshot.people] == [-1, -1, -1, 2, -1, 2]
