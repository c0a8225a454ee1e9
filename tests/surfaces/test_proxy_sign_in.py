"""A proxy signs people in: its header counts from its own addresses, and from nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from echo_hub.settings import SignInSettings
from echo_hub.store.events import list_events
from echo_hub.store.session_tables import IDENTITY, SESSION
from echo_hub.surfaces.web.app import create_app

HEADER = "X-Auth-Request-Email"
ADA = {HEADER: "Ada@tonic.example"}


def settings(**more):
    return SignInSettings(
        **{
            "method": "proxy",
            "public_url": "https://echo.tonic.example",
            "header": HEADER,
            "group_header": "X-Auth-Request-Groups",
            "proxies": ["10.0.0.5", "10.1.0.0/24", "fd00::/64"],
            "roles": {"auditor": ("Audit",)},
        }
        | more
    )


@pytest.fixture
def hub(fresh_hub):
    fresh_hub.settings = replace(fresh_hub.settings, sign_in=settings())
    return fresh_hub


@pytest.fixture
def through(hub, browse):
    """A browser whose requests reach the hub from an address."""
    kind = type(browse(hub))

    def client(address="10.0.0.5", **options):
        return kind(
            create_app(hub),
            client=(address, 40_000),
            base_url="https://echo.tonic.example",
            follow_redirects=False,
            raise_server_exceptions=False,
            **options,
        )

    return client


def signed_in(client, headers=ADA):
    assert client.get("/sign-in", headers=headers).status_code == 303
    page = client.get("/notice", headers=headers).text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    client.post("/notice", data={"token": token}, headers=headers)
    return client


def test_who_comes_through_the_proxy_is_signed_in_and_where_they_wanted_to_be(through):
    client = through()
    away = client.get("/explore?q=python", headers=ADA)
    assert away.headers["location"] == "/sign-in?next=%2Fexplore%3Fq%3Dpython"
    back = client.get(away.headers["location"], headers=ADA)
    assert (back.status_code, back.headers["location"]) == (303, "/explore?q=python")
    assert "__Host-echo_hub_session" in client.cookies
    signed_in(client)
    assert client.get("/api/v1/feed", headers=ADA).json()["person"]["id"] == "workday:person:1"


@pytest.mark.parametrize("address", ["10.0.0.5", "10.1.0.200", "::ffff:10.0.0.5", "fd00::17", "fd00::17%eth0"])
def test_the_proxys_own_addresses_are_believed(through, address):
    assert through(address).get("/sign-in", headers=ADA).status_code == 303


@pytest.mark.parametrize(
    "address", ["10.0.0.6", "10.1.1.1", "127.0.0.1", "192.0.2.7", "::1", "fd00:1::1", "testclient", ""]
)
@pytest.mark.parametrize("path", ["/sign-in", "/for-you", "/api/v1/feed", "/account"])
def test_nobody_else_is_whatever_they_say(hub, through, address, path):
    headers = ADA | {"X-Forwarded-For": "10.0.0.5", "X-Real-IP": "10.0.0.5", "Forwarded": "for=10.0.0.5"}
    answer = through(address).get(path, headers=headers)
    assert answer.status_code == 403
    assert "the proxy that signs people in" in answer.text
    assert "set-cookie" not in answer.headers
    told = [(event.intent, event.details) for event in list_events(hub.database)]
    assert told == ([("session.refuse", {"reason": "proxy"})] if path == "/sign-in" else [])


def test_a_session_is_worth_nothing_past_the_proxy(hub, through):
    client = signed_in(through())
    direct = through("192.0.2.7", cookies=dict(client.cookies))
    assert direct.get("/for-you", headers=ADA).status_code == 403


def test_whoever_else_the_proxy_names_is_not_who_was_there_before(hub, through):
    client = signed_in(through())
    sam = {HEADER: "sam@tonic.example"}
    assert client.get("/for-you", headers=sam).headers["location"].startswith("/sign-in")
    refused = client.get("/sign-in", headers=sam)
    assert (refused.status_code, "Nobody on file goes with your account" in refused.text) == (403, True)
    assert client.get("/for-you", headers=ADA).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: "   "},
        {HEADER: "x" * 400},
        [(HEADER, "ada@tonic.example"), (HEADER, "sam@tonic.example")],
    ],
)
def test_a_header_that_is_missing_empty_endless_or_doubled_names_nobody(through, headers):
    answer = through().get("/sign-in", headers=headers)
    assert (answer.status_code, "does not say who you are" in answer.text) == (403, True)


def test_groups_of_the_proxy_give_roles_for_the_session(hub, through):
    groups = {"X-Auth-Request-Groups": "Choir, Audit"}
    assert through("10.0.0.6").get("/sign-in", headers=ADA | groups).status_code == 403
    client = signed_in(through(), ADA | groups)
    assert client.get("/api/v1/events", headers=ADA).status_code == 200
    assert [event.came_by for event in list_events(hub.database)] == ["proxy", "proxy", "sign-in"]
    with hub.database.reading() as transaction:
        assert [row.groups for row in transaction.all(SESSION.select())] == ['["Audit"]']


def test_an_address_that_is_somebody_elses_now_signs_in_who_has_it_now(hub, through):
    signed_in(through())

    def moved(row):
        mail = {"1": None, "2": "ada@tonic.example"}.get(row.record.source_id, "") if row.entity == "person" else ""
        return row if mail == "" else replace(row, record=row.record.model_copy(update={"work_email": mail}))

    hub.rows = tuple(moved(row) for row in hub.rows)
    hub.built = None
    client = signed_in(through())
    assert client.get("/api/v1/feed", headers=ADA).json()["person"]["id"] == "workday:person:2"
    with hub.database.reading() as transaction:
        assert [row.person_id for row in transaction.all(IDENTITY.select())] == ["workday:person:2"]


def test_signing_out_leads_to_where_the_proxy_signs_out(hub, through):
    hub.settings = replace(hub.settings, sign_in=settings(sign_out_url="https://echo.tonic.example/oauth2/sign_out"))
    client = signed_in(through())
    token = re.search(r'name="token" value="([^"]+)"', client.get("/account", headers=ADA).text)[1]
    out = client.post("/sign-out", data={"token": token}, headers=ADA)
    assert out.headers["refresh"] == "0; url=https://echo.tonic.example/oauth2/sign_out"
    assert client.get("/for-you", headers=ADA).status_code == 303
