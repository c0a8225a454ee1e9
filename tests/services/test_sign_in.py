"""Who signs in is whom the HR system knows by that address: what other systems' accounts say opens no door."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from echo_core.model import Person
from echo_hub.services.sign_in import Claims, SignInRefusedError, person_behind
from echo_hub.settings import SignInSettings
from echo_hub.snapshot import Snapshot


@pytest.fixture
def enter(row, graph):
    """`enter(claim=value, match_by=...)`: the id of the person let in, among people and accounts of other systems."""
    people = [
        ("workday", Person(source_id="1", name="Ana Chief", employee_id="E1", work_email="ana@x.example")),
        ("workday", Person(source_id="2", name="Bo Berg", employee_id="E2", work_email="bo@x.example")),
        ("workday", Person(source_id="3", name="Cem Roy", work_email="cem@x.example")),
        ("greenhouse", Person(source_id="u1", name="Eve", employee_id="E1", work_email="eve@agency.example")),
        ("greenhouse", Person(source_id="u2", name="Bo Berg", employee_id="E1X", work_email="cem@x.example")),
        ("exchange", Person(source_id="e1", name="Ana", employee_id="E1", work_email="bo@x.example")),
    ]
    rows = [row(connection, "people", person) for connection, person in people]
    snapshot = Snapshot.build(rows, graph, today=date(2026, 3, 2), people_connection="workday")

    def let_in(match_by="email", **said):
        hub = SimpleNamespace(
            snapshot=lambda: snapshot,
            settings=SimpleNamespace(sign_in=SignInSettings(match_by=match_by, email_is_verified=True)),
        )
        return person_behind(hub, Claims("https://id.invalid", "account", lasting=False, **said))

    return let_in


def test_an_address_that_only_an_account_of_another_system_has_lets_nobody_in(enter):
    assert enter(email="ana@x.example") == "workday:person:1"
    with pytest.raises(SignInRefusedError) as refused:
        enter(email="eve@agency.example")
    assert refused.value.reason == "nobody"


def test_an_address_that_an_account_of_somebody_else_has_as_well_shuts_nobody_out(enter):
    assert enter(email="bo@x.example") == "workday:person:2"


def test_an_employee_id_that_only_an_account_of_another_system_has_lets_nobody_in(enter):
    assert enter(match_by="employee_id", employee_id="E2") == "workday:person:2"
    with pytest.raises(SignInRefusedError):
        enter(match_by="employee_id", employee_id="E1X")
