"""`echo-hub sessions`: where somebody is signed in, signing them out, giving up an account; serving to others."""

from __future__ import annotations

import json

import pytest

from echo_hub.application import Hub
from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import sessions
from echo_hub.services.intents.people import find_people
from echo_hub.services.sign_in import Claims, actor_behind
from echo_hub.surfaces.cli import serve

SIGN_IN = """
[sign_in]
method = "oidc"
public_url = "https://echo.example"
issuer = "https://id.example"
client_id = "hub"
"""


@pytest.fixture(scope="module")
def demo(new_demo):
    made = new_demo()
    made.file.write_text(made.file.read_text() + SIGN_IN)
    return made


def sign_in(demo):
    with Hub.open(demo.file, lenient=True) as hub:
        (person,) = find_people(OPERATOR, hub, demo.number).people
        claims = Claims("https://id.example", "s1", email=person.work_email, email_verified=True)
        return sessions.start(actor_behind(hub, claims), hub, claims).id


def listed(demo, run_command):
    return [each["id"] for each in json.loads(run_command(demo.file, "sessions", "list", demo.number, "--json").stdout)]


def test_an_operator_sees_and_ends_sessions_and_unlinks_accounts(demo, run_command):
    assert "Not signed in anywhere." in run_command(demo.file, "sessions", "list", demo.number).stdout
    first, second = sign_in(demo), sign_in(demo)
    assert listed(demo, run_command) == [second, first]
    assert "2 sessions ended." in run_command(demo.file, "sessions", "end", demo.number).stderr
    assert listed(demo, run_command) == []
    assert "1 account unlinked." in run_command(demo.file, "sessions", "unlink", demo.number).stderr
    assert "0 accounts unlinked." in run_command(demo.file, "sessions", "unlink", demo.number).stderr
    events = json.loads(run_command(demo.file, "events", "--person", demo.number, "--json").stdout)
    assert [(event["intent"], event["actor_kind"]) for event in events] == [
        ("identity.unlink", "service"),
        ("session.end", "service"),
        ("session.start", "person"),
        ("session.start", "person"),
        ("session.list", "service"),
    ]


def test_a_person_ends_their_own_sessions_and_unlinks_nothing(demo, run_command):
    sign_in(demo)
    assert "1 session ended." in run_command(demo.file, "--as", demo.number, "sessions", "end", demo.number).stderr
    refused = run_command(demo.file, "--as", demo.number, "sessions", "unlink", demo.number, code=1).stderr
    assert "may not forget which account is somebody's; HR operations may" in refused


def test_with_a_sign_in_the_hub_is_served_to_other_machines(demo, run_command, monkeypatch):
    served = []
    monkeypatch.setattr(serve, "run_server", lambda hub, listener, *, worker: served.append(listener.getsockname()[0]))
    run_command(demo.file, "serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - what the test is about
    assert served == ["0.0.0.0"]  # noqa: S104
