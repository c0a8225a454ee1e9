"""Where a connection may go: links and redirects stay on its hosts, and credentials stay with the source."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from echo_core.connectors.errors import ConfigError, ContractError
from echo_core.http.allowed_hosts import AllowedHosts, with_params
from echo_core.http.auth import BearerAuth, ClientCredentials
from echo_core.http.client import HttpSettings
from echo_core.testing.sandbox import Reply

TOKEN = SecretStr("token-of-the-source")


def host(server):
    return server.url.removeprefix("http://")


def test_a_redirect_to_a_foreign_host_is_refused_and_nothing_is_sent_there(serve, client):
    foreign = serve(lambda _request: Reply(200, {"stolen": True}))
    source = serve(lambda _request: Reply(302, b"", {"Location": f"{foreign.url}/login"}))
    with pytest.raises(ContractError) as caught:
        client(source.url, auth=BearerAuth(TOKEN)).get("jobs")
    assert caught.value.error_code == "source.foreign_host"
    assert foreign.requests == []


@pytest.mark.parametrize("length", [40_000, 65_530, 66_000])
def test_an_address_that_is_endless_is_refused_as_the_source_s_mistake(length):
    allowed = AllowedHosts("https://source.example", frozenset())
    here, link = f"https://source.example/{'a' * 40_000}/jobs", f"/jobs?{'b' * length}"
    for follow in (
        lambda: allowed.follow(f"jobs/{link}", here),
        lambda: with_params(allowed.resolve("jobs"), [("after", "c" * (length + 30_000))]),
    ):
        with pytest.raises(ContractError) as caught:
            follow()
        assert caught.value.error_code == "source.bad_link"


def test_a_redirect_to_an_allowed_host_carries_no_credentials(serve, client):
    store = serve(lambda _request: Reply(200, {"file": 1}))
    source = serve(lambda _request: Reply(302, b"", {"Location": f"{store.url}/signed?x=1", "Set-Cookie": "s=1"}))
    http = client(
        source.url, auth=BearerAuth(TOKEN), headers={"X-Api-Key": "key-1234"}, allowed_hosts=frozenset({host(store)})
    )
    answer = http.get("report", headers={"X-Once": "1"})
    assert answer.json() == {"file": 1}
    assert answer.url == f"{store.url}/signed?x=1"
    assert source.requests[0].headers["authorization"] == "Bearer token-of-the-source"
    assert {"authorization", "x-api-key", "x-once", "cookie"}.isdisjoint(store.requests[0].headers)
    assert store.requests[0].headers["accept"] == "application/json"


def test_a_redirect_on_the_same_host_keeps_the_credentials(serve, client):
    def answer(request):
        return Reply(307, b"", {"Location": "/v4/jobs"}) if request.path == "/v3/jobs" else Reply(200, [])

    source = serve(answer)
    client(source.url + "/v3", auth=BearerAuth(TOKEN)).get("jobs", params={"a": "1"})
    assert [request.target for request in source.requests] == ["/v3/jobs?a=1", "/v4/jobs"]
    assert source.requests[1].headers["authorization"] == "Bearer token-of-the-source"


def test_redirects_without_end_are_refused(serve, client):
    source = serve(lambda request: Reply(302, b"", {"Location": request.path + "x"}))
    with pytest.raises(ContractError) as caught:
        client(source.url).get("a")
    assert caught.value.error_code == "source.redirected"
    assert len(source.requests) == 6


def test_a_post_is_never_turned_into_a_get(serve, client):
    source = serve(lambda _request: Reply(302, b"", {"Location": "/elsewhere"}))
    with pytest.raises(ContractError) as caught:
        client(source.url).post("soap", json={})
    assert caught.value.error_code == "source.redirected"


def test_a_post_follows_307_on_the_same_host_with_its_body(serve, client):
    def answer(request):
        return Reply(307, b"", {"Location": "/new"}) if request.path == "/old" else Reply(200, request.json())

    source = serve(answer)
    assert client(source.url).post("old", json={"a": 1}).json() == {"a": 1}


def test_the_body_of_a_post_never_goes_to_another_host(serve, client):
    store = serve(lambda _request: Reply(200, {}))
    source = serve(lambda _request: Reply(307, b"", {"Location": f"{store.url}/x"}))
    with pytest.raises(ContractError):
        client(source.url, allowed_hosts=frozenset({host(store)})).post("soap", json={"a": 1})
    assert store.requests == []


def test_a_link_to_a_foreign_host_is_refused_and_nothing_is_sent_there(serve, client):
    foreign = serve(lambda _request: Reply(200, []))
    source = serve(lambda _request: Reply(200, []))
    with pytest.raises(ContractError) as caught:
        client(source.url).get(f"{foreign.url}/jobs?page=2")
    assert caught.value.error_code == "source.foreign_host"
    assert foreign.requests == []


def test_a_token_endpoint_on_another_host_is_inside(serve, client):
    tokens = serve(lambda _request: Reply(200, {"access_token": "minted-1"}))
    source = serve(lambda request: Reply(200, {"sent": request.headers["authorization"]}))
    http = client(source.url, auth=ClientCredentials(f"{tokens.url}/token", "me", SecretStr("secret-1")))
    assert http.get("jobs").json() == {"sent": "Bearer minted-1"}


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/jobs",
        "https://api.vendor.example.evil.example/jobs",
        "https://api.vendor.example:8443/jobs",
        "https://api.vendor.example:0/jobs",
        "http://api.vendor.example/jobs",
        "https://user:password@api.vendor.example/jobs",
        "https://api.vendor.example@evil.example/jobs",
        "https://api.vendor.example./jobs",
        "https://127.0.0.1/jobs",
    ],
)
def test_lookalikes_are_outside_the_fence(link):
    allowed_hosts = AllowedHosts("https://api.vendor.example/v3", ["files.vendor.example"])
    with pytest.raises(ContractError) as caught:
        allowed_hosts.resolve(link)
    assert caught.value.error_code == "source.foreign_host"
    assert "password" not in str(caught.value).replace("user name or password", "")


@pytest.mark.parametrize(
    ("link", "where"),
    [
        ("HTTPS://API.vendor.example/jobs?a=1", "https://api.vendor.example/jobs?a=1"),
        ("https://api.vendor.example:443/jobs", "https://api.vendor.example/jobs"),
        ("https://files.vendor.example/x", "https://files.vendor.example/x"),
        ("jobs?a=1", "https://api.vendor.example/v3/jobs?a=1"),
        ("//evil.example/jobs", "https://api.vendor.example/v3/evil.example/jobs"),
        ("", "https://api.vendor.example/v3"),
    ],
)
def test_the_connections_own_hosts_are_inside(link, where):
    assert str(AllowedHosts("https://api.vendor.example/v3", ["files.vendor.example"]).resolve(link)) == where


def test_a_relative_link_is_read_from_where_it_was_found():
    allowed_hosts = AllowedHosts("https://api.vendor.example/v3")
    assert str(allowed_hosts.follow("?page=2", "https://api.vendor.example/v3/jobs?page=1")).endswith("/v3/jobs?page=2")
    assert str(allowed_hosts.follow("/v4/x", "https://api.vendor.example/v3/jobs")) == "https://api.vendor.example/v4/x"
    with pytest.raises(ContractError):
        allowed_hosts.follow("//evil.example/x", "https://api.vendor.example/v3/jobs")


@pytest.mark.parametrize("link", ["https://x:abc/", "https://xn--/", "https://x/\0", "https://" + "a" * 70_000])
def test_a_link_that_is_no_address_is_refused(link):
    with pytest.raises(ContractError) as caught:
        AllowedHosts("https://api.vendor.example").resolve(link)
    assert caught.value.error_code == "source.bad_link"


@pytest.mark.parametrize("address", ["http://api.vendor.example", "ftp://x.example", "", "https://u:p4ss@x.example"])
def test_an_address_that_is_not_https_is_a_configuration_error(address):
    with pytest.raises(ConfigError) as caught:
        AllowedHosts(address)
    assert caught.value.error_code == "config.address"
    assert "p4ss" not in str(caught.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"])
def test_loopback_may_speak_plain_http(address):
    assert AllowedHosts(address).resolve("x").scheme == "http"


def test_settings_hide_their_headers():
    assert "key-1234" not in repr(HttpSettings("https://x.example", headers={"X-Api-Key": "key-1234"}))
