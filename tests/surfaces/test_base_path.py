"""Below a path of a shared host: every page, link, form, redirect, static file and cookie stays below it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest

from echo_hub.settings.serve import ServeSettings
from echo_hub.surfaces.base_path import BasePath

BASE = "/talent/echo"


class Paths(HTMLParser):
    """Everything in a page that leads somewhere, links and forms apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.targets: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.add(value or "")
            if name in ("action", "formaction", "poster", "data", "cite", "srcset"):
                self.targets.add(value or "")


@pytest.fixture(scope="module")
def below(new_hub: Callable[..., Any], browse: Callable[..., Any]) -> Any:
    """A client of a hub below a base path."""
    hub = new_hub()
    hub.settings = replace(hub.settings, serve=ServeSettings(base_path=BASE, requests_per_minute=0))
    return browse(hub)


def test_every_page_that_can_be_reached_leads_to_nothing_outside(below: Any) -> None:
    seen, waiting, pages = set(), deque([f"{BASE}/", f"{BASE}/explore", f"{BASE}/for-you?person=E1"]), 0
    while waiting and pages < 250:
        address = waiting.popleft()
        path = urlsplit(address).path
        # Of pages that differ in their filters only, a few are enough.
        shape = re.sub(r"part|path-\d+|\d+", "", path) + ("?" if "?" in address else "")
        if address in seen or sum(shape == other for other in seen) >= 1:
            continue
        seen |= {address, shape}
        answer = below.get(address)
        pages += 1
        if answer.is_redirect:
            assert answer.headers["location"].startswith(f"{BASE}/"), address
            waiting.append(answer.headers["location"])
            continue
        assert answer.status_code in (200, 403, 404), (address, answer.status_code)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        assert int(answer.headers["content-length"]) == len(answer.content)
        found = Paths(answer.text)
        for link in found.links | found.targets:
            if not link.startswith(("#", "?", "http://", "https://", "mailto:")):
                assert link.startswith(f"{BASE}/"), (address, link)
        waiting.extend(unescape(link) for link in sorted(found.links) if link.startswith(BASE))
    assert pages > 15
    assert f"{BASE}/static/echo.css" in {urlsplit(address).path for address in seen}


@pytest.mark.parametrize("path", [f"{BASE}/sign-in", "/sign-in"])
def test_signing_in_and_out_stays_below_also_where_the_proxy_took_the_path_off(below: Any, path: str) -> None:
    token = re.search(r'name="token" value="([^"]+)"', below.get(path).text)
    assert token is not None
    form = {"token": token[1], "person": "E1", "next": "/explore?q=a"}
    answer = below.post(path, data=form)
    assert answer.headers["location"] == f"{BASE}/explore?q=a"
    assert f"Path={BASE};" in answer.headers["set-cookie"]
    token = re.search(r'name="token" value="([^"]+)"', below.get(f"{BASE}/sign-in").text)
    assert token is not None
    left = below.post(f"{BASE}/sign-out", data={"token": token[1]})
    below.cookies.clear()
    assert left.headers["location"] == f"{BASE}/sign-in"


def test_who_is_not_signed_in_is_led_back_to_the_page(below: Any) -> None:
    below.cookies.clear()
    answer = below.get(f"{BASE}/explore?q=a", headers={"X-Echo-Hub-As": ""})
    assert answer.headers["location"] == f"{BASE}/sign-in?next=%2Fexplore%3Fq%3Da"


def test_the_api_says_where_it_is(below: Any) -> None:
    document = below.get(f"{BASE}/api/v1/openapi.json").json()
    assert document["servers"] == [{"url": BASE}]
    answer = below.get(f"{BASE}/api/v1/sources")
    assert answer.headers["link"] == f'<{BASE}/api/v1/sources>; rel="license"'
    assert below.get(f"{BASE}/api/v1/nothing").json()["code"] == "request.not_found"


@pytest.mark.parametrize("path", ["/talent/echoes", "/talent", "/talent/echo2/explore"])
def test_a_path_that_only_begins_alike_is_another(below: Any, path: str) -> None:
    assert below.get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "/healthz", "/readyz"])
def test_probes_answer_below_and_at_the_root(below: Any, path: str) -> None:
    assert below.get(f"{BASE}{path or '/healthz'}").status_code == 200
    assert below.get(path or "/healthz").status_code == 200


def test_without_a_base_path_nothing_is_touched(web: Any) -> None:
    assert 'href="/static/' in web.get("/explore").text


def test_what_people_write_is_never_taken_for_a_link(below: Any) -> None:
    text = below.get(f'{BASE}/explore?q=+href="/x"').text
    assert f'href="{BASE}/x"' not in text
    assert "href=&#34;/x&#34;" in text


def test_a_cookie_of_this_host_alone_keeps_its_path() -> None:
    rewritten: list[Any] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        cookies = (b"__Host-a=1; Path=/; Secure", b"b=2; path=/; HttpOnly", b"c=3; Path=/sign-out")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", one) for one in cookies]})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        rewritten.append(message)

    import anyio

    anyio.run(BasePath(app, base="/echo"), {"type": "http", "path": "/echo/x"}, None, send)
    assert [value for _, value in rewritten[0]["headers"]] == [
        b"__Host-a=1; Path=/; Secure",
        b"b=2; path=/echo; HttpOnly",
        b"c=3; Path=/echo/sign-out",
    ]
