"""Mentoring rounds and mentors' places: read, drafted, changed and published by people."""

from __future__ import annotations

from typing import Literal

from echo_hub.services import mentoring
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.actors import meant
from echo_hub.services.hub import Hub
from echo_hub.services.mentoring_views import CapacityView, PairView, RoundDetail, RoundSettings, RoundView
from echo_hub.services.mentoring_words import pair_view
from echo_hub.services.people import name_of
from echo_hub.services.recording import recorded
from echo_hub.store import mentoring as store
from echo_hub.store.mentoring_places import set_capacity

Change = Literal["pin", "unpin", "remove", "end"]


def rounds(actor: Actor, hub: Hub) -> tuple[RoundView, ...]:
    """All rounds, the latest first."""
    allow(actor, "mentoring.read")
    return mentoring.rounds(hub.database)


def round_detail(actor: Actor, hub: Hub, round_id: int) -> RoundDetail:
    """One round: its pairs with reasons, and who got no mentor and why.

    Raises:
        MentoringError: there is no such round.
    """
    allow(actor, "mentoring.read")
    return mentoring.detail(hub.database, hub.snapshot(), round_id)


def capacity(actor: Actor, hub: Hub, mentor: str | None = None) -> tuple[CapacityView, ...]:
    """Places of everyone who mentors, by name, or of the `mentor` who is named.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `mentor` does not name one person.
    """
    allow(actor, "mentoring.read")
    who = None if mentor is None else meant(actor, hub, mentor)
    return tuple(
        capacity_view
        for capacity_view in mentoring.capacity(hub.database, hub.snapshot())
        if who in (None, capacity_view.mentor.id)
    )


def departments(actor: Actor, hub: Hub) -> list[str]:
    """The departments a round can be limited to."""
    allow(actor, "mentoring.read")
    return sorted({person.org_unit for person in hub.snapshot().people if person.org_unit})


def decider_names(actor: Actor, hub: Hub, keys: frozenset[str]) -> dict[str, str]:
    """The names of those who decided, by what is stored of them."""
    allow(actor, "mentoring.read")
    snapshot = hub.snapshot()
    return {key: name_of(snapshot, key) for key in keys}


def draft(actor: Actor, hub: Hub, settings: RoundSettings, *, title: str = mentoring.TITLE) -> RoundDetail:
    """Pairs the whole pool and keeps the result as a draft."""
    permit = allow(actor, "mentoring.draft")
    snapshot, within = hub.snapshot(), recorded(hub, permit, "mentoring round")
    among = hub.policy(snapshot).matched("mentorship")
    return mentoring.draft(
        hub.database, snapshot, settings, title=title, by=actor.key, now=hub.now(), within=within, among=among
    )


def redraft(actor: Actor, hub: Hub, round_id: int) -> RoundDetail:
    """Pairs the pool of a draft again: pinned pairs stay, removed ones do not come back.

    Raises:
        MentoringError: there is no such draft, or a pinned pair can no longer be made.
    """
    permit = allow(actor, "mentoring.draft")
    snapshot, within = hub.snapshot(), recorded(hub, permit, "mentoring round", round_id, again=True)
    among = hub.policy(snapshot).matched("mentorship")
    return mentoring.redraft(hub.database, snapshot, round_id, within=within, among=among)


def publish(actor: Actor, hub: Hub, round_id: int) -> RoundDetail:
    """Makes all pairs of a draft live, or none.

    Raises:
        MentoringError: there is no such draft, or some pairs can no longer be made; the message names them.
    """
    permit = allow(actor, "mentoring.decide")
    snapshot, within = hub.snapshot(), recorded(hub, permit, "mentoring round", round_id, step="publish")
    among = hub.policy(snapshot).matched("mentorship")
    return mentoring.publish(hub.database, snapshot, round_id, by=actor.key, now=hub.now(), within=within, among=among)


def withdraw(actor: Actor, hub: Hub, round_id: int) -> RoundDetail:
    """Closes a draft that shall not be published.

    Raises:
        MentoringError: there is no such draft.
    """
    permit = allow(actor, "mentoring.decide")
    with recorded(hub, permit, "mentoring round", round_id, step="withdraw"):
        store.withdraw(hub.database, round_id, by=actor.key, now=hub.now())
    return mentoring.detail(hub.database, hub.snapshot(), round_id)


def change_pair(actor: Actor, hub: Hub, pair_id: int, change: Change) -> PairView:
    """Pins or unpins a proposed pair, takes it out of its draft, or ends a live one.

    Raises:
        MentoringError: there is no such pair in that state.
    """
    permit = allow(actor, "mentoring.pair")
    database, by, now = hub.database, actor.key, hub.now()
    with recorded(hub, permit, "mentoring pair", pair_id, change=change):
        if change == "remove":
            pair = store.remove_pair(database, pair_id, by=by, now=now)
        elif change == "end":
            pair = store.end_pair(database, pair_id, by=by, now=now)
        else:
            pair = store.pin_pair(database, pair_id, pinned=change == "pin", by=by, now=now)
    return pair_view(hub.snapshot(), pair)


def decide_capacity(actor: Actor, hub: Hub, mentor: str | None, places: int) -> CapacityView:
    """Decides how many mentees a mentor takes in all, whatever the offers say; the actor's own unless one is named.

    Raises:
        ForbiddenError: somebody else's places.
        UnknownPersonError, AmbiguousPersonError: `mentor` does not name one person.
        CapacityError: fewer than the mentor's live pairs.
    """
    who = meant(actor, hub, mentor)
    permit = allow(actor, "mentoring.capacity", of=who)
    with recorded(hub, permit, "person", who, places=places):
        set_capacity(hub.database, who, places, by=actor.key, now=hub.now())
    return next(
        capacity_view
        for capacity_view in mentoring.capacity(hub.database, hub.snapshot())
        if capacity_view.mentor.id == who
    )
