"""Who is who: joined where it is certain, reported where it is not."""

from __future__ import annotations

import hashlib

import pytest

from echo_core.model import PersonRef


def reasons(snapshot):
    return {(one.connection, one.source_id): one.reason for one in snapshot.issues}


def test_other_systems_people_join_on_employee_id_then_on_mail(draft):
    draft.person("w1", employee_id="E1", work_email="ana@x.org")
    draft.person("w2", employee_id="E2", work_email="Bo@X.org ")
    draft.person("user:ana", ("Rust", None), connection="backstage", employee_id="e1")
    draft.person("user:bo", connection="backstage", work_email="bo@x.org")
    snapshot = draft.snapshot()
    assert [one.id for one in snapshot.people] == ["workday:person:w1", "workday:person:w2"]
    assert snapshot.person("backstage:person:user:ana") is snapshot.people[0]
    assert snapshot.person("backstage:person:user:bo") is snapshot.people[1]
    assert snapshot.people[0].sources == ("workday", "backstage")
    assert snapshot.joins["employee_id"] == snapshot.joins["work_email"] == 1


def test_a_mail_on_many_rows_names_nobody(draft):
    for number in range(3):
        draft.person(f"w{number}", work_email="shared@x.org")
    draft.person("user:x", connection="backstage", work_email="shared@x.org")
    snapshot = draft.snapshot()
    assert reasons(snapshot) == {("backstage", "user:x"): "mail_on_several_people"}
    assert snapshot.person("backstage:person:user:x") is None


def test_two_accounts_with_one_mail_are_both_held(draft):
    draft.person("w1", work_email="ana@x.org")
    draft.person("w2")
    draft.person("user:a", connection="backstage", work_email="ana@x.org")
    draft.person("user:b", connection="backstage", work_email="ana@x.org")
    assert set(reasons(draft.snapshot(people_connection="workday")).values()) == {"mail_on_several_accounts"}


def test_unmatched_people_are_reported_never_invented(draft):
    draft.person("w1", employee_id="E1")
    draft.person("w2")
    draft.person("user:stranger", connection="backstage", work_email="nobody@x.org")
    draft.person("user:blank", connection="backstage", name="Person w1")
    snapshot = draft.snapshot(people_connection="workday")
    assert reasons(snapshot) == {("backstage", "user:stranger"): "no_match", ("backstage", "user:blank"): "no_key"}
    assert len(snapshot.people) == 2


def test_employee_id_wins_over_mail_and_the_contradiction_is_reported(draft):
    draft.person("w1", employee_id="E1", work_email="ana@x.org")
    draft.person("w2", employee_id="E2", work_email="bo@x.org")
    draft.person("u", connection="backstage", employee_id="E1", work_email="bo@x.org")
    snapshot = draft.snapshot()
    assert snapshot.person("backstage:person:u") is snapshot.people[0]
    assert reasons(snapshot) == {("backstage", "u"): "employee_id_and_mail_disagree"}


def test_a_recycled_mail_address_does_not_join_the_account_of_its_last_owner(draft):
    draft.person("w1", employee_id="E1", work_email="ana@x.org")
    draft.person("w2", employee_id="E2")
    draft.person("u", ("Rust", 4), connection="backstage", employee_id="E999", work_email="ana@x.org")
    snapshot = draft.snapshot()
    assert snapshot.person("backstage:person:u") is None
    assert snapshot.claims_of(0) == []
    assert reasons(snapshot) == {("backstage", "u"): "employee_id_and_mail_disagree"}


def test_a_mail_joins_an_account_with_an_employee_id_to_somebody_without_one(draft):
    draft.person("w1", work_email="ana@x.org")
    draft.person("u", connection="backstage", employee_id="E1", work_email="ana@x.org")
    snapshot = draft.snapshot(people_connection="workday")
    assert snapshot.person("backstage:person:u") is snapshot.people[0]
    assert snapshot.issues == ()


def test_a_user_name_means_the_account_of_the_system_that_says_it(draft):
    draft.person("w1", employee_id="E1", user_name="ana")
    draft.person("w2", employee_id="E2", user_name="bo")
    draft.person("u2", connection="exchange", employee_id="E2", user_name="ana")
    draft.person("u9", connection="exchange", user_name="bo")
    draft.person("l1", connection="lxp", employee_id="E1", user_name="cy")
    snapshot = draft.snapshot()

    def found(connection, user_name):
        return snapshot.directory.of(connection, PersonRef(scheme="user_name", value=user_name))

    assert found("exchange", "Ana") == 1
    assert found("workday", "ana") == found("lxp", "ana") == 0
    assert found("exchange", "bo") == -1, "the exchange's own bo is joined to nobody"
    assert found("exchange", "cy") == -1, "another system's user names mean nothing here"


@pytest.mark.parametrize(
    ("old", "new", "leads"),
    [
        ({"status": "left", "hired_on": "2025-01-01"}, {"status": "active", "hired_on": "2020-01-01"}, "new"),
        ({"status": "future", "hired_on": "2026-05-01"}, {"status": "on_leave", "hired_on": "2020-01-01"}, "new"),
        ({"status": "left"}, {"status": "future"}, "new"),
        ({"status": "active", "hired_on": "2020-01-01"}, {"status": "active", "hired_on": "2024-01-01"}, "new"),
        ({"status": "active", "hired_on": "2024-01-01"}, {"status": "left", "hired_on": "2025-01-01"}, "old"),
    ],
)
def test_a_converted_worker_is_one_person_led_by_the_right_object(draft, old, new, leads):
    draft.person("old", ("SQL", 2), human_id="H1", worker_type="contingent", **old)
    draft.person("new", ("Python", 3), human_id="H1", **new)
    snapshot = draft.snapshot()
    (person,) = snapshot.people
    assert person.id == f"workday:person:{leads}"
    assert snapshot.person("workday:person:old") is snapshot.person("workday:person:new") is person
    assert {claim.label for claim in snapshot.claims_of(0)} == {"SQL", "Python"}


def test_the_connection_with_most_people_is_the_system_of_record_unless_told(draft):
    draft.person("w1", employee_id="E1")
    draft.person("w2", employee_id="E2")
    draft.person("b1", employee_id="E1", connection="backstage")
    assert {one.fact.connection for one in draft.snapshot().people} == {"workday"}
    assert {one.fact.connection for one in draft.snapshot(people_connection="backstage").people} == {"backstage"}


@pytest.mark.parametrize(
    "ref",
    [
        PersonRef(scheme="employee_id", value="e1"),
        PersonRef(scheme="email", value="ANA@x.org"),
        PersonRef(scheme="user_name", value="ana"),
        PersonRef(scheme="email_sha1", value=hashlib.sha1(b"mailto:ana@x.org", usedforsecurity=False).hexdigest()),
        PersonRef(scheme="source", value="user:ana"),
    ],
    ids=lambda ref: ref.scheme,
)
def test_an_assertion_finds_its_person_by_every_scheme(draft, ref):
    draft.person("w1", employee_id="E1", work_email="ana@x.org", user_name="Ana")
    draft.person("w2", employee_id="E2")
    draft.person("user:ana", connection="exchange", work_email="ana@x.org")
    draft.assertion(ref, "Kafka", level=4, asserter="manager")
    snapshot = draft.snapshot()
    (claim,) = snapshot.claims_of(0)
    assert (claim.label, claim.level, claim.asserter, claim.source) == ("Kafka", 4, "manager", "exchange")


def test_an_assertion_about_a_shared_mail_is_accounted_for_and_given_to_nobody(draft):
    draft.person("w1", work_email="shared@x.org")
    draft.person("w2", work_email="shared@x.org")
    draft.assertion(PersonRef(scheme="email", value="shared@x.org"), "Kafka")
    snapshot = draft.snapshot()
    assert snapshot.claims_of(0) == snapshot.claims_of(1) == []
    account = next(one for one in snapshot.accounting if one.entity == "skill_assertion")
    assert (account.listed, dict(account.hidden)) == (0, {"unknown_person": 1})


def test_a_circle_of_managers_is_cut_at_one_stable_place(draft):
    draft.person("a", manager_id="c")
    draft.person("b", manager_id="a")
    draft.person("c", manager_id="b")
    draft.person("d", manager_id="d")
    snapshot = draft.snapshot()
    assert reasons(snapshot) == {("workday", "a"): "manager_cycle", ("workday", "d"): "own_manager"}
    assert [one.manager for one in snapshot.people] == [-1, 0, 1, -1]


def test_keys_join_whatever_the_case_the_blanks_and_the_form_of_the_address(draft):
    draft.person("w1", employee_id="000130", work_email="duc@example.org")
    draft.person("w2", employee_id="000131", work_email="lz@example.org")
    draft.person("a1", connection="lms", employee_id="000130\u00a0")
    draft.person("a2", connection="lms", work_email="Łukasz <LZ@example.org>")
    snapshot = draft.snapshot()
    assert snapshot.person("lms:person:a1") is snapshot.person("workday:person:w1")
    assert snapshot.person("lms:person:a2") is snapshot.person("workday:person:w2")


def test_what_an_account_adds_to_a_person_takes_nobodys_address_and_proves_nothing(draft):
    draft.person("w1", employee_id="E1", work_email="ana@x.org")
    draft.person("w2", employee_id="E2", work_email="bo@x.org")
    draft.person("user:ana", connection="backstage", employee_id="E1", work_email="bo@x.org")
    draft.person("user:bo", connection="backstage", employee_id="E2", work_email="bo@home.org")
    directory = draft.snapshot(people_connection="workday").directory
    assert directory.all("email", "bo@x.org") == directory.of_record("email", "bo@x.org") == (1,)
    assert directory.all("email", "bo@home.org") == (1,)
    assert directory.of_record("email", "bo@home.org") == ()
    hashed = [
        hashlib.sha1(f"mailto:{mail}".encode(), usedforsecurity=False).hexdigest()
        for mail in ("bo@x.org", "bo@home.org")
    ]
    assert [directory.find(("lxp", "email_sha1", value)) for value in hashed] == [1, 1]
