"""The small language in which a dialect says where a value lies inside a vendor's record.

    a.b               the value under `b` of the object under `a`
    a."b.c/d"         a key that holds dots or brackets stands in double quotes
    a[0].b            the first element of the list
    a[*].b            every element; the answer is a list
    a[kind=x].b       the elements whose `kind` is the text "x"; the answer is a list
    (empty)           the record itself

A missing key or element gives nothing; an object where a list was expected counts as a list of one (older servers
send a single object where newer ones send a list). Any other surprise is an error, never a silent blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from echo_core.connectors.errors import RecordError

_KEY = re.compile(r'"([^"]+)"|([^."\[\]]+)')
_SELECTOR = re.compile(r"\[(?:(\*)|(\d+)|([^=\[\]]+)=([^\[\]]*))\]")


@dataclass(frozen=True, slots=True)
class Every:
    """`[*]`, or `[name=text]` when `name` is set."""

    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """`[n]`."""

    index: int


Step = str | Every | At


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A parsed path. `many` says that the answer is a list, `plain` that there are only keys."""

    text: str
    steps: tuple[Step, ...]
    many: bool
    plain: bool

    def find(self, record: Any) -> Any:
        """The value, None where it is missing; for a path with `[*]` or `[a=b]` the list of values found.

        Raises:
            RecordError: the record has another shape than the path expects, e.g. text where an object should be.
        """
        if self.plain:
            return self._walk(record)
        values = [record]
        for step in self.steps:
            values = [after for before in values for after in self._step(before, step)]
        if self.many:
            return [value for value in values if value is not None]
        return values[0] if values else None

    def _walk(self, value: Any) -> Any:
        """`find` for keys alone, which most paths are; it saves half the time of a mapping."""
        for key in self.steps:
            if value is None:
                return None
            if type(value) is not dict and not isinstance(value, Mapping):
                raise self._surprise("an object", value)
            value = value.get(key)
        return value

    def _step(self, value: Any, step: Step) -> Iterable[Any]:
        if value is None:
            return ()
        if isinstance(step, str):
            if not isinstance(value, Mapping):
                raise self._surprise("an object", value)
            return (value.get(step),)
        if isinstance(step, At):
            if not isinstance(value, list):
                raise self._surprise("a list", value)
            return value[step.index : step.index + 1]
        elements = value if isinstance(value, list) else [value]
        if not step.name:
            return elements
        return [item for item in elements if isinstance(item, Mapping) and str(item.get(step.name)) == step.text]

    def _surprise(self, expected: str, value: Any) -> RecordError:
        return RecordError(
            f"The field {self.text!r} cannot be read: {expected} was expected.",
            field=self.text,
            value_type=type(value).__name__,
        )


@lru_cache(maxsize=1024)
def parse(text: str) -> FieldPath:
    """The path written in `text`.

    Raises:
        ValueError: the text is no path; the message says where it breaks.
    """
    steps: list[Step] = []
    place = 0
    while place < len(text):
        if place:
            if text[place] != ".":
                raise ValueError(f"path {text!r}: '.' expected at position {place}")
            place += 1
        key = _KEY.match(text, place)
        if key is None:
            raise ValueError(f"path {text!r}: a key was expected at position {place}")
        steps.append(key[1] or key[2])
        place = key.end()
        while place < len(text) and text[place] == "[":
            selector = _SELECTOR.match(text, place)
            if selector is None:
                raise ValueError(f"path {text!r}: no such selector at position {place}; use [*], [0] or [name=text]")
            every, index, name, wanted = selector.groups()
            steps.append(Every() if every else At(int(index)) if index else Every(name, wanted))
            place = selector.end()
    many = any(isinstance(step, Every) for step in steps)
    return FieldPath(text, tuple(steps), many, all(isinstance(step, str) for step in steps))


class Selection:
    """The part of a record that a set of paths can see. Everything else is left out before anything is stored."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        self._everything = False
        for text in sorted(set(paths)):
            self._add(parse(text))

    @property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys the paths begin with, sorted."""
        return tuple(sorted(self._tree))

    def prune(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of `record` that holds only what the paths can see."""
        return dict(record) if self._everything else _pruned(record, self._tree)

    def _add(self, path: FieldPath) -> None:
        if not path.steps:
            self._everything = True
            return
        chain: list[str] = []
        for step in path.steps:
            if isinstance(step, str):
                chain.append(step)
            elif isinstance(step, Every) and step.name:
                self._insert([*chain, step.name])
        self._insert(chain)

    def _insert(self, chain: list[str]) -> None:
        node = self._tree
        for key in chain[:-1]:
            child = node.setdefault(key, {})
            if child is True:
                return
            node = child
        node[chain[-1]] = True


def _pruned(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_pruned(item, tree) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: value[key] if below is True else _pruned(value[key], below) for key, below in tree.items() if key in value
    }
