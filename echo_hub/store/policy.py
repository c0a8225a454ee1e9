"""What is switched off, for whom, and who has opted out of matching: decisions, kept and undone as all others are."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import func, select

from echo_hub.store.database import SAID_HERE, Database
from echo_hub.store.ledger import Decision, Ledger
from echo_hub.store.ledger_tables import DECISION


@dataclass(frozen=True)
class Switch:
    """Matching, or a kind of opportunity, off or on again for some people.

    `what` is "matching" or a kind. `scope` is everybody, country or unit, `value` the ISO code or the unit's name and
    "" for everybody. They are plain text: what a newer release stores is of no effect here, and harms nothing.
    """

    what: str
    scope: str
    value: str
    off: bool
    note: str = ""

    @property
    def about(self) -> Hashable:
        """What is switched, and for whom."""
        return self.what, self.scope, self.value

    @property
    def subject(self) -> str:
        """What is switched."""
        return self.what

    def same_as(self, other: Switch) -> bool:
        """Whether both leave it off, or both on."""
        return self.off == other.off


@dataclass(frozen=True)
class OptOut:
    """A person's word on being matched: `out`, or in again. `employee_id` tells them when their record's id changes."""

    person_id: str
    employee_id: str | None
    out: bool

    @property
    def about(self) -> Hashable:
        """The person."""
        return self.person_id

    @property
    def subject(self) -> str:
        """The person."""
        return self.person_id

    def same_as(self, other: OptOut) -> bool:
        """Whether both are out, or both in."""
        return self.out == other.out


SwitchDecision: TypeAlias = Decision[Switch]
OptOutDecision: TypeAlias = Decision[OptOut]
SWITCHES = Ledger("policy", Switch, moves=SAID_HERE)
OPT_OUTS = Ledger("opt-out", OptOut, moves=SAID_HERE, of_people=True)
Stamp: TypeAlias = tuple[tuple[object, ...], ...]


def policy_stamp(database: Database) -> Stamp:
    """Differs whenever a switch or an opt-out was stored, undone or erased; far cheaper than reading them."""
    kind, number, undone = DECISION.c.kind, DECISION.c.number, DECISION.c.undone_at
    stamp = select(kind, func.count(), func.max(number), func.count(undone)).where(kind.in_(("policy", "opt-out")))
    with database.reading() as transaction:
        return tuple(tuple(row) for row in transaction.all(stamp.group_by(kind).order_by(kind)))
