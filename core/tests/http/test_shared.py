"""Clients of several processes: one token for all, minted by one; a rotated refresh token reaches the others."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from echo_core.connectors.errors import AuthError
from echo_core.http.auth import ClientCredentials, RefreshToken
from echo_core.http.client import Client, HttpSettings
from echo_core.http.shared import Shared
from echo_core.testing.sandbox import Reply

SECRET = SecretStr("client-secret-1")


class Kept:
    """What the processes share, as a dictionary."""

    def __init__(self):
        self.tokens = {}
        self.claimed = set()
        self.waited = threading.Event()
        self.lock = threading.Lock()

    def read(self, credential):
        kept = self.tokens.get(credential.name)
        return kept[1] if kept and kept[0] == credential.fingerprint else None

    def claim(self, credential):
        with self.lock:
            if credential.name in self.claimed:
                self.waited.set()
                return 0.01
            self.claimed.add(credential.name)
            return 0.0

    def write(self, credential, token):
        self.tokens[credential.name] = credential.fingerprint, token
        self.give_back(credential)

    def give_back(self, credential):
        self.claimed.discard(credential.name)


class Jealous:
    """A vendor whose new token ends the one before, and whose refresh tokens count once."""

    def __init__(self):
        self.minted = 0
        self.refused = 0
        self.spent = set()
        self.rotates = False
        self.slow = None

    def __call__(self, request):
        if request.path == "/token":
            sent = request.form()
            refresh = sent.get("refresh_token", [None])[0]
            if refresh in self.spent:
                return Reply(400, {"error": "invalid_grant"})
            if self.slow is not None:
                self.slow.wait(10)
            self.minted += 1
            body = {"access_token": f"token-{self.minted}", "expires_in": 3600}
            if self.rotates:
                self.spent.add(refresh)
                body["refresh_token"] = f"refresh-{self.minted}"
            return Reply(200, body)
        if request.headers.get("authorization") == f"Bearer token-{self.minted}":
            return Reply(200, {})
        self.refused += 1
        return Reply(401, {"message": "expired"})


@pytest.fixture
def vendor():
    return Jealous()


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def process(serve, vendor, kept):
    """process() -> a client as another process would have it."""
    server, opened = serve(vendor), []

    def create(auth=None):
        auth = auth(server.url) if auth else ClientCredentials(f"{server.url}/token", "me", SECRET)
        opened.append(Client(HttpSettings(server.url, auth=auth), shared=Shared(tokens=kept)))
        return opened[-1]

    yield create
    for client in opened:
        client.close()


def refreshing(url):
    return RefreshToken(f"{url}/token", "me", SECRET, SecretStr("refresh-given"))


def test_a_token_is_minted_once_for_all_processes_and_outlives_the_one_that_did(process, vendor):
    with process() as first:
        first.get("a")
    process().get("a")
    assert (vendor.minted, vendor.refused) == (1, 0)


def test_two_that_need_a_token_at_once_wait_for_one(process, vendor, kept):
    vendor.slow = kept.waited
    threads = [threading.Thread(target=process().get, args=("a",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.waited.is_set()
    assert (vendor.minted, vendor.refused) == (1, 0)


def test_a_token_that_was_ended_is_taken_from_whoever_minted_the_next(process, vendor, kept):
    ours, theirs = process(), process()
    ours.get("a")
    theirs.get("a")
    vendor.minted += 1  # an outsider
    theirs.get("a")
    ours.get("a")
    assert (vendor.minted, vendor.refused) == (3, 2)


def test_a_kept_token_that_was_ended_too_costs_one_try_more_and_no_request(process, vendor, kept):
    ours, theirs = process(), process()
    ours.get("a")
    vendor.minted += 1
    theirs.get("a")
    vendor.minted += 1
    ours.get("a")  # ours, then the one of theirs, then one of its own
    assert vendor.refused == 3


def test_another_secret_gets_no_token_of_the_one_before(process, vendor):
    process().get("a")
    process(lambda url: ClientCredentials(f"{url}/token", "me", SecretStr("a-wrong-secret"))).get("a")
    assert vendor.minted == 2


def test_a_refresh_token_that_took_the_place_of_the_given_one_reaches_other_processes(process, vendor, kept):
    vendor.rotates = True
    process(refreshing).get("a")
    vendor.minted += 1  # the access token is over
    process(refreshing).get("a")
    ((_, token),) = kept.tokens.values()
    assert token.refresh_token == "refresh-3"
    assert vendor.spent == {"refresh-given", "refresh-1"}


def test_whoever_is_refused_a_token_stands_in_nobodys_way(process, vendor, kept):
    vendor.spent.add("refresh-given")
    with pytest.raises(AuthError):
        process(refreshing).get("a")
    assert kept.claimed == set()


def test_a_kept_token_is_used_until_it_is_to_be_renewed(process, vendor, kept):
    process().get("a")
    ((_, token),) = kept.tokens.values()
    assert 3500 < (token.renew_at - datetime.now(UTC)).total_seconds() < 3545
