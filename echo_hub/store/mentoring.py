"""Mentoring rounds: drafted whole, changed by people, published whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from echo_hub.store.database import SAID_HERE, Database, Transaction
from echo_hub.store.mentoring_places import Seat, alone, seat
from echo_hub.store.mentoring_rounds import LostPlacesError, MentoringError, Pair, Run, pairs_where


def save_draft(database: Database, title: str, run: Run, *, by: str, now: datetime) -> int:
    """Keeps a new round as a draft; answers its id."""
    with database.writing() as transaction:
        round_id = transaction.count(
            "INSERT INTO mentoring_round (title, state, settings, scorer, created_by, created_at)"
            " VALUES (?, 'draft', ?, ?, ?, ?) RETURNING id",
            (title, _json(run.settings), run.scorer, by, transaction.moment(now)),
        )
        _propose(transaction, round_id, run)
        return round_id


def redraft(database: Database, round_id: int, run: Run) -> None:
    """Puts another run in the place of a draft's proposals; what people removed stays removed.

    Raises:
        MentoringError: there is no such draft.
    """
    with database.writing() as transaction:
        _draft(transaction, round_id)
        transaction.run("DELETE FROM mentoring_pair WHERE round_id = ? AND state = 'proposed'", (round_id,))
        transaction.run("DELETE FROM mentoring_unassigned WHERE round_id = ?", (round_id,))
        transaction.run(
            "UPDATE mentoring_round SET settings = ?, scorer = ? WHERE id = ?",
            (_json(run.settings), run.scorer, round_id),
        )
        _propose(transaction, round_id, run)


def remove_pair(database: Database, pair_id: int, *, by: str, now: datetime) -> Pair:
    """Takes a proposed pair out of its draft; a later run does not propose it again.

    Raises:
        MentoringError: there is no such pair in a draft.
    """
    return _change(database, pair_id, "state = 'removed', pinned = ?", (False,), by, now)


def pin_pair(database: Database, pair_id: int, *, pinned: bool, by: str, now: datetime) -> Pair:
    """Keeps a proposed pair through later runs, or lets it go again.

    Raises:
        MentoringError: there is no such pair in a draft.
    """
    return _change(database, pair_id, "pinned = ?", (pinned,), by, now)


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
        pairs = list(pairs_where(transaction, "round_id = ? AND state = 'proposed'", (round_id,)))
        seats = [Seat(pair.id, pair.mentor, pair.mentee) for pair in pairs]
        lost = seat(transaction, seats, places, mentee_limit=mentee_limit)
        if lost:
            raise LostPlacesError(tuple((pair, lost[pair.id]) for pair in pairs if pair.id in lost))
        moment = transaction.moment(now)
        transaction.run(
            "UPDATE mentoring_pair SET decided_by = ?, decided_at = ? WHERE round_id = ? AND state = 'active'",
            (by, moment, round_id),
        )
        _decide(transaction, round_id, "published", by, moment)
        transaction.moved(SAID_HERE)
        return len(pairs)


def withdraw(database: Database, round_id: int, *, by: str, now: datetime) -> None:
    """Closes a draft that shall not be published.

    Raises:
        MentoringError: there is no such draft.
    """
    with database.writing() as transaction:
        _draft(transaction, round_id)
        _decide(transaction, round_id, "withdrawn", by, transaction.moment(now))


def end_pair(database: Database, pair_id: int, *, by: str, now: datetime) -> Pair:
    """Ends a live pair: its place is free again.

    Raises:
        MentoringError: there is no such live pair.
    """
    with database.writing() as transaction:
        alone(transaction)
        ended = transaction.run(
            "UPDATE mentoring_pair SET state = 'ended', place = NULL, slot = NULL, decided_by = ?, decided_at = ?"
            " WHERE id = ? AND state = 'active'",
            (by, transaction.moment(now), pair_id),
        )
        if ended.rowcount != 1:
            raise MentoringError(
                f"There is no live pair {pair_id}. See: echo-hub mentoring list", code="mentoring.pair"
            )
        transaction.moved(SAID_HERE)
        return next(pairs_where(transaction, "id = ?", (pair_id,)))


def _change(database: Database, pair_id: int, assignment: str, values: tuple[Any, ...], by: str, now: datetime) -> Pair:
    with database.writing() as transaction:
        changed = transaction.run(
            f"UPDATE mentoring_pair SET {assignment}, decided_by = ?, decided_at = ? WHERE id = ?"  # noqa: S608, our own names
            " AND state = 'proposed' AND round_id IN (SELECT id FROM mentoring_round WHERE state = 'draft')",
            (*values, by, transaction.moment(now), pair_id),
        )
        if changed.rowcount != 1:
            raise MentoringError(
                f"There is no proposed pair {pair_id} in a draft. See: echo-hub mentoring show ROUND",
                code="mentoring.pair",
            )
        return next(pairs_where(transaction, "id = ?", (pair_id,)))


def _decide(transaction: Transaction, round_id: int, state: str, by: str, moment: Any) -> None:
    transaction.run(
        "UPDATE mentoring_round SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
        (state, by, moment, round_id),
    )


def _propose(transaction: Transaction, round_id: int, run: Run) -> None:
    transaction.many(
        "INSERT INTO mentoring_pair (round_id, mentor, mentee, offer, score, reasons, pinned, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'proposed')",
        [
            (round_id, one.mentor, one.mentee, one.offer, one.score, _json(one.reasons), one.pinned)
            for one in run.proposals
        ],
    )
    transaction.many(
        "INSERT INTO mentoring_unassigned (round_id, mentee, reason) VALUES (?, ?, ?)",
        [(round_id, mentee, reason) for mentee, reason in sorted(run.unassigned.items())],
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _draft(transaction: Transaction, round_id: int) -> None:
    # The row is locked until the transaction ends, so that no decision overtakes another.
    question = "SELECT state, decided_by FROM mentoring_round WHERE id = ?"
    found = transaction.one(question if transaction.sqlite else f"{question} FOR UPDATE", (round_id,))
    if found is None:
        raise MentoringError(f"There is no mentoring round {round_id}.", code="mentoring.round")
    if found[0] != "draft":
        raise MentoringError(f"Round {round_id} was {found[0]} by {found[1]}; it is no draft any more.")
