"""What pages must never do, and to whom they answer."""

from __future__ import annotations

import re

import pytest

from echo_hub.surfaces.words import emphasised, web_link

PATHS = (
    "/for-you?person=E1",
    "/explore",
    "/people",
    "/connections",
    "/nothing",
    "/for-you?person=Sam Moss",
    "/explore?kind=cat",
    "/api/v1/search",
    "/api/v1/openapi.json",
    "/static/echo.css",
    "/static/nothing.css",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(web, path):
    headers = web.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_only_static_files_may_be_kept(web):
    assert web.get("/static/echo.css").headers["cache-control"] == "public, max-age=86400"
    assert web.get("/static/nothing.css").headers["cache-control"] == "no-store"
    assert web.get("/for-you?person=E1").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/for-you?person=E1", "/explore?person=E4", "/people", "/connections?person=E4"])
def test_pages_hold_no_inline_style_or_script(web, path):
    page = web.get(path).text
    assert "<script" not in page
    assert "<style" not in page
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son\w+=", page)


def test_pages_load_nothing_from_elsewhere(web):
    loaded = re.findall(r'<(?:link|img|script|iframe)[^>]*(?:href|src)="([^"]*)"', web.get("/explore").text)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize(
    "path",
    [
        "/opportunities/greenhouse:job:html?person=E4",
        "/explore?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/people?q=%3Cscript%3E",
        "/for-you?person=%3Cscript%3Ealert(1)%3C/script%3E",
        "/explore?department=%22%3E%3Cscript%3E",
        "/opportunities/%3Cscript%3E",
    ],
)
def test_what_people_or_vendors_write_is_only_text(web, path):
    page = web.get(path).text
    assert "<script" not in page
    assert "&lt;script" in page


def test_a_script_in_a_link_is_never_a_link(web):
    page = web.get("/opportunities/exchange:project:bad").text
    assert "javascript:" not in page
    assert "Open in" not in page


def test_a_link_to_the_source_is_whole_and_tells_it_nothing(web, awkward_path):
    page = web.get(awkward_path).text
    assert 'href="https://jobs.example/12?a=1&amp;b=2" rel="noopener noreferrer"' in page


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/relative",
        "https:",
        "http://[broken",
        "ht\x00tps://x.example",
    ],
)
def test_no_other_scheme_becomes_a_link(address):
    assert web_link(address) is None


def test_web_addresses_become_links():
    assert web_link("https://jobs.example/1") == "https://jobs.example/1"
    assert web_link("HTTP://jobs.example/1") == "HTTP://jobs.example/1"


def test_marking_a_name_escapes_all_of_the_sentence():
    assert emphasised("Has <b> & C++ at level 3", "C++") == "Has &lt;b&gt; &amp; <b>C++</b> at level 3"
    assert emphasised("PostgreSQL is not SQL", "SQL") == "PostgreSQL is not <b>SQL</b>"
    assert emphasised("<i>", None) == "&lt;i&gt;"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.0.0.2:80", "localhost:1", "LOCALHOST", "[::1]:8080"])
def test_loopback_names_are_answered(web, host):
    assert web.get("/people", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "", "[::1", "a@b"]
)
def test_another_name_for_this_machine_is_refused(web, host):
    answer = web.get("/api/v1/search", headers={"host": host})
    assert answer.status_code == 400
    assert "Ada" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "hub.tonic.example"])  # noqa: S104, it is refused
def test_nothing_is_served_to_other_machines(run_command, tmp_path, host):
    (tmp_path / "echo-hub.toml").write_text("")
    told = run_command(tmp_path / "echo-hub.toml", "serve", "--host", host, code=2).stderr
    assert told.startswith(f"{host} can be reached from other machines")
    assert "Serve on 127.0.0.1, or set up [sign_in]" in told
