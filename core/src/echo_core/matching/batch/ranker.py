"""Everybody's list at once: the exact best of each person by the scorer's own numbers, rules and variety on.

With the extra `batch` (numba) a whole company takes seconds; `BatchRanker` needs it. It answers what the scorer, the
rules and `mixed` would answer for one person after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import STANCES, ClaimIndex, Claims, FloatArray, IntArray
from echo_core.matching.batch.layout import read_only
from echo_core.matching.batch.tables import build_tables, circumstances
from echo_core.matching.eligibility import ELIGIBILITY_RULES, EligibilityFacts, EligibilityPerson, eligible
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.person_facts import PersonFacts
from echo_core.matching.profile import Assumption
from echo_core.matching.scorer import Scorer
from echo_core.matching.space import SkillSpace

if TYPE_CHECKING:
    from echo_core.matching.batch.workspace import Lanes, People, Scratch

_SLOTS_BYTES = 64_000_000
"""What may be kept of circumstances, by opportunity and group of people with identical attributes."""
_NONE: IntArray = np.zeros(0, dtype=np.int64)
_HERE = ("active", "on_leave")


def compiled() -> bool:
    """Whether the extra `batch` is installed, and knows every rule that looks at the very person."""
    if find_spec("numba") is None:
        return False
    from echo_core.matching.batch.exact import PERSONAL

    return {rule.name for rule in ELIGIBILITY_RULES if rule.personal} == set(PERSONAL)


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of some people, in order. `rows` are rows of the block, -1 behind the end; `totals` their scores.

    `strongest` has the codes of the features that add most to each score, 255 where there are fewer.
    """

    people: IntArray
    rows: IntArray
    totals: FloatArray
    strongest: NDArray[np.uint8]


class BatchRanker:
    """Makes the lists of any people of one snapshot.

    Args:
        people: one person's side of the eligibility rules, by row.
        assumption: what a person's title lets one assume, by row.
        kind_codes, diversity_groups: as for `mixed`.

    Raises:
        ValueError: there is a personal rule that the compiled code does not know, see `compiled`.
    """

    def __init__(
        self,
        scorer: Scorer,
        space: SkillSpace,
        claims: ClaimIndex | Claims,
        eligibility: EligibilityFacts,
        kind_codes: IntArray,
        diversity_groups: IntArray,
        people: Callable[[int], EligibilityPerson],
        assumption: Callable[[int], Assumption | None],
    ) -> None:
        if not compiled():
            raise ValueError("the compiled matcher needs the extra `batch`, and to know every personal rule")
        self._scorer, self._eligibility = scorer, eligibility
        tables = build_tables(
            scorer.block, space, scorer.weights, scorer.congestion, eligibility, kind_codes, diversity_groups
        )
        self._tables = read_only(tables)
        self._facts = scorer.block.facts.rows(self._tables.offers.row)
        self._offer_at = np.empty(len(scorer.block), dtype=np.int64)
        self._offer_at[self._tables.offers.row] = np.arange(len(scorer.block))
        count = len(scorer.block)
        self._forms = circumstances(scorer.weights.features)
        slots = max(_SLOTS_BYTES // ((8 * len(self._forms) + 4) * max(count, 1)), 8)
        self._circumstance = np.zeros((slots, len(self._forms), count))
        self._base = np.zeros((slots, count), dtype=np.float32)
        self._slots: dict[tuple[PersonFacts, int], int] = {}
        self._skills = len(space)
        self._workspaces: list[tuple[Lanes, Scratch]] = []
        self._meet(claims, people, assumption)

    def before(
        self,
        claims: ClaimIndex | Claims,
        people: Callable[[int], EligibilityPerson],
        assumption: Callable[[int], Assumption | None],
    ) -> BatchRanker:
        """The same opportunities before other people. Shares its tables with this one: only one may run at a time.

        Args:
            claims: those of the people, ordered by person, stance and skill.
        """
        other = copy(self)
        other._meet(claims, people, assumption)
        return other

    def _meet(
        self,
        claims: ClaimIndex | Claims,
        people: Callable[[int], EligibilityPerson],
        assumption: Callable[[int], Assumption | None],
    ) -> None:
        self._claims, self._people, self._assumption = claims, people, assumption
        self._claimed = claims.person.astype(np.int64) * len(STANCES) + claims.stance
        self._roles: dict[int, tuple[int, Assumption]] = {}
        self._role_start: IntArray = np.zeros(1, dtype=np.int64)
        self._role_skill, self._role_worth = _NONE, np.zeros(0)

    def lists(self, people: Sequence[int], top: int, threads: int = 1) -> Lists:
        """The first `top` of each person's list, for people given by row."""
        count = len(people)
        lists = Lists(
            np.array(people, dtype=np.int64),
            np.full((count, top), -1, dtype=np.int64),
            np.zeros((count, top)),
            np.full((count, top, 3), 255, dtype=np.uint8),
        )
        with ThreadPoolExecutor(threads) as pool:
            start = 0
            for some in self._by_slots(people):
                self._run(some, lists, start, pool, threads)
                start += len(some)
        return lists

    def _by_slots(self, people: Sequence[int]) -> Iterator[list[tuple[EligibilityPerson, int]]]:
        """People beside their slots, as many at a time as there are slots for what is known of them."""
        some: list[tuple[EligibilityPerson, int]] = []
        for row in people:
            person = self._people(row)
            key = (replace(person.facts, counted_in=None), person.zone)
            slot = self._slots.get(key) if person.status in _HERE else -1
            if slot is None:
                if len(self._slots) == len(self._base):
                    yield some
                    some = []
                    self._slots.clear()
                slot = self._slots[key] = len(self._slots)
                self._circumstances(slot, *key)
            some.append((person, slot))
        yield some

    def _circumstances(self, slot: int, facts: PersonFacts, zone: int) -> None:
        """What the circumstances of people with identical attributes come to, and which offers are closed to them."""
        weights, offers = self._scorer.weights, self._facts
        group = PersonColumns([facts], offers)
        for position, (code, form) in enumerate(self._forms):
            self._circumstance[slot, position] = (
                form.values(group, offers, weights)[0] * weights.feature[offers.kind, code]
            )
        stranger = EligibilityPerson(-2, "active", facts, -2, -2, zone=zone)
        open_to = eligible(stranger, self._eligibility)[self._tables.offers.row]
        self._base[slot] = np.where(open_to, self._circumstance[slot].sum(axis=0), -np.inf)

    def _run(
        self,
        some: list[tuple[EligibilityPerson, int]],
        lists: Lists,
        start: int,
        pool: ThreadPoolExecutor,
        threads: int,
    ) -> None:
        from echo_core.matching.batch.run import run
        from echo_core.matching.batch.workspace import make_workspace

        tables = self._tables
        # Side by side, people of whom the same is known need the same of the tables.
        here = np.array(
            sorted((position for position, (_, slot) in enumerate(some) if slot >= 0), key=lambda at: some[at][1])
        )
        here = here.astype(np.int64)
        people = read_only(self._table([some[position] for position in here.tolist()]))
        count, top = len(here), lists.rows.shape[1]
        rows = np.full((count, top), -1, dtype=np.int64)
        totals, strongest = np.zeros((count, top)), np.full((count, top, 3), 255, dtype=np.uint8)
        while len(self._workspaces) < threads:
            self._workspaces.append(make_workspace(self._skills, tables.offers, tables.rules))
        cuts = np.linspace(0, count, threads + 1).astype(np.int64).tolist()

        def part(number: int, first: int, last: int) -> None:
            lanes, scratch = self._workspaces[number]
            run(*tables, people, lanes, scratch, first, last, rows, totals, strongest)

        list(pool.map(part, range(threads), cuts[:-1], cuts[1:]))  # asked for, so that an error in a part comes out
        lists.rows[start + here], lists.totals[start + here] = rows, totals
        lists.strongest[start + here] = strongest

    def _table(self, some: list[tuple[EligibilityPerson, int]]) -> People:
        from echo_core.matching.batch.workspace import People

        row = np.array([person.row for person, _ in some], dtype=np.int64)
        role = np.array([self._role(person.row) for person, _ in some], dtype=np.int64)
        edges = np.searchsorted(self._claimed, row[:, None] * len(STANCES) + np.arange(len(STANCES) + 1))
        said = np.delete(np.diff(edges, axis=1), STANCES.index("avoids"), axis=1)
        done_start, done = _joined([self._offer_at[person.done] for person, _ in some])
        counted = [person.facts.counted_in for person, _ in some]
        counted_start, counted_in = _joined(
            [_NONE if opportunities is None else self._offer_at[opportunities] for opportunities in counted]
        )
        return People(
            row=row,
            enter=np.array([person.enter for person, _ in some], dtype=np.int64),
            leave=np.array([person.leave for person, _ in some], dtype=np.int64),
            group=np.array([slot for _, slot in some], dtype=np.int64),
            role=role,
            speaks=(role >= 0) | said.any(axis=1),
            claim_start=edges,
            skill=self._claims.skill,
            level=self._claims.level,
            strength=self._claims.strength,
            done_start=done_start,
            done=done,
            counted_start=counted_start,
            counted=counted_in,
            role_start=self._role_start,
            role_skill=self._role_skill,
            role_worth=self._role_worth,
            circumstance=self._circumstance,
            base=self._base,
        )

    def _role(self, row: int) -> int:
        """The number of a person's role, -1 for none."""
        assumption = self._assumption(row)
        if assumption is None or assumption.confidence < self._scorer.weights.number("assumed", "least_confidence"):
            return -1
        if id(assumption) not in self._roles:
            self._roles[id(assumption)] = len(self._roles), assumption
            worth = assumption.weight * min(assumption.confidence, 1.0) * self._scorer.weights.number("assumed", "most")
            self._role_skill = np.concatenate((self._role_skill, assumption.skills))
            self._role_worth = np.concatenate((self._role_worth, worth))
            self._role_start = np.append(self._role_start, len(self._role_skill))
        return self._roles[id(assumption)][0]


def _joined(parts: list[IntArray]) -> tuple[IntArray, IntArray]:
    """Arrays one after the other, and where each begins."""
    start = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=start[1:])
    return start, np.concatenate([_NONE, *parts])
