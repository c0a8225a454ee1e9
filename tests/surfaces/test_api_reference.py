"""The page of the API names every call, parameter and object of the OpenAPI document, and loads nothing else."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from echo_hub.surfaces.web.prose import with_code


@pytest.fixture(scope="module")
def document(web: Any) -> Any:
    """What programs read."""
    return web.get("/api/v1/openapi.json").json()


@pytest.fixture(scope="module")
def page(web: Any) -> str:
    """What people read."""
    answer = web.get("/api")
    assert answer.status_code == 200
    return answer.text


def test_every_call_stands_there_with_its_parameters_and_answers(document: Any, page: str) -> None:
    parts = dict(
        re.findall(r'<article class="sheet break" aria-labelledby="(\w+)">(.*?)</article>', page, flags=re.DOTALL)
    )
    count = 0
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            count += 1
            text = unescape(parts[call["operationId"]])
            assert f"<code>{method.upper()} {path}</code> {call['summary']}" in text
            for parameter in call.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in text, (path, parameter["name"])
                assert unescape(with_code(parameter["description"])) in text, (path, parameter["name"])
            for status in call["responses"]:
                assert f"<strong>{status}</strong>" in text, (path, status)
            assert ("Body: " in text) is ("requestBody" in call)
    assert count > 20


def test_every_object_and_its_fields_stand_there(document: Any, page: str) -> None:
    for name, schema in document["components"]["schemas"].items():
        _, _, rest = page.partition(f'<h3 id="object-{name}">')
        text = rest.partition("</article>")[0]
        assert text, name
        for field in schema.get("properties", {}):
            assert f"<code>{field}</code>" in text, (name, field)


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert len(targets) > 30
    assert targets - set(re.findall(r'id="([^"]+)"', page)) == set()


def test_the_page_works_under_the_strict_policy(web: Any, page: str) -> None:
    assert "script-src" not in web.get("/api").headers["content-security-policy"]
    assert "<script" not in page
    assert not re.search(r'\s(style|onclick)=|src="http', page)


def test_what_is_code_is_marked_up_and_nothing_else_is_trusted(page: str) -> None:
    assert "`" not in page
    assert with_code("send `<a>` & `") == "send <code>&lt;a&gt;</code> &amp; `"


def test_whoever_is_signed_in_keeps_the_navigation(web: Any) -> None:
    assert "Say whom you act as" in web.get("/api", headers={"X-Echo-Hub-As": ""}).text
    assert 'href="/explore"' in web.get("/api").text
