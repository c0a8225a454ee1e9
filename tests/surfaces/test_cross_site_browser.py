"""A page of another origin makes a signed-in browser ask for changes: the cookie comes along, nothing changes."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import tokens

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><meta charset="utf-8"><title>Win a bicycle</title>
<form id="api" action="{hub}/api/v1/tokens" method="post" enctype="text/plain">
  <input name='{{"name": "x", "rest' value='"}}'>
</form>
<form id="page" action="{hub}/tokens" method="post">
  <input name="name" value="x"><input name="role" value="auditor"><input name="days" value="1">
</form>
"""
FETCH = """url => fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}'}).catch(String)"""


@pytest.fixture
def elsewhere(site):
    """Another port of this machine: another origin of the same site, so that not even `SameSite` keeps the cookie."""
    body = PAGE.format(hub=site.url).encode()

    class Bicycle(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Bicycle)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def page(chromium, site):
    """A window whose person has signed in at the hub as HR operations."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    page.check("input[value=hr_operations]")
    page.click("main button[type=submit]")
    page.goto(f"{site.url}/tokens")
    assert page.locator("h1").inner_text() == "Service tokens"
    yield page
    context.close()


@pytest.mark.parametrize("way", ["api", "page"])
def test_a_change_that_another_origin_asks_for_is_refused_although_the_cookie_is_sent(
    demo_hub, site, page, elsewhere, way
):
    before = tokens.tokens(OPERATOR, demo_hub[0])
    page.goto(elsewhere)
    with page.expect_response(lambda answer: answer.request.method == "POST") as waited:
        page.evaluate("id => document.getElementById(id).submit()", way)
    assert "echo_hub_development" in waited.value.request.all_headers()["cookie"]
    assert waited.value.status == 403
    assert tokens.tokens(OPERATOR, demo_hub[0]) == before


def test_a_script_of_another_origin_changes_nothing_either_and_may_not_read_the_refusal(
    demo_hub, site, page, elsewhere
):
    before = tokens.tokens(OPERATOR, demo_hub[0])
    page.goto(elsewhere)
    assert "TypeError" in page.evaluate(FETCH, f"{site.url}/api/v1/tokens")
    assert tokens.tokens(OPERATOR, demo_hub[0]) == before


def test_the_same_form_from_the_hub_itself_is_taken(demo_hub, page):
    page.fill("#name", "Export")
    page.check("input[value=hr_operations]")
    page.click("text=Make the token")
    assert page.locator(".notice code").first.inner_text().startswith("eh_")
    assert tokens.tokens(OPERATOR, demo_hub[0])[0].name == "Export"
