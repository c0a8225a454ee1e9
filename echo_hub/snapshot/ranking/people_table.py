"""All people in columns: grouped by identical attributes and by title, and who is with the company."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.model import Preferences
from echo_hub.snapshot.directory.people import DirectoryPerson

Group = tuple[str | None, tuple[str, ...], Preferences | None]
"""Country, languages and preferences: what opportunities ask of people beside skills."""


class PeopleTable:
    """People by row, as questions about all of them at once need them. Made of people alone, whatever is listed.

    `group` numbers each person's entry in `groups`, `title` theirs in `titles`; `here` says who is with the company.
    """

    def __init__(self, people: Sequence[DirectoryPerson]) -> None:
        self._people = people
        self._groups: dict[Group, int] = {}
        self._titles: dict[str | None, int] = {}
        self.group, self.title, self.here = self._columns(people)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group, by number."""
        return tuple(self._groups)

    @property
    def titles(self) -> tuple[str | None, ...]:
        """Every title, by number."""
        return tuple(self._titles)

    def after(self, people: Sequence[DirectoryPerson]) -> PeopleTable:
        """The same rows after some people changed; the others are not looked at again."""
        rows = [row for row, (was, now) in enumerate(zip(self._people, people, strict=True)) if was is not now]
        other = copy(self)
        other._people = people
        if rows:
            other._groups, other._titles = self._groups.copy(), self._titles.copy()
            other.group, other.title, other.here = self.group.copy(), self.title.copy(), self.here.copy()
            other.group[rows], other.title[rows], other.here[rows] = other._columns([people[row] for row in rows])
        return other

    def _columns(self, people: Sequence[DirectoryPerson]) -> tuple[IntArray, IntArray, BoolArray]:
        groups, titles = self._groups, self._titles
        group = [
            groups.setdefault((person.country, person.languages, person.preferences), len(groups)) for person in people
        ]
        called = [titles.setdefault(person.fact.title, len(titles)) for person in people]
        here = [person.is_here for person in people]
        return np.array(group, dtype=np.int64), np.array(called, dtype=np.int64), np.array(here, dtype=bool)

    @cached_property
    def drawn(self) -> NDArray[np.uint64]:
        """A number each person draws by their id, the same every day; what `lots` are made of."""
        drawn = b"".join([blake2b(person.id.encode(), digest_size=8).digest() for person in self._people])
        return np.frombuffer(drawn, dtype="<u8")

    def lots(self, opportunity_id: str) -> NDArray[np.uint64]:
        """The number each person draws for an opportunity: the same tomorrow, unlike that of any other opportunity.

        Neither score nor name has a part in it. The mixing steps are those of splitmix64 (Steele, Lea and Flood 2014),
        which no two people leave with one number unless they came with one.
        """
        key = int.from_bytes(blake2b(opportunity_id.encode(), digest_size=8).digest(), "little")
        lots = self.drawn ^ np.uint64(key)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            lots ^= lots >> np.uint64(shift)
            lots *= np.uint64(factor)
        lots ^= lots >> np.uint64(31)
        return lots
