"""The one page about the house names what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOTS = (ROOT, ROOT / "core" / "src", ROOT / "plugins" / "workday" / "src")
PATHS = sorted(set(re.findall(r"`((?:core|docs|echo_core|echo_hub|plugins|tests)/[\w/.*]*)`", PAGE)))


def _cells(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]


def _shapes() -> list[tuple[str, str]]:
    pairs = [
        pair
        for _, _, classes, files, _ in _cells("The way of one record")[2:]
        for pair in zip(re.findall(r"`(\w+)`", classes), re.findall(r"`([\w/.]+)`", files), strict=True)
    ]
    assert len(pairs) > 10
    return pairs


@pytest.mark.parametrize("path", PATHS)
def test_every_path_on_the_page_is_there(path):
    assert any(list(root.glob(path.replace("NAME", "*"))) or root.joinpath(f"{path}.py").is_file() for root in ROOTS)


@pytest.mark.parametrize(("name", "file"), _shapes())
def test_every_shape_of_a_record_is_a_class_of_the_file_named_beside_it(name, file):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_every_room_of_the_hub_has_a_line():
    rooms = {path.stem for path in (ROOT / "echo_hub").iterdir() if not path.name.startswith(("_", "py."))}
    assert {room for room in rooms if f"`echo_hub/{room}`" not in PAGE} == set()
