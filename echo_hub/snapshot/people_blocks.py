"""A snapshot in two parts that can be sent to another machine: the opportunities, and people block by block.

There the same code makes the same lists of them. Names, addresses and records stay here: opportunities are what a
receipt keeps (`archive`), people are numbers, a country, languages and wishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib.metadata import version

import numpy as np

from echo_core.matching import Assumption, EligibilityPerson
from echo_core.matching.arrays import BoolArray, Claims, IntArray
from echo_core.matching.batch import BatchRanker, Lists
from echo_hub.snapshot.archive import pack_opportunities, pack_weights, unpack_opportunities, unpack_weights
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable
from echo_hub.snapshot.snapshot import Snapshot

_LIBRARIES = ("numpy", "scipy", "numba")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of people, rising, for whom the same listings are there: `only` these, or all."""

    people: Sequence[int]
    only: BoolArray | None = None


@dataclass(frozen=True, slots=True)
class Opportunities:
    """Everything lists are made from, the people aside. `digest` is the same where all the rest is.

    `made_by` is what decides the last digit of a score; see `made_by`.
    """

    table: bytes
    weights: bytes
    made_by: tuple[tuple[str, str], ...]
    digest: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> Opportunities:
        """Those of a snapshot."""
        table, weights = pack_opportunities(snapshot.opportunity_table), pack_weights(snapshot.weights)
        digest = blake2b(repr(made_by()).encode() + table + weights, digest_size=16)
        return cls(table, weights, made_by(), digest.hexdigest())

    def ranker(self, only: bytes | None = None) -> BatchRanker:
        """What makes lists of these opportunities, before nobody yet; see `PeopleBlock`, which also has `only`."""
        table: OpportunityTable = unpack_opportunities(self.table, unpack_weights(self.weights))
        eligibility = table.eligibility
        if only is not None:
            there = np.unpackbits(np.frombuffer(only, dtype=np.uint8), count=len(table)).astype(bool)
            eligibility = replace(eligibility, open=eligibility.open & there)
        nothing: IntArray = np.zeros(0, dtype=np.int64)
        nobody: dict[int, EligibilityPerson] = {}
        return BatchRanker(
            table.scorer,
            table.space,
            Claims(nothing, nothing, nothing, nothing, np.zeros(0)),
            eligibility,
            table.kind_codes,
            table.diversity_groups,
            nobody.__getitem__,
            lambda _: None,
        )


@dataclass(frozen=True, slots=True)
class PeopleBlock:
    """Some people as lists are made from them. `role` numbers each person's entry in `roles`, -1 for none.

    `only` has a bit for every listing that is there for them, by row; None where all are.
    """

    people: tuple[EligibilityPerson, ...]
    claims: Claims
    roles: tuple[Assumption, ...]
    role: tuple[int, ...]
    only: bytes | None

    @classmethod
    def of(cls, snapshot: Snapshot, group: Group) -> PeopleBlock:
        """The people of a group."""
        numbers: dict[int, int] = {}
        roles: list[Assumption] = []
        role: list[int] = []
        for row in group.people:
            assumption = snapshot.assumption(row)
            if assumption is not None and id(assumption) not in numbers:
                numbers[id(assumption)] = len(roles)
                roles.append(replace(assumption, title=""))
            role.append(-1 if assumption is None else numbers[id(assumption)])
        people = tuple(snapshot.eligibility_of(row) for row in group.people)
        claims = snapshot.claims.some(np.array(group.people, dtype=np.int64))
        only = None if group.only is None else np.packbits(group.only).tobytes()
        return cls(people, claims, tuple(roles), tuple(role), only)

    def lists(self, ranker: BatchRanker, top: int, threads: int = 1) -> Lists:
        """The first `top` of each person's list; `ranker` is that of `only`, and may do nothing else meanwhile."""
        people = {person.row: person for person in self.people}
        assumed = {
            person.row: None if number < 0 else self.roles[number]
            for person, number in zip(self.people, self.role, strict=True)
        }
        return ranker.before(self.claims, people.__getitem__, assumed.__getitem__).lists(list(people), top, threads)


def made_by() -> tuple[tuple[str, str], ...]:
    """What here decides a score to the last digit: the matcher's sources and the libraries that calculate."""
    from echo_core.matching.batch.jit import sources

    return ("echo-hub", sources()), *((name, version(name)) for name in _LIBRARIES)
