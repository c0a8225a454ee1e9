"""Signing in at a real OpenID provider over HTTP, which also has bad days: a clear page each time, never a fault."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
import oidc_provider_mock
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from echo_hub.settings import SignInSettings
from echo_hub.settings.serve import ServeSettings
from echo_hub.store.events import list_events
from echo_hub.store.session_tables import IDENTITY, SESSION
from echo_hub.surfaces.web.app import create_app

ADA, SAM = "workday:person:1", "workday:person:2"
SECRET = "the-client-secret-of-the-hub"
OWN = {"X-Echo-Hub-Request": "1"}


class Rogue:
    """The provider of the tests: honest, until a test sets what it does to its answers. Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.challenges: list[str] = []
        self.verifiers: list[str] = []
        self.reset()

    def reset(self) -> None:
        """Honest again."""
        self.claims = {}
        self.header = {}
        self.key = None
        self.algorithm = None
        self.answer = {}
        self.delay = 0.0
        self.asked.clear()
        self.challenges.clear()
        self.verifiers.clear()

    def install(self, app: flask.Flask) -> None:
        """Looks at every request and meddles with the answers."""

        @app.before_request
        def before():
            path = flask.request.path
            self.asked.append(path)
            time.sleep(self.delay)
            if path == "/oauth2/authorize":
                self.challenges.append(flask.request.values.get("code_challenge", ""))
            if path == "/oauth2/token":
                self.verifiers.append(flask.request.values.get("code_verifier", ""))
                self.sender = (flask.request.authorization, flask.request.form.to_dict())
            if path in self.answer:
                status, body = self.answer[path]
                return flask.Response(body, status, {"content-type": "application/json"})
            return None

        @app.after_request
        def after(answer):
            if flask.request.path == "/oauth2/token" not in self.answer and answer.status_code == 200:
                said = answer.get_json()
                said["id_token"] = self.forged(said["id_token"])
                answer.set_data(json.dumps(said))
            if flask.request.path == "/jwks" and self.key is not None:
                answer.set_data(json.dumps({"keys": [self.key.as_dict(private=False)]}))
            return answer

    def forged(self, token: str) -> str:
        """The ID token as this provider hands it out today."""
        from oidc_provider_mock._storage import storage

        if not self.claims and not self.header and self.key is None and self.algorithm is None:
            return token
        claims = json.loads(_decoded(token.split(".")[1])) | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
                + "."
            )
        if self.algorithm == "HS256":
            from joserfc.jwk import OctKey

            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET.ljust(32, "x")))
        key = self.signing or RSAKey.import_key(storage.jwk.as_dict(is_private=True))
        return jwt.encode({"alg": "RS256", **self.header}, claims, key)

    signing: RSAKey | None = None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@dataclass
class Running:
    url: str
    rogue: Rogue
    http: httpx.Client

    def employs(self, sub: str, **claims: object) -> None:
        """The provider has an account `sub` with these claims."""
        self.http.put(f"{self.url}/users/{sub}", json=claims).raise_for_status()


@pytest.fixture(scope="module")
def running():
    app = oidc_provider_mock.app()
    rogue = Rogue()
    rogue.install(app)
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    with httpx.Client() as http:
        yield Running(f"http://localhost:{server.server_port}", rogue, http)
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def provider(running):
    running.rogue.reset()
    running.rogue.signing = None
    running.employs("ada", email="Ada@Tonic.example", email_verified=True, groups=["People Ops", "Choir"])
    return running


@pytest.fixture
def hub(fresh_hub, provider):
    fresh_hub.settings = replace(fresh_hub.settings, sign_in=settings(provider))
    return fresh_hub


def settings(provider, **more):
    return SignInSettings(
        **{
            "method": "oidc",
            "public_url": "http://localhost:8080",
            "issuer": provider.url,
            "client_id": "echo-hub",
            "client_secret": SECRET,
            "contact": "talent@tonic.example",
            "roles": {"hr_operations": ("People Ops",), "auditor": ("Audit",)},
        }
        | more
    )


@pytest.fixture
def browser(hub, browse):
    return browse(hub, as_=None, host="localhost:8080")


def at_provider(provider, away, sub="ada"):
    """What the provider sends the browser back with."""
    assert away.status_code == 303, away.text
    assert away.headers["location"].startswith(provider.url)
    return provider.http.post(away.headers["location"], data={"sub": sub}).headers["location"]


def sign_in(browser, provider, to="/for-you", sub="ada"):
    away = browser.get("/sign-in", params={"next": to})
    return browser.get(at_provider(provider, away, sub))


def read_notice(browser):
    token = re.search(r'name="token" value="([^"]+)"', browser.get("/notice").text)[1]
    return browser.post("/notice", data={"token": token, "next": "/for-you"})


def token_of(browser):
    return re.search(r'name="token" value="([^"]+)"', browser.get("/account").text)[1]


def events(hub):
    return [(event.intent, event.details) for event in reversed(list_events(hub.database))]


def rows(hub, table):
    with hub.database.reading() as transaction:
        return transaction.all(table.select())


def test_a_deep_link_leads_to_the_provider_and_back_to_the_page(browser, provider):
    away = browser.get("/explore?q=python&country=SE")
    assert away.headers["location"].startswith("/sign-in?next=")
    there = browser.get(away.headers["location"])
    asked = parse_qs(urlsplit(there.headers["location"]).query)
    assert asked["redirect_uri"] == ["http://localhost:8080/sign-in/callback"]
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    back = browser.get(at_provider(provider, there))
    assert (back.status_code, back.headers["location"]) == (303, "/explore?q=python&country=SE")
    assert browser.get("/explore").headers["location"] == "/notice?next=%2Fexplore"
    assert read_notice(browser).status_code == 303
    assert "Ada Lindqvist" in browser.get("/explore?q=python&country=SE").text


def test_the_code_is_exchanged_with_the_verifier_of_this_browsers_challenge(browser, provider):
    sign_in(browser, provider)
    (verifier,) = provider.rogue.verifiers
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == provider.rogue.challenges[0]


@pytest.mark.parametrize(
    ("changed", "by_header", "by_form"),
    [
        ({}, ("echo-hub", SECRET), (None, None)),
        ({"client_authentication": "client_secret_post"}, None, ("echo-hub", SECRET)),
        ({"client_secret": None}, None, ("echo-hub", None)),
    ],
)
def test_the_hub_says_who_it_is_as_the_settings_say(hub, browse, provider, changed, by_header, by_form):
    hub.settings = replace(hub.settings, sign_in=settings(provider, **changed))
    sign_in(browse(hub, as_=None, host="localhost:8080"), provider)
    header, form = provider.rogue.sender
    assert (header and (header.username, header.password)) == by_header
    assert (form.get("client_id"), form.get("client_secret")) == by_form
    assert (form["grant_type"], form["redirect_uri"]) == (
        "authorization_code",
        "http://localhost:8080/sign-in/callback",
    )


def test_who_signed_in_is_nobody_else_and_has_the_roles_of_their_groups(hub, browser, provider):
    sign_in(browser, provider)
    assert browser.get("/api/v1/feed").json()["code"] == "access.notice"
    read_notice(browser)
    assert browser.get("/api/v1/feed").json()["person"]["id"] == ADA
    assert browser.get("/api/v1/feed?person=E2").status_code == 200
    (session,) = rows(hub, SESSION)
    assert json.loads(session.groups) == ["People Ops"]


def test_a_group_that_gives_nothing_gives_nothing(hub, browser, provider):
    provider.employs("ada", email="ada@tonic.example", email_verified=True, groups=["Choir"])
    sign_in(browser, provider)
    read_notice(browser)
    assert browser.get("/api/v1/feed?person=E2").status_code == 403
    assert rows(hub, SESSION)[0].groups == "[]"


def test_an_account_is_joined_once_and_then_known_by_issuer_and_subject_alone(hub, browse, provider):
    sign_in(browse(hub, as_=None, host="localhost:8080"), provider)
    provider.employs("ada", email="somebody.else@tonic.example", email_verified=False)
    again = browse(hub, as_=None, host="localhost:8080")
    assert sign_in(again, provider).status_code == 303
    (identity,) = rows(hub, IDENTITY)
    assert (identity.issuer, identity.subject, identity.person_id) == (provider.url, "ada", ADA)
    assert [details.get("joined_by") for intent, details in events(hub) if intent == "session.start"] == [
        "work e-mail",
        None,
    ]


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email": "nobody@tonic.example", "email_verified": True}, "Nobody on file goes with your account."),
        ({"email": "ada@tonic.example"}, "Nobody has verified that the e-mail address"),
        ({"email": "ada@tonic.example", "email_verified": False}, "Nobody has verified that the e-mail address"),
        ({"email_verified": True}, "Your account came without an e-mail address."),
        ({"email": ["ada@tonic.example"], "email_verified": True}, "Your account came without an e-mail address."),
    ],
)
def test_who_fits_nobody_on_file_is_told_why_and_whom_to_ask(hub, browser, provider, claims, told):
    provider.employs("x", **claims)
    page = sign_in(browser, provider, sub="x")
    assert (page.status_code, told in page.text, "Ask talent@tonic.example." in page.text) == (403, True, True)
    assert "echo_hub_session" not in browser.cookies
    ((intent, details),) = events(hub)
    assert intent == "session.refuse"
    assert set(details) == {"reason"}
    assert "tonic" not in str(details)


@pytest.mark.parametrize(
    ("number", "status", "told"),
    [
        ("E1", 303, ""),
        (1, 403, "Nobody on file"),
        ("E5", 403, "is not with the company now"),
        (None, 403, "without an employee id"),
    ],
)
def test_settings_may_join_accounts_by_employee_id(hub, browser, provider, number, status, told):
    hub.settings = replace(hub.settings, sign_in=settings(provider, match_by="employee_id", employee_id_claim="number"))
    provider.employs("y", email="ada@tonic.example", email_verified=True, number=number)
    page = sign_in(fresh_browser(hub, browser), provider, sub="y")
    assert (page.status_code, told in page.text) == (status, True)


def fresh_browser(hub, browser):
    """A browser of an application that has read the settings as they are now."""
    return type(browser)(
        create_app(hub),
        client=("127.0.0.1", 50_000),
        base_url="http://localhost:8080",
        follow_redirects=False,
        raise_server_exceptions=False,
    )


WRONG = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": ["another-client"]}},
    "one audience of several, and no word who asked": {"claims": {"aud": ["echo-hub", "another-client"]}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "no end": {"claims": {"exp": None}},
    "issued tomorrow": {"claims": {"iat": int(time.time()) + 86_400}},
    "no signature": {"algorithm": "none"},
    "the client's secret as the key": {"algorithm": "HS256"},
    "a key that is not listed": {
        "signing": RSAKey.generate_key(2048),
        "header": {"kid": "unheard-of"},
        "claims": {"x": 1},
    },
    "the right key's name on another key": {"signing": RSAKey.generate_key(2048), "claims": {"x": 1}},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_token_that_cannot_be_trusted_signs_nobody_in(hub, browser, provider, case):
    for name, value in WRONG[case].items():
        setattr(provider.rogue, name, value)
    page = sign_in(browser, provider)
    assert page.status_code == 502
    assert "cannot be trusted, so nobody was signed in" in page.text
    assert "sign_in.provider.token" in page.text
    assert "echo_hub_session" not in browser.cookies
    assert rows(hub, SESSION) == []
    assert events(hub) == [("session.refuse", {"reason": "provider"})]


def test_a_token_that_is_too_old_says_so(browser, provider):
    provider.rogue.claims = {"exp": int(time.time()) - 600, "iat": int(time.time()) - 900}
    page = sign_in(browser, provider)
    assert (page.status_code, "is too old" in page.text) == (502, True)


@pytest.mark.parametrize(
    ("path", "status", "body", "told"),
    [
        ("/oauth2/token", 400, '{"error": "invalid_grant"}', "did not accept its own code"),
        ("/oauth2/token", 500, "oops", "does not answer as it should"),
        ("/oauth2/token", 200, '{"access_token": "x", "token_type": "Bearer"}', "did not say who you are"),
        ("/oauth2/token", 200, "<html>", "did not say who you are"),
        (
            "/oauth2/token",
            200,
            '{"id_token": "a.b.c", "token_type": "Bearer", "access_token": "x"}',
            "cannot be trusted",
        ),
        ("/jwks", 503, "", "does not answer as it should"),
        ("/jwks", 200, '{"keys": []}', "lists no key"),
        ("/jwks", 200, '{"keys": [{"kty": "oct", "k": "eA"}, 7, {"kty": "??"}]}', "lists no key"),
    ],
)
def test_what_the_provider_answers_wrongly_is_said_in_a_sentence(browser, provider, path, status, body, told):
    provider.rogue.answer = {path: (status, body)}
    page = sign_in(browser, provider)
    assert (page.status_code, told in page.text) == (502, True)
    assert "oops" not in page.text
    assert "echo_hub_session" not in browser.cookies


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (404, "", "does not answer as it should"),
        (200, "[]", "no JSON"),
        (200, '{"issuer": "x"}', "describes itself"),
        (302, "", "does not answer as it should"),
    ],
)
def test_a_provider_that_says_nothing_of_itself_is_told_as_that(browser, provider, status, body, told):
    provider.rogue.answer = {"/.well-known/openid-configuration": (status, body)}
    page = browser.get("/sign-in")
    assert (page.status_code, told in page.text, "tell talent@tonic.example" in page.text) == (502, True, True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"issuer": "https://evil.example"}, "another name than the settings"),
        ({"token_endpoint": "http://evil.example/token"}, "describes itself"),
        ({"id_token_signing_alg_values_supported": ["none", "HS256"]}, "signs in no way that is accepted"),
    ],
)
def test_a_provider_of_another_name_or_without_encryption_is_refused(browser, provider, changed, told):
    said = provider.http.get(f"{provider.url}/.well-known/openid-configuration").json() | changed
    provider.rogue.answer = {"/.well-known/openid-configuration": (200, json.dumps(said))}
    page = browser.get("/sign-in")
    assert (page.status_code, told in page.text) == (502, True)


def test_a_provider_that_is_not_there_or_never_answers_is_told_as_that(hub, browser, provider, monkeypatch):
    from echo_hub.surfaces.sign_in import provider as module

    monkeypatch.setattr(module, "PATIENCE", 0.2)
    provider.rogue.delay = 0.5
    assert "does not answer as it should" in browser.get("/sign-in").text
    hub.settings = replace(hub.settings, sign_in=settings(provider, issuer="http://localhost:9"))
    assert fresh_browser(hub, browser).get("/sign-in").status_code == 502
    time.sleep(0.5)


@pytest.mark.parametrize(
    ("error", "told"),
    [("access_denied", "you have no access to Echo Hub there"), ("<script>", "refused to sign you in")],
)
def test_a_refusal_of_the_provider_is_told_in_our_words(browser, provider, error, told):
    state = parse_qs(urlsplit(browser.get("/sign-in").headers["location"]).query)["state"][0]
    page = browser.get(
        "/sign-in/callback", params={"state": state, "error": error, "error_description": "call 0800 evil"}
    )
    assert (page.status_code, told in page.text) == (502, True)
    assert "evil" not in page.text
    assert "<script" not in page.text


def test_an_answer_to_another_browser_signs_nobody_in(hub, browser, browse, provider):
    answer = at_provider(provider, browser.get("/sign-in"))
    victim = browse(hub, as_=None, host="localhost:8080")
    page = victim.get(answer)
    assert (page.status_code, "belongs to no sign-in that was begun in this browser" in page.text) == (400, True)
    assert "echo_hub_session" not in victim.cookies
    victim.get("/sign-in")
    assert victim.get(answer).status_code == 400
    assert provider.rogue.verifiers == []
    assert events(hub) == [("session.refuse", {"reason": "attempt"})] * 2


def test_an_answer_counts_once_and_within_ten_minutes(browser, provider, monkeypatch):
    answer = at_provider(provider, browser.get("/sign-in"))
    assert browser.get(answer).status_code == 303
    assert browser.get(answer).status_code == 400
    late = at_provider(provider, browser.get("/sign-in"))
    monkeypatch.setattr("echo_hub.surfaces.sign_in.attempt.LASTS_S", -1)
    page = browser.get(late)
    assert (page.status_code, "too long ago" in page.text) == (400, True)


def test_an_answer_that_names_another_issuer_is_refused(browser, provider):
    page = browser.get(at_provider(provider, browser.get("/sign-in")) + "&iss=https://evil.example")
    assert (page.status_code, "another sign-in provider" in page.text) == (502, True)


def test_ten_tabs_sign_in_at_once(browser, provider):
    answers = [at_provider(provider, browser.get("/sign-in", params={"next": f"/explore?q={n}"})) for n in range(8)]
    for n, answer in enumerate(answers):
        assert browser.get(answer).headers["location"] == f"/explore?q={n}"
    for _ in range(30):
        browser.get("/sign-in")
    assert len([name for name in browser.cookies if "attempt" in name]) <= 9


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/\t/evil.example", "/a\r\nset-cookie: x=1", "", "evil", "/sign-in", "/sign-out",
        "x" * 3000, "/" + "x" * 3000, "/.//evil.example\\",
    ],
)  # fmt: skip
def test_the_way_back_leads_to_no_other_site(browser, provider, to):
    assert sign_in(browser, provider, to=to).headers["location"] == "/"


def test_a_key_that_was_not_there_before_is_looked_for_once_a_minute(browser, provider):
    assert sign_in(browser, provider).status_code == 303
    new = RSAKey.generate_key(2048, {"kid": "new", "use": "sig"})
    provider.rogue.signing = provider.rogue.key = new
    provider.rogue.header = {"kid": "new"}
    assert sign_in(browser, provider).status_code == 303
    assert provider.rogue.asked.count("/jwks") == 2
    provider.rogue.signing = RSAKey.generate_key(2048)
    provider.rogue.header = {"kid": "forged"}
    for _ in range(3):
        assert sign_in(browser, provider).status_code == 502
    assert provider.rogue.asked.count("/jwks") == 2


def test_a_provider_that_cannot_be_read_again_is_taken_as_it_was(browser, provider, monkeypatch):
    assert sign_in(browser, provider).status_code == 303
    monkeypatch.setattr("echo_hub.surfaces.sign_in.provider.KEPT_S", -1.0)
    provider.rogue.answer = {"/.well-known/openid-configuration": (503, "")}
    assert sign_in(browser, provider).status_code == 303


def test_what_a_thin_token_leaves_out_is_asked_for_and_only_of_the_same_account(browser, provider):
    provider.rogue.claims = {"email": None, "email_verified": None}
    assert sign_in(browser, provider).status_code == 303
    assert "/userinfo" in provider.rogue.asked
    provider.rogue.claims = {"email": None, "email_verified": None, "sub": "somebody else"}
    page = sign_in(browser, provider)
    assert (page.status_code, "speaks of somebody else" in page.text) == (502, True)


def test_every_sign_in_has_a_new_key_and_the_one_before_is_over(hub, browser, provider):
    sign_in(browser, provider)
    first = browser.cookies["echo_hub_session"]
    sign_in(browser, provider)
    assert browser.cookies["echo_hub_session"] != first
    ended = {row.id: row.ended_at is not None for row in rows(hub, SESSION)}
    assert ended == {1: True, 2: False}
    stored = b"".join(row.key_hash for row in rows(hub, SESSION))
    assert hashlib.sha256(browser.cookies["echo_hub_session"].encode()).digest() in stored
    assert [intent for intent, _ in events(hub)] == ["session.start", "session.start", "session.end"]


def test_a_session_ends_when_it_is_idle_and_in_any_case_after_some_hours(hub, browser, provider):
    sign_in(browser, provider)
    begun = hub.now()
    for minutes in range(0, 11 * 60 + 1, 100):
        hub.now = lambda at=begun + timedelta(minutes=minutes): at
        assert browser.get("/account").status_code == 200, minutes
    hub.now = lambda: begun + timedelta(hours=12)
    assert browser.get("/account").status_code == 303
    sign_in(browser, provider)
    hub.now = lambda: begun + timedelta(hours=14, minutes=1)
    assert browser.get("/account").status_code == 303


def test_signing_out_ends_the_session_here_and_at_the_provider(hub, browser, provider):
    sign_in(browser, provider)
    kept = browser.cookies["echo_hub_session"]
    out = browser.post("/sign-out", data={"token": token_of(browser)})
    assert out.status_code == 200
    leads = out.headers["refresh"].removeprefix("0; url=")
    said = parse_qs(urlsplit(leads).query)
    assert leads.startswith(f"{provider.url}/oauth2/end_session?")
    assert said["post_logout_redirect_uri"] == ["http://localhost:8080/signed-out"]
    assert said["client_id"] == ["echo-hub"]
    assert json.loads(_decoded(said["id_token_hint"][0].split(".")[1]))["sub"] == "ada"
    assert "echo_hub_session" not in browser.cookies
    browser.cookies.set("echo_hub_session", kept)
    assert browser.get("/account").status_code == 303
    assert browser.get("/signed-out").status_code == 200
    assert [intent for intent, _ in events(hub)] == ["session.start", "session.end"]


def test_one_can_see_and_end_ones_other_sessions(hub, browser, browse, provider):
    other = browse(hub, as_=None, host="localhost:8080")
    sign_in(other, provider)
    sign_in(browser, provider)
    page = browser.get("/account").text
    assert ("This browser" in page, "Another browser" in page) == (True, True)
    browser.post("/account/end", data={"token": token_of(browser), "session": "1"})
    assert other.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200
    sign_in(other, provider)
    assert browser.post("/account/end-all", data={"token": token_of(browser)}).headers["location"] == "/signed-out"
    assert (other.get("/account").status_code, browser.get("/account").status_code) == (303, 303)


def test_nobody_ends_a_session_of_somebody_else(hub, browser, browse, provider):
    provider.employs("other", number="E2", email="x@x.example")
    hub.settings = replace(hub.settings, sign_in=settings(provider, match_by="employee_id", employee_id_claim="number"))
    other = browse(hub, as_=None, host="localhost:8080")
    assert sign_in(other, provider, sub="other").status_code == 303
    sign_in_ada = browse(hub, as_=None, host="localhost:8080")
    provider.employs("ada", number="E1")
    sign_in(sign_in_ada, provider)
    sign_in_ada.post("/account/end", data={"token": token_of(sign_in_ada), "session": "1"})
    assert other.get("/account").status_code == 200


def test_hr_operations_see_where_somebody_is_signed_in_and_end_it_on_a_page_and_over_the_api(
    hub, browser, browse, provider
):
    by_number = settings(provider, match_by="employee_id", employee_id_claim="number")
    hub.settings = replace(hub.settings, sign_in=by_number)
    hr, sam = (browse(hub, as_=None, host="localhost:8080") for _ in range(2))
    provider.employs("ada", number="E1", groups=["People Ops"])
    provider.employs("sam", number="E2")
    sign_in(hr, provider)
    read_notice(hr)
    assert sign_in(sam, provider, sub="sam").status_code == 303
    read_notice(sam)
    page = hr.get("/account?person=E2").text
    assert ("Sign-in of" in page, "A browser" in page, "This browser" in page) == (True, True, False)
    assert sam.get("/account?person=E1").status_code == 403
    assert sam.delete("/api/v1/sessions?person=E1", headers=OWN).status_code == 403
    hr.post("/account/end-all?person=E2", data={"token": token_of(hr)})
    assert sam.get("/account").status_code == 303
    sign_in(sam, provider, sub="sam")
    assert len(hr.get("/api/v1/sessions?person=E2").json()) == 1
    assert hr.delete("/api/v1/sessions?person=E2", headers=OWN).json() == {"ended": 1}
    assert sam.get("/account").status_code == 303
    sign_in(sam, provider, sub="sam")
    assert hr.post("/account/unlink?person=E2", data={"token": token_of(hr)}).status_code == 303
    assert sam.get("/account").status_code == 303
    assert hr.get("/account").status_code == 200


def test_who_leaves_is_signed_out_everywhere_at_the_next_click(hub, browser, provider):
    sign_in(browser, provider)
    hub.rows = tuple(
        replace(row, record=row.record.model_copy(update={"status": "left"})) if row.record.source_id == "1" else row
        for row in hub.rows
    )
    hub.built = None
    page = browser.get("/account")
    assert (page.status_code, "is not with the company now" in page.text) == (403, True)
    assert browser.get("/account").status_code == 303
    page = sign_in(browser, provider)
    assert (page.status_code, "is not with the company now" in page.text) == (403, True)
    assert events(hub)[1:] == [
        ("session.end", {"reason": "left", "sessions": 1}),
        ("session.refuse", {"reason": "left"}),
    ]


def test_who_follows_a_leaver_at_the_same_computer_is_let_in(hub, browser, provider):
    by_number = settings(provider, match_by="employee_id", employee_id_claim="number")
    hub.settings = replace(hub.settings, sign_in=by_number)
    shared = fresh_browser(hub, browser)
    provider.employs("ada", number="E1")
    provider.employs("sam", number="E2")
    assert sign_in(shared, provider).status_code == 303
    hub.rows = tuple(
        replace(row, record=row.record.model_copy(update={"status": "left"})) if row.record.source_id == "1" else row
        for row in hub.rows
    )
    hub.built = None
    assert sign_in(shared, provider, sub="sam").status_code == 303
    assert "Sam Moss" in shared.get("/account").text


def test_a_second_account_for_the_same_person_is_refused_until_the_first_is_given_up(hub, browser, provider):
    from echo_hub.services.actor import OPERATOR
    from echo_hub.services.intents.sessions import unlink

    sign_in(browser, provider)
    provider.employs("ada2", email="ada@tonic.example", email_verified=True)
    page = sign_in(browser, provider, sub="ada2")
    assert (page.status_code, "Another account is joined" in page.text) == (403, True)
    assert browser.get("/account").status_code == 200
    assert unlink(OPERATOR, hub, "E1") == 1
    assert browser.get("/account").status_code == 303
    assert sign_in(browser, provider, sub="ada2").status_code == 303


def test_more_than_one_person_on_file_with_the_address_is_refused(hub, browser, provider):
    hub.rows = tuple(
        replace(row, record=row.record.model_copy(update={"work_email": "ada@tonic.example"}))
        if row.record.source_id == "2"
        else row
        for row in hub.rows
    )
    hub.built = None
    page = sign_in(browser, provider)
    assert (page.status_code, "More than one person" in page.text) == (403, True)


def test_over_https_cookies_are_kept_to_this_host_and_to_encrypted_lines(hub, browse, provider):
    secure = settings(provider, public_url="https://echo.tonic.example")
    hub.settings = replace(hub.settings, sign_in=secure)
    browser = browse(hub, as_=None, host="echo.tonic.example")
    browser.base_url = "https://echo.tonic.example"
    away = browser.get("/sign-in")
    back = browser.get(at_provider(provider, away))
    for answer in (away, back):
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        for cookie in answer.headers.get_list("set-cookie"):
            parts = cookie.lower().split("; ")
            assert {"secure", "httponly", "samesite=lax"} <= set(parts)
            assert not any(part.startswith("domain") for part in parts)
            assert parts[0].startswith("__host-") is ("path=/" in parts)
    names = [cookie.partition("=")[0] for cookie in back.headers.get_list("set-cookie")]
    assert "__Host-echo_hub_session" in names
    assert browse(hub, as_=None, host="evil.example").get("/sign-in").status_code == 400


def test_a_form_of_another_session_is_refused(hub, browser, browse, provider):
    other = browse(hub, as_=None, host="localhost:8080")
    sign_in(other, provider)
    sign_in(browser, provider)
    assert browser.post("/account/end-all", data={"token": token_of(other)}).status_code == 403


def test_neither_tables_nor_events_nor_logs_hold_a_secret(hub, browser, provider, caplog):
    caplog.set_level(0)
    sign_in(browser, provider)
    provider.rogue.claims = {"nonce": "another"}
    sign_in(browser, provider)
    told = str(rows(hub, SESSION)) + str(rows(hub, IDENTITY)) + str(events(hub)) + caplog.text
    for secret in (SECRET, browser.cookies["echo_hub_session"], *provider.rogue.verifiers):
        assert secret not in told
    # A JSON Web Token has three parts; a random challenge may hold its first letters.
    assert re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", told) is None


def test_the_notice_is_shown_once_and_reading_it_is_an_event(hub, browser, browse, provider):
    sign_in(browser, provider)
    page = browser.get("/notice?next=/for-you").text
    assert ("I have read this" in page, "talent@tonic.example" in page) == (True, True)
    assert read_notice(browser).headers["location"] == "/for-you"
    assert browser.get("/for-you").status_code == 200
    assert "I have read this" not in browser.get("/notice").text
    again = browse(hub, as_=None, host="localhost:8080")
    sign_in(again, provider)
    assert again.get("/for-you").status_code == 200
    assert [intent for intent, _ in events(hub)].count("notice.acknowledge") == 1


def test_the_notice_and_the_account_lead_to_opting_out_also_before_the_notice_is_read(browser, provider):
    sign_in(browser, provider)
    for path in ("/notice", "/account"):
        assert 'href="/matching"' in browser.get(path).text, path
    token = re.search(r'name="token" value="([^"]+)"', browser.get("/matching").text)[1]
    assert browser.post("/matching/opt-out", data={"token": token}).headers["location"] == "/matching"
    read_notice(browser)
    assert "You have opted out of matching" in browser.get("/for-you").text


def test_no_page_speaks_of_development_where_a_provider_signs_people_in(browser, provider):
    sign_in(browser, provider)
    read_notice(browser)
    page = browser.get("/for-you").text
    assert "Development sign-in" not in page
    assert 'href="/account"' in page
    assert browser.get("/api/v1/feed", headers={"X-Echo-Hub-As": "E2"}).json()["person"]["id"] == ADA


def test_refusals_do_not_fill_the_timeline(hub, browser, provider, monkeypatch):
    monkeypatch.setattr("echo_hub.surfaces.sign_in.refusals.A_MINUTE", 3)
    monkeypatch.setattr("echo_hub.surfaces.sign_in.refusals.time.monotonic", lambda: 0.0)
    for _ in range(5):
        state = parse_qs(urlsplit(browser.get("/sign-in").headers["location"]).query)["state"][0]
        browser.get("/sign-in/callback", params={"state": state, "error": "access_denied"})
    assert len(events(hub)) == 3


def test_below_a_base_path_the_provider_sends_people_back_below_it(hub, provider, browse):
    hub.settings = replace(hub.settings, serve=ServeSettings(base_path="/echo", requests_per_minute=0))
    browser = browse(hub, as_=None, host="localhost:8080")
    away = browser.get("/echo/explore?q=a")
    while away.headers["location"].startswith("/echo/sign-in"):
        away = browser.get(away.headers["location"])
    assert parse_qs(urlsplit(away.headers["location"]).query)["redirect_uri"] == [
        "http://localhost:8080/echo/sign-in/callback"
    ]
    back = browser.get(at_provider(provider, away))
    assert (back.status_code, back.headers["location"].startswith("/echo/")) == (303, True), back.text
    assert "Path=/echo;" in back.headers["set-cookie"]
    assert browser.get("/echo/notice").status_code == 200
