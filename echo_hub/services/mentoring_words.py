"""Stored rounds and pairs as views: ids become people and offers, lost places an error's sentence."""

from __future__ import annotations

from pydantic import TypeAdapter

from echo_hub.services.mentoring_views import (
    Colleague,
    PairNote,
    PairReason,
    PairView,
    RoundSettings,
    RoundView,
    UnassignedView,
)
from echo_hub.services.stored_messages import read_message, with_message
from echo_hub.services.views import Sentence
from echo_hub.snapshot import Snapshot
from echo_hub.store.mentoring_rounds import LostPlacesError, Pair, Round

_NAMED = 10
_REASONS, _NOTES = TypeAdapter(tuple[PairReason, ...]), TypeAdapter(tuple[PairNote, ...])


def colleague(snapshot: Snapshot, person_id: str) -> Colleague:
    """A person by id; one who is not on file any more is shown by the id."""
    person = snapshot.person(person_id)
    if person is None:
        return Colleague(id=person_id, name=person_id)
    return Colleague(
        id=person.id,
        name=person.fact.name,
        title=person.fact.title,
        org_unit=person.org_unit,
        location=person.location,
    )


def round_view(stored: Round) -> RoundView:
    """A stored round."""
    return RoundView(
        id=stored.id,
        title=stored.title,
        state=stored.state,
        settings=RoundSettings.model_validate(stored.settings),
        scorer_version=stored.scorer,
        created_by=stored.created_by,
        created_at=stored.created_at,
        decided_by=stored.decided_by,
        decided_at=stored.decided_at,
        pairs=stored.pairs,
        unassigned=stored.unassigned,
    )


def pair_view(snapshot: Snapshot, pair: Pair) -> PairView:
    """A stored pair with its people and its offer."""
    offer = snapshot.listing(pair.offer)
    said = pair.reasons
    return PairView(
        id=pair.id,
        round_id=pair.round_id,
        mentor=colleague(snapshot, pair.mentor),
        mentee=colleague(snapshot, pair.mentee),
        offer_id=pair.offer,
        offer=offer.record.title if offer else pair.offer,
        score=pair.score,
        mentee_score=said["mentee_score"],
        mentor_score=said["mentor_score"],
        reasons=_REASONS.validate_python([with_message(reason) for reason in said["reasons"]]),
        notes=_NOTES.validate_python([with_message(note) for note in said["notes"]]),
        pinned=pair.pinned,
        state=pair.state,
        decided_by=pair.decided_by,
        decided_at=pair.decided_at,
    )


def unassigned_view(snapshot: Snapshot, mentee: str, reason: str) -> UnassignedView:
    """A mentee without a mentor."""
    return UnassignedView(mentee=colleague(snapshot, mentee), reason=Sentence(message=read_message(reason)))


def lost_text(snapshot: Snapshot, error: LostPlacesError) -> str:
    """Who lost a place, by name, and what to do."""
    told = [
        f"{colleague(snapshot, pair.mentor).name} has no place left for {colleague(snapshot, pair.mentee).name}"
        if why == "no_place"
        else f"{colleague(snapshot, pair.mentee).name} has a mentor by now"
        for pair, why in error.lost
    ]
    return f"Nothing was published: {several(told)}. Run the round again, then publish it."


def several(told: list[str]) -> str:
    """The first of many facts in one sentence, and how many more there are."""
    more = [f"and {len(told) - _NAMED} more"] if len(told) > _NAMED else []
    return "; ".join([*told[:_NAMED], *more])
