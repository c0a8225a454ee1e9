"""What is on for whom: the one place that knows which kinds are switched off, where matching is, and who opted out.

It is asked once a request and answers for this very moment: a switch or an opt-out counts in every process at the next
request, whatever the snapshot was made from. Switches add up: what one of them turns off no other turns on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from echo_core.matching.arrays import BoolArray
from echo_core.model.message import Message
from echo_hub.services.views import KINDS, Filters, Kind, Sentence
from echo_hub.snapshot.directory.switches import BIT, MATCHING, Codes, Rules, covers
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.database import Database
from echo_hub.store.policy import OPT_OUTS, SWITCHES, OptOutDecision, Stamp, Switch, SwitchDecision, policy_stamp
from echo_hub.store.records import data_revision


@dataclass(frozen=True, slots=True)
class PersonPolicy:
    """What holds for one person.

    `kinds` are those that are there for the person. `unranked` says why nothing is matched, None where it is;
    `opted_out` whether that is the person's own word, whatever else is switched off.
    """

    kinds: tuple[Kind, ...] = KINDS
    unranked: Message | None = None
    opted_out: bool = False

    @property
    def matched(self) -> bool:
        """Whether opportunities are ranked for the person at all."""
        return self.unranked is None

    @property
    def sentence(self) -> Sentence | None:
        """Why nothing is matched, to be shown beside a list."""
        return None if self.unranked is None else Sentence(message=self.unranked)

    def there(self, snapshot: Snapshot) -> BoolArray | None:
        """Which listings are there for the person; None for all."""
        return None if self.kinds == KINDS else snapshot.facets.of_kinds(self.kinds)

    def let_through(self, snapshot: Snapshot, filters: Filters) -> BoolArray | None:
        """Which listings are there for the person and fit the filters; None for all."""
        there = self.there(snapshot)
        if not filters.active:
            return there
        fitting = snapshot.facets.mask(filters)
        return fitting if there is None else fitting & there


EVERYTHING_ON = PersonPolicy()
"""For whoever looks without being anybody: staff see all that is listed."""


@dataclass(frozen=True, eq=False)
class Stored:
    """The rules as stored, and what they come to for the people of a snapshot, worked out once."""

    stamp: Stamp
    switches: tuple[SwitchDecision, ...]
    opt_outs: tuple[OptOutDecision, ...]
    codes: WeakKeyDictionary[Snapshot, Codes | None] = field(default_factory=WeakKeyDictionary)

    @cached_property
    def rules(self) -> Rules:
        """What they come to."""
        return Rules.of(self.switches, self.opt_outs)

    def made(self, snapshot: Snapshot) -> Codes | None:
        """What is off, by person of a snapshot: what the snapshot was made with, if that is what is stored now."""
        if snapshot not in self.codes:
            decisions = snapshot.names.decisions
            same = (decisions.switches, decisions.opt_outs) == (self.switches, self.opt_outs)
            made = snapshot.tables.off if same else self.rules.codes(snapshot.people, snapshot.units)
            self.codes[snapshot] = made
        return self.codes[snapshot]


class Policy:
    """What is on for the people of one snapshot."""

    def __init__(self, snapshot: Snapshot, stored: Stored) -> None:
        self._snapshot, self._stored, self._rules = snapshot, stored, stored.rules

    def of(self, person_id: str, reader: str | None = None) -> PersonPolicy:
        """What holds for a person.

        Args:
            person_id: a public id of the snapshot.
            reader: who will read why nothing is matched; the person alone learns whether it is their own word.
        """
        person = self._snapshot.person(person_id)
        if person is None:
            return EVERYTHING_ON
        off = [switch for switch in self._rules.switches if covers(switch, person, self._snapshot.units)]
        names = {switch.what for switch in off}
        opted_out = self._rules.opted_out(person)
        unranked: Message | None = None
        if reader != person.id and (opted_out or MATCHING in names):
            unranked = Message("unranked-for-other")
        elif MATCHING in names:
            first = next(switch for switch in off if switch.what == MATCHING)
            unranked = Message("unranked-switched-off", {"scope": first.scope, "value": first.value})
        elif opted_out:
            unranked = Message("unranked-opted-out")
        return PersonPolicy(tuple(kind for kind in KINDS if kind not in names), unranked, opted_out)

    def matched(self, kind: Kind) -> BoolArray | None:
        """By row, who is matched with opportunities of a kind; None where that is everybody."""
        codes = self._codes
        return None if codes is None else (codes & (BIT[MATCHING] | BIT[kind])) == 0

    def by_kinds(self, rows: Sequence[int]) -> dict[tuple[Kind, ...], list[int]]:
        """Those of these rows who are matched, by the kinds that are there for them."""
        codes = self._codes
        if codes is None:
            return {KINDS: list(rows)}
        groups: dict[int, list[int]] = {}
        for row, code in zip(rows, codes[np.array(rows, dtype=np.int64)].tolist(), strict=True):
            groups.setdefault(code, []).append(row)
        return {
            tuple(kind for kind in KINDS if not code & BIT[kind]): group
            for code, group in groups.items()
            if not code & BIT[MATCHING]
        }

    def fingerprint(self) -> bytes:
        """Changes with whatever is on for anybody; empty where everything is."""
        codes = self._codes
        return b"" if codes is None or not codes.any() else codes.tobytes()

    def covered(self, switch: Switch) -> int:
        """How many people a switch is about, of those who are with the company."""
        here = [person for person in self._snapshot.people if person.is_here]
        return sum(covers(switch, person, self._snapshot.units) for person in here)

    @property
    def _codes(self) -> Codes | None:
        return self._stored.made(self._snapshot)


class PolicyHolder:
    """Keeps the rules while nothing moves in the database: a request costs one look at the revision."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: tuple[int, Stored] | None = None

    def of(self, snapshot: Snapshot) -> Policy:
        """The policy of this moment over a snapshot.

        Raises:
            HubError: the database does not answer. Nobody is matched on a guess.
        """
        revision, kept = data_revision(self._database), self._kept
        if kept is None or kept[0] != revision:
            kept = self._kept = revision, self._read(None if kept is None else kept[1])
        return Policy(snapshot, kept[1])

    def _read(self, before: Stored | None) -> Stored:
        """The rules as stored; a sync moves the revision with every page, and leaves them as they were."""
        stamp = policy_stamp(self._database)
        if before is not None and before.stamp == stamp:
            return before
        return Stored(stamp, SWITCHES.standing(self._database), OPT_OUTS.standing(self._database))
