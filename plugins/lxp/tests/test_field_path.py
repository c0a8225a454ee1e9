"""The path language: what it finds, what it refuses, and what a selection of paths lets through."""

from __future__ import annotations

from typing import Any

import pytest

from echo_core.connectors.errors import RecordError
from echo_hub_lxp.field_path import Selection, parse

RECORD = {
    "a": {"b": "x", "c.d/e": "quoted", "none": None},
    "list": [{"kind": "x", "id": "1"}, {"kind": "y", "id": "2"}, {"kind": "x", "id": "3"}],
    "single": {"id": "9"},
    "nested": [{"in": [{"v": 1}, {"v": 2}]}, {"in": []}, {}],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", RECORD),
        ("a.b", "x"),
        ('a."c.d/e"', "quoted"),
        ("a.missing", None),
        ("missing.too", None),
        ("a.none.deeper", None),
        ("list[0].id", "1"),
        ("list[7].id", None),
        ("list[*].id", ["1", "2", "3"]),
        ("list[kind=x].id", ["1", "3"]),
        ("list[kind=z].id", []),
        ("single[*].id", ["9"]),
        ("missing[*].id", []),
        ("nested[*].in[*].v", [1, 2]),
    ],
)
def test_a_path_finds_what_it_describes(path: str, found: Any) -> None:
    assert parse(path).find(RECORD) == found


@pytest.mark.parametrize(("path", "record"), [("a.b", {"a": "text"}), ("a[0]", {"a": {"b": 1}}), ("a.b", {"a": [1]})])
def test_another_shape_than_expected_is_an_error_that_names_path_and_type(path: str, record: dict[str, Any]) -> None:
    with pytest.raises(RecordError) as caught:
        parse(path).find(record)
    assert caught.value.field == path
    assert caught.value.value_type in ("str", "dict", "list")


@pytest.mark.parametrize("path", [".a", "a..b", "a[", "a[]", "a[x]", 'a."', "a[*]b", "a]"])
def test_a_malformed_path_is_refused_when_it_is_parsed(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse(path)


def test_a_selection_keeps_only_what_its_paths_can_see() -> None:
    kept = Selection(["a.b", "list[kind=x].id", "single"]).prune({**RECORD, "secret": "launch"})
    assert kept == {"a": {"b": "x"}, "list": RECORD["list"], "single": {"id": "9"}}


def test_a_selection_that_sees_a_whole_object_keeps_it_whole_whatever_else_it_sees() -> None:
    assert Selection(["a", "a.b"]).prune({"a": {"b": 1, "c": 2}}) == {"a": {"b": 1, "c": 2}}


def test_a_selection_of_the_whole_record_keeps_everything() -> None:
    assert Selection([""]).prune({"x": 1}) == {"x": 1}


def test_a_selection_leaves_broken_shapes_as_they_are_for_the_mapping_to_refuse() -> None:
    assert Selection(["a.b"]).prune({"a": "text"}) == {"a": "text"}


def test_every_path_finds_the_same_before_and_after_pruning() -> None:
    paths = ["a.b", "list[kind=x].id", "nested[*].in[*].v", 'a."c.d/e"']
    pruned = Selection(paths).prune(RECORD)
    assert [parse(path).find(pruned) for path in paths] == [parse(path).find(RECORD) for path in paths]
