"""Programs at the API with a service token: no more than its maker, shown once, over at once; and no cookie alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from echo_hub.services.access import RULES, ForbiddenError
from echo_hub.services.actor import OPERATOR, Actor, ScopedRole
from echo_hub.services.intents import tokens
from echo_hub.store.events import list_events
from echo_hub.store.service_tokens import new_token
from echo_hub.surfaces.sign_in.own_request import HEADER

ENGINEER = "; integration_engineer"


@pytest.fixture
def client(fresh_hub, browse):
    return browse(fresh_hub, as_=None)


def bearer(token):
    return {"authorization": f"Bearer {token}"}


def made(hub, *roles, **options):
    return tokens.make(OPERATOR, hub, "Payroll export", roles=roles or ("auditor",), **{"days": 30, **options})


def test_a_token_acts_with_its_roles_and_stands_in_events_by_number(client, fresh_hub):
    engineer = made(fresh_hub, "integration_engineer")
    assert client.get("/api/v1/schedules", headers=bearer(engineer.token)).status_code == 200
    refused = client.get("/api/v1/events", headers=bearer(engineer.token))
    assert refused.status_code == 403
    assert refused.json()["message"].startswith("You act as Payroll export and may not read the timeline")
    assert client.delete("/api/v1/tokens/1", headers=bearer(engineer.token)).json()["state"] == "revoked"
    latest = list_events(fresh_hub.database, limit=1)[0]
    assert (latest.actor, latest.came_by, latest.intent) == ("token:1", "token", "token.revoke")


def test_a_token_that_is_limited_may_nothing_else_of_its_roles(client, fresh_hub):
    limited = made(fresh_hub, "integration_engineer", intents=["run.read"])
    assert client.get("/api/v1/runs", headers=bearer(limited.token)).status_code == 200
    refused = client.get("/api/v1/schedules", headers=bearer(limited.token))
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "Payroll export may not see schedules: its token is limited to other things.",
    )


@pytest.mark.parametrize("why", ["unknown", "mistyped", "expired", "revoked"])
def test_strangers_are_not_told_why_a_token_is_refused(client, fresh_hub, why):
    token = made(fresh_hub).token
    assert client.get("/api/v1/events", headers=bearer(token)).status_code == 200
    if why == "expired":
        fresh_hub.now = lambda was=fresh_hub.now: was() + timedelta(days=30)
    if why == "revoked":
        tokens.revoke(OPERATOR, fresh_hub, 1)
    sent = {"unknown": new_token(), "mistyped": token[:-1] + ("a" if token[-1] != "a" else "b")}.get(why, token)
    answer = client.get("/api/v1/events", headers=bearer(sent))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="Echo Hub", error="invalid_token"'
    assert answer.json() == {
        "code": "access.token",
        "message": "This service token is not valid. Whoever runs Echo Hub sees under service tokens which ones are.",
        "candidates": [],
    }


def test_who_has_no_token_is_told_what_would_help(client):
    for headers in ({}, bearer("a-token-of-the-provider")):
        answer = client.get("/api/v1/events", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="Echo Hub"')


def test_a_token_opens_no_page(client, fresh_hub):
    answer = client.get("/connections", headers=bearer(made(fresh_hub).token))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fconnections")


def test_nobody_gives_more_than_they_have_and_a_token_makes_no_other(client, fresh_hub):
    wanted = {"name": "Export", "roles": ["hr_operations"], "days": 1}
    refused = client.post("/api/v1/tokens", json=wanted, headers={"X-Echo-Hub-As": ENGINEER})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.forbidden")
    assert "cannot give what you have not: hr_operations" in refused.json()["message"]
    assert client.post("/api/v1/tokens", json=wanted, headers={"X-Echo-Hub-As": "; auditor"}).status_code == 403
    token = made(fresh_hub, "hr_operations").token
    refused = client.post("/api/v1/tokens", json=wanted, headers=bearer(token))
    assert (refused.status_code, len(tokens.tokens(OPERATOR, fresh_hub))) == (403, 1)
    answer = client.post("/api/v1/tokens", json=wanted, headers={"X-Echo-Hub-As": "; hr_operations"})
    assert answer.status_code == 201
    assert client.get("/api/v1/tokens", headers=bearer(answer.json()["token"])).status_code == 200


def test_a_role_for_some_countries_is_nothing_to_give(fresh_hub):
    class Sweden:
        words = "Sweden"

        def holds(self, _):
            return True

    engineer = Actor("person", "workday:person:1", "Ada", frozenset({"integration_engineer"}), "proxy")
    scoped = replace(engineer, scoped=(ScopedRole("hr_operations", Sweden()),))
    assert tokens.choices(scoped, fresh_hub).roles == ("integration_engineer",)
    with pytest.raises(ForbiddenError, match="cannot give what you have not: hr_operations"):
        tokens.make(scoped, fresh_hub, "Export", roles=["hr_operations"], days=1)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"days": 0}, 422),
        ({"days": 366}, 422),
        ({"days": None}, 422),
        ({"roles": []}, 422),
        ({"roles": ["employee"]}, 422),
        ({"name": ""}, 422),
        ({"name": " "}, 409),
        ({"name": "a\x00b"}, 409),
        ({"intents": []}, 422),
        ({"intents": ["no.such"]}, 409),
        ({"intents": ["token.make"]}, 409),
        ({"intents": ["notice.acknowledge"]}, 409),
    ],
)
def test_a_token_without_an_end_a_name_or_a_sense_is_not_made(client, fresh_hub, change, status):
    wanted = {"name": "Export", "roles": ["integration_engineer"], "days": 1} | change
    assert client.post("/api/v1/tokens", json=wanted, headers={"X-Echo-Hub-As": ENGINEER}).status_code == status
    assert tokens.tokens(OPERATOR, fresh_hub) == []


def test_the_page_shows_a_token_once_and_revokes_it_with_one_click(browse, fresh_hub):
    page = browse(fresh_hub, as_="; hr_operations")
    form = re.search(r'name="token" value="([^"]+)"', page.get("/tokens").text)[1]
    sent = {"token": form, "name": "<b>Export", "role": "hr_operations", "days": "30"}
    answer = page.post("/tokens", data=sent)
    token = re.search(r"eh_\w{49}", answer.text)[0]
    assert "<b>Export" not in answer.text
    assert token not in page.get("/tokens").text
    assert page.get("/api/v1/schedules", headers=bearer(token)).status_code == 200
    assert page.post("/tokens/revoke", data={"token": form, "number": "1"}).status_code == 303
    assert page.get("/api/v1/schedules", headers=bearer(token)).status_code == 401
    refused = page.post("/tokens", data={**sent, "days": "400"})
    assert (refused.status_code, "from 1 to 365 days, not 400" in refused.text) == (409, True)
    assert page.post("/tokens/revoke", data={"token": form, "number": "9"}).status_code == 404


def test_every_intent_that_can_be_chosen_is_one_that_the_role_may(fresh_hub):
    choices = tokens.choices(OPERATOR, fresh_hub)
    possible = [intent for acts in choices.subjects.values() for intent in acts]
    assert {"run.read", "event.read", "policy.set"} <= set(possible) < set(RULES)
    assert {"session.start", "notice.acknowledge", "token.make"}.isdisjoint(possible)
    assert made(fresh_hub, *choices.roles, intents=possible).about.intents == tuple(sorted(possible))


def signed_in(client):
    form = re.search(r'name="token" value="([^"]+)"', client.get("/sign-in").text)[1]
    client.post("/sign-in", data={"token": form, "role": "hr_operations", "next": "/"})
    assert client.cookies


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", HEADER: "1"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:8080"}, 201),
        ({"sec-fetch-site": "same-origin"}, 201),
        ({HEADER: "1"}, 201),
    ],
)
def test_a_cookie_alone_changes_nothing_at_the_api(client, fresh_hub, headers, status):
    signed_in(client)
    wanted = {"name": "Export", "roles": ["hr_operations"], "days": 1}
    assert client.post("/api/v1/tokens", json=wanted, headers=headers).status_code == status
    assert len(tokens.tokens(OPERATOR, fresh_hub)) == (status == 201)
    assert client.get("/api/v1/tokens").status_code == 200
