"""The page of the REST API: the OpenAPI document, made readable here, so that no script from elsewhere is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from echo_hub.services.access import ForbiddenError
from echo_hub.surfaces.sign_in.acting import acting_before_notice
from echo_hub.surfaces.sign_in.problems import SignInNeededError
from echo_hub.surfaces.web.rendering import render

JsonObject = Mapping[str, Any]
WRAPPED = re.compile(r"\n(?![*\n])\s*")
"""The end of a line that goes on in the next one; items and paragraphs begin after the others."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a call or a property of an object. `shape` names its type, `of` the object it leads to."""

    name: str
    shape: str
    of: str | None
    required: bool
    place: str
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    fields: tuple[Field, ...]
    body: tuple[str, str | None] | None
    answers: tuple[tuple[str, str, str, str | None], ...]


def api_pages(app: FastAPI) -> APIRouter:
    """The route of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/api")
    def api_reference(request: Request) -> Response:
        with suppress(SignInNeededError, ForbiddenError):  # for everybody; whoever is signed in keeps the navigation
            acting_before_notice(request)
        document = app.openapi()
        every = tuple(calls(document))
        chapters = [
            (tag["name"], tag.get("description", ""), [call for name, call in every if name == tag["name"]])
            for tag in document.get("tags", ())
        ]
        return render(
            request,
            "api.html",
            "",
            about=WRAPPED.sub(" ", document["info"].get("description", "")),
            chapters=chapters,
            objects=list(objects(document)),
        )

    return routes


def calls(document: JsonObject) -> Iterator[tuple[str, Call]]:
    """Every call with the tag it stands under."""
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            content = said.get("requestBody", {}).get("content", {})
            yield (
                said["tags"][0],
                Call(
                    *(said["operationId"], method.upper(), path, said["summary"], said.get("description", "")),
                    fields=tuple(_parameter(each) for each in said.get("parameters", ())),
                    body=next((shape(each["schema"]) for each in content.values()), None),
                    answers=tuple(_answer(status, each) for status, each in said["responses"].items()),
                ),
            )


def objects(document: JsonObject) -> Iterator[tuple[str, str, tuple[Field, ...], str]]:
    """Every object that calls take or answer: name, description, properties; what it is where it has none."""
    for name, schema in sorted(document["components"]["schemas"].items()):
        needed = schema.get("required", ())
        properties = tuple(
            Field(key, *shape(each), key in needed, "", each.get("description", ""))
            for key, each in schema.get("properties", {}).items()
        )
        yield name, schema.get("description", ""), properties, shape(schema)[0]


def shape(schema: JsonObject) -> tuple[str, str | None]:
    """A schema in a few words, and the object it leads to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            parts = [shape(each) for each in schema[several]]
            words = " or ".join(dict.fromkeys(word for word, _ in parts))
            return words, next((target for _, target in parts if target), None)
    if "enum" in schema or "const" in schema:
        return " | ".join(map(str, schema.get("enum", [schema.get("const")]))), None
    if schema.get("type") == "array":
        items = schema.get("items", schema.get("prefixItems", [{}])[0] if schema.get("prefixItems") else {})
        word, target = shape(items)
        return f"list of {word}", target
    if isinstance(schema.get("additionalProperties"), Mapping):
        word, target = shape(schema["additionalProperties"])
        return f"{word} by name", target
    kind = str(schema.get("type", "anything"))
    form = f" ({schema['format']})" if "format" in schema else ""
    return f"{kind}{form}", None


def _parameter(said: JsonObject) -> Field:
    return Field(
        said["name"], *shape(said["schema"]), said.get("required", False), said["in"], said.get("description", "")
    )


def _answer(status: str, said: JsonObject) -> tuple[str, str, str, str | None]:
    content = said.get("content", {})
    word, target = next((shape(each.get("schema", {})) for each in content.values()), ("nothing", None))
    return status, said.get("description", ""), word, target
