"""The pool of a mentoring round: who mentors, who asks, which pairs may be made and what each is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from echo_core.matching import KINDS, Person, PersonFacts, Scorer, build_profile
from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.pairing import Candidates, two_sided
from echo_core.matching.pairing_requests import Request, as_mentor, build_requests
from echo_core.matching.pairing_rules import PairingSide, hours_apart, speechless, teaches_wanted, too_far, zone_gaps
from echo_hub.services.mentoring_views import RoundSettings
from echo_hub.snapshot import Snapshot
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.ranker import Ranker

_OFFER = KINDS.index("mentorship")
_REQUEST = KINDS.index("mentorship_request")


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why mentors who offer what a mentee wants are out: how many by rule. `peers` know no more than the mentee."""

    wanted: int
    peers: int
    rules: Counter[str] = field(default_factory=Counter)


class Pool:
    """Mentees and mentors by position, each ordered by id, with every pair that may be made.

    `offer` is the listing's row behind each candidate: of a mentor's offers the one that fits the mentee best.

    Args:
        taken: people who have as many mentors as they may, by id.
        refused: pairs (mentor id, mentee id) that people ruled out, or that are live already.
        among: by row, who is matched with mentoring; nobody else is in the pool. None for everybody.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        settings: RoundSettings,
        *,
        taken: Collection[str] = (),
        refused: Collection[tuple[str, str]] = (),
        among: BoolArray | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._among = among
        self.settings = settings
        offers = [
            listing for listing in snapshot.listings if listing.scored_as == _OFFER and self._is_active(listing.owner)
        ]
        self.mentors = self._by_id({offer.owner for offer in offers})
        self.position = {row: place for place, row in enumerate(self.mentors)}
        self.offers: IntArray = np.array([offer.row for offer in offers], dtype=np.int64)
        self.offer_mentor: IntArray = np.array([self.position[offer.owner] for offer in offers], dtype=np.int64)
        self.places: IntArray = np.zeros(len(self.mentors), dtype=np.int64)
        for offer in offers:
            self.places[self.position[offer.owner]] += stated_places(snapshot, offer, settings.unstated_places)
        requests = {
            listing.owner: listing
            for listing in reversed(snapshot.listings)
            if listing.scored_as == _REQUEST and self._is_active(listing.owner)
        }
        self.ranker = Ranker(snapshot).for_offers(self.offers)
        self.wishes = self._wishes(requests, taken)
        self.mentees = self._by_id(self.wishes)
        self._sides()
        self.requests = build_requests(
            [Request(self.wishes[row], self.own_levels(row)) for row in self.mentees],
            self.mentee_side.languages,
            len(snapshot.space),
            snapshot.weights,
        )
        self.request_scorer = Scorer(self.requests, snapshot.weights)
        self._score(frozenset(refused))

    def _is_active(self, row: int) -> bool:
        if row < 0 or (self._among is not None and not self._among[row]):
            return False
        return self.snapshot.people[row].fact.status == "active"

    def _by_id(self, rows: Collection[int]) -> tuple[int, ...]:
        return tuple(sorted(rows, key=lambda row: self.snapshot.people[row].id))

    def _wishes(self, requests: dict[int, Listing], taken: Collection[str]) -> dict[int, IntArray]:
        """The skills every mentee wants: claims of wanting to learn, and what an open request asks for."""
        snapshot, settings = self.snapshot, self.settings
        wishes = {}
        for person in snapshot.people:
            if not self._is_active(person.row) or not set(person.ids).isdisjoint(taken):
                continue
            if settings.country and person.country not in settings.country:
                continue
            if settings.department and person.org_unit not in settings.department:
                continue
            request = requests.get(person.row)
            more = (
                []
                if request is None
                else [snapshot.space.index[requirement.skill_id] for requirement in request.requirements]
            )
            wanted = np.union1d(snapshot.claims.of(person.row).learn, np.array(more, dtype=np.int64))
            if wanted.size:
                wishes[person.row] = wanted
        return wishes

    def own_levels(self, row: int) -> IntArray:
        """The level a mentee has of each wish, 0 where none."""
        claims = self.snapshot.claims.of(row)
        unknown = int(self.snapshot.weights.number("level", "unknown_claim"))
        levels = np.where(claims.level > 0, claims.level, unknown)
        own = dict(zip(claims.has.tolist(), levels.tolist(), strict=True))
        return np.array([own.get(skill, 0) for skill in self.wishes[row].tolist()], dtype=np.int64)

    def mentee(self, place: int) -> Person:
        """A mentee ready to be scored against offers."""
        row = self.mentees[place]
        return self.ranker.person(self.snapshot.prepared(row), self.wishes[row])

    def _sides(self) -> None:
        people = self.snapshot.people
        pool = (*self.mentees, *self.mentors)
        codes = sorted({"en", *(code for row in pool for code in people[row].languages)})
        self.language_codes = tuple(codes)
        zones = sorted({zone for row in pool if (zone := people[row].fact.time_zone)})
        self.gaps = zone_gaps(zones, self.snapshot.today)
        self.mentee_side = self._side(self.mentees, codes, zones)
        self.mentor_side = self._side(self.mentors, codes, zones)

    def _side(self, rows: tuple[int, ...], codes: list[str], zones: list[str]) -> PairingSide:
        people = [self.snapshot.people[row] for row in rows]
        spoken = np.array([[code in person.languages for code in codes] for person in people], dtype=bool)
        spoken = spoken.reshape(len(rows), len(codes))
        known: BoolArray = np.any(spoken, axis=1).reshape(len(rows))
        if self.settings.assume_english:
            spoken[known, codes.index("en")] = True
        zone = [zones.index(person.fact.time_zone) if person.fact.time_zone else -1 for person in people]
        return PairingSide(np.array(rows, dtype=np.int64), spoken, known, np.array(zone, dtype=np.int64))

    def mentor(self, place: int) -> Person:
        """A mentor ready to be scored against requests: claims, what the offers teach, and languages."""
        snapshot = self.snapshot
        taught = [
            (snapshot.space.index[requirement.skill_id], requirement.level)
            for row in self.offers[self.offer_mentor == place].tolist()
            for requirement in snapshot.listings[row].requirements
            if requirement.importance == "teaches"
        ]
        skills = as_mentor(
            snapshot.claims.of(self.mentors[place]),
            np.array([skill for skill, _ in taught], dtype=np.int64),
            np.array([level for _, level in taught], dtype=np.int64),
            snapshot.weights.number("evidence", "person"),
        )
        facts = PersonFacts(
            languages=tuple(np.flatnonzero(self.mentor_side.languages[place]).tolist()),
            languages_known=bool(self.mentor_side.languages_known[place]),
        )
        profile = build_profile(skills, facts, snapshot.space, snapshot.weights)
        return Person(profile, self.request_scorer.growth(profile))

    def _score(self, refused: frozenset[tuple[str, str]]) -> None:
        snapshot = self.snapshot
        wanted = np.zeros((len(self.mentors), len(self.mentees)))
        for place in range(len(self.mentors)):
            wanted[place] = self.request_scorer.score(*self.mentor(place)).total
        share = snapshot.weights.number("mentoring", "mentee_share")
        ids = [snapshot.people[row].id for row in self.mentors]
        ruled_out: dict[str, set[str]] = {}
        for refused_mentor, refused_mentee in refused:
            ruled_out.setdefault(refused_mentee, set()).add(refused_mentor)
        self.blocked: list[Blocked] = []
        kept: list[tuple[IntArray, IntArray, FloatArray, IntArray]] = []
        for mentee, row in enumerate(self.mentees):
            person = self.mentee(mentee)
            near, above = teaches_wanted(person.profile, self.ranker.block)
            closed = self._closed(mentee, above)
            if out := ruled_out.get(snapshot.people[row].id):
                closed["refused"] = np.array([ids[mentor] in out for mentor in self.offer_mentor], dtype=bool)
            allowed = above & ~np.logical_or.reduce(tuple(closed.values()))
            self.blocked.append(self._blocked(near, above, closed))
            at = np.flatnonzero(allowed)
            if not at.size:
                continue
            mentor = self.offer_mentor[at]
            own = self.ranker.totals(person)[at]
            other = wanted[mentor, mentee]
            both = two_sided(own, other, share)
            order = np.lexsort((at, -both.round(12), mentor))
            best = order[np.r_[True, mentor[order][1:] != mentor[order][:-1]]]
            kept.append((np.full(len(best), mentee), mentor[best], both[best], at[best]))
        nothing = (*(np.zeros(0, dtype=np.int64),) * 2, np.zeros(0), np.zeros(0, dtype=np.int64))
        columns = [np.concatenate(column) for column in zip(*(kept or [nothing]), strict=True)]
        self.candidates = Candidates(columns[0], columns[1], columns[2])
        self.offer: IntArray = self.offers[columns[3]]

    def _closed(self, mentee: int, above: BoolArray) -> dict[str, BoolArray]:
        """Which offers each rule closes to a mentee. Rules are asked only when an offer would teach anything."""
        if not above.any():
            return {"none": ~above}
        closed = self.ranker.closed(self.snapshot.prepared(self.mentees[mentee]))
        most = self.settings.time_zone_hours
        clocks = too_far(self.gaps, mentee, self.mentee_side, self.mentor_side, most)
        closed["time_zone"] = clocks[self.offer_mentor]
        closed["common_language"] = speechless(mentee, self.mentee_side, self.mentor_side)[self.offer_mentor]
        return closed

    def _blocked(self, near: BoolArray, above: BoolArray, closed: dict[str, BoolArray]) -> Blocked:
        def mentors(offers: BoolArray) -> int:
            return len(np.unique(self.offer_mentor[offers]))

        rules = Counter({name: mentors(above & shut) for name, shut in closed.items()})
        return Blocked(mentors(near), mentors(near) - mentors(above), +rules)

    def against(self, mentee: int, mentor: int) -> list[str]:
        """Names of the rules that close every offer of one mentor to one mentee."""
        own_offers = self.offer_mentor == mentor
        return [name for name, shut in self._closed(mentee, own_offers).items() if shut[own_offers].all()]

    def apart(self, mentee: int, mentor: int) -> float | None:
        """Hours between two people's clocks, None where a zone is not known."""
        hours = float(
            hours_apart(self.gaps, int(self.mentee_side.zone[mentee]), self.mentor_side.zone[mentor : mentor + 1])[0]
        )
        return None if np.isnan(hours) else hours


def stated_places(snapshot: Snapshot, offer: Listing, unstated: int) -> int:
    """Mentees an offer takes through the hub: its seats without those its source has given away."""
    record = offer.record
    if record.seats is None:
        return unstated
    elsewhere = record.seats_taken - snapshot.seated.get(offer.id, 0)
    return max(record.seats - elsewhere, 0)
