"""The Market: everything people, search and matching read, built from the store in one go and never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from echo_core.matching import (
    THEY,
    YOU,
    ClaimIndex,
    GatePerson,
    Scores,
    SkillSpace,
    Verdict,
    Voice,
    Weights,
    build_block,
    build_space,
    default_weights,
)
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.candidates import Candidates
from echo_core.skills.starter import starter
from echo_core.skills.taxonomy import Taxonomy
from echo_hub.market.accounting import account
from echo_hub.market.board import Board, Prepared, kind_codes
from echo_hub.market.claims import Catalogue, ClaimBook, HeldClaim, add_corrections, add_learning, owners_of
from echo_hub.market.columns import GateColumns, MatchSettings, needs_table
from echo_hub.market.competition import count_competition
from echo_hub.market.decided import NO_DECISIONS, Corrections, Decisions
from echo_hub.market.facets import Facets
from echo_hub.market.identity import Directory, Issue, join_people, system_of_record
from echo_hub.market.index import SearchIndex
from echo_hub.market.intake import Intake, NameKey, Stored, StoredOpportunity
from echo_hub.market.listing import Listing, build_listings, listing_id
from echo_hub.market.naming import Resolve, SkillNames, UnlinkedName
from echo_hub.market.people import MarketPerson, build_people
from echo_hub.market.places import Atlas
from echo_hub.market.roles import Roles, Titles
from echo_hub.market.seating import seated
from echo_hub.market.series import alike
from echo_hub.market.shortlist import Fit, Shortlist
from echo_hub.market.visibility import Account, hidden_by, second_posts
from echo_hub.store.mentoring_rounds import seats_taken
from echo_hub.store.records import data_revision, live_texts
from echo_hub.store.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from echo_hub.store.database import Database

PREPARED = 1024
"""How many people's tables are kept ready at once."""


class Market:
    """One consistent picture of people and opportunities. Immutable, and safe to read from any number of threads.

    Rows of `people` and `listings` are the rows of every array. `accounting` says what became of every stored
    record, `hidden` names the rule behind every opportunity that is not listed, `issues` which people could not be
    joined, `unlinked` which skill names the graph does not know.
    """

    def __init__(
        self,
        *,
        revision: int,
        today: date,
        taxonomy: Taxonomy,
        people: tuple[MarketPerson, ...],
        listings: tuple[Listing, ...],
        directory: Directory,
        book: ClaimBook,
        done: Mapping[int, IntArray],
        settings: MatchSettings,
        weights: Weights,
        issues: tuple[Issue, ...],
        joins: Mapping[str, int],
        accounting: tuple[Account, ...],
        unlinked: tuple[UnlinkedName, ...],
        hidden: Mapping[str, str],
        names: SkillNames,
        seated: Mapping[str, int],
        titles: Titles | None,
    ) -> None:
        self.revision, self.today, self.taxonomy, self.weights = revision, today, taxonomy, weights
        self.people, self.listings, self.directory = people, listings, directory
        self.issues, self.joins, self.accounting, self.unlinked = issues, joins, accounting, unlinked
        self.hidden, self.names, self.seated = hidden, names, seated
        self.person_rows = {public: person.row for person in people for public in person.ids}
        self.listing_rows = {one.id: one.row for one in listings}
        used = book.used | {need.skill_id for one in listings for need in one.needs}
        self.space: SkillSpace = build_space(taxonomy, used, weights)
        self.columns = GateColumns(listings, people, settings, today)
        self.block = build_block(
            needs_table(listings, self.space, weights), self.columns.facts, len(self.space), weights
        )
        self.claims = ClaimIndex(
            book.table(self.space, weights),
            len(people),
            len(self.space),
            unknown=int(weights.number("level", "unknown_claim")),
        )
        self.crowd = count_competition(self.columns, people, self.claims, self.block, self.space, weights)
        self.roles = Roles(titles if settings.assume_from_titles else None, self.space)
        self.board = Board(
            weights=weights,
            space=self.space,
            block=self.block,
            crowd=self.crowd,
            gates=self.columns.gates,
            ids=[one.id for one in listings],
            nouns=[one.noun for one in listings],
            kind_codes=kind_codes([one.kind for one in listings]),
            alike=alike(listings),
        )
        self.scorer, self.explainer = self.board.scorer, self.board.explainer
        self.explainer_of_others = self.explainer.speaking(THEY)
        self.facets = Facets(listings, self.space)
        self.index = SearchIndex(listings, taxonomy)
        self._book = book
        self.corrections: Corrections = book.corrections
        self._done = done
        self._ready: dict[int, Prepared] = {}

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
        previous: Market | None = None,
        resolve: Resolve | None = None,
        decisions: Decisions = NO_DECISIONS,
        places_taken: Mapping[str, int] = MappingProxyType({}),
        titles: Callable[[Taxonomy], Titles | None] | None = None,
    ) -> Market:
        """A market from live records.

        Args:
            people_connection: the HR system whose people are the profiles; by default the connection with most
                employee ids.
            previous: the market before, if there is one: texts it has read for skills are not read again.
            resolve: asked about skill names the graph does not know.
            decisions: what people decided; skills they added must be in the taxonomy already.
            places_taken: places of offers the hub gave away itself, by public id, on top of what the source says.
            titles: makes what knows the roles behind titles, for people with few skills on their profile.
            today: decides what is over, retired or expired, and how old evidence is.
        """
        intake = Intake.read(records)
        intake.opportunities = list(seated(intake.opportunities, places_taken))
        names = SkillNames(taxonomy, None if previous is None else previous.names, resolve, decisions)
        of_record = system_of_record(intake.people, people_connection)
        joined = join_people(intake.people, of_record)
        directory = Directory(intake.people, joined.profile_of, of_record)
        atlas = Atlas(intake.places, intake.people)
        people = build_people(intake, joined, atlas)
        visible, hidden = _visible(intake, directory, people, today)
        listings = build_listings(intake, visible, names, atlas, directory, [one.fact.name for one in people])
        learning = add_learning(intake, Catalogue(intake.opportunities), directory, names)
        corrections = Corrections(decisions.disputes, people, directory, names.taxonomy, names.meaning)
        add_corrections(intake, corrections, people, names)
        owners = owners_of(intake, joined.profile_of, directory)
        names.settled()
        book = ClaimBook(intake, owners, names, today, corrections)
        return cls(
            revision=revision,
            today=today,
            taxonomy=names.taxonomy,
            people=people,
            listings=listings,
            directory=directory,
            book=book,
            done=_done_rows(learning.done, listings),
            settings=settings or MatchSettings(),
            weights=weights or default_weights(),
            issues=joined.issues,
            joins=joined.counts,
            accounting=account(intake, joined, hidden, learning.counts, owners, names, today),
            unlinked=names.queue(),
            hidden={listing_id(one): rule for one, rule in hidden},
            names=names,
            seated=places_taken,
            titles=None if titles is None else titles(names.taxonomy),
        )

    def person(self, public_id: str) -> MarketPerson | None:
        """The person with this public id, or whose record in another system has it."""
        row = self.person_rows.get(public_id)
        return None if row is None else self.people[row]

    @cached_property
    def folded_names(self) -> tuple[str, ...]:
        """Everybody's name as it is compared, by row; folded when first asked for."""
        return tuple(person.fact.name.casefold() for person in self.people)

    def listing(self, public_id: str) -> Listing | None:
        """The listed opportunity with this public id."""
        row = self.listing_rows.get(public_id)
        return None if row is None else self.listings[row]

    def claims_of(self, person: int) -> list[HeldClaim]:
        """What sources say a person has, in words, unlinked names and claims they refused included."""
        return self._book.of(person)

    def uses_of(self, names: Set[NameKey]) -> Iterator[tuple[NameKey, int, str, str | None]]:
        """(name, person, connection, record) of every claim under one of these names."""
        return self._book.names_of(names)

    def prepared(self, person: int) -> Prepared:
        """A person's tables, kept for the next question about the same person."""
        ready = self._ready.get(person)
        if ready is None:
            if len(self._ready) >= PREPARED:
                self._ready.clear()
            ready = self._ready[person] = self._prepare(person)
        return ready

    def candidates(self, row: int, count: int = 50) -> list[Fit]:
        """The people who fit a listing best among those whom every gate lets in, with exact scores."""
        return self._shortlist.best(row, self.columns.gates, count)

    def let_in(self, row: int) -> IntArray:
        """The rows of everybody for whom all gates of a listing are open, in no order of merit."""
        rows = self._shortlist.everybody(row, self.columns.gates)
        if self.columns.gates.mentoring[row]:
            rows = rows[self.columns.let_in(self.people, rows, np.full(len(rows), row))]
        done = [person for person, mine in self._done.items() if row in mine]
        return np.setdiff1d(rows, np.array(done, dtype=np.int64))

    @cached_property
    def _shortlist(self) -> Shortlist:
        rows = range(len(self.people))
        here = np.array([one.fact.status in ("active", "on_leave") for one in self.people], dtype=bool)
        candidates = Candidates(
            self.scorer,
            self.space,
            self.claims,
            (self._gates_of(row).facts for row in rows),
            (self.roles.assumption(one.fact.title) for one in self.people),
        )
        return Shortlist(candidates, self.scorer, self._gates_of, here, self._exact)

    def _exact(self, person: int, row: int) -> float:
        return float(self.scores(person, np.array([row], dtype=np.int64)).total[0])

    def _gates_of(self, person: int) -> GatePerson:
        done = self._done.get(person, _NONE)
        return self.columns.person(self.people[person], done, self.crowd.counts(person))

    def _prepare(self, person: int) -> Prepared:
        who = self.people[person]
        gates = self._gates_of(person)
        role = self.roles.assumption(who.fact.title)
        return self.board.prepare(self.claims.of(person), gates, role)

    def eligible(self, person: int) -> BoolArray:
        """For every listing, whether all gates are open to the person."""
        return self.board.eligible(self.prepared(person).gates)

    def verdicts(self, person: int, row: int, voice: Voice = YOU) -> tuple[Verdict, ...]:
        """What every gate says about one person and one listing."""
        return self.board.verdicts(self.prepared(person).gates, row, voice)

    def scores(self, person: int, rows: IntArray | None = None) -> Scores:
        """Exact scores of some listings; without `rows`, of all, or in a very large market of those worth scoring."""
        prepared = self.prepared(person)
        return self.board.scores(prepared.profile, prepared.missing, rows)


_NONE: IntArray = np.zeros(0, dtype=np.int64)


def build_market(
    database: Database,
    *,
    today: date,
    people_connection: str | None = None,
    settings: MatchSettings | None = None,
    previous: Market | None = None,
    resolve: Resolve | None = None,
    titles: Callable[[Taxonomy], Titles | None] | None = None,
) -> Market:
    """A market from the store as it is now. Without an imported taxonomy the starter taxonomy serves.

    The revision is read first: a change that commits while we read makes the market count as old, never as current.
    """
    revision = data_revision(database)
    decisions = Decisions.read(database)
    return Market.build(
        live_texts(database),
        decisions.onto(load_taxonomy(database) or starter()),
        today=today,
        people_connection=people_connection,
        revision=revision,
        settings=settings,
        previous=previous,
        resolve=resolve,
        decisions=decisions,
        places_taken=seats_taken(database),
        titles=titles,
    )


def _visible(
    intake: Intake, directory: Directory, people: tuple[MarketPerson, ...], today: date
) -> tuple[list[StoredOpportunity], list[tuple[StoredOpportunity, str]]]:
    visible: list[StoredOpportunity] = []
    hidden: list[tuple[StoredOpportunity, str]] = []
    for one in intake.opportunities:
        owner = directory.of(one.connection, one.record.owner)
        rule = hidden_by(one, intake.requisitions, owner >= 0 and people[owner].fact.status == "left", today)
        if rule is None:
            visible.append(one)
        else:
            hidden.append((one, rule))
    second = second_posts(visible)
    hidden.extend((visible[position], "one_post_per_requisition") for position in sorted(second))
    return [one for position, one in enumerate(visible) if position not in second], hidden


def _done_rows(done: Mapping[int, set[tuple[str, str]]], listings: tuple[Listing, ...]) -> dict[int, IntArray]:
    rows = {(one.connection, one.record.source_id): one.row for one in listings if one.kind == "learning_path"}
    return {
        person: np.array(sorted(rows[key] for key in keys if key in rows), dtype=np.int64)
        for person, keys in done.items()
    }
