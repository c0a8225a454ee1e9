"""The snapshot after a few records changed, made from the one before: as from all records, in a fraction of the time.

What one record can move is followed here: a person's claims, location, wishes and words; an opportunity; the
requisition behind posts. So is what people say here: "not me", a skill of an opportunity, seats given away. What may
move anybody (who is who, who leads whom, units, locations, learning, what a name means) is read whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from echo_core.model import ENTITIES, HiringTeamMember, Job, LearningPath, Opportunity, Requisition
from echo_hub.snapshot.catalogue.listing import Listing, build_listings, listing_id
from echo_hub.snapshot.catalogue.locations import Atlas
from echo_hub.snapshot.catalogue.requirements import links_in
from echo_hub.snapshot.directory.computable import computable
from echo_hub.snapshot.directory.facts import PersonFact
from echo_hub.snapshot.directory.identity import KEYS
from echo_hub.snapshot.directory.people import DirectoryPerson, person_again
from echo_hub.snapshot.directory.switches import Rules
from echo_hub.snapshot.ranking.tables import Tables
from echo_hub.snapshot.rows import NameKey, StoredOpportunity
from echo_hub.snapshot.skill_graph.claims import ClaimBook, add_corrections, drop_corrections, owners_of
from echo_hub.snapshot.skill_graph.decisions import Corrections, Decisions
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.aside import SetAside
from echo_hub.store.changes import ChangedRecord, Difference
from echo_hub.store.payloads import record_in
from echo_hub.store.policy import OptOut
from echo_hub.store.records import public_id
from echo_hub.store.stored_people import person_in

SAID_KINDS = ("name decision", "requirement decision", "correction", "policy decision", "opt-out")
"""What is set aside while decisions are read."""
_LOCATION = ("country", "city", "location", "place_id")
MOST_GONE = 100_000
"""Claims that are gone keep their position, some 30 bytes each; above so many everything is read again."""


def updated(
    before: Snapshot,
    difference: Difference,
    decisions: Decisions,
    seats: Mapping[str, int],
    aside: SetAside | None = None,
) -> Snapshot | None:
    """The snapshot after these records changed; None where only reading all records can tell.

    Args:
        decisions: what people decided by now; about names it is what they had decided before.
        seats: those given away here by now, by public id.
        aside: what was left out when these decisions were read; None where they are those of before.
    """
    update = _Update(before, decisions, seats, aside)
    try:
        followed = update.follows() and all(update.take(change) for change in difference.records)
    except (ValueError, KeyError, TypeError):  # a record that cannot be read: reading all records sets it aside
        return None
    return update.snapshot(difference.revision) if followed else None


class _Update:
    """One snapshot on its way to the next."""

    def __init__(
        self, before: Snapshot, decisions: Decisions, seats: Mapping[str, int], aside: SetAside | None
    ) -> None:
        self._before, self._seats = before, seats
        self._aside = before.set_aside.only(
            lambda item: item.kind != "name" and (aside is None or item.kind not in SAID_KINDS)
        )
        if aside is not None:
            self._aside.take(aside)
        self._stored_records = before.sources.stored_records.copied()
        self._names = before.names.continued(decisions)
        self._corrections = before.corrections
        self._rows: set[int] = set()
        self._unasked: set[NameKey] = set()
        self._dirty: set[str] = set()
        self._posts_of: set[tuple[str, str]] = set()
        self._claims_moved = self._zones_moved = self._locations_moved = self._opportunities_moved = False
        self._opportunities = {
            (
                opportunity.connection,
                opportunity.stream,
                opportunity.record.entity,
                opportunity.record.source_id,
            ): opportunity
            for opportunity in self._stored_records.opportunities
        }

    def follows(self) -> bool:
        """Takes in what people said here; False if a full rebuild is required."""
        before, now = self._before.names.decisions, self._names.decisions
        if now.names != before.names or now.switches != before.switches:
            return False
        seated = self._before.seated
        self._dirty |= {offer for offer in {*seated, *self._seats} if seated.get(offer) != self._seats.get(offer)}
        if now.requirements != before.requirements:
            about = {decision.choice.opportunity for decision in (*before.requirements, *now.requirements)}
            about = {
                opportunity_id
                for opportunity_id in about
                if list(before.about(opportunity_id)) != list(now.about(opportunity_id))
            }
            records = (opportunity for opportunity in self._opportunities.values() if listing_id(opportunity) in about)
            if any(self._completed(opportunity.connection, opportunity.record) for opportunity in records):
                return False
            self._dirty |= about
        if now.corrections != before.corrections:
            self._correct(now)
        if now.opt_outs != before.opt_outs:
            for decision in {*now.opt_outs}.symmetric_difference(before.opt_outs):
                self._rows |= self._rows_of(decision.choice)
        return True

    def _rows_of(self, who: OptOut) -> set[int]:
        """Whose word on being matched it is."""
        rows = {self._before.person_rows.get(who.person_id, -1)}
        if who.employee_id:
            rows.update(self._before.directory.all("employee_id", who.employee_id))
        return rows - {-1}

    def _correct(self, decisions: Decisions) -> None:
        """What people say of their own skills now, in place of what they said."""
        snapshot, names = self._before, self._names
        was = snapshot.corrections.people
        self._corrections = now = Corrections(
            decisions.corrections, snapshot.people, snapshot.directory, names.taxonomy, names.meaning
        )
        rows = {row for row in {*was, *now.people} if was.get(row) != now.people.get(row)}
        self._claims_moved = True
        drop_corrections(self._stored_records, snapshot.people, rows)
        add_corrections(self._stored_records, now, snapshot.people, names, sorted(rows))
        self._rows |= rows

    def take(self, change: ChangedRecord) -> bool:
        """Takes one changed record in; False if a full rebuild is required."""
        kind = ENTITIES.get(change.entity)
        if kind is None:
            return True  # of a newer release, which knows more kinds of record: no snapshot here is made of them
        if self._before.set_aside.may_hold("record", public_id(change.connection, change.entity, change.source_id)):
            return False
        if change.entity == "person":
            return self._person(change)
        if issubclass(kind, Opportunity):
            return self._opportunity(change)
        if kind is Requisition:
            return self._requisition(change)
        if kind is HiringTeamMember:
            return self._hiring_team(change)
        return False

    def _person(self, change: ChangedRecord) -> bool:
        number = self._stored_records.number_of(change.connection, change.stream, change.source_id)
        if number is None or change.payload is None:
            return False
        was = self._stored_records.people[number]
        self._claims_moved = True
        self._stored_records.change_person(number, person_in(change.version, change.payload))
        now = self._stored_records.people[number]
        if _other(was, now, KEYS):
            return False
        self._locations_moved |= _other(was, now, _LOCATION)
        self._zones_moved |= _other(was, now, ("time_zone",))
        row = self._before.sources.joined.profile_of[number]
        if row >= 0:
            self._rows.add(row)
            if was.name != now.name:
                self._dirty.update(listing.id for listing in self._before.listings if row in listing.owners)
        return True

    def _opportunity(self, change: ChangedRecord) -> bool:
        key = (change.connection, change.stream, change.entity, change.source_id)
        was = self._opportunities.pop(key, None)
        if was is None and change.payload is None:
            return True
        records: list[Opportunity] = [] if was is None else [was.record]
        if change.payload is not None:
            record = record_in(change.entity, change.version, change.payload)
            computable(record)
            assert isinstance(record, Opportunity)
            records.append(record)
            self._opportunities[key] = StoredOpportunity(change.connection, change.stream, record)
        if any(self._completed(change.connection, record) for record in records):
            return False
        self._count(change, (change.payload is not None) - (was is not None))
        self._dirty.add(public_id(change.connection, change.entity, change.source_id))
        self._opportunities_moved = True
        return True

    def _completed(self, connection: str, record: Opportunity) -> bool:
        """Whether somebody completed this learning, so that its skills are theirs."""
        if not isinstance(record, LearningPath):
            return False
        own, anywhere = (connection, record.source_id), {*record.activity_ids}
        return any(
            completion.object_id in anywhere or (completion.ref[0], completion.object_id) == own
            for completion in self._stored_records.learned
        )

    def _requisition(self, change: ChangedRecord) -> bool:
        key = (change.connection, change.source_id)
        was = self._stored_records.requisitions.pop(key, None)
        if change.payload is not None:
            record = record_in(change.entity, change.version, change.payload)
            computable(record)
            assert isinstance(record, Requisition)
            self._stored_records.requisitions[key] = record
        self._count(change, (change.payload is not None) - (was is not None))
        self._posts_of.add(key)
        self._opportunities_moved = True
        return True

    def _hiring_team(self, change: ChangedRecord) -> bool:
        key = (change.connection, change.source_id)
        members = [self._stored_records.hiring_team.pop(key, None)]
        if change.payload is not None:
            record = record_in(change.entity, change.version, change.payload)
            assert isinstance(record, HiringTeamMember)
            self._stored_records.hiring_team[key] = record
            members.append(record)
        self._count(change, (change.payload is not None) - (members[0] is not None))
        self._posts_of |= {(change.connection, member.requisition_id) for member in members if member is not None}
        return True

    def _count(self, change: ChangedRecord, more: int) -> None:
        key = (change.connection, change.stream, change.entity)
        self._stored_records.stored[key] += more
        if not self._stored_records.stored[key]:
            del self._stored_records.stored[key]

    def snapshot(self, revision: int) -> Snapshot | None:
        """The next snapshot; None where the changes moved more than can be followed here."""
        before, stored_records, names = self._before, self._stored_records, self._names
        if stored_records.gone() > MOST_GONE:
            return None
        if self._locations_moved and not Atlas(stored_records.places, stored_records.people).knows_the_same(
            before.sources.atlas
        ):
            return None
        if self._opportunities_moved:
            stored_records.opportunities = sorted(
                self._opportunities.values(),
                key=lambda opportunity: (
                    opportunity.connection,
                    opportunity.record.entity,
                    opportunity.record.source_id,
                ),
            )
        sources = replace(before.sources, stored_records=stored_records, seats=self._seats)
        people = list(before.people)
        for row in self._rows:
            people[row] = person_again(row, stored_records, sources.joined, sources.atlas)
        ground = before.tables.ground
        listings, hidden = before.listings, before.withheld
        if self._dirty or self._posts_of:
            visible, hidden = sources.visible(people, ground.today)
            listings = self._listings(visible, people, hidden)
        owners = owners_of(stored_records, sources.joined.profile_of, sources.directory)
        changed = np.array(sorted(self._rows), dtype=np.int64)
        book = before.book
        if self._claims_moved:
            book = ClaimBook(stored_records, owners, names, ground.today, self._corrections, (before.book, changed))
        self._forget_names()
        rules = Rules.of(names.decisions.switches, names.decisions.opt_outs)
        off = rules.codes_again(before.tables.off, people, self._rows, before.units)
        relisted = listings is not before.listings or self._zones_moved
        tables = (
            before.tables.changed(people, listings, book, changed, relisted=relisted, off=off)
            if before.tables.fit(listings if relisted else (), book)
            else Tables.build(ground, people, listings, book, off)
        )
        return Snapshot(
            revision=revision,
            ground=ground,
            sources=sources,
            people=tuple(people),
            listings=listings,
            hidden=hidden,
            owners=owners,
            book=book,
            tables=tables,
            names=names,
            titles=before.roles.titles,
            aside=self._aside,
            before=before,
        )

    def _forget_names(self) -> None:
        """Lets go of the names that only what changed used."""
        if self._claims_moved or self._unasked:
            numbers, living = self._stored_records.names, self._stored_records.living_names()
            self._names.forget(key for key in (*numbers, *self._unasked) if numbers.get(key) not in living)

    def _listings(
        self,
        visible: list[StoredOpportunity],
        people: list[DirectoryPerson],
        hidden: list[tuple[StoredOpportunity, str]],
    ) -> tuple[Listing, ...]:
        """The listings of today; those that nothing changed about are those of before."""
        before, sources = self._before, self._before.sources
        shown = {listing_id(opportunity): opportunity.record for opportunity in visible if not self._moved(opportunity)}
        known = {listing.id: listing for listing in before.listings if shown.get(listing.id) is listing.record}
        for listing in before.listings:
            if known.get(listing.id) is not listing:
                for key, link in links_in(listing.record, self._names):
                    self._names.count_use(key, -1, clear=link.skill_id is not None)
                    self._unasked.add(key)
        self._aside = self._aside.only(
            lambda item: item.kind != "opportunity" and (item.kind != "text" or item.key in known)
        )
        return build_listings(
            *(self._stored_records, visible, self._names, sources.atlas, sources.directory, people, known),
            hidden=hidden,
            aside=self._aside,
        )

    def _moved(self, opportunity: StoredOpportunity) -> bool:
        record = opportunity.record
        requisition = (opportunity.connection, record.requisition_id or "") if isinstance(record, Job) else None
        return listing_id(opportunity) in self._dirty or requisition in self._posts_of


def _other(was: PersonFact, now: PersonFact, names: tuple[str, ...]) -> bool:
    return any(getattr(was, name) != getattr(now, name) for name in names)
