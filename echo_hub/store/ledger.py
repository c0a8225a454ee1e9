"""Decisions that are kept for good: one can be undone, never changed, and the latest that is not undone counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from echo_core.connectors.errors import HubError
from echo_hub.store.aside import SetAside, each
from echo_hub.store.database import NO_RUN, Database, Transaction
from echo_hub.store.instant import as_moment


class DecisionError(HubError):
    """A decision that does not exist, cannot be made, or cannot be undone."""

    code: ClassVar[str] = "decision.unknown"
    who: ClassVar[str] = "HR operations"


class Decidable(Protocol):
    """Something a person can decide."""

    @property
    def about(self) -> Hashable:
        """What it is about: of several decisions about one thing the latest counts."""

    def same_as(self, other: Self) -> bool:
        """Whether both come to the same thing, whatever their notes say."""


Made = TypeVar("Made", bound=Decidable)


@dataclass(frozen=True)
class Decision(Generic[Made]):
    """A stored choice. Those made together share a `batch`."""

    id: int
    batch: int
    choice: Made
    decided_by: str
    decided_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def by_whom(self) -> str:
        """ "decided by E10073 on 2026-03-02", for whoever asks why."""
        return f"decided by {self.decided_by} on {self.decided_at:%Y-%m-%d}"


class Ledger(Generic[Made]):
    """One table of decisions.

    Args:
        table: has `id`, `batch`, the columns of the choice, and who and when for deciding and undoing.
        columns: those of the choice.
        values: a choice as values of these columns.
        choice: the choice that such values are.
        kind: what to call one that cannot be read.
        moves: what to tell `Transaction.moved` that a decision of this kind moves.
    """

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        values: Callable[[Made], Sequence[Any]],
        choice: Callable[[Sequence[Any]], Made],
        kind: str,
        moves: int = NO_RUN,
    ) -> None:
        self._table, self._columns, self._values, self._choice = table, tuple(columns), values, choice
        self._kind, self._moves = kind, moves

    def decide(self, database: Database, choices: Iterable[Made], *, by: str, now: datetime) -> list[Decision[Made]]:
        """Stores choices together, all or none; what is decided so already is left alone.

        Of several choices about one thing the last counts. Answers the decisions made.
        """
        wanted = {choice.about: choice for choice in choices}
        columns = ("batch", *self._columns, "decided_by", "decided_at")
        with database.writing() as transaction:
            standing = self._standing(transaction)
            made: list[Decision[Made]] = []
            for about, choice in wanted.items():
                before = standing.get(about)
                if before is not None and before.choice.same_as(choice):
                    continue
                batch = made[0].batch if made else 0
                identity = transaction.count(
                    f"INSERT INTO {self._table} ({', '.join(columns)})"  # noqa: S608, our own names
                    f" VALUES ({', '.join('?' * len(columns))}) RETURNING id",
                    (batch, *self._values(choice), by, transaction.moment(now)),
                )
                if not made:
                    batch = identity
                    transaction.run(
                        f"UPDATE {self._table} SET batch = id WHERE id = ?",  # noqa: S608, our own name
                        (identity,),
                    )
                made.append(Decision(identity, batch, choice, by, now))
            if made:
                transaction.moved(self._moves)
            return made

    def undo(self, database: Database, ids: Sequence[int], *, by: str, now: datetime) -> list[Decision[Made]]:
        """Takes decisions back, all or none: what was decided before each counts again. Answers what was undone.

        Raises:
            DecisionError: one does not exist, was undone before, or has been replaced by a later one.
        """
        with database.writing() as transaction:
            standing = {one.id: one for one in self._standing(transaction).values()}
            wanted = list(dict.fromkeys(ids))
            for identity in wanted:
                if identity not in standing:
                    raise self._refusal(transaction, identity)
            transaction.many(
                f"UPDATE {self._table} SET undone_by = ?, undone_at = ? WHERE id = ?",  # noqa: S608, our own name
                [(by, transaction.moment(now), identity) for identity in wanted],
            )
            if wanted:
                transaction.moved(self._moves)
            return [replace(standing[identity], undone_by=by, undone_at=now) for identity in wanted]

    def undo_batch(self, database: Database, batch: int, *, by: str, now: datetime) -> list[Decision[Made]]:
        """Takes back what was decided together, except where a later decision counts by now.

        Raises:
            DecisionError: nothing of it is left to undo.
        """
        ids = [one.id for one in self.standing(database) if one.batch == batch]
        if not ids:
            raise DecisionError(f"Nothing that was decided together under {batch} still counts.")
        return self.undo(database, ids, by=by, now=now)

    def standing(self, database: Database, aside: SetAside | None = None) -> tuple[Decision[Made], ...]:
        """The decisions that count, one for each thing, in the order they were made; `aside` takes unreadable ones."""
        with database.reading() as transaction:
            return tuple(sorted(self._standing(transaction, aside).values(), key=lambda one: one.id))

    def history(
        self, database: Database, where: str = "", values: Sequence[Any] = (), *, limit: int | None = None
    ) -> list[Decision[Made]]:
        """Every decision, undone ones too, the latest first. `where` is a clause of ours."""
        most = "" if limit is None else f" LIMIT {int(limit)}"
        with database.reading() as transaction:
            return self._find(transaction, f"{where} ORDER BY id DESC{most}", values)

    def _standing(self, transaction: Transaction, aside: SetAside | None = None) -> dict[Hashable, Decision[Made]]:
        found = self._find(transaction, "WHERE undone_at IS NULL ORDER BY id", aside=aside)
        return {one.choice.about: one for one in found}

    def _refusal(self, transaction: Transaction, identity: int) -> DecisionError:
        found = self._find(transaction, "WHERE id = ?", (identity,))
        if not found:
            return DecisionError(f"There is no decision {identity}.")
        (one,) = found
        if one.undone_at is not None:
            return DecisionError(f"Decision {identity} was undone by {one.undone_by}.", code="decision.undone")
        later = self._standing(transaction)[one.choice.about]
        return DecisionError(
            f"Decision {identity} was replaced by decision {later.id}; undo that one first.", code="decision.replaced"
        )

    def _find(
        self, transaction: Transaction, clause: str, values: Sequence[Any] = (), *, aside: SetAside | None = None
    ) -> list[Decision[Made]]:
        columns = ", ".join(("id", "batch", *self._columns, "decided_by", "decided_at", "undone_by", "undone_at"))
        rows = transaction.rows(f"SELECT {columns} FROM {self._table} {clause}", values)  # noqa: S608, our own names
        return list(each(rows, self._decision, self._kind, lambda row: str(row[0]), aside))

    def _decision(self, row: tuple[Any, ...]) -> Decision[Made]:
        return Decision(
            id=row[0],
            batch=row[1],
            choice=self._choice(row[2:-4]),
            decided_by=row[-4],
            decided_at=as_moment(row[-3]),
            undone_by=row[-2],
            undone_at=None if row[-1] is None else as_moment(row[-1]),
        )
