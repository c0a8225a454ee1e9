"""The Market: everything people, search and matching read, built from the store in one go and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from echo_core.matching import (
    ClaimIndex,
    Explainer,
    GatePerson,
    Growth,
    Profile,
    Retrieval,
    Scorer,
    Scores,
    SkillSpace,
    Verdict,
    Weights,
    build_block,
    build_profile,
    build_space,
    default_weights,
    eligible,
    verdicts,
)
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.skills.starter import starter
from echo_core.skills.taxonomy import Taxonomy
from echo_hub.market.accounting import account
from echo_hub.market.claims import Catalogue, ClaimBook, HeldClaim, add_learning, owners_of
from echo_hub.market.columns import GateColumns, MatchSettings, needs_table
from echo_hub.market.facets import Facets
from echo_hub.market.identity import Directory, Issue, join_people, system_of_record
from echo_hub.market.index import SearchIndex
from echo_hub.market.intake import Intake, Stored, StoredOpportunity
from echo_hub.market.listing import Listing, build_listings, listing_id
from echo_hub.market.naming import Resolve, SkillNames, UnlinkedName
from echo_hub.market.people import MarketPerson, build_people
from echo_hub.market.places import Atlas
from echo_hub.market.visibility import Account, hidden_by, second_posts
from echo_hub.store.records import data_revision, live_records
from echo_hub.store.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from echo_hub.store.database import Database

PREPARED = 1024
"""How many people's tables are kept ready at once."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A person ready for scoring: tables, what near roles miss, and the gates' side."""

    profile: Profile
    missing: Growth
    gates: GatePerson


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
    ) -> None:
        self.revision, self.today, self.taxonomy, self.weights = revision, today, taxonomy, weights
        self.people, self.listings, self.directory = people, listings, directory
        self.issues, self.joins, self.accounting, self.unlinked = issues, joins, accounting, unlinked
        self.hidden, self.names = hidden, names
        self.person_rows = {public: person.row for person in people for public in person.ids}
        self.listing_rows = {one.id: one.row for one in listings}
        used = book.used | {need.skill_id for one in listings for need in one.needs}
        self.space: SkillSpace = build_space(taxonomy, used, weights)
        self.columns = GateColumns(listings, people, settings)
        self.block = build_block(
            needs_table(listings, self.space, weights), self.columns.facts, len(self.space), weights
        )
        self.claims = ClaimIndex(
            book.table(self.space, weights),
            len(people),
            len(self.space),
            unknown=int(weights.number("level", "unknown_claim")),
        )
        self.scorer = Scorer(self.block, weights)
        self.explainer = Explainer(
            self.scorer,
            self.space,
            lambda row: listings[row].noun,
            self.columns.country_names,
            self.columns.language_names,
        )
        self.facets = Facets(listings, self.space)
        self.index = SearchIndex(listings, taxonomy)
        titles: dict[str, int] = {}
        self.title_codes = np.array(
            [titles.setdefault(one.record.title.casefold(), len(titles)) for one in listings], dtype=np.int64
        )
        kinds: dict[str, int] = {}
        self.kind_codes = np.array([kinds.setdefault(one.kind, len(kinds)) for one in listings], dtype=np.int64)
        self._book = book
        self._done = done
        self._whole = len(listings) <= weights.number("retrieval", "exact_up_to")
        self._retrieval = None if self._whole else Retrieval(self.block)
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
    ) -> Market:
        """A market from live records.

        Args:
            people_connection: the HR system whose people are the profiles; by default the connection with most
                employee ids.
            previous: the market before, if there is one: texts it has read for skills are not read again.
            resolve: asked about skill names the graph does not know.
            today: decides what is over, retired or expired, and how old evidence is.
        """
        intake = Intake.read(records)
        names = SkillNames(taxonomy, None if previous is None else previous.names, resolve)
        of_record = system_of_record(intake.people, people_connection)
        joined = join_people(intake.people, of_record)
        directory = Directory(intake.people, joined.profile_of, of_record)
        atlas = Atlas(intake.places, intake.people)
        people = build_people(intake, joined, atlas)
        visible, hidden = _visible(intake, directory, people, today)
        listings = build_listings(intake, visible, names, atlas, directory, [one.fact.name for one in people])
        learning = add_learning(intake, Catalogue(intake.opportunities), directory, names)
        owners = owners_of(intake, joined.profile_of, directory)
        names.settled()
        book = ClaimBook(intake, owners, names, today)
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
        """What is on a person's profile, in words, unlinked names included."""
        return self._book.of(person)

    def prepared(self, person: int) -> Prepared:
        """A person's tables, kept for the next question about the same person."""
        ready = self._ready.get(person)
        if ready is None:
            if len(self._ready) >= PREPARED:
                self._ready.clear()
            ready = self._ready[person] = self._prepare(person)
        return ready

    def _prepare(self, person: int) -> Prepared:
        gates = self.columns.person(self.people[person], self._done.get(person, _NONE))
        profile = build_profile(self.claims.of(person), gates.facts, self.space, self.weights)
        return Prepared(profile, self.scorer.growth(profile), gates)

    def eligible(self, person: int) -> BoolArray:
        """For every listing, whether all gates are open to the person."""
        return eligible(self.prepared(person).gates, self.columns.gates)

    def verdicts(self, person: int, row: int) -> tuple[Verdict, ...]:
        """What every gate says about one person and one listing."""
        return verdicts(self.prepared(person).gates, self.columns.gates, row)

    def scores(self, person: int, rows: IntArray | None = None) -> Scores:
        """Exact scores of some listings; without `rows`, of all, or in a very large market of those worth scoring."""
        prepared = self.prepared(person)
        if rows is None and self._retrieval is not None:
            rows = self._retrieval.propose(prepared.profile, int(self.weights.number("retrieval", "per_kind")))
        return self.scorer.score(prepared.profile, prepared.missing, rows)


_NONE: IntArray = np.zeros(0, dtype=np.int64)


def build_market(
    database: Database,
    *,
    today: date,
    people_connection: str | None = None,
    settings: MatchSettings | None = None,
    previous: Market | None = None,
    resolve: Resolve | None = None,
) -> Market:
    """A market from the store as it is now. Without an imported taxonomy the starter taxonomy serves.

    The revision is read first: a change that commits while we read makes the market count as old, never as current.
    """
    revision = data_revision(database)
    return Market.build(
        live_records(database),
        load_taxonomy(database) or starter(),
        today=today,
        people_connection=people_connection,
        revision=revision,
        settings=settings,
        previous=previous,
        resolve=resolve,
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
