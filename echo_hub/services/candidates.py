"""Who may take an opportunity up, for its owner: candidates with reasons before scores, and everybody else eligible.

An owner sees name, title, team, place and the claims that bear on the opportunity. A wish to use, learn or teach is
shown only where the opportunity offers just that: the person told a system so that such an opportunity finds them,
and there it is a reason to ask them. What a person prefers or avoids is theirs; it counts as one sum without details.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from echo_core.matching import THEY, Breakdown, recommends
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.model.message import Message
from echo_hub.services.candidate_views import AlsoEligible, Candidate, CandidateList, Colleague, RelevantClaim
from echo_hub.services.cards import card, confirmations, gaps_in, gates_in, gates_of, reasons_in
from echo_hub.services.explain import listed
from echo_hub.services.lineage import lineage
from echo_hub.services.views import Gate, Reason
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.ranker import Ranker
from echo_hub.snapshot.ranking.ranking import OpportunityRanking
from echo_hub.snapshot.snapshot import Snapshot

TOP = 20
"""How many candidates are shown with a score unless asked otherwise."""
_ASKED = ("essential", "desired")
_WISHES = ("wants_to_use", "wants_to_learn", "willing_to_teach", "steps_up", "teaches_wanted")
_OWN = ("place", "hours", "start", "avoids")
_SHUTS_OUT_ALL = ("open", "seats_left", "owner_there")


def candidates(
    snapshot: Snapshot, opportunity_id: str, *, top: int = TOP, among: BoolArray | None = None
) -> CandidateList:
    """The best candidates whom every gate lets in, best first; equal scores stand in the order of people's ids.

    Somebody for whom nothing speaks but place, language or hours is no candidate, just eligible.

    Args:
        top: how many at most.
        among: by row, who is matched with this kind; nobody else is shown or counted. None for everybody.

    Raises:
        UnknownOpportunityError: `opportunity_id` is not listed.
    """
    listing = listed(snapshot, opportunity_id)
    ranking = Ranker(snapshot).for_opportunity(listing.row, top, among)
    return CandidateList(
        opportunity=card(snapshot, listing.row),
        eligible=len(ranking.let_in),
        candidates=_candidates(snapshot, listing, ranking),
        closed_gates=() if len(ranking.let_in) else _closed(snapshot, listing),
        scorer_version=snapshot.weights.version,
        credits=snapshot.taxonomy.credits(),
    )


def also_eligible(
    snapshot: Snapshot,
    opportunity_id: str,
    *,
    top: int = TOP,
    limit: int = 20,
    offset: int = 0,
    among: BoolArray | None = None,
) -> AlsoEligible:
    """One page of everybody whom every gate lets in and who is not among the first `top` candidates.

    The order is drawn by lot, from the ids of the opportunity and the person: neither score nor name leads, and who
    looks again finds the same order.

    Args:
        among: as `candidates`.

    Raises:
        UnknownOpportunityError: `opportunity_id` is not listed.
    """
    listing = listed(snapshot, opportunity_id)
    ranking = Ranker(snapshot).for_opportunity(listing.row, top, among)
    rest = np.setdiff1d(ranking.let_in, ranking.rows[_recommended(snapshot, ranking)], assume_unique=True)
    lots = snapshot.people_table.lots(listing.id)[rest]
    page = rest[_first(lots, offset + limit)[offset:]].tolist()
    about = {requirement.skill_id for requirement in listing.requirements}
    return AlsoEligible(
        opportunity=card(snapshot, listing.row),
        total=len(rest),
        offset=offset,
        limit=limit,
        people=tuple(_colleague(snapshot, person, about) for person in page),
        credits=snapshot.taxonomy.credits(),
    )


def _first(lots: NDArray[np.uint64], count: int) -> IntArray:
    """The positions of so many lowest lots, in order."""
    if count >= len(lots):
        return np.argsort(lots, kind="stable")
    low = np.flatnonzero(lots <= np.partition(lots, count)[count])
    return low[np.argsort(lots[low], kind="stable")[:count]]


def _recommended(snapshot: Snapshot, ranking: OpportunityRanking) -> IntArray:
    """The positions of those for whom something speaks."""
    return np.flatnonzero(recommends(ranking.scores, snapshot.weights))


def _candidates(snapshot: Snapshot, listing: Listing, ranking: OpportunityRanking) -> tuple[Candidate, ...]:
    kept = _recommended(snapshot, ranking)
    rows, people = ranking.rows[kept].tolist(), [ranking.people[at] for at in kept.tolist()]
    breakdowns = snapshot.explainer_of_others.explain_people(people, listing.row, ranking.scores.at(kept))
    prepared = [snapshot.prepared(person) for person in rows]
    gates = [of_listing for (of_listing,) in gates_in(snapshot.opportunity_table, prepared, [listing.row], THEY)]
    confirmed = confirmations(snapshot, listing.row)
    return tuple(
        _candidate(snapshot, listing, confirmed, *facts) for facts in zip(rows, breakdowns, gates, strict=True)
    )


def _candidate(
    snapshot: Snapshot,
    listing: Listing,
    confirmed: Mapping[str, Message],
    person: int,
    breakdown: Breakdown,
    gates: tuple[Gate, ...],
) -> Candidate:
    reasons = reasons_in(snapshot.space, breakdown, confirmed)
    requirement_reasons = [reason for reason in reasons if reason.feature in _ASKED]
    through = {snapshot.space.ids[part.via] for part in breakdown.contributions if part.via is not None}
    about = {requirement.skill_id for requirement in listing.requirements} | through
    told = (*_ASKED, "assumed", *_WISHES, *_OWN)
    beside = [reason for reason in reasons if reason.feature not in told]
    own = [reason for reason in reasons if reason.feature in _OWN]
    if own:
        together = sum(reason.contribution for reason in own)
        message = Message("reason-own-wishes", {"who": THEY})
        beside.append(Reason(feature="preferences", message=message, contribution=together, speaks="open"))
    return Candidate(
        **dict(_colleague(snapshot, person, about)),
        have=tuple(reason for reason in requirement_reasons if reason.via is None),
        partly=tuple(reason for reason in requirement_reasons if reason.via is not None),
        missing=gaps_in(snapshot.space, breakdown, confirmed),
        assumed=tuple(reason for reason in reasons if reason.feature == "assumed"),
        wishes=tuple(reason for reason in reasons if reason.feature in _WISHES),
        beside=tuple(beside),
        gates=gates,
        score=breakdown.score,
    )


def _colleague(snapshot: Snapshot, person: int, about: Iterable[str]) -> Colleague:
    """A person with the claims to `about` that count: what they said is not theirs is left out."""
    who = snapshot.people[person]
    wanted = set(about)
    skills, _ = lineage(snapshot.claims_of(person, wanted), person, snapshot.corrections, snapshot.taxonomy)
    return Colleague(
        id=who.id,
        name=who.fact.name,
        title=who.fact.title,
        org_unit=who.org_unit,
        location=who.location,
        claims=tuple(
            RelevantClaim(
                skill_id=claim.skill_id,
                skill=claim.skill,
                level=claim.level,
                asserter=claim.asserter,
                source=claim.source,
                asserted_on=claim.asserted_on,
            )
            for claim in skills
            if claim.skill_id is not None and claim.skill_id in wanted and claim.stance == "has" and not claim.overruled
        ),
    )


def _closed(snapshot: Snapshot, listing: Listing) -> tuple[Gate, ...]:
    """The rules that shut out everybody, whoever they are."""
    if not snapshot.people:
        return ()
    return tuple(
        gate for gate in gates_of(snapshot, 0, listing.row, THEY) if not gate.passed and gate.name in _SHUTS_OUT_ALL
    )
