"""The Snapshot: everything people, search and matching read, made from the store and never changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType

import numpy as np

from echo_core.matching import (
    THEY,
    Assumption,
    Congestion,
    EligibilityPerson,
    Scores,
    Weights,
    default_weights,
)
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.batch import BatchRanker
from echo_core.matching.candidates import Candidates
from echo_core.matching.claims_by_skill import ClaimsBySkill
from echo_core.matching.person_columns import PersonColumns
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_hub.snapshot.catalogue.accounting import account
from echo_hub.snapshot.catalogue.listing import Listing, build_listings, listing_id
from echo_hub.snapshot.catalogue.locations import Atlas
from echo_hub.snapshot.catalogue.series import diversity_groups
from echo_hub.snapshot.directory.identity import Directory, join_people, system_of_record
from echo_hub.snapshot.directory.names import searched_name
from echo_hub.snapshot.directory.people import DirectoryPerson, build_people
from echo_hub.snapshot.directory.switches import Rules
from echo_hub.snapshot.directory.units import UnitTree
from echo_hub.snapshot.ranking.candidate_pool import CandidatePool
from echo_hub.snapshot.ranking.columns import EligibilityColumns, MatchSettings
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable, Prepared, kind_codes
from echo_hub.snapshot.ranking.people_table import PeopleTable
from echo_hub.snapshot.ranking.tables import Ground, Tables
from echo_hub.snapshot.rows import NameKey, Stored, StoredOpportunity, StoredRecords
from echo_hub.snapshot.search.facets import Facets
from echo_hub.snapshot.search.index import SearchIndex
from echo_hub.snapshot.skill_graph.claims import (
    Catalogue,
    ClaimBook,
    HeldClaim,
    add_corrections,
    add_learning,
    owners_of,
)
from echo_hub.snapshot.skill_graph.decisions import NO_DECISIONS, Corrections, Decisions
from echo_hub.snapshot.skill_graph.names import Resolve, SkillNames
from echo_hub.snapshot.skill_graph.occupations import Roles, Titles
from echo_hub.snapshot.sources import Sources
from echo_hub.store.aside import SetAside

PREPARED = 64
"""How many people's tables are kept ready at once: for the next page of who is looking. Making them takes a fraction of
a millisecond, and keeping them 100 bytes for every skill in use."""


class Snapshot:
    """One consistent view of people and opportunities. Immutable, and safe to read from any number of threads.

    Rows of `people` and `listings` are the rows of every array. `accounting` says what became of every stored
    record, `hidden` names the rule behind every opportunity that is not listed, `issues` which people could not be
    joined, `unlinked` which skill names the graph does not know, `set_aside` what is stored and cannot be used.

    Args:
        before: the snapshot this one was made from, when only a little changed: what is the same is taken from there.
    """

    def __init__(
        self,
        *,
        revision: int,
        ground: Ground,
        sources: Sources,
        people: tuple[DirectoryPerson, ...],
        listings: tuple[Listing, ...],
        hidden: list[tuple[StoredOpportunity, str]],
        owners: IntArray,
        book: ClaimBook,
        tables: Tables,
        names: SkillNames,
        titles: Titles | None,
        aside: SetAside,
        before: Snapshot | None = None,
    ) -> None:
        self.revision, self.today, self.taxonomy, self.weights = revision, ground.today, ground.taxonomy, ground.weights
        self.sources, self.tables, self.names = sources, tables, names
        self.people, self.listings = people, listings
        self.directory: Directory = sources.directory
        joined, learning = sources.joined, sources.learning
        self.issues, self.joins = joined.issues, joined.counts
        self.accounting = account(sources.stored_records, joined, hidden, learning.counts, owners, names, ground.today)
        self.unlinked = names.queue()
        for key, why in names.failed.items():
            aside.add("name", key.label, why)
        self.set_aside = aside
        self.withheld = hidden
        self.hidden: Mapping[str, str] = {listing_id(opportunity): rule for opportunity, rule in hidden}
        self.space, self.columns, self.block, self.claims = tables.space, tables.columns, tables.block, tables.claims
        self.congestion = tables.congestion
        self.corrections: Corrections = book.corrections
        self.seated = sources.seats
        self.book = book
        self._ready: OrderedDict[int, Prepared] = OrderedDict()
        titles = titles if ground.settings.assume_from_titles else None
        self.listing_rows: dict[str, int]
        self._done: dict[int, IntArray]
        self.opportunity_table: OpportunityTable
        self.facets: Facets
        self.index: SearchIndex
        if before is None:
            self.person_rows = {public: person.row for person in people for public in person.ids}
            self.roles = Roles(titles, self.space)
        else:  # rows of people stay as they are from one snapshot to the next
            self.person_rows = before.person_rows
            self.roles = before.roles if before.space is self.space else Roles(titles, self.space)
            self._take_over(before)
        if before is not None and before.block is self.block:  # nothing about opportunities or their owners changed
            self.listing_rows, self._done = before.listing_rows, before._done
            self.opportunity_table = before.opportunity_table.with_congestion(tables.congestion)
            self.facets, self.index = before.facets, before.index
        else:
            self.listing_rows = {listing.id: listing.row for listing in listings}
            self._done = sources.done(listings)
            self.opportunity_table = OpportunityTable(
                weights=self.weights,
                space=self.space,
                block=self.block,
                congestion=self.congestion,
                eligibility=self.columns.eligibility,
                ids=[listing.id for listing in listings],
                nouns=[listing.noun for listing in listings],
                kind_codes=kind_codes([listing.kind for listing in listings]),
                diversity_groups=diversity_groups(listings),
            )
            self.facets = Facets(listings, self.space, None if before is None else before.facets)
            self.index = SearchIndex(listings, self.taxonomy, None if before is None else before.index)
        self.scorer, self.explainer = self.opportunity_table.scorer, self.opportunity_table.explainer
        self.explainer_of_others = self.explainer.speaking(THEY)

    @classmethod
    def build(
        cls,
        records: Iterable[Stored],
        taxonomy: Taxonomy,
        *,
        today: date,
        people_connection: str | None = None,
        revision: int = 0,
        settings: MatchSettings | None = None,
        weights: Weights | None = None,
        previous: Snapshot | None = None,
        resolve: Resolve | None = None,
        decisions: Decisions = NO_DECISIONS,
        seats_taken: Mapping[str, int] = MappingProxyType({}),
        titles: Callable[[Taxonomy], Titles | None] | None = None,
        aside: SetAside | None = None,
    ) -> Snapshot:
        """A snapshot from live records.

        Args:
            people_connection: the HR system whose people are the profiles; by default the connection with most
                employee ids.
            previous: the snapshot before, if there is one: texts it has read for skills are not read again.
            resolve: asked about skill names the graph does not know.
            decisions: what people decided; skills they added must be in the taxonomy already.
            seats_taken: seats of offers the hub gave away itself, by public id, on top of what the source says.
            titles: makes what knows the roles behind titles, for people with few skills on their profile.
            today: decides what is over, retired or expired, and how old evidence is.
            aside: what the taxonomy and the decisions left out; takes what is left out of the rest.
        """
        aside = SetAside() if aside is None else aside
        stored_records = StoredRecords.read(records, aside)
        names = SkillNames(taxonomy, None if previous is None else previous.names, resolve, decisions)
        of_record = system_of_record(stored_records.people, people_connection)
        joined = join_people(stored_records.people, of_record)
        directory = Directory(stored_records.people, joined.profile_of, of_record)
        atlas = Atlas(stored_records.places, stored_records.people)
        people = build_people(stored_records, joined, atlas)
        learning = add_learning(stored_records, Catalogue(stored_records.opportunities), directory, names)
        sources = Sources(stored_records, joined, directory, atlas, learning, seats_taken, people_connection)
        visible, hidden = sources.visible(people, today)
        listings = build_listings(stored_records, visible, names, atlas, directory, people, hidden=hidden, aside=aside)
        corrections = Corrections(decisions.corrections, people, directory, names.taxonomy, names.meaning)
        add_corrections(stored_records, corrections, people, names)
        owners = owners_of(stored_records, joined.profile_of, directory)
        names.settled()
        book = ClaimBook(stored_records, owners, names, today, corrections)
        ground = Ground(names.taxonomy, settings or MatchSettings(), weights or default_weights(), today)
        rules = Rules.of(decisions.switches, decisions.opt_outs)
        off = rules.codes(people, UnitTree(stored_records.units))
        return cls(
            revision=revision,
            ground=ground,
            sources=sources,
            people=people,
            listings=listings,
            hidden=hidden,
            owners=owners,
            book=book,
            tables=Tables.build(ground, people, listings, book, off),
            names=names,
            titles=None if titles is None else titles(names.taxonomy),
            aside=aside,
        )

    def made_for(self, today: date, people_connection: str | None, settings: MatchSettings) -> bool:
        """Whether this snapshot was made for that day and with those settings."""
        own = (self.today, self.sources.people_connection, self.tables.ground.settings)
        return own == (today, people_connection, settings)

    def person(self, public_id: str) -> DirectoryPerson | None:
        """The person with this public id, or whose record in another system has it."""
        row = self.person_rows.get(public_id)
        return None if row is None else self.people[row]

    @cached_property
    def searched_names(self) -> tuple[str, ...]:
        """Everybody's name as it is searched for (`directory.names`), by row; folded when first asked for."""
        return tuple(searched_name(person.fact.name) for person in self.people)

    @cached_property
    def units(self) -> UnitTree:
        """Whose unit is part of which; made when first asked for."""
        return UnitTree(self.sources.stored_records.units)

    def listing(self, public_id: str) -> Listing | None:
        """The listed opportunity with this public id."""
        row = self.listing_rows.get(public_id)
        return None if row is None else self.listings[row]

    def claims_of(self, person: int, about: Set[str] | None = None) -> list[HeldClaim]:
        """What sources say a person has, in words, unlinked names and claims they refused included.

        Args:
            about: the skills that claims are wanted of; None for all, unlinked names too.
        """
        return self.book.of(person, about)

    def uses_of(self, names: Set[NameKey]) -> Iterator[tuple[NameKey, int, str, str | None]]:
        """(name, person, connection, record) of every claim under one of these names."""
        return self.book.names_of(names)

    def prepared(self, person: int) -> Prepared:
        """A person's tables, kept for the next question about the same person."""
        ready = self._ready.get(person)
        if ready is None:
            if len(self._ready) >= PREPARED:
                self._ready.popitem(last=False)
            ready = self._ready[person] = self._prepare(person)
        return ready

    def candidates(self, row: int, people: IntArray, count: int) -> IntArray:
        """Who of these people score best for a listing, without what near roles miss."""
        return self._candidate_pool.best(row, people, count)

    def let_in(self, row: int, among: BoolArray | None = None) -> IntArray:
        """The rows of everybody who meets every eligibility rule of a listing, by row.

        Args:
            among: by row, who may be one of them; None for everybody.
        """
        return self._candidate_pool.let_in(row, among)

    def _take_over(self, before: Snapshot) -> None:
        """What all candidates share, where the snapshot before has made it; elsewhere it is made when asked for."""
        if "people_table" in before.__dict__:
            self.people_table = before.people_table.after(self.people)
        if "_claims_by_skill" in before.__dict__ and before.claims is self.claims:
            self._claims_by_skill = before._claims_by_skill

    @cached_property
    def people_table(self) -> PeopleTable:
        """All people in columns, made when first asked for."""
        return PeopleTable(self.people)

    @cached_property
    def _claims_by_skill(self) -> ClaimsBySkill:
        unknown = int(self.weights.number("level", "unknown_claim"))
        return ClaimsBySkill(self.claims, len(self.people), len(self.space), unknown=unknown)

    @cached_property
    def _candidate_pool(self) -> CandidatePool:
        columns, everybody = self.columns, self.people_table
        groups = PersonColumns([columns.facts_of(*group) for group in everybody.groups], columns.facts)
        candidates = Candidates(
            self.scorer,
            self.space,
            self._claims_by_skill,
            groups,
            everybody.group,
            [self.roles.assumption(title) for title in everybody.titles],
            everybody.title,
        )
        people = columns.everybody(groups, everybody.group, everybody.here, self._done)
        return CandidatePool(candidates, people, columns.eligibility)

    @cached_property
    def batch_ranker(self) -> BatchRanker:
        """Everybody's lists at once, by compiled code; made when first asked for.

        Raises:
            ValueError: the extra `batch` is not installed, see `echo_core.matching.batch.compiled`.
        """
        return self.batch_ranker_over(None)

    def batch_ranker_over(self, only: BoolArray | None) -> BatchRanker:
        """The same over some listings, as if the others were not there; errors as `batch_ranker`."""
        eligibility = self.columns.eligibility
        return BatchRanker(
            self.scorer,
            self.space,
            self.claims,
            eligibility if only is None else replace(eligibility, open=eligibility.open & only),
            self.opportunity_table.kind_codes,
            self.opportunity_table.diversity_groups,
            # Of what they need, not of the snapshot: what held on to it would keep it for ever.
            partial(_eligibility_of, self.columns, self.people, self._done, self.congestion),
            partial(_assumed_of, self.roles, self.people),
        )

    def eligibility_of(self, person: int) -> EligibilityPerson:
        """One person's side of the eligibility rules."""
        return _eligibility_of(self.columns, self.people, self._done, self.congestion, person)

    def assumption(self, person: int) -> Assumption | None:
        """What a person's title lets one assume."""
        return _assumed_of(self.roles, self.people, person)

    def _prepare(self, person: int) -> Prepared:
        return self.opportunity_table.prepare(
            self.claims.of(person), self.eligibility_of(person), self.assumption(person)
        )

    def eligible(self, person: int) -> BoolArray:
        """For every listing, whether the person meets every rule."""
        return self.opportunity_table.eligible(self.prepared(person).eligibility)

    def scores(self, person: int, rows: IntArray | None = None) -> Scores:
        """Exact scores of some listings; without `rows`, of all, or in a very large snapshot of those worth scoring."""
        prepared = self.prepared(person)
        return self.opportunity_table.scores(prepared.profile, prepared.missing, rows)


_NONE: IntArray = np.zeros(0, dtype=np.int64)


def _eligibility_of(
    columns: EligibilityColumns,
    people: Sequence[DirectoryPerson],
    done: Mapping[int, IntArray],
    congestion: Congestion,
    person: int,
) -> EligibilityPerson:
    return columns.person(people[person], done.get(person, _NONE), congestion.counts(person))


def _assumed_of(roles: Roles, people: Sequence[DirectoryPerson], person: int) -> Assumption | None:
    return roles.assumption(people[person].fact.title)
