"""What is on for whom: the one place that knows which kinds are switched off, where matching is, and who opted out.

It is asked once a request and answers for this very moment: a switch or an opt-out counts in every process at the next
request, whatever the snapshot was made from. Switches add up: what one of them turns off no other turns on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.model.message import Message
from echo_core.text.normal_form import comparable
from echo_hub.services.views import KINDS, Kind, Sentence
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.database import Database
from echo_hub.store.policy import OPT_OUTS, SWITCHES, OptOutDecision, Stamp, Switch, SwitchDecision, policy_stamp
from echo_hub.store.records import data_revision

MATCHING = "matching"
WHAT = (MATCHING, *KINDS)
"""What can be switched."""
SCOPES = ("everybody", "country", "unit")
"""For whom; the widest first."""
_BIT = {what: np.uint8(1 << place) for place, what in enumerate(WHAT)}


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


EVERYTHING_ON = PersonPolicy()
"""For whoever looks without being anybody: staff see all that is listed."""


@dataclass(frozen=True, eq=False)
class Rules:
    """The switches that are off and what people said of being matched, as stored; `codes` by snapshot, made once."""

    stamp: Stamp
    switches: tuple[Switch, ...]
    opt_outs: tuple[OptOutDecision, ...]
    codes: WeakKeyDictionary[Snapshot, NDArray[np.uint8]] = field(default_factory=WeakKeyDictionary)

    @classmethod
    def of(cls, stamp: Stamp, switches: Iterable[SwitchDecision], opt_outs: Iterable[OptOutDecision]) -> Rules:
        """Rules from the decisions that count."""
        off = (decision.choice for decision in switches if decision.choice.off)
        order = {scope: place for place, scope in enumerate(SCOPES)}
        known = (switch for switch in off if switch.what in WHAT and switch.scope in SCOPES)
        return cls(stamp, tuple(sorted(known, key=lambda switch: order[switch.scope])), tuple(opt_outs))

    @cached_property
    def said(self) -> dict[str, tuple[int, bool]]:
        """By id and by employee id: the number of the last word on being matched, and whether it was "out"."""
        words: dict[str, tuple[int, bool]] = {}
        for decision in sorted(self.opt_outs, key=lambda decision: decision.id):
            word = decision.id, decision.choice.out
            words[decision.choice.person_id] = word
            if decision.choice.employee_id:
                words[f"employee {decision.choice.employee_id}"] = word
        return words

    def opted_out(self, person: DirectoryPerson) -> bool:
        """Whether a person's last word was that they are not to be matched."""
        if not self.said:
            return False
        number = person.fact.employee_id
        names = (*person.ids, f"employee {number}") if number else person.ids
        return max((word for name in names if (word := self.said.get(name))), default=(0, False))[1]


class Policy:
    """What is on for the people of one snapshot."""

    def __init__(self, snapshot: Snapshot, rules: Rules) -> None:
        self._snapshot, self._rules = snapshot, rules

    def of(self, person_id: str, reader: str | None = None) -> PersonPolicy:
        """What holds for a person.

        Args:
            person_id: a public id of the snapshot.
            reader: who will read why nothing is matched; the person alone learns whether it is their own word.
        """
        person = self._snapshot.person(person_id)
        if person is None:
            return EVERYTHING_ON
        off = [switch for switch in self._rules.switches if self._covers(switch, person)]
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
        if not self._rules.switches and not self._rules.said:
            return None
        fits: BoolArray = (self._codes & (_BIT[MATCHING] | _BIT[kind])) == 0
        return fits

    def by_kinds(self, rows: Sequence[int]) -> dict[tuple[Kind, ...], list[int]]:
        """Those of these rows who are matched, by the kinds that are there for them."""
        groups: dict[int, list[int]] = {}
        for row, code in zip(rows, self._codes[np.array(rows, dtype=np.int64)].tolist(), strict=True):
            groups.setdefault(code, []).append(row)
        return {
            tuple(kind for kind in KINDS if not code & _BIT[kind]): group
            for code, group in groups.items()
            if not code & _BIT[MATCHING]
        }

    def fingerprint(self) -> bytes:
        """Changes with whatever is on for anybody; empty where everything is."""
        return self._codes.tobytes() if self._codes.any() else b""

    def covered(self, switch: Switch) -> int:
        """How many people a switch is about, of those who are with the company."""
        here = [person for person in self._snapshot.people if person.fact.status in ("active", "on_leave")]
        return sum(self._covers(switch, person) for person in here)

    @property
    def _codes(self) -> NDArray[np.uint8]:
        """By row, a bit for everything that is off for the person."""
        codes = self._rules.codes.get(self._snapshot)
        if codes is None:
            codes = self._rules.codes[self._snapshot] = self._made()
        return codes

    def _made(self) -> NDArray[np.uint8]:
        snapshot = self._snapshot
        codes = np.zeros(len(snapshot.people), dtype=np.uint8)
        for switch in self._rules.switches:
            bit = _BIT[switch.what]
            if switch.scope == "everybody":
                codes |= bit
            else:
                codes[[person.row for person in snapshot.people if self._covers(switch, person)]] |= bit
        for row in self._named():
            if self._rules.opted_out(snapshot.people[row]):
                codes[row] |= _BIT[MATCHING]
        return codes

    def _named(self) -> IntArray:
        """The rows of everybody who has ever said a word on being matched."""
        snapshot, rows = self._snapshot, set()
        for decision in self._rules.opt_outs:
            who = decision.choice
            rows.add(snapshot.person_rows.get(who.person_id, -1))
            if who.employee_id:
                rows.update(snapshot.directory.all("employee_id", who.employee_id))
        return np.array(sorted(rows - {-1}), dtype=np.int64)

    def _covers(self, switch: Switch, person: DirectoryPerson) -> bool:
        if switch.scope == "country":
            return person.country == switch.value
        if switch.scope == "unit":
            return self._snapshot.units.holds(person, comparable(switch.value))
        return True


class PolicyHolder:
    """Keeps the rules while nothing moves in the database: a request costs one look at the revision."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: tuple[int, Rules] | None = None

    def of(self, snapshot: Snapshot) -> Policy:
        """The policy of this moment over a snapshot.

        Raises:
            HubError: the database does not answer. Nobody is matched on a guess.
        """
        revision, kept = data_revision(self._database), self._kept
        if kept is None or kept[0] != revision:
            kept = self._kept = revision, self._read(None if kept is None else kept[1])
        return Policy(snapshot, kept[1])

    def _read(self, before: Rules | None) -> Rules:
        """The rules as stored; a sync moves the revision with every page, and leaves them as they were."""
        stamp = policy_stamp(self._database)
        if before is not None and before.stamp == stamp:
            return before
        return Rules.of(stamp, SWITCHES.standing(self._database), OPT_OUTS.standing(self._database))
