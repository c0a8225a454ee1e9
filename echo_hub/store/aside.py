"""Stored items that cannot be used, kept aside with the reason: one bad row never keeps the others from being read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy
from pydantic import ValidationError

Row = TypeVar("Row")
Item = TypeVar("Item")
LEVELS = range(1, 6)
"""Levels of skill that there are."""
MOST = 1000
"""How many items of one kind are named; of further ones only the number is kept."""


class UnusableError(ValueError):
    """A stored item says something that cannot be. The message is a sentence for whoever repairs it."""


@dataclass(frozen=True, slots=True, order=True)
class Aside:
    """One stored item that is left out. `key` is its id in the words of its kind, `reason` a sentence."""

    kind: str
    key: str
    reason: str


class SetAside:
    """Collects what is left out while stored rows are read; counts all of it and names the first of each kind."""

    def __init__(self, items: Iterable[Aside] = (), counts: Mapping[str, int] | None = None) -> None:
        self._items = {(item.kind, item.key): item for item in items}
        self._counts = Counter(counts if counts is not None else (kind for kind, _ in self._items))

    def add(self, kind: str, key: str, why: str | Exception) -> None:
        """Leaves an item out; a second reason for the same item changes nothing."""
        if (kind, key) in self._items:
            return
        self._counts[kind] += 1
        if self._counts[kind] <= MOST:
            self._items[kind, key] = Aside(kind, key, why if isinstance(why, str) else reason(why))

    def take(self, other: SetAside) -> None:
        """Adds what another reading left out."""
        for kind, count in other.counts.items():
            named = [item for item in other.items if item.kind == kind]
            for item in named:
                self.add(item.kind, item.key, item.reason)
            self._counts[kind] += count - len(named)

    def only(self, keep: Callable[[Aside], bool]) -> SetAside:
        """Some of it; what is counted only stays counted where any of its kind stays."""
        items = [item for item in self.items if keep(item)]
        kinds = {item.kind for item in items}
        gone = Counter(item.kind for item in self.items if not keep(item))
        return SetAside(items, {kind: count - gone[kind] for kind, count in self._counts.items() if kind in kinds})

    def may_hold(self, kind: str, key: str) -> bool:
        """Whether the item is left out, or could be one of those that are only counted."""
        return (kind, key) in self._items or self._counts[kind] > MOST

    @property
    def items(self) -> tuple[Aside, ...]:
        """The named ones, by kind and key."""
        return tuple(sorted(self._items.values()))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items of each kind are left out."""
        return {kind: count for kind, count in sorted(self._counts.items()) if count}

    def __bool__(self) -> bool:
        return bool(self.counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SetAside) and (self.items, self.counts) == (other.items, other.counts)

    __hash__ = None  # type: ignore[assignment]  # it grows


def each(
    rows: Iterable[Row],
    make: Callable[[Row], Item],
    kind: str,
    key: Callable[[Row], str],
    aside: SetAside | None,
) -> Iterator[Item]:
    """What `make` makes of every row; one that it cannot make anything of is left out.

    Args:
        kind, key: what to call a row that is left out.
        aside: where to note it; None where a reader of the same rows has noted it already.
    """
    for row in rows:
        try:
            item = make(row)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one row, the others are read
            if aside is not None:
                aside.add(kind, key(row), error)
        else:
            yield item


def stated(row: sqlalchemy.Row[Any], *moments: str) -> dict[str, Any]:
    """The columns of a row by name, if these moments, which every such row has, can be read.

    Raises:
        UnusableError: names the first that cannot.
    """
    values = dict(row._mapping)
    for name in moments:
        if values[name] is None:
            raise UnusableError(f"Its {name} is no moment in time.")
    return values


def reason(error: Exception) -> str:
    """An error as a sentence about a stored item, without what the item holds."""
    if isinstance(error, ValidationError):
        fields = sorted({".".join(str(part) for part in problem["loc"]) or "the whole" for problem in error.errors()})
        return f"It cannot be read, because of: {', '.join(fields[:5])}."
    if isinstance(error, UnusableError) or type(error).__name__ == "UnreadableRecordError":
        return str(error)
    return f"It cannot be read: {type(error).__name__}."
