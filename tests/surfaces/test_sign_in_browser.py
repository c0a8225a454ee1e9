"""The whole way through a real browser without JavaScript: to a provider, the notice, the page, and out again."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace

import httpx
import oidc_provider_mock
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe

from echo_hub.settings import SignInSettings
from echo_hub.surfaces.web.app import create_app

pytestmark = pytest.mark.browser
WIDTH = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def url(fresh_hub, provider):
    httpx.put(f"{provider}/users/ada", json={"email": "ada@tonic.example", "email_verified": True})
    httpx.put(f"{provider}/users/x", json={"email": "nobody@tonic.example", "email_verified": True})
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://localhost:{listener.getsockname()[1]}"
    settings = SignInSettings(
        method="oidc",
        public_url=address,
        issuer=provider,
        client_id="hub",
        client_secret="secret",
        contact="Talent team",
    )
    fresh_hub.settings = replace(fresh_hub.settings, sign_in=settings)
    server = uvicorn.Server(uvicorn.Config(create_app(fresh_hub), log_level="error", ws="none", proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield address
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def browse_as(chromium):
    contexts = []

    def create(width, scheme):
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        return context.new_page()

    yield create
    for context in contexts:
        context.close()


def barriers(page):
    violations = Axe().run(page).response["violations"]
    assert page.evaluate(WIDTH) <= 0
    return [each["id"] for each in violations if each["impact"] in ("serious", "critical")]


def at_provider(page, sub):
    page.fill("input[name=sub]", sub)
    page.click("button[type=submit] >> nth=0")
    page.wait_for_load_state()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_from_a_deep_link_to_the_provider_back_and_out(url, provider, browse_as, width, scheme):
    page = browse_as(width, scheme)
    page.goto(f"{url}/explore?q=python")
    assert page.url.startswith(provider)
    at_provider(page, "x")
    assert "Nobody on file goes with your account" in page.inner_text("main")
    assert "Ask Talent team." in page.inner_text("main")
    assert barriers(page) == []
    page.goto(f"{url}/explore?q=python")
    at_provider(page, "ada")
    assert page.inner_text("h1").startswith("What Echo Hub matches")
    assert barriers(page) == []
    page.click("text=I have read this")
    page.wait_for_url(f"{url}/explore?q=python")
    page.click("a.viewer")
    assert page.inner_text("h1") == "Your sign-in"
    assert barriers(page) == []
    page.click("form[action='/sign-out'] button")
    page.wait_for_url(f"{provider}/oauth2/end_session?*")
    page.click("button[type=submit] >> nth=0")
    page.wait_for_url(f"{url}/signed-out")
    assert page.inner_text("h1") == "You are signed out of Echo Hub"
    assert barriers(page) == []
    page.goto(f"{url}/for-you")
    assert page.url.startswith(provider)
