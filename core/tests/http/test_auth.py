"""How connections prove who they are: what is sent, when tokens are minted, and what refusals become."""

from __future__ import annotations

import base64
import gc
import threading
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from echo_core.connectors.errors import AuthError, ConfigError, ContractError, HubError, TransientError
from echo_core.connectors.redaction import MASK, RETIRED, SECRETS
from echo_core.http.auth import BasicAuth, BearerAuth, ClientCredentials, RefreshToken
from echo_core.http.client import Client, HttpSettings
from echo_core.testing.sandbox import Faults, Reply

SECRET = SecretStr("client-secret-1")


class OAuthVendor:
    """Mints token-1, token-2, … and answers GETs that bear the newest one."""

    def __init__(self, **grant):
        self.grant = grant or {"expires_in": 3600}
        self.minted = 0
        self.refuse = None
        self.accept_any = False

    def __call__(self, request):
        if request.path == "/token":
            if self.refuse:
                return self.refuse
            self.minted += 1
            return Reply(200, {"access_token": f"token-{self.minted}", "token_type": "Bearer", **self.grant})
        bearer = request.headers.get("authorization", "")
        if self.accept_any or bearer == f"Bearer token-{self.minted}":
            return Reply(200, {"bearer": bearer})
        return Reply(401, {"message": "expired"})


@pytest.fixture
def vendor():
    return OAuthVendor()


@pytest.fixture
def connect(serve, client):
    """connect(vendor, **options) -> (client with client credentials, server)."""

    def make(vendor, *, faults=None, **options):
        server = serve(vendor, faults)
        return client(server.url, auth=ClientCredentials(f"{server.url}/token", "me", SECRET, **options)), server

    return make


def test_basic_and_bearer_headers_are_sent(serve, client):
    server = serve(lambda request: Reply(200, request.headers["authorization"].split()))
    assert client(server.url, auth=BearerAuth(SecretStr("abcd"))).get("x").json() == ["Bearer", "abcd"]
    kind, value = client(server.url, auth=BasicAuth("zoë", SecretStr("p:w"))).get("x").json()
    assert (kind, base64.b64decode(value).decode()) == ("Basic", "zoë:p:w")


@pytest.mark.parametrize(
    ("options", "form", "json_body"),
    [
        ({}, {"grant_type": ["client_credentials"]}, None),
        (
            {"scope": "a b", "extra": {"sub": "7"}},
            {"grant_type": ["client_credentials"], "scope": ["a b"], "sub": ["7"]},
            None,
        ),
        ({"body": "json", "extra": {"sub": "7"}}, None, {"grant_type": "client_credentials", "sub": "7"}),
        (
            {"client_auth": "body"},
            {
                "grant_type": ["client_credentials"],
                "client_id": ["me"],
                "client_secret": ["client-secret-1"],
            },
            None,
        ),
    ],
)
def test_the_token_request_has_the_shape_the_vendor_wants(connect, vendor, options, form, json_body):
    http, server = connect(vendor, **options)
    http.get("jobs")
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/token")
    if form is not None:
        assert request.form() == form
    else:
        assert request.json() == json_body
    expected = None if "client_auth" in options else "Basic " + base64.b64encode(b"me:client-secret-1").decode()
    assert request.headers.get("authorization") == expected


def test_a_token_is_used_until_a_minute_before_it_expires(connect, vendor, clock):
    http, _ = connect(vendor)
    assert http.get("a").json() == {"bearer": "Bearer token-1"}
    clock.seconds += 3600 - 61
    http.get("b")
    assert vendor.minted == 1
    clock.seconds += 1
    assert http.get("c").json() == {"bearer": "Bearer token-2"}


@pytest.mark.parametrize(
    ("grant", "life_s"),
    [
        ({"expires_in": "1200"}, 1200),
        ({"expires_at": "+1200"}, 1200),
        ({"expires": "+1200"}, 1200),
        ({"token_type": "bearer"}, 3600),
        ({"expires_in": None}, 3600),
        ({"expires_at": "soon"}, 3600),
    ],
)
def test_expiry_is_read_in_each_form_vendors_use(connect, clock, grant, life_s):
    if (moment := next(iter(grant.values()))) == "+1200":
        grant = {name: (clock.now() + timedelta(seconds=1200)).isoformat().replace("+00:00", "Z") for name in grant}
        assert moment == "+1200"
    vendor = OAuthVendor(**grant)
    http, _ = connect(vendor)
    http.get("a")
    clock.seconds += life_s - 61
    http.get("b")
    assert vendor.minted == 1
    clock.seconds += 2
    http.get("c")
    assert vendor.minted == 2


def test_a_short_lived_token_is_still_used_for_half_its_life(connect, clock):
    vendor = OAuthVendor(expires_in=30)
    http, _ = connect(vendor)
    http.get("a")
    clock.seconds += 14
    http.get("b")
    assert vendor.minted == 1


def test_a_401_renews_the_token_once(connect, vendor):
    http, server = connect(vendor)
    http.get("a")
    vendor.minted += 10
    assert http.get("b").json() == {"bearer": "Bearer token-12"}
    assert [request.path for request in server.requests] == ["/token", "/a", "/b", "/token", "/b"]


def test_a_401_after_the_renewal_is_an_auth_error(connect, serve, client):
    server = serve(lambda request: Reply(200, {"access_token": "t-123"}) if request.path == "/token" else Reply(401))
    http = client(server.url, auth=ClientCredentials(f"{server.url}/token", "me", SECRET))
    with pytest.raises(AuthError) as caught:
        http.get("jobs")
    assert (caught.value.error_code, caught.value.status) == ("auth.refused", 401)
    assert [request.path for request in server.requests] == ["/token", "/jobs", "/token", "/jobs"]


def test_eight_threads_mint_one_token(connect, vendor):
    vendor.accept_any = True
    http, server = connect(vendor)
    together = threading.Barrier(8)
    bearers, errors = [], []

    def work():
        together.wait(timeout=60)
        try:
            bearers.append(http.get("jobs").json()["bearer"])
        except HubError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (bearers, errors) == (["Bearer token-1"] * 8, [])
    assert [request.path for request in server.requests].count("/token") == 1


def test_eight_threads_with_an_expired_token_renew_it_once(connect, vendor):
    http, server = connect(vendor)
    http.get("jobs")
    vendor.minted = 50
    together = threading.Barrier(8)

    def work():
        together.wait(timeout=60)
        http.get("jobs")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [request.path for request in server.requests].count("/token") == 2


@pytest.mark.parametrize("reason", ["invalid_client", "invalid_grant"])
def test_refused_credentials_are_an_auth_error_that_echoes_nothing(connect, vendor, reason):
    vendor.refuse = Reply(400, {"error": reason, "error_description": "secret client-secret-1 of me is wrong"})
    http, server = connect(vendor)
    for _ in range(2):
        with pytest.raises(AuthError, match=reason) as caught:
            http.get("jobs")
        assert caught.value.error_code == f"auth.{reason}"
        assert "client-secret-1" not in str(caught.value)
        assert "is wrong" not in str(caught.value)
    assert len(server.requests) == 1, "refused credentials are not tried again: vendors lock accounts"


def test_an_error_word_of_the_vendors_own_is_not_repeated(connect, vendor):
    vendor.refuse = Reply(401, {"error": "bad secret client-secret-1"})
    with pytest.raises(AuthError) as caught:
        connect(vendor)[0].get("jobs")
    assert caught.value.error_code == "auth.refused"
    assert "client-secret-1" not in str(caught.value)


def test_a_missing_token_endpoint_is_a_configuration_error(connect, vendor):
    vendor.refuse = Reply(404, {})
    with pytest.raises(ConfigError) as caught:
        connect(vendor)[0].get("jobs")
    assert caught.value.error_code == "auth.token_url"


@pytest.mark.parametrize("answer", [Reply(200, {}), Reply(200, "<html>", content_type="text/html"), Reply(200, [1])])
def test_an_answer_without_a_token_breaks_the_contract(connect, vendor, answer):
    vendor.refuse = answer
    with pytest.raises(ContractError) as caught:
        connect(vendor)[0].get("jobs")
    assert caught.value.error_code == "auth.no_token"


def test_a_token_endpoint_in_trouble_is_tried_again(connect, vendor, clock):
    faults = Faults.scripted({"/token": ["http_500", "half_body", "http_429", None]})
    http, _ = connect(vendor, faults=faults)
    # The half answer minted token-1, which nobody ever saw.
    assert http.get("jobs").json() == {"bearer": "Bearer token-2"}
    assert clock.slept == [1.0, 2.0, 1.0]


def test_a_token_endpoint_in_trouble_does_not_stop_a_post(connect, vendor):
    http, server = connect(vendor, faults=Faults.scripted({"/token": ["http_500", "reset"]}))
    assert http.post("apply", json={}).status == 200
    assert [request.path for request in server.requests] == ["/token", "/token", "/token", "/apply"]


def test_a_token_endpoint_that_hangs_is_given_up_after_the_time_out(serve, client, vendor):
    server = serve(vendor, Faults.scripted({"/token": ["hang"]}))
    auth = ClientCredentials(f"{server.url}/token", "me", SECRET)
    assert client(server.url, auth=auth, read_timeout_s=0.3).get("jobs").status == 200
    assert server.log[0].fault == "hang"


def test_a_token_endpoint_that_stays_down_is_transient(connect, vendor):
    http, _ = connect(vendor, faults=Faults.scripted({"/token": ["http_503"] * 10}))
    with pytest.raises(TransientError):
        http.get("jobs")


def test_a_token_endpoint_that_redirects_is_not_followed(connect, vendor):
    vendor.refuse = Reply(302, b"", {"Location": "/login"})
    with pytest.raises(ContractError) as caught:
        connect(vendor)[0].get("jobs")
    assert caught.value.error_code == "auth.no_token"


def test_old_tokens_do_not_pile_up_in_the_register_of_secrets(connect, vendor, clock):
    http, _ = connect(vendor)
    for _ in range(RETIRED + 5):
        http.get("jobs")
        clock.seconds += 4000
    assert SECRETS.redact(f"token-{RETIRED + 5}") == MASK
    assert SECRETS.redact(f"token-{RETIRED}") == MASK
    assert SECRETS.redact("token-1") == "token-1"


def test_a_refresh_token_is_rotated_and_handed_over_before_it_is_used(serve, client, clock):
    sent, kept = [], []

    def answer(request):
        if request.path == "/token":
            sent.append(request.form()["refresh_token"][0])
            number = len(sent)
            return Reply(200, {"access_token": f"at-{number}", "refresh_token": f"rt-{number}", "expires_in": 600})
        kept_then = len(kept)
        return Reply(200, {"kept": kept_then})

    server = serve(answer)
    auth = RefreshToken(
        f"{server.url}/token",
        "me",
        SECRET,
        SecretStr("rt-0"),
        on_rotate=lambda token: kept.append(token.get_secret_value()),
    )
    http = client(server.url, auth=auth)
    assert http.get("a").json() == {"kept": 1}
    clock.seconds += 600
    http.get("b")
    assert sent == ["rt-0", "rt-1"]
    assert kept == ["rt-1", "rt-2"]


def connect_in_memory(auth):
    """A client whose vendor mints a token of its own for everybody, and rotates refresh tokens."""
    minted = iter(range(1_000_000))

    def answer(request):
        if request.url.path != "/token":
            return httpx.Response(200, json={"bearer": request.headers["authorization"]})
        name = f"{id(auth)}-{next(minted)}"
        return httpx.Response(200, json={"access_token": f"at-{name}", "refresh_token": f"rt-{name}"})

    return Client(HttpSettings("https://x.example", auth=auth), transport=httpx.MockTransport(answer))


def test_a_thousand_clients_leave_a_bounded_register_of_secrets():
    for number in range(1_000):
        auth = (
            RefreshToken("https://x.example/token", "me", SECRET, SecretStr("first-refresh-token"))
            if number % 2
            else ClientCredentials("https://x.example/token", "me", SECRET)
        )
        with connect_in_memory(auth) as http:
            http.get("jobs")
    assert len(SECRETS) <= RETIRED + 10


def test_tokens_of_clients_nobody_closed_are_let_go_of_too():
    for _ in range(3 * RETIRED):
        connect_in_memory(ClientCredentials("https://x.example/token", "me", SECRET)).get("jobs")
    gc.collect()
    SECRETS.add("one-more-token")
    assert len(SECRETS) <= RETIRED + 10


def test_a_token_in_use_is_redacted_however_many_others_come_and_go():
    auth = RefreshToken("https://x.example/token", "me", SECRET, SecretStr("first-refresh-token"))
    http = connect_in_memory(auth)
    bearer = http.get("jobs").json()["bearer"]
    for _ in range(3 * RETIRED):
        with connect_in_memory(ClientCredentials("https://x.example/token", "me", SECRET)) as other:
            other.get("jobs")
    assert SECRETS.redact(bearer) == f"Bearer {MASK}"
    assert SECRETS.redact(f"rt-{id(auth)}-0") == MASK
    assert SECRETS.redact("first-refresh-token") == "first-refresh-token"
    http.close()
    assert SECRETS.redact(bearer) == f"Bearer {MASK}", "a late log line may still show it"


def test_an_auth_that_outlives_its_client_asks_for_a_new_token_and_keeps_it_secret():
    auth = RefreshToken("https://x.example/token", "me", SECRET, SecretStr("first-refresh-token"))
    with connect_in_memory(auth) as http:
        first = http.get("jobs").json()["bearer"]
        auth.release()
        second = http.get("jobs").json()["bearer"]
    assert first != second
    assert SECRETS.redact(second) == f"Bearer {MASK}"
