"""Mentoring rounds: drafted whole, changed by people, published whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from echo_hub.store.database import SAID_HERE, Database, Transaction
from echo_hub.store.mentoring_places import Seat, alone, seat
from echo_hub.store.mentoring_rounds import LostPlacesError, MentoringError, Pair, Run, pairs_where
from echo_hub.store.mentoring_tables import MENTORING_PAIR, MENTORING_ROUND, MENTORING_UNASSIGNED


def save_draft(database: Database, title: str, run: Run, *, by: str, now: datetime) -> int:
    """Keeps a new round as a draft; answers its id."""
    with database.writing() as transaction:
        draft = {"title": title, "state": "draft", "created_by": by, "created_at": now, **_columns(run)}
        round_id: int = transaction.scalar(insert(MENTORING_ROUND).values(draft).returning(MENTORING_ROUND.c.id))
        _propose(transaction, round_id, run)
        return round_id


def redraft(database: Database, round_id: int, run: Run) -> None:
    """Puts another run in the place of a draft's proposals; what people removed stays removed.

    Raises:
        MentoringError: there is no such draft.
    """
    with database.writing() as transaction:
        _draft(transaction, round_id)
        proposed = (MENTORING_PAIR.c.round_id == round_id, MENTORING_PAIR.c.state == "proposed")
        transaction.execute(delete(MENTORING_PAIR).where(*proposed))
        transaction.execute(delete(MENTORING_UNASSIGNED).where(MENTORING_UNASSIGNED.c.round_id == round_id))
        transaction.execute(update(MENTORING_ROUND).where(MENTORING_ROUND.c.id == round_id).values(_columns(run)))
        _propose(transaction, round_id, run)


def remove_pair(database: Database, pair_id: int, *, by: str, now: datetime) -> Pair:
    """Takes a proposed pair out of its draft; a later run does not propose it again.

    Raises:
        MentoringError: there is no such pair in a draft.
    """
    return _change(database, pair_id, {"state": "removed", "pinned": False}, by, now)


def pin_pair(database: Database, pair_id: int, *, pinned: bool, by: str, now: datetime) -> Pair:
    """Keeps a proposed pair through later runs, or lets it go again.

    Raises:
        MentoringError: there is no such pair in a draft.
    """
    return _change(database, pair_id, {"pinned": pinned}, by, now)


def publish(
    database: Database, round_id: int, places: Mapping[str, int], *, mentee_limit: int, by: str, now: datetime
) -> int:
    """Makes all proposed pairs of a draft live, or none; answers how many.

    Args:
        places: what each mentor may have in all, live pairs included.

    Raises:
        LostPlacesError: a mentor has no place left for a pair, or a mentee was paired meanwhile; nothing was written.
        MentoringError: there is no such draft.
    """
    with database.writing() as transaction:
        alone(transaction)
        _draft(transaction, round_id)
        of_round = MENTORING_PAIR.c.round_id == round_id
        pairs = list(pairs_where(transaction, of_round, MENTORING_PAIR.c.state == "proposed"))
        seats = [Seat(pair.id, pair.mentor, pair.mentee) for pair in pairs]
        lost = seat(transaction, seats, places, mentee_limit=mentee_limit)
        if lost:
            raise LostPlacesError(tuple((pair, lost[pair.id]) for pair in pairs if pair.id in lost))
        active = update(MENTORING_PAIR).where(of_round, MENTORING_PAIR.c.state == "active")
        transaction.execute(active.values(decided_by=by, decided_at=now))
        _decide(transaction, round_id, "published", by, now)
        transaction.moved(SAID_HERE)
        return len(pairs)


def withdraw(database: Database, round_id: int, *, by: str, now: datetime) -> None:
    """Closes a draft that shall not be published.

    Raises:
        MentoringError: there is no such draft.
    """
    with database.writing() as transaction:
        _draft(transaction, round_id)
        _decide(transaction, round_id, "withdrawn", by, now)


def end_pair(database: Database, pair_id: int, *, by: str, now: datetime) -> Pair:
    """Ends a live pair: its place is free again.

    Raises:
        MentoringError: there is no such live pair.
    """
    with database.writing() as transaction:
        alone(transaction)
        ended = transaction.execute(
            update(MENTORING_PAIR)
            .where(MENTORING_PAIR.c.id == pair_id, MENTORING_PAIR.c.state == "active")
            .values(state="ended", place=None, slot=None, decided_by=by, decided_at=now)
        )
        if ended.rowcount != 1:
            raise MentoringError(
                f"There is no live pair {pair_id}. See: echo-hub mentoring list", code="mentoring.pair"
            )
        transaction.moved(SAID_HERE)
        return next(pairs_where(transaction, MENTORING_PAIR.c.id == pair_id))


def _change(database: Database, pair_id: int, values: Mapping[str, Any], by: str, now: datetime) -> Pair:
    drafts = select(MENTORING_ROUND.c.id).where(MENTORING_ROUND.c.state == "draft")
    pair = MENTORING_PAIR.c
    with database.writing() as transaction:
        changed = transaction.execute(
            update(MENTORING_PAIR)
            .where(pair.id == pair_id, pair.state == "proposed", pair.round_id.in_(drafts))
            .values(**values, decided_by=by, decided_at=now)
        )
        if changed.rowcount != 1:
            raise MentoringError(
                f"There is no proposed pair {pair_id} in a draft. See: echo-hub mentoring show ROUND",
                code="mentoring.pair",
            )
        return next(pairs_where(transaction, pair.id == pair_id))


def _decide(transaction: Transaction, round_id: int, state: str, by: str, now: datetime) -> None:
    decision = {"state": state, "decided_by": by, "decided_at": now}
    transaction.execute(update(MENTORING_ROUND).where(MENTORING_ROUND.c.id == round_id).values(decision))


def _propose(transaction: Transaction, round_id: int, run: Run) -> None:
    pairs = [
        {"round_id": round_id, "state": "proposed", **asdict(proposal), "reasons": _json(proposal.reasons)}
        for proposal in run.proposals
    ]
    unassigned = [
        {"round_id": round_id, "mentee": mentee, "reason": reason} for mentee, reason in sorted(run.unassigned.items())
    ]
    if pairs:
        transaction.execute(insert(MENTORING_PAIR), pairs)
    if unassigned:
        transaction.execute(insert(MENTORING_UNASSIGNED), unassigned)


def _columns(run: Run) -> dict[str, str]:
    return {"settings": _json(run.settings), "scorer": run.scorer}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _draft(transaction: Transaction, round_id: int) -> None:
    # The row is locked until the transaction ends, so that no decision overtakes another; SQLite has one writer anyway.
    query = select(MENTORING_ROUND.c.state, MENTORING_ROUND.c.decided_by).where(MENTORING_ROUND.c.id == round_id)
    row = transaction.first(query.with_for_update())
    if row is None:
        raise MentoringError(f"There is no mentoring round {round_id}.", code="mentoring.round")
    if row.state != "draft":
        raise MentoringError(f"Round {round_id} was {row.state} by {row.decided_by}; it is no draft any more.")
