"""Mentoring rounds: draft the best pairs of the whole pool, let people change them, publish all or nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TypeAlias

import numpy as np

from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.pairing import assign
from echo_hub.services.mentoring_pool import Pool, stated_places
from echo_hub.services.mentoring_reasons import PairExplainer, why_not, why_unassigned
from echo_hub.services.mentoring_views import CapacityView, Colleague, RoundDetail, RoundSettings, RoundView
from echo_hub.services.mentoring_words import colleague, lost_text, pair_view, round_view, several, unassigned_view
from echo_hub.services.recording import Entry
from echo_hub.services.stored_messages import write_message
from echo_hub.snapshot import Snapshot
from echo_hub.store import mentoring as store
from echo_hub.store.aside import SetAside, each, reason
from echo_hub.store.database import Database
from echo_hub.store.mentoring_places import Capacity, capacities
from echo_hub.store.mentoring_rounds import (
    LostPlacesError,
    MentoringError,
    Pair,
    Proposal,
    Round,
    Run,
    latest,
    list_rounds,
    live_pairs,
    read_round,
)

TITLE = "Mentoring round"
LOOKED_AT = 1000
"""How many of the latest pairs are looked at when the hub is asked how it is."""
Within: TypeAlias = AbstractContextManager[Entry] | None
"""The transaction that what is decided is stored in; pairing itself takes long and stays outside."""


def draft(
    database: Database,
    snapshot: Snapshot,
    settings: RoundSettings,
    *,
    title: str = TITLE,
    by: str,
    now: datetime,
    within: Within = None,
    among: BoolArray | None = None,
) -> RoundDetail:
    """Pairs the whole pool and keeps the result as a draft. The same people and settings give the same pairs.

    Args:
        by: who asked for it; a round never starts by itself.
        among: by row, who is matched with mentoring; None for everybody. So it is below.
    """
    run = _run(database, snapshot, settings, (), (), among)
    with within or nullcontext(Entry("")) as entry:
        round_id = store.save_draft(database, title.strip() or TITLE, run, by=by, now=now)
        entry.id = str(round_id)
    return detail(database, snapshot, round_id)


def redraft(
    database: Database, snapshot: Snapshot, round_id: int, *, within: Within = None, among: BoolArray | None = None
) -> RoundDetail:
    """Pairs the pool of a draft again: pinned pairs stay, removed ones do not come back.

    Raises:
        MentoringError: there is no such draft, or a pinned pair can no longer be made; the message says why.
    """
    before, pairs, _ = read_round(database, round_id)
    settings = _readable_round(before).settings
    pinned = tuple(pair for pair in pairs if pair.pinned and pair.state == "proposed")
    removed = tuple(pair for pair in pairs if pair.state == "removed")
    run = _run(database, snapshot, settings, pinned, removed, among)
    with within or nullcontext(Entry("")):
        store.redraft(database, round_id, run)
    return detail(database, snapshot, round_id)


def publish(
    database: Database,
    snapshot: Snapshot,
    round_id: int,
    *,
    by: str,
    now: datetime,
    within: Within = None,
    among: BoolArray | None = None,
) -> RoundDetail:
    """Makes all pairs of a draft live, or none: rules and places are looked at again first.

    Raises:
        MentoringError: there is no such draft, or some pairs can no longer be made. The message names them, and
            nothing was published.
    """
    drafted, pairs, _ = read_round(database, round_id)
    settings = _readable_round(drafted).settings
    proposed = [pair for pair in pairs if pair.state == "proposed"]
    if drafted.state == "draft":
        _still_allowed(snapshot, settings, proposed, among)
    places = _stated(snapshot, settings)
    try:
        with within or nullcontext(Entry("")):
            store.publish(
                database,
                round_id,
                {pair.mentor: places.get(pair.mentor, 0) for pair in proposed},
                mentee_limit=settings.mentee_limit,
                by=by,
                now=now,
            )
    except LostPlacesError as error:
        raise MentoringError(lost_text(snapshot, error), code=error.error_code) from None
    return detail(database, snapshot, round_id)


def detail(database: Database, snapshot: Snapshot, round_id: int) -> RoundDetail:
    """A round with its pairs and those left without one.

    Raises:
        MentoringError: there is no such round.
    """
    stored, pairs, unassigned = read_round(database, round_id)
    return RoundDetail(
        round=_readable_round(stored),
        pairs=tuple(each(pairs, lambda pair: pair_view(snapshot, pair), "mentoring pair", _key, None)),
        unassigned=tuple(unassigned_view(snapshot, mentee, reason) for mentee, reason in unassigned.items()),
    )


def rounds(database: Database) -> tuple[RoundView, ...]:
    """All rounds, the latest first."""
    return tuple(each(list_rounds(database), round_view, "mentoring round", _key, None))


def unreadable(database: Database, snapshot: Snapshot, aside: SetAside) -> None:
    """Notes every round, and of the latest pairs every one, that is stored and cannot be shown."""
    stored, pairs = latest(database, aside, pairs=LOOKED_AT)
    deque(each(stored, round_view, "mentoring round", _key, aside), maxlen=0)
    deque(each(pairs, lambda pair: pair_view(snapshot, pair), "mentoring pair", _key, aside), maxlen=0)


def _readable_round(stored: Round) -> RoundView:
    """The round as it is shown.

    Raises:
        MentoringError: it is stored in a way that cannot be read.
    """
    try:
        return round_view(stored)
    except ValueError as error:
        told = f"Round {stored.id} is kept aside. {reason(error)} Draft a new one."
        raise MentoringError(told, code="mentoring.unreadable") from None


def _key(stored: Round | Pair) -> str:
    return str(stored.id)


def capacity(database: Database, snapshot: Snapshot, settings: RoundSettings | None = None) -> tuple[CapacityView, ...]:
    """Places of everyone who mentors, by name: those with an open offer, a live pair, or a capacity set in the hub."""
    stated = _stated(snapshot, settings or RoundSettings())
    kept = capacities(database)
    views = [_capacity(snapshot, mentor, stated.get(mentor, 0), kept.get(mentor)) for mentor in {*stated, *kept}]
    return tuple(sorted(views, key=lambda view: (view.mentor.name.casefold(), view.mentor.id)))


def _capacity(snapshot: Snapshot, mentor: str, stated: int, kept: Capacity | None) -> CapacityView:
    decided = None if kept is None else kept.decided
    live = 0 if kept is None else kept.live
    total = stated if decided is None else decided
    who: Colleague = colleague(snapshot, mentor)
    return CapacityView(
        mentor=who,
        stated=stated,
        decided=decided,
        set_by=None if kept is None else kept.set_by,
        live=live,
        free=max(total - live, 0),
        over=max(live - total, 0),
    )


def _stated(snapshot: Snapshot, settings: RoundSettings) -> dict[str, int]:
    """Places by mentor's id, as their offers say; live pairs of the hub are counted in."""
    places: dict[str, int] = {}
    for listing in snapshot.listings:
        if listing.kind == "mentorship" and listing.owner >= 0 and listing.noun == "mentor":
            mentor = snapshot.people[listing.owner].id
            places[mentor] = places.get(mentor, 0) + stated_places(snapshot, listing, settings.unstated_places)
    return places


def _pool(
    database: Database,
    snapshot: Snapshot,
    settings: RoundSettings,
    refused: set[tuple[str, str]],
    among: BoolArray | None,
) -> Pool:
    """The pool as it is now; `places` become what is free."""
    live = live_pairs(database)
    having: dict[str, int] = {}
    for pair in live:
        having[pair.mentee] = having.get(pair.mentee, 0) + 1
    taken = {mentee for mentee, count in having.items() if count >= settings.mentee_limit}
    ruled_out = refused | {(pair.mentor, pair.mentee) for pair in live}
    pool = Pool(snapshot, settings, taken=taken, refused=ruled_out, among=among)
    kept = capacities(database)
    for place, row in enumerate(pool.mentors):
        if (decided := kept.get(snapshot.people[row].id)) is not None:
            stated = int(pool.places[place]) if decided.decided is None else decided.decided
            pool.places[place] = max(stated - decided.live, 0)
    return pool


def _run(
    database: Database,
    snapshot: Snapshot,
    settings: RoundSettings,
    pinned: tuple[Pair, ...],
    removed: tuple[Pair, ...],
    among: BoolArray | None,
) -> Run:
    """One run of the assignment. Pinned pairs hold their places before anybody else is looked at."""
    pool = _pool(database, snapshot, settings, {(pair.mentor, pair.mentee) for pair in removed}, among)
    position = {key: at for at, key in enumerate(_keys(pool))}
    fixed: set[int] = set()
    for pair in pinned:
        at = position.get((pair.mentor, pair.mentee))
        if at is None:
            raise MentoringError(
                f"{_told(snapshot, pool, pair)}, though pinned. Remove pair {pair.id}, then run the round again.",
                code="mentoring.impossible",
            )
        fixed.add(at)
    fixed_rows: IntArray = np.array(sorted(fixed), dtype=np.int64)
    free = pool.places - np.bincount(pool.candidates.mentor[fixed_rows], minlength=len(pool.mentors))
    if fixed_rows.size and free.min() < 0:
        mentor = colleague(snapshot, snapshot.people[pool.mentors[int(np.argmin(free))]].id)
        raise MentoringError(
            f"More pairs are pinned to {mentor.name} than there are places. Unpin one, then run again."
        )
    open_to = np.flatnonzero(~np.isin(pool.candidates.mentee, pool.candidates.mentee[fixed_rows]))
    chosen = open_to[assign(pool.candidates.some(open_to), free, most_pairs=settings.most_pairs)]
    explainer = PairExplainer(pool)
    kept = sorted({*fixed_rows.tolist(), *chosen.tolist()})
    proposals = [_proposal(pool, explainer, at, pinned=at in fixed) for at in kept]
    paired = set(pool.candidates.mentee[kept].tolist())
    unassigned: Mapping[str, str] = {
        snapshot.people[row].id: write_message(why_unassigned(pool, mentee))
        for mentee, row in enumerate(pool.mentees)
        if mentee not in paired
    }
    return Run(snapshot.weights.version, settings.model_dump(mode="json"), proposals, unassigned)


def _proposal(pool: Pool, explainer: PairExplainer, at: int, *, pinned: bool) -> Proposal:
    people = pool.snapshot.people
    return Proposal(
        mentor=people[pool.mentors[int(pool.candidates.mentor[at])]].id,
        mentee=people[pool.mentees[int(pool.candidates.mentee[at])]].id,
        offer=pool.snapshot.listings[int(pool.offer[at])].id,
        score=float(pool.candidates.score[at]),
        reasons=explainer.reasons(at),
        pinned=pinned,
    )


def _keys(pool: Pool) -> list[tuple[str, str]]:
    mentors = [pool.snapshot.people[row].id for row in pool.mentors]
    mentees = [pool.snapshot.people[row].id for row in pool.mentees]
    pairs = zip(pool.candidates.mentor.tolist(), pool.candidates.mentee.tolist(), strict=True)
    return [(mentors[mentor], mentees[mentee]) for mentor, mentee in pairs]


def _still_allowed(snapshot: Snapshot, settings: RoundSettings, pairs: list[Pair], among: BoolArray | None) -> None:
    """Refuses a round of which a pair may no longer be made: somebody left, moved, or reports to the other now.

    Places and other pairs are not looked at: only the store can do that without a gap.
    """
    pool = Pool(snapshot, settings.model_copy(update={"country": (), "department": ()}), among=among)
    allowed = set(_keys(pool))
    gone = [_told(snapshot, pool, pair) for pair in pairs if (pair.mentor, pair.mentee) not in allowed]
    if gone:
        raise MentoringError(
            f"Nothing was published: {several(gone)}. Run the round again, then publish it.",
            code="mentoring.impossible",
        )


def _told(snapshot: Snapshot, pool: Pool, pair: Pair) -> str:
    mentor, mentee = colleague(snapshot, pair.mentor), colleague(snapshot, pair.mentee)
    return f"{mentor.name} and {mentee.name} can no longer be paired ({why_not(pool, pair.mentor, pair.mentee)})"
