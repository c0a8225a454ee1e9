"""An opportunity as the snapshot lists it: the record, where it came from, and what was worked out about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from echo_core.matching import KINDS
from echo_core.model import Job, LearningPath, Mentorship, Opportunity, OpportunityKind, OrgUnit, PersonRef
from echo_core.text.language_names import primary
from echo_hub.snapshot.catalogue.locations import Atlas
from echo_hub.snapshot.catalogue.requirements import SkillRequirement, requirements_of, settled
from echo_hub.snapshot.directory.identity import Directory
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.rows import StoredOpportunity, StoredRecords
from echo_hub.snapshot.skill_graph.names import SkillNames
from echo_hub.store.aside import SetAside
from echo_hub.store.records import public_id

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listing:
    """An opportunity people can see. `row` is its position in every array of the snapshot.

    `countries` empty means anywhere. `departments` holds the unit itself first, then the units above it, without
    the root. `owners` are the rows of people; a job's are its hiring managers.
    """

    row: int
    id: str
    connection: str
    stream: str
    record: Opportunity
    kind: OpportunityKind
    scored_as: int
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    departments: tuple[str, ...]
    location: str | None
    owners: tuple[int, ...]
    owner_name: str | None
    requirements: tuple[SkillRequirement, ...]

    @property
    def owner(self) -> int:
        """The row of the owner, the first of several; -1 where there is none."""
        return self.owners[0] if self.owners else -1

    @property
    def posted_at(self) -> datetime:
        """When it was posted, or the start of time where nobody says."""
        return self.record.posted_at or self.record.updated_at or NEVER

    @property
    def seats_left(self) -> int | None:
        """Free seats, None where unlimited."""
        return None if self.record.seats is None else max(self.record.seats - self.record.seats_taken, 0)

    @property
    def hours_per_week(self) -> float | None:
        """Hours a week, where stated. Learning without a plan is at one's own pace: no hours a week."""
        if self.record.hours_per_week is None and isinstance(self.record, LearningPath):
            return 0.0
        return self.record.hours_per_week

    @property
    def noun(self) -> str:
        """What a sentence calls it: `job`, `project`, `mentor`, `mentee`, or the kind of learning."""
        record = self.record
        if isinstance(record, Mentorship):
            return "mentor" if record.direction == "offer" else "mentee"
        return record.content_kind if isinstance(record, LearningPath) else record.kind


def build_listings(
    stored_records: StoredRecords,
    visible: Sequence[StoredOpportunity],
    names: SkillNames,
    atlas: Atlas,
    directory: Directory,
    people: Sequence[DirectoryPerson],
    known: Mapping[str, Listing] = MappingProxyType({}),
    *,
    hidden: list[tuple[StoredOpportunity, str]],
    aside: SetAside,
) -> tuple[Listing, ...]:
    """Listings of all visible opportunities, ordered by id.

    Args:
        known: listings of the snapshot before, by id, about which nothing changed.
        hidden: takes those that cannot be listed after all.
        aside: takes the reasons, and texts that cannot be read for skills.
    """
    listings: list[Listing] = []
    managers = stored_records.hiring_managers()
    for opportunity in sorted(visible, key=listing_id):
        row = len(listings)
        before = known.get(listing_id(opportunity))
        if before is not None and before.record is opportunity.record:
            listings.append(before if before.row == row else replace(before, row=row))
            continue
        try:
            listings.append(
                _listing(row, opportunity, stored_records, managers, names, atlas, directory, people, aside)
            )
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one opportunity, the others are listed
            hidden.append((opportunity, "unreadable"))
            aside.add("opportunity", listing_id(opportunity), error)
    return tuple(listings)


def _listing(
    row: int,
    opportunity: StoredOpportunity,
    stored_records: StoredRecords,
    managers: Mapping[tuple[str, str], Sequence[PersonRef]],
    names: SkillNames,
    atlas: Atlas,
    directory: Directory,
    people: Sequence[DirectoryPerson],
    aside: SetAside,
) -> Listing:
    record = opportunity.record
    key = (opportunity.connection, (record.requisition_id if isinstance(record, Job) else None) or "")
    requisition = stored_records.requisitions.get(key)
    units = record.org_unit_ids or (requisition.org_unit_ids if requisition else ())
    locations = record.place_ids or (requisition.place_ids if requisition else ())
    stated = record.owner or (requisition.hiring_manager if requisition else None)
    rows = (directory.of(opportunity.connection, ref) for ref in (stated, *managers.get(key, ())))
    owners = tuple(dict.fromkeys(row for row in rows if row >= 0))
    request = isinstance(record, Mentorship) and record.direction == "request"
    requirements = requirements_of(
        record, names, unread=lambda error: aside.add("text", listing_id(opportunity), error)
    )
    return Listing(
        row=row,
        id=listing_id(opportunity),
        connection=opportunity.connection,
        stream=opportunity.stream,
        record=record,
        kind=record.kind,
        scored_as=KINDS.index("mentorship_request" if request else record.kind),
        countries=atlas.countries_for(opportunity.connection, record, locations),
        languages=tuple(dict.fromkeys(primary(code) for code in record.languages)),
        departments=_departments(stored_records.units, opportunity.connection, units),
        location=record.location or _location_names(atlas, opportunity.connection, locations),
        owners=owners,
        owner_name=people[owners[0]].fact.name if owners else None,
        requirements=settled(record, requirements, names.decisions.about(listing_id(opportunity)), names),
    )


def listing_id(opportunity: StoredOpportunity) -> str:
    """The public id of an opportunity."""
    return public_id(opportunity.connection, opportunity.record.entity, opportunity.record.source_id)


def _location_names(atlas: Atlas, connection: str, locations: Sequence[str]) -> str | None:
    names = [name for location in locations if (name := atlas.location_name(connection, location))]
    return ", ".join(names) or None


def _departments(units: Mapping[tuple[str, str], OrgUnit], connection: str, unit_ids: Sequence[str]) -> tuple[str, ...]:
    """Names of the units and of those above, without the root, which says nothing unless it is the unit itself."""
    departments: dict[str, None] = {}
    for unit_id in unit_ids:
        unit = units.get((connection, unit_id))
        seen: set[str] = set()
        own = True
        while unit is not None and unit.source_id not in seen:
            seen.add(unit.source_id)
            if own or unit.parent_id is not None:
                departments.setdefault(unit.name)
            own = False
            unit = units.get((connection, unit.parent_id)) if unit.parent_id else None
    return tuple(departments)
