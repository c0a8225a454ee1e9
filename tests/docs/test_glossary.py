"""The words of the glossary are the words of the code: a retired one does not come back."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.nodes import Name
from sqlmodel import SQLModel

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "echo_hub", ROOT / "core" / "src", *sorted((ROOT / "plugins").glob("*/src")))


def _rows(heading: str) -> Iterator[list[str]]:
    section = GLOSSARY.split(f"## {heading}\n")[1].split("\n## ")[0]
    for line in [line for line in section.splitlines() if line.startswith("|")][2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def _headings() -> list[str]:
    return re.findall(r"^## (.+)$", GLOSSARY, flags=re.MULTILINE)


def _words(identifier: str) -> set[str]:
    """The parts of snake_case and CamelCase, and each part without a plural s."""
    parts = {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}
    return parts | {part.removesuffix("s") for part in parts}


def _identifiers(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME and not keyword.iskeyword(token.string)}


def _exceptions(heading: str) -> dict[str, set[str]]:
    """By word, where it may stand all the same."""
    return {word: {part.strip(" `") for part in where.split(",") if part.strip()} for word, _, where in _rows(heading)}


def _given(text: str) -> set[str]:
    """The names a file gives to its variables, parameters, functions and fields."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(ast.Name(id="self"), name, ast.Store()):
                names.add(name)
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
    return names


def _given_in_template(text: str) -> set[str]:
    """The variables of a page: what it is given, its loops and the parameters of its macros."""
    return {node.name for node in Environment(autoescape=True).parse(text).find_all(Name)}


RETIRED, NAMELESS = _exceptions("Retired words"), _exceptions("Names that say nothing")
WORDLISTS = ("Retired words", "Names that say nothing")


@pytest.fixture(scope="module")
def named() -> dict[str, set[str]]:
    """Identifiers by where they stand: files, tables with their columns, routes, and options of commands."""
    names = {
        path.relative_to(ROOT).as_posix(): _identifiers(path.read_text(encoding="utf-8")) | {path.stem}
        for source in SOURCES
        for path in source.rglob("*.py")
    }
    for module in (ROOT / "echo_hub" / "store").glob("*tables.py"):
        import_module(f"echo_hub.store.{module.stem}")
    for table in SQLModel.metadata.sorted_tables:
        names[f"table {table.name}"] = {table.name, *(column.name for column in table.columns)}
    for path in (ROOT / "echo_hub" / "surfaces").rglob("*.py"):
        routes = re.findall(r"@\w+\.(?:get|post|put|patch|delete)\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))
        names[f"routes of {path.name}"] = {part for route in routes for part in re.split(r"[/{}-]", route)}
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    names["docs/reference.md"] = set(re.findall(r"--[a-z-]+|`echo-hub [a-z -]+", reference))
    return names


@pytest.mark.parametrize("word", sorted(RETIRED))
def test_a_retired_word_names_nothing(word, named):
    uses = {
        where: sorted(name for name in names if word in _words(name))
        for where, names in named.items()
        if not any(where.startswith(allowed) for allowed in RETIRED[word])
    }
    assert {where: names for where, names in uses.items() if names} == {}


@pytest.fixture(scope="module")
def given() -> dict[str, set[str]]:
    """The names that files give, by file."""
    return {
        path.relative_to(ROOT).as_posix(): read(path.read_text(encoding="utf-8"))
        for pattern, read in (("*.py", _given), ("*.html", _given_in_template))
        for source in SOURCES
        for path in source.rglob(pattern)
    }


@pytest.mark.parametrize("word", sorted(NAMELESS))
def test_a_name_that_says_nothing_is_given_to_nothing(word, given):
    allowed = tuple(NAMELESS[word])
    assert [path for path, names in given.items() if word in names and not path.startswith(allowed)] == []


def test_every_exception_is_still_needed(named):
    for word, places in (*RETIRED.items(), *NAMELESS.items()):
        for allowed in places:
            assert any(
                word in _words(name) for where, names in named.items() if where.startswith(allowed) for name in names
            ), f"{word!r} no longer stands in {allowed}"


def test_the_words_stand_in_order_and_once():
    words = [row[0] for heading in _headings() if heading not in WORDLISTS for row in _rows(heading)]
    assert len(words) == len(set(words))
    for heading in _headings():
        listed = [row[0] for row in _rows(heading)]
        assert listed == sorted(listed), heading
    assert not set(words) & set(RETIRED)
