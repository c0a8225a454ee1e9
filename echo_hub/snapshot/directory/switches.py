"""Whom the switches and people's own words on being matched are about: what is off, by person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from echo_core.model import OpportunityKind
from echo_core.text.normal_form import comparable
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.directory.units import UnitTree
from echo_hub.store.policy import OptOutDecision, Switch, SwitchDecision

What = Literal["matching", OpportunityKind]
"""What can be switched."""
Scope = Literal["everybody", "country", "unit"]
"""For whom; the widest first."""
MATCHING: What = "matching"
WHAT: tuple[What, ...] = get_args(What)
SCOPES: tuple[Scope, ...] = get_args(Scope)
BIT: dict[str, int] = {what: 1 << place for place, what in enumerate(WHAT)}
"""What stands for each in the codes of people."""
Codes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Rules:
    """The switches that are off, the widest first, and what people said of being matched."""

    switches: tuple[Switch, ...]
    opt_outs: tuple[OptOutDecision, ...]

    @classmethod
    def of(cls, switches: Iterable[SwitchDecision], opt_outs: Iterable[OptOutDecision]) -> Rules:
        """Rules from the decisions that count; a switch of a newer release that nobody here knows is left out."""
        off = (decision.choice for decision in switches if decision.choice.off)
        order: dict[str, int] = {scope: place for place, scope in enumerate(SCOPES)}
        known = (switch for switch in off if switch.what in WHAT and switch.scope in SCOPES)
        return cls(tuple(sorted(known, key=lambda switch: order[switch.scope])), tuple(opt_outs))

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

    def codes(self, people: Sequence[DirectoryPerson], units: UnitTree) -> Codes | None:
        """By row, a bit for everything that is off for a person; None where nobody has anything off."""
        if not self.switches and not self.said:
            return None
        return np.fromiter((self._code(person, units) for person in people), dtype=np.uint8, count=len(people))

    def codes_again(
        self, before: Codes | None, people: Sequence[DirectoryPerson], changed: Iterable[int], units: UnitTree
    ) -> Codes | None:
        """The codes after some people, by row, changed or said something; the switches as `before`."""
        if before is None or (not self.switches and not self.said):
            return self.codes(people, units)
        codes = before.copy()
        for row in changed:
            codes[row] = self._code(people[row], units)
        return codes

    def _code(self, person: DirectoryPerson, units: UnitTree) -> int:
        code = BIT[MATCHING] if self.opted_out(person) else 0
        for switch in self.switches:
            if covers(switch, person, units):
                code |= BIT[switch.what]
        return code


def covers(switch: Switch, person: DirectoryPerson, units: UnitTree) -> bool:
    """Whether a switch is about a person: everybody, whoever is in the country, or in the unit or below it."""
    if switch.scope == "country":
        return person.country == switch.value
    return switch.scope == "everybody" or units.holds(person, comparable(switch.value))
