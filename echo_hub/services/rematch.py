"""The whole company matched at once: everybody's list, as each would see its first page."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from echo_core.matching.batch import Lists, compiled
from echo_hub.services.feed import candidates_of, ranked
from echo_hub.snapshot.snapshot import Snapshot

Engine = Literal["compiled", "plain"]
AT_ONCE = 4096
"""People whose lists are made before any is handed on: seconds of work, and a few megabytes."""
STRONGEST = 3
NOTHING = 255


@dataclass(frozen=True, slots=True)
class Match:
    """One place in one person's list. `features` are those that add most to the score, at most three."""

    person: str
    rank: int
    opportunity: str
    kind: str
    score: float
    features: tuple[str, ...]


def engine() -> Engine:
    """What `rematch` runs on: compiled code with the extra `batch`, else one list after the other, far slower."""
    return "compiled" if compiled() else "plain"


def active_people(snapshot: Snapshot) -> list[int]:
    """Rows of all who are with the company, on leave or not: the people who have a list."""
    return [one.row for one in snapshot.people if one.fact.status in ("active", "on_leave")]


def rematch(
    snapshot: Snapshot, people: Sequence[int] | None = None, *, top: int = 20, on: Engine | None = None
) -> Iterator[list[Match]]:
    """Everybody's first `top` matches, one list per person in the order of `people`, with nothing left to chance.

    Each is the first page of that person's list (`for_you`), scores and order alike. Where a snapshot is so large that
    a page looks only at what a quick product proposes (`retrieval` of the weights), compiled code looks at everything.

    Args:
        people: rows; without them all who are with the company.
        on: the engine; by default the fastest there is.
    """
    rows = active_people(snapshot) if people is None else people
    lists = _compiled if (on or engine()) == "compiled" else _plain
    for start in range(0, len(rows), AT_ONCE):
        yield from _named(snapshot, lists(snapshot, rows[start : start + AT_ONCE], top))


def _compiled(snapshot: Snapshot, people: Sequence[int], top: int) -> Lists:
    return snapshot.all_lists.lists(people, top, threads=os.cpu_count() or 1)


def _plain(snapshot: Snapshot, people: Sequence[int], top: int) -> Lists:
    """The same by the scorer itself, one person after the other."""
    board, count = snapshot.board, len(people)
    found = Lists(
        np.array(people, dtype=np.int64),
        np.full((count, top), -1, dtype=np.int64),
        np.zeros((count, top)),
        np.full((count, top, STRONGEST), NOTHING, dtype=np.uint8),
    )
    for place, row in enumerate(people):
        one = snapshot.prepared(row)
        scores, shown = candidates_of(board, one.gates, one.profile, one.missing)
        page = ranked(board, scores, shown)[:top]
        at = np.searchsorted(scores.rows, page)
        found.rows[place, : len(page)], found.totals[place, : len(page)] = page, scores.total[at]
        gains = scores.contributions[: snapshot.weights.features.gains, at]
        order = np.argsort(-gains, axis=0, kind="stable")[:STRONGEST]
        spoken = np.where(np.take_along_axis(gains, order, axis=0) > 0, order, NOTHING)
        found.strongest[place, : len(page)] = spoken.T
    return found


def _named(snapshot: Snapshot, lists: Lists) -> Iterator[list[Match]]:
    listings, names = snapshot.listings, snapshot.weights.features.names
    for person, rows, totals, strongest in zip(
        lists.people.tolist(), lists.rows.tolist(), lists.totals.tolist(), lists.strongest.tolist(), strict=True
    ):
        public = snapshot.people[person].id
        yield [
            Match(
                public,
                rank,
                listings[row].id,
                listings[row].kind,
                total,
                tuple(names[code] for code in codes if code != NOTHING),
            )
            for rank, (row, total, codes) in enumerate(zip(rows, totals, strongest, strict=True), start=1)
            if row >= 0
        ]
