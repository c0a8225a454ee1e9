"""Dialects are data: loaded strictly, complete, and enough to add a platform without a line of code."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from echo_core.connectors.errors import ConfigError
from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.dialect import load_dialect, names, read_dialect
from echo_hub_lxp.streams import streams

SMALL = """
name = "small"
title = "Small"
base_url = "https://small.example"
[[auth]]
kind = "static_bearer"
[words.kind]
C = "course"
[streams.catalogue]
entity = "learning_path"
get = "courses"
key = { path = "id" }
map = { title = "title" }
"""

# Adobe's Learning Manager as its public reference describes it: JSON:API, links.next, completions as enrolments.
FURTHER = """
name = "learning_manager"
title = "Learning Manager"
base_url = "https://learningmanager.example/primeapi/v2/"
accept = "application/vnd.api+json"

[[auth]]
kind = "oauth2_cc"
token_url = "https://accounts.example/oauth/token"
body = "json"

[words.type]
course = "course"
learningProgram = "path"
certification = "certification"

[words.state]
Published = "open"
Retired = "closed"

[words.enrolment]
COMPLETED = "completed"
ENROLLED = "enrolled"
STARTED = "in_progress"

[streams.catalogue]
entity = "learning_path"
get = "learningObjects"
records = "data"
params = { "filter.loTypes" = "course,learningProgram,certification" }
required = ["id", "attributes"]
key = { path = "id" }
page = { kind = "body_url", next = "links.next", limit_param = "page[limit]", limit = 10 }

[streams.catalogue.map]
title = { from = "attributes.localizedMetadata", convert = [
  { use = "pick_locale", locale_key = "locale", value_key = "name" },
] }
description = { from = "attributes.localizedMetadata", convert = [
  { use = "pick_locale", locale_key = "locale", value_key = "description" },
  "html",
] }
status = { from = "attributes.state", convert = [{ use = "words", table = "state", otherwise = "closed" }] }
content_kind = { from = "attributes.loType", convert = [{ use = "kind", table = "type", otherwise = "other" }] }
languages = { from = "attributes.localizedMetadata[*].locale", convert = ["locale"] }
minutes = { from = "attributes.duration", convert = ["seconds"] }
parents = { from = "relationships.parents.data[type=learningObject].id" }
updated_at = { from = "attributes.dateUpdated", convert = ["time"] }

[[streams.catalogue.requirements]]
origin = "vendor_skill"
from = "skills[*].attributes.skillName"

[[streams.catalogue.requirements]]
origin = "vendor_tag"
from = "attributes.tags"

[streams.catalogue.join]
included = "included"
ref = "relationships.skill.data"
into = "skills"

[streams.completions]
entity = "learning_record"
get = "enrollments"
records = "data"
removal = "none"
required = ["id", "attributes", "relationships"]
key = { path = "id" }
page = { kind = "body_url", next = "links.next" }

[[streams.completions.person]]
scheme = "source"
from = "relationships.learner.data.id"

[streams.completions.map]
object_id = "relationships.learningObject.data.id"
object_kind = { const = "course" }
state = { from = "attributes.state", convert = [{ use = "words", table = "enrolment" }] }
progress = { from = "attributes.progressPercent", convert = ["percent"] }
success = { from = "attributes.hasPassed", convert = ["boolean"] }
completed_at = { from = "attributes.dateCompleted", convert = ["time"] }
"""


def _learning_manager(request: httpx.Request) -> httpx.Response:
    def answer(body: dict[str, Any]) -> httpx.Response:
        return httpx.Response(200, json=body, headers={"content-type": "application/vnd.api+json"})

    if request.url.path == "/oauth/token":
        return httpx.Response(200, json={"access_token": "minted", "expires_in": 600})
    assert request.headers["authorization"] == "Bearer minted"
    assert request.headers["accept"] == "application/vnd.api+json"
    if request.url.path.endswith("/enrollments"):
        relationships = {
            "learner": {"data": {"type": "user", "id": "4711"}},
            "learningObject": {"data": {"type": "learningObject", "id": "course:1"}},
        }
        attributes = {
            "state": "COMPLETED",
            "progressPercent": 100,
            "hasPassed": True,
            "dateCompleted": "2026-02-01T10:00:00.000Z",
        }
        return answer(
            {"links": {}, "data": [{"id": "course:1_4711", "attributes": attributes, "relationships": relationships}]}
        )
    if "page[cursor]" in request.url.params:
        names = [{"locale": "en-US", "name": "Data path", "description": ""}]
        path = {
            "id": "learningProgram:2",
            "attributes": {"loType": "learningProgram", "state": "Retired", "localizedMetadata": names},
        }
        return answer({"links": {"self": "…"}, "data": [path]})
    attributes = {
        "loType": "course",
        "state": "Published",
        "duration": 5400,
        "tags": ["pipelines"],
        "dateUpdated": "2026-01-01T00:00:00.000Z",
        "localizedMetadata": [
            {"locale": "fr-FR", "name": "Des données"},
            {"locale": "en-US", "name": "Data", "description": "<b>All</b> of it"},
        ],
    }
    relationships = {
        "skill": {"data": {"type": "skill", "id": "9"}},
        "parents": {"data": [{"type": "learningObject", "id": "learningProgram:2"}, {"type": "other", "id": "x"}]},
    }
    return answer({
        "links": {"next": "https://learningmanager.example/primeapi/v2/learningObjects?page[cursor]=abc"},
        "data": [{"id": "course:1", "attributes": attributes, "relationships": relationships}],
        "included": [{"type": "skill", "id": "9", "attributes": {"skillName": "Data Engineering"}}],
    })  # fmt: skip


def test_a_further_platform_is_a_record_alone(tmp_path: Path, stubbed: Callable[..., Any]) -> None:
    (tmp_path / "learning_manager.toml").write_text(FURTHER, encoding="utf-8")
    config = LxpConfig.model_validate(
        {"dialect": str(tmp_path / "learning_manager.toml"), "client_id": "c", "client_secret": "c-secret-1"}
    )
    connection = stubbed(config, _learning_manager)
    catalogue, completions = connection.run("catalogue"), connection.run("completions")
    assert catalogue.quarantined == completions.quarantined == {}
    course, path = catalogue.by_id["course:1"], catalogue.by_id["learningProgram:2"]
    assert (course.title, course.description, course.minutes, course.languages) == (
        "Data",
        "All of it",
        90,
        ("fr-FR", "en-US"),
    )
    assert (course.parents, [requirement.label for requirement in course.requirements]) == (
        ("learningProgram:2",),
        ["Data Engineering"],
    )
    assert (path.title, path.content_kind, path.status) == ("Data path", "path", "closed")
    done = completions.by_id["course:1_4711"]
    assert done.is_skill_evidence
    assert done.person.value == "4711"


def test_the_dialects_that_come_with_the_plug_in_load() -> None:
    assert names() == ("degreed", "percipio", "xapi")
    assert [load_dialect(name).name for name in names()] == list(names())


def test_no_dialect_is_named_in_the_engine() -> None:
    package = files("echo_hub_lxp")
    sources = [entry for entry in package.iterdir() if entry.name.endswith(".py") and entry.name != "__init__.py"]
    assert len(sources) > 10
    for source in sources:
        text = source.read_text(encoding="utf-8")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.NAME, tokenize.STRING) and not token.string.startswith(('"""', 'r"""')):
                assert not any(name in token.string.lower() for name in names()), f"{source.name}: {token.string}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('kind = "static_bearer"', 'kind = "magic"'), "static_bearer"),
        (
            ('map = { title = "title" }', 'map = { title = { from = "t", convert = ["magic"] } }'),
            "unknown converter 'magic'",
        ),
        (
            ('map = { title = "title" }', 'map = { title = { from = "t", convert = [{ use = "prefix" }] } }'),
            "needs ['text']",
        ),
        (
            ('map = { title = "title" }', 'map = { title = { from = "t", convert = [{ use = "html", x = 1 }] } }'),
            "takes []",
        ),
        (
            (
                'map = { title = "title" }',
                'map = { title = { from = "t", convert = [{ use = "words", table = "no" }] } }',
            ),
            "['no']",
        ),
        (('map = { title = "title" }', 'map = { colour = "title" }'), "has no field ['colour']"),
        (('map = { title = "title" }', 'map = { title = "a..b" }'), "a key was expected"),
        (
            ('map = { title = "title" }', 'map = { title = { const = "x", from = "y" } }'),
            "exactly one of from, gather, const",
        ),
        (('get = "courses"', 'get = "courses"\npage = { kind = "magic" }'), "body_url"),
        (('get = "courses"', ""), "exactly one of get, job"),
        (('get = "courses"', 'get = "courses"\nsecret_sauce = 1'), "secret_sauce"),
        (('get = "courses"', 'get = "courses"\nwindow = { since = "a", until = "b" }'), "cannot be snapshot"),
        (("key = { path", 'person = [{ scheme = "email", from = "mail" }]\nkey = { path'), "person rules belong"),
        (('key = { path = "id" }', "key = {}"), "a key needs path or digest"),
        (("[words.kind]", "[words.kind"), "line"),
    ],
)
def test_a_wrong_record_is_refused_when_it_is_loaded(change: tuple[str, str], told: str) -> None:
    assert read_dialect(SMALL, "small").name == "small"
    with pytest.raises(ConfigError) as caught:
        read_dialect(SMALL.replace(*change), "small")
    assert told in caught.value.detail
    assert caught.value.error_code == "config.dialect"


def test_a_changed_dialect_is_a_changed_mapping(tmp_path: Path) -> None:
    names = set()
    for number, text in enumerate((SMALL, SMALL, SMALL.replace('title = "title" }', 'title = "name" }'))):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        (stream,) = streams(LxpConfig.model_validate({"dialect": str(path), "token": "t"}))
        names.add(vars(stream.map)["__qualname__"])
    assert len(names) == 2


def test_an_unknown_dialect_is_answered_with_the_choices() -> None:
    with pytest.raises(ConfigError, match="degreed, percipio, xapi"):
        load_dialect("nobody")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_dialect("/nowhere/at-all.toml")
