"""The units above a person: their own, and every one it is part of, as far as a system says so."""

from __future__ import annotations

from collections.abc import Mapping

from echo_core.model import OrgUnit
from echo_core.text.normal_form import comparable
from echo_hub.snapshot.directory.people import DirectoryPerson


class UnitTree:
    """Units by name, the person's own first, up to the company as a whole.

    A unit is looked up in the person's own system; where that lists none, in one that gives it the HR system's id.
    """

    def __init__(self, units: Mapping[tuple[str, str], OrgUnit]) -> None:
        self._units = units
        self._elsewhere = {unit.external_id: key for key, unit in units.items() if unit.external_id}
        self._known: dict[tuple[str, str | None, str | None], dict[str, str]] = {}

    def of(self, person: DirectoryPerson) -> tuple[str, ...]:
        """The names of a person's units, the smallest first; none where nobody says."""
        return tuple(self._names(person).values())

    def holds(self, person: DirectoryPerson, name: str) -> bool:
        """Whether a unit of this name (as `comparable` has it) is among a person's units."""
        return name in self._names(person)

    def _names(self, person: DirectoryPerson) -> dict[str, str]:
        """The names by how they are compared, kept: thousands of people share a unit."""
        fact = person.fact
        key = fact.connection, fact.org_unit_id, person.org_unit
        names = self._known.get(key)
        if names is None:
            names = self._known[key] = {comparable(name): name for name in self._above(*key)}
        return names

    def _above(self, connection: str, unit_id: str | None, name: str | None) -> tuple[str, ...]:
        names = {name: None} if name else {}
        key: tuple[str, str] | None = (connection, unit_id) if unit_id else None
        if key not in self._units and unit_id:
            key = self._elsewhere.get(unit_id)
        seen: set[tuple[str, str]] = set()
        while key is not None and key not in seen and (unit := self._units.get(key)) is not None:
            seen.add(key)
            names.setdefault(unit.name)
            key = (key[0], unit.parent_id) if unit.parent_id else None
        return tuple(names)
