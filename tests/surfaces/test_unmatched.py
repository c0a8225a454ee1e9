"""Accounts that fit nobody are shown on a page and over the API with whom they nearly fit."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient

from echo_core.model import Person


@pytest.fixture
def client(fresh_hub: Any, browse: Callable[..., TestClient]) -> TestClient:
    """A client over the small company, in which one account lacks zeros and another is like nobody."""
    row = type(fresh_hub.rows[0])
    people = (
        ("workday", Person(source_id="9", name="Cy & Co", employee_id="000125", manager_id="9")),
        ("exchange", Person(source_id="user:cy", name="cy", employee_id="125")),
        ("exchange", Person(source_id="user:<b>", name="bo")),
    )
    fresh_hub.rows = (*fresh_hub.rows, *(row(connection, "person", "person", person) for connection, person in people))
    return browse(fresh_hub)


def test_the_page_and_the_api_name_whom_an_account_nearly_fits(client: TestClient) -> None:
    accounts = client.get("/api/v1/people/unmatched").json()
    near = {account["source_id"]: [person["person"] for person in account["near"]] for account in accounts}
    assert near == {"user:cy": ["workday:person:9"], "user:<b>": [], "9": []}
    assert {account["source_id"]: account["reason"] for account in accounts}["9"] == "own_manager"
    page = client.get("/people/unmatched").text
    assert "user:&lt;b&gt;" in page
    assert 'href="/people?q=workday%3Aperson%3A9&amp;everyone=true"' in page
    shown = unescape(page)
    for text in (account["text"] for account in accounts):
        assert text in shown
    assert 'Has the employee id "000125", the same but for leading zeros.' in shown.translate(
        {0x2068: None, 0x2069: None}
    )


def test_pages_of_accounts_follow_one_another(client: TestClient) -> None:
    accounts = client.get("/api/v1/people/unmatched").json()
    assert client.get("/api/v1/people/unmatched?limit=1&offset=1").json() == accounts[1:2]
    assert "No more accounts" in client.get("/people/unmatched?offset=50").text
