"""The whole company matched at once: everybody's list, as each would see its first page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from echo_core.matching.batch import Lists
from echo_hub.services.policy import PersonPolicy, Policy
from echo_hub.snapshot.cluster import Cluster
from echo_hub.snapshot.people_blocks import Group
from echo_hub.snapshot.ranker import Engine, Ranker, engine
from echo_hub.snapshot.ranking.ranking import NOTHING
from echo_hub.snapshot.snapshot import Snapshot

__all__ = ["AT_ONCE", "Engine", "Match", "active_people", "engine", "rematch"]

AT_ONCE = 4096
"""People whose lists are made before any is handed on: seconds of work, and a few megabytes."""


class Match(NamedTuple):
    """One place in one person's list. `features` are those that add most to the score, at most three.

    A plain tuple: millions are made, and a frozen dataclass takes five times as long.
    """

    person: str
    rank: int
    opportunity: str
    kind: str
    score: float
    features: tuple[str, ...]


def active_people(snapshot: Snapshot, policy: Policy | None = None) -> list[int]:
    """Rows of all who are with the company, on leave or not, and are matched: the people who have a ranked list."""
    rows = [person.row for person in snapshot.people if person.is_here]
    return rows if policy is None else sorted(row for group in policy.by_kinds(rows).values() for row in group)


def rematch(
    snapshot: Snapshot,
    people: Sequence[int] | None = None,
    *,
    top: int = 20,
    on: Engine | None = None,
    policy: Policy | None = None,
    cluster: Cluster | None = None,
) -> Iterator[list[Match]]:
    """Everybody's first `top` matches, one list per person in the order of `people`, with nothing left to chance.

    Each is the first page of that person's list (`for_you`), scores and order alike. Where a snapshot is so large that
    a page looks only at what a quick product proposes (`retrieval` of the weights), compiled code looks at everything.

    Args:
        people: rows; without them all who are with the company.
        on: the engine; by default the fastest there is.
        policy: what is on for whom; who is not matched has no list. None where everything is on.
        cluster: other machines that make the lists; without them this process does, by `on`.
    """
    rows = active_people(snapshot, policy) if people is None else people
    blocks = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    groups = [_groups(snapshot, block, policy) for block in blocks]
    every = [group for of_block in groups for group in of_block]
    if cluster is not None:
        made = cluster.lists(snapshot, every, top)
    else:
        ranker = Ranker(snapshot)
        made = (ranker.for_people(group.people, top, on, group.only) for group in every)
    for block, of_block in zip(blocks, groups, strict=True):
        if len(of_block) == 1:
            yield from _named(snapshot, next(made))
            continue
        lists: dict[int, list[Match]] = {}
        for group in of_block:
            lists |= zip(group.people, _named(snapshot, next(made)), strict=True)
        yield from (lists[row] for row in block if row in lists)


def _groups(snapshot: Snapshot, people: Sequence[int], policy: Policy | None) -> list[Group]:
    """Some people, by which listings are there for them; who is not matched is in none."""
    if policy is None:
        return [Group(people)]
    return [Group(group, PersonPolicy(kinds).there(snapshot)) for kinds, group in policy.by_kinds(people).items()]


def _named(snapshot: Snapshot, lists: Lists) -> Iterator[list[Match]]:
    names = snapshot.weights.features.names
    features = cache(lambda codes: tuple(names[code] for code in codes if code != NOTHING))
    ids, kinds = [listing.id for listing in snapshot.listings], [listing.kind for listing in snapshot.listings]
    # Three codes as three bytes, not as a list: the collector would look at each list again and again.
    strongest_of = np.ascontiguousarray(lists.strongest).view(f"V{lists.strongest.shape[2]}")[:, :, 0].tolist()
    for person, rows, totals, strongest in zip(
        lists.people.tolist(), lists.rows.tolist(), lists.totals.tolist(), strongest_of, strict=True
    ):
        public = snapshot.people[person].id
        yield [
            Match(public, rank, ids[row], kinds[row], total, features(codes))
            for rank, (row, total, codes) in enumerate(zip(rows, totals, strongest, strict=True), start=1)
            if row >= 0
        ]
