"""Mentoring rounds and their pairs as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from echo_core.connectors.errors import HubError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment
from echo_hub.store.mentoring_places import Loss

RoundState = Literal["draft", "published", "withdrawn"]
PairState = Literal["proposed", "removed", "active", "ended"]


class MentoringError(HubError):
    """The round or the pair does not exist, or what was asked of it is not possible any more."""

    code: ClassVar[str] = "mentoring.refused"
    who: ClassVar[str] = "HR operations"


class LostPlacesError(MentoringError):
    """Some pairs of a round can no longer be made; none was. `lost` says which and why."""

    code: ClassVar[str] = "mentoring.lost_places"

    def __init__(self, lost: tuple[tuple[Pair, Loss], ...]) -> None:
        super().__init__(f"Nothing was published: {len(lost)} of the pairs lost their place meanwhile.")
        self.lost = lost


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair a run proposes. `reasons` is JSON-ready."""

    mentor: str
    mentee: str
    offer: str
    score: float
    reasons: Mapping[str, Any]
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of a round; see `echo_hub.store.mentoring_tables`."""

    id: int
    round_id: int
    mentor: str
    mentee: str
    offer: str
    score: float
    reasons: Mapping[str, Any]
    pinned: bool
    state: PairState
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round and how many pairs and mentees without one it has. `settings` are those of its last run."""

    id: int
    title: str
    state: RoundState
    settings: Mapping[str, Any]
    scorer: str
    created_by: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    pairs: int
    unassigned: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the assignment came to; `unassigned` has a reason for every mentee."""

    scorer: str
    settings: Mapping[str, Any]
    proposals: Sequence[Proposal]
    unassigned: Mapping[str, str]


def list_rounds(database: Database) -> list[Round]:
    """All rounds, the latest first."""
    with database.reading() as transaction:
        return list(rounds_where(transaction, "1 = 1", ()))


def read_round(database: Database, round_id: int) -> tuple[Round, tuple[Pair, ...], dict[str, str]]:
    """A round, its pairs (best first, removed ones last), and the mentees without one with the reason.

    Raises:
        MentoringError: there is no such round.
    """
    with database.reading() as transaction:
        found = _round(transaction, round_id)
        pairs = tuple(pairs_where(transaction, "round_id = ?", (round_id,)))
        unassigned = transaction.rows(
            "SELECT mentee, reason FROM mentoring_unassigned WHERE round_id = ? ORDER BY mentee", (round_id,)
        )
    return found, pairs, {str(mentee): str(reason) for mentee, reason in unassigned}


def live_pairs(database: Database) -> list[Pair]:
    """Every live pair of every round."""
    with database.reading() as transaction:
        return list(pairs_where(transaction, "place > 0", ()))


def seats_taken(database: Database) -> dict[str, int]:
    """Live pairs by the offer they came from: places the sources know nothing of."""
    with database.reading() as transaction:
        return {
            offer: int(count)
            for offer, count in transaction.rows(
                "SELECT offer, COUNT(*) FROM mentoring_pair WHERE place > 0 GROUP BY offer ORDER BY offer"
            )
        }


def _round(transaction: Transaction, round_id: int) -> Round:
    found = next(rounds_where(transaction, "r.id = ?", (round_id,)), None)
    if found is None:
        raise MentoringError(f"There is no mentoring round {round_id}.", code="mentoring.round")
    return found


def rounds_where(transaction: Transaction, where: str, values: tuple[Any, ...]) -> Iterator[Round]:
    """Rounds `r` that fit a condition of our own, the latest first."""
    for row in transaction.rows(
        "SELECT r.id, r.title, r.state, r.settings, r.scorer, r.created_by, r.created_at, r.decided_by, r.decided_at,"  # noqa: S608, our own names
        " (SELECT COUNT(*) FROM mentoring_pair p WHERE p.round_id = r.id AND p.state <> 'removed'),"
        " (SELECT COUNT(*) FROM mentoring_unassigned u WHERE u.round_id = r.id)"
        f" FROM mentoring_round r WHERE {where} ORDER BY r.id DESC",
        values,
    ):
        yield Round(
            id=row[0],
            title=row[1],
            state=row[2],
            settings=json.loads(row[3]),
            scorer=row[4],
            created_by=row[5],
            created_at=as_moment(row[6]),
            decided_by=row[7],
            decided_at=None if row[8] is None else as_moment(row[8]),
            pairs=int(row[9]),
            unassigned=int(row[10]),
        )


def pairs_where(transaction: Transaction, where: str, values: tuple[Any, ...]) -> Iterator[Pair]:
    """Pairs that fit a condition of our own: best first, those that are over last."""
    for row in transaction.rows(
        "SELECT id, round_id, mentor, mentee, offer, score, reasons, pinned, state, decided_by, decided_at"  # noqa: S608, our own names
        f" FROM mentoring_pair WHERE {where}"
        " ORDER BY CASE WHEN state IN ('removed', 'ended') THEN 1 ELSE 0 END, score DESC, mentee, mentor, id",
        values,
    ):
        yield Pair(
            id=row[0],
            round_id=row[1],
            mentor=row[2],
            mentee=row[3],
            offer=row[4],
            score=row[5],
            reasons=json.loads(row[6]),
            pinned=bool(row[7]),
            state=row[8],
            decided_by=row[9],
            decided_at=None if row[10] is None else as_moment(row[10]),
        )
