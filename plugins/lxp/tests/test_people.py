"""Who a platform means: logins, keys and the actors of statements."""

from __future__ import annotations

from typing import Any

import pytest

from echo_core.model import PersonRef
from echo_hub_lxp.people import PeopleContext, person_ref

CONTEXT = PeopleContext(accounts={"https://id.fjord.example": "employee_id"})
SHA1 = "cd9b00a5611f94eaa7b1661edab976068e364975"


@pytest.mark.parametrize(
    ("scheme", "value", "login", "ref"),
    [
        ("login", "mira.lund", "auto", ("user_name", "mira.lund")),
        ("login", "Mira.Lund@Fjord.example", "auto", ("email", "mira.lund@fjord.example")),
        ("login", "E10023", "employee_id", ("employee_id", "E10023")),
        ("employee_id", 10023, "auto", ("employee_id", "10023")),
        ("source", "u2", "auto", ("source", "u2")),
    ],
)
def test_a_key_becomes_a_reference_by_its_scheme(scheme: str, value: Any, login: Any, ref: tuple[str, str]) -> None:
    found = person_ref(scheme, value, PeopleContext(login=login))
    assert found is not None
    assert (found.scheme, found.value) == ref


def test_a_blank_key_names_nobody() -> None:
    assert person_ref("login", "  ", CONTEXT) is None


@pytest.mark.parametrize(
    ("actor", "ref"),
    [
        ({"mbox": "mailto:Mira@Fjord.example"}, ("email", "mira@fjord.example")),
        ({"objectType": "Agent", "mbox_sha1sum": SHA1.upper()}, ("email_sha1", SHA1)),
        ({"account": {"homePage": "https://id.fjord.example/", "name": "E1"}}, ("employee_id", "E1")),
        ({"account": {"homePage": "https://other.example", "name": "x"}}, ("source", "https://other.example|x")),
        ({"openid": "https://openid.example/mira"}, ("source", "https://openid.example/mira")),
    ],
)
def test_an_actor_is_known_by_its_one_identifier(actor: dict[str, Any], ref: tuple[str, str]) -> None:
    found = person_ref("agent", actor, CONTEXT)
    assert found == PersonRef.model_validate({"scheme": ref[0], "value": ref[1]})


@pytest.mark.parametrize(
    "actor",
    [
        {},
        "mira",
        {"objectType": "Group", "mbox": "mailto:a@b.example"},
        {"mbox": "mailto:a@b.example", "openid": "https://openid.example/a"},
        {"mbox": "a@b.example"},
        {"mbox": "mailto:nobody"},
        {"mbox": ["mailto:a@b.example"]},
        {"mbox_sha1sum": "abc"},
        {"account": {"name": "no home page"}},
        {"account": {"homePage": "https://id.fjord.example"}},
        {"account": "E1"},
    ],
)
def test_an_actor_with_no_two_or_malformed_identifiers_is_refused(actor: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|needs"):
        person_ref("agent", actor, CONTEXT)
