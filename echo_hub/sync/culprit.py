"""Which field makes a validation raise something that names no field: an `OverflowError` of a date, say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

TRIES = 400
"""Validations spent on one record: it is looked into when it has failed already, so most records cost none."""
DEPTH = 6


class Culprit(NamedTuple):
    """A field's path, e.g. "parent_job.updated_at", and the type of its value; both empty when nobody can tell."""

    field: str = ""
    value_type: str = ""


def culprit_of(validate: Callable[[Any], Any], raw: Any) -> Culprit:
    """The deepest field without which `validate(raw)` stops raising what is no `ValidationError`."""
    if not _raises(validate, raw):
        return Culprit()
    left = iter(range(TRIES))
    path: tuple[str | int, ...] = ()
    value = raw
    while len(path) < DEPTH:
        for name, inner in _parts(value):
            if next(left, None) is None:
                return _named(path, value)
            if not _raises(validate, _without(raw, (*path, name))):
                path, value = (*path, name), inner
                break
        else:
            break
    return _named(path, value)


def _named(path: tuple[str | int, ...], value: Any) -> Culprit:
    return Culprit(".".join(map(str, path)), type(value).__name__) if path else Culprit()


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from ((name, inner) for name, inner in value.items() if isinstance(name, str))
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def _without(value: Any, path: Sequence[str | int]) -> Any:
    """A copy of `value` in which the part at `path` is missing from a mapping, or null in a list."""
    first, *rest = path
    if isinstance(value, Mapping):
        copy = dict(value)
        if rest:
            copy[str(first)] = _without(copy[str(first)], rest)
        else:
            del copy[str(first)]
        return copy
    items = list(value)
    items[int(first)] = _without(items[int(first)], rest) if rest else None
    return items


def _raises(validate: Callable[[Any], Any], raw: Any) -> bool:
    try:
        validate(raw)
    except ValidationError:
        return False
    except Exception:  # noqa: BLE001, whatever it is: the culprit is still inside
        return True
    return False
