"""Whether a person or an opportunity lies in the countries and units for which somebody has a role."""

from __future__ import annotations

from collections.abc import Iterable

from echo_core.text.countries import country_name
from echo_core.text.normal_form import comparable
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.snapshot import Snapshot


class Reach:
    """Countries and units, as the people and opportunities of one snapshot lie in them.

    Args:
        countries: codes as ISO 3166-1 has them.
        units: names; what is below a unit lies in it too.
    """

    def __init__(self, snapshot: Snapshot, countries: Iterable[str], units: Iterable[str]) -> None:
        self._snapshot = snapshot
        self._countries, self._units = frozenset(countries), {comparable(unit): unit for unit in units}

    @property
    def words(self) -> str:
        """Countries and units by name: "Germany, Engineering"."""
        return ", ".join((*sorted(map(country_name, self._countries)), *self._units.values()))

    def holds(self, public_id: str) -> bool:
        """Whether this person or opportunity lies there; nothing that is not on file does."""
        person = self._snapshot.person(public_id)
        if person is not None:
            return self._holds_person(person)
        listing = self._snapshot.listing(public_id)
        return listing is not None and self._holds_listing(listing)

    def _holds_person(self, person: DirectoryPerson) -> bool:
        units = self._snapshot.units
        return person.country in self._countries or any(units.holds(person, unit) for unit in self._units)

    def _holds_listing(self, listing: Listing) -> bool:
        """Open in these countries and nowhere else, or of one of these units."""
        if listing.countries and self._countries.issuperset(listing.countries):
            return True
        return any(comparable(unit) in self._units for unit in listing.departments)
