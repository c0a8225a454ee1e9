"""Mentoring rounds and their pairs as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, Row, case, func, select

from echo_core.connectors.errors import HubError
from echo_hub.store.aside import SetAside, UnusableError, each, stated
from echo_hub.store.database import Database, Transaction
from echo_hub.store.mentoring_places import Loss
from echo_hub.store.mentoring_tables import MENTORING_PAIR, MENTORING_ROUND, MENTORING_UNASSIGNED

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
        return list(rounds_where(transaction))


def read_round(database: Database, round_id: int) -> tuple[Round, tuple[Pair, ...], dict[str, str]]:
    """A round, its pairs (best first, removed ones last), and the mentees without one with the reason.

    Raises:
        MentoringError: there is no such round.
    """
    with database.reading() as transaction:
        stored = next(rounds_where(transaction, MENTORING_ROUND.c.id == round_id), None)
        if stored is None:
            raise MentoringError(f"There is no mentoring round {round_id}.", code="mentoring.round")
        pairs = tuple(pairs_where(transaction, MENTORING_PAIR.c.round_id == round_id))
        of_round = select(MENTORING_UNASSIGNED).where(MENTORING_UNASSIGNED.c.round_id == round_id)
        unassigned = transaction.all(of_round.order_by(MENTORING_UNASSIGNED.c.mentee))
    return stored, pairs, {row.mentee: row.reason for row in unassigned}


def live_pairs(database: Database) -> list[Pair]:
    """Every live pair of every round."""
    with database.reading() as transaction:
        return list(pairs_where(transaction, MENTORING_PAIR.c.place > 0))


def latest(database: Database, aside: SetAside, *, pairs: int) -> tuple[list[Round], list[Pair]]:
    """All rounds and so many of the latest pairs; `aside` takes those that cannot be read."""
    newest = MENTORING_PAIR.c.id > select(func.max(MENTORING_PAIR.c.id) - pairs).scalar_subquery()
    with database.reading() as transaction:
        return list(rounds_where(transaction, aside=aside)), list(pairs_where(transaction, newest, aside=aside))


def seats_taken(database: Database) -> dict[str, int]:
    """Live pairs by the offer they came from: places the sources know nothing of."""
    offer, seats = MENTORING_PAIR.c.offer, func.count().label("seats")
    query = select(offer, seats).where(MENTORING_PAIR.c.place > 0).group_by(offer).order_by(offer)
    with database.reading() as transaction:
        return {row.offer: row.seats for row in transaction.all(query)}


def rounds_where(
    transaction: Transaction, where: ColumnElement[bool] | None = None, aside: SetAside | None = None
) -> Iterator[Round]:
    """Rounds that fit a condition, the latest first; `aside` takes those that cannot be read."""
    pairs = select(func.count()).where(
        MENTORING_PAIR.c.round_id == MENTORING_ROUND.c.id, MENTORING_PAIR.c.state != "removed"
    )
    unassigned = select(func.count()).where(MENTORING_UNASSIGNED.c.round_id == MENTORING_ROUND.c.id)
    query = select(
        MENTORING_ROUND,
        pairs.scalar_subquery().label("pairs"),
        unassigned.scalar_subquery().label("unassigned"),
    ).order_by(MENTORING_ROUND.c.id.desc())
    rows = transaction.all(query if where is None else query.where(where))
    return each(rows, _as_round, "mentoring round", lambda row: str(row.id), aside)


_PAIR = select(*(MENTORING_PAIR.c[field.name] for field in fields(Pair)))


def pairs_where(transaction: Transaction, *where: ColumnElement[bool], aside: SetAside | None = None) -> Iterator[Pair]:
    """Pairs that fit all conditions: best first, those that are over last; `aside` takes those that cannot be read."""
    pair = MENTORING_PAIR.c
    over = case((pair.state.in_(("removed", "ended")), 1), else_=0)
    query = _PAIR.where(*where).order_by(over, pair.score.desc(), pair.mentee, pair.mentor, pair.id)
    return each(transaction.all(query), _as_pair, "mentoring pair", lambda row: str(row.id), aside)


def _as_round(row: Row[Any]) -> Round:
    return Round(**{**stated(row, "created_at"), "settings": _object(row.settings, "settings")})


def _as_pair(row: Row[Any]) -> Pair:
    return Pair(**{**row._mapping, "reasons": _object(row.reasons, "reasons")})


def _object(text: str, what: str) -> Mapping[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise UnusableError(f"Its {what} are no JSON object.")
    return value
