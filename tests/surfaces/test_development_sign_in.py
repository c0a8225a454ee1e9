"""Development sign-in: whom one acts as, in a cookie nobody can forge, on this machine only."""

from __future__ import annotations

import re
import stat
from urllib.parse import unquote

import pytest

from echo_hub.surfaces.sign_in.cookie import COOKIE, KEY_FILE, LASTS_S, Choice, CookieSigner
from echo_hub.surfaces.sign_in.development import HEADER
from echo_hub.surfaces.web.app import create_app

ADA = "workday:person:1"
OWN = {"X-Echo-Hub-Request": "1"}


@pytest.fixture
def hub(fresh_hub):
    return fresh_hub


@pytest.fixture
def stranger(hub, browse):
    return browse(hub, as_=None)


def token(client):
    return re.search(r'name="token" value="([^"]+)"', client.get("/sign-in").text)[1]


def sign_in(client, **fields):
    return client.post("/sign-in", data={"token": token(client), **fields})


def test_a_page_leads_to_the_sign_in_and_back_and_the_api_says_401(stranger):
    away = stranger.get("/explore?q=python")
    assert (away.status_code, unquote(away.headers["location"])) == (303, "/sign-in?next=/explore?q=python")
    assert 'value="/explore?q=python"' in stranger.get(away.headers["location"]).text
    answer = stranger.get("/api/v1/feed")
    assert (answer.status_code, answer.json()["code"]) == (401, "access.sign_in")
    assert stranger.post("/api/v1/corrections", json={"skill": "Python"}).status_code == 401


def test_whoever_signed_in_sees_their_own_list_and_nobody_elses(stranger):
    answer = sign_in(stranger, person="E1", next="/for-you")
    assert (answer.status_code, answer.headers["location"]) == (303, "/for-you")
    kept = answer.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=strict" in kept
    page = stranger.get("/for-you")
    assert "Development sign-in: no password, this machine only." in page.text
    assert 'href="/skills/queue"' not in page.text
    assert stranger.get("/api/v1/feed").json()["person"]["id"] == ADA
    other = stranger.get("/api/v1/feed?person=E2")
    assert (other.status_code, other.json()["code"]) == (403, "access.forbidden")
    assert stranger.get("/for-you?person=E2").status_code == 403


def test_who_may_not_see_others_learns_not_even_who_there_is(stranger):
    sign_in(stranger, person="E1")
    answers = [stranger.get(f"/api/v1/feed?person={text}").json() for text in ("E2", "Sam Moss", "nobody at all")]
    assert answers[0] == answers[1] == answers[2]


def test_what_somebody_does_is_theirs_and_nobody_can_be_named_as_the_one_who_does_it(stranger):
    sign_in(stranger, person="E1")
    assert stranger.post("/api/v1/corrections", json={"skill": "Python", "by": "E2"}, headers=OWN).status_code == 422
    (said,) = stranger.post("/api/v1/corrections", json={"skill": "Python"}, headers=OWN).json()
    assert said["decided_by"] == "E1"
    sign_in(stranger, person="E2")
    assert stranger.delete(f"/api/v1/corrections/{said['id']}", headers=OWN).status_code == 403
    sign_in(stranger, person="E1")
    assert stranger.delete(f"/api/v1/corrections/{said['id']}", headers=OWN).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"person": "Sam Moss"}, 409, "fits 2 people"),
        ({"person": "Nobody at all"}, 404, "There is no person"),
        ({"person": "E5"}, 403, "Lina Left is not with the company now"),
        ({}, 403, "Say as whom"),
        ({"person": "E1", "role": "emperor"}, 403, "no access role"),
    ],
)
def test_who_cannot_act_is_told_why(stranger, fields, status, told):
    answer = sign_in(stranger, **fields)
    assert answer.status_code == status
    assert told in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_sign_in_leads_to_no_other_site(stranger, to):
    assert sign_in(stranger, person="E1", next=to).headers["location"] == "/"


def test_signing_out_ends_it(stranger):
    sign_in(stranger, person="E1")
    assert stranger.post("/sign-out", data={"token": token(stranger)}).status_code == 303
    assert stranger.get("/for-you").status_code == 303


def test_a_cookie_that_is_changed_old_or_of_another_hub_signs_nobody_in(tmp_path, stranger):
    (tmp_path / "other").mkdir()
    ours, other = CookieSigner(tmp_path), CookieSigner(tmp_path / "other")
    value = ours.sign(Choice(ADA, ("auditor",)), now=1_000_000)
    assert ours.read(value, now=1_000_010) == Choice(ADA, ("auditor",))
    assert CookieSigner(tmp_path).read(value, now=1_000_010) is not None
    assert ours.read(value, now=1_000_000 + LASTS_S) is None
    assert other.read(value, now=1_000_010) is None
    head, _, tail = value.partition(".")
    for wrong in ("", ".", head, f"{head}x.{tail}", f"{head}.{tail[:-2]}AA", "‼.‼"):
        assert ours.read(wrong, now=1_000_010) is None
    stranger.cookies.set(COOKIE, other.sign(Choice(ADA, ())))
    assert stranger.get("/api/v1/feed").status_code == 401


def test_the_key_is_for_the_owner_of_the_data_directory_only(hub, stranger):
    sign_in(stranger, person="E1")
    assert stat.S_IMODE((hub.settings.data_dir / KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_behind_a_proxy_on_this_machine_nobody_seems_to_be_here(hub, browse, name):
    answer = browse(hub, as_="E1").get("/api/v1/feed", headers={name: "192.0.2.7"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Development sign-in works on this machine only.")


def test_a_form_holds_the_token_of_the_very_session(hub, browse, stranger):
    other = browse(hub, as_=None)
    sign_in(stranger, person="E1")
    sign_in(other, person="E2")
    wrong = stranger.post("/sign-out", data={"token": token(other)})
    assert (wrong.status_code, "reload the page" in wrong.text) == (403, True)
    assert stranger.post("/sign-out", data={"token": token(stranger)}).status_code == 303


def test_the_header_works_from_this_machine_and_from_no_other(hub, browse):
    here = browse(hub, as_="E1")
    assert here.get("/api/v1/feed").json()["person"]["id"] == ADA
    there = type(here)(create_app(hub), base_url="http://127.0.0.1:8080", client=("192.0.2.7", 40_000))
    answer = there.get("/api/v1/feed", headers={HEADER: "E1"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Development sign-in works on this machine only.")


def test_colleagues_and_staff_find_no_wishes_of_one_another(hub, browse):
    def stances(client):
        (ada,) = client.get("/api/v1/people?q=E1").json()
        return {one["stance"] for one in ada["skills"]}

    assert stances(browse(hub, as_="E2")) == stances(browse(hub)) == {"has"}
    assert stances(browse(hub, as_="E1")) == {"has", "wants_to_learn"}


def test_an_owner_sees_who_fits_what_is_theirs_and_nothing_else(hub, browse, awkward_path):
    owner, other = browse(hub, as_="E2"), browse(hub, as_="E1")
    theirs = "/api/v1/opportunities/exchange:mentorship:m1/candidates"
    assert owner.get(theirs).status_code == 200
    assert other.get(theirs).status_code == 403
    assert owner.get(f"/api/v1{awkward_path}/candidates").status_code == 403
    assert "Who fits" in owner.get("/opportunities/exchange:mentorship:m1").text
    assert "Who fits" not in other.get("/opportunities/exchange:mentorship:m1").text
