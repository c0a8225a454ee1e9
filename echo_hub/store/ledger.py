"""Decisions that are kept for good: they can be undone, never changed, and the latest that is not undone counts."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, case, func, insert, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.aside import SetAside, each, stated
from echo_hub.store.database import NO_RUN, Database, Transaction
from echo_hub.store.event_tables import PERSON_KEY
from echo_hub.store.events import person_key
from echo_hub.store.ledger_tables import DECISION


class DecisionError(HubError):
    """A decision or a correction that does not exist, cannot be made, or cannot be undone."""

    code: ClassVar[str] = "decision.unknown"
    who: ClassVar[str] = "the person who decides"


class Decider(Protocol):
    """Who decides: a service by its name, or a person by public id and the employee id (`number`) they may have."""

    @property
    def kind(self) -> str:
        """person or service."""

    @property
    def id(self) -> str:
        """The public id or the name."""

    @property
    def number(self) -> str | None:
        """The employee id."""


class Choice(Protocol):
    """Something a person can decide: a dataclass that pydantic can read from JSON."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def about(self) -> Hashable:
        """What it is about: of several decisions about one thing the latest counts."""

    @property
    def subject(self) -> str:
        """What its history is found by."""

    def same_as(self, other: Self) -> bool:
        """Whether both come to the same thing, whatever their notes say."""


Made = TypeVar("Made", bound=Choice)


@dataclass(frozen=True)
class Decision(Generic[Made]):
    """A stored choice. `id` is its number among decisions of its kind; those made together share a `batch`.

    Who decided is a service's name, a person's employee id or else public id, or `ERASED`.
    """

    id: int
    batch: int
    choice: Made
    decided_by: str
    decided_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None


ERASED = "somebody who is no longer known"
"""Stands for a person who was erased."""
_DECIDER, _UNDOER, _SUBJECT = (PERSON_KEY.alias(name) for name in ("decider", "undoer", "subject"))
_PERSONAL = ("person_id", "employee_id")
"""Fields of a choice about a person: they stand with the person's key alone."""


class Ledger(Generic[Made]):
    """The decisions of one kind.

    Args:
        kind: as the column of this name says it.
        choice: the dataclass of what is decided.
        moves: what to tell `Transaction.moved` that a decision of this kind moves.
        of_people: its choices are about a person, who stands under a key; without the key they are about nobody.
    """

    def __init__(self, kind: str, choice: type[Made], *, moves: int = NO_RUN, of_people: bool = False) -> None:
        self.label = kind if of_people else f"{kind} decision"
        self._kind, self._moves, self._of_people = kind, moves, of_people
        self._adapter = TypeAdapter(choice)

    def decide(
        self, database: Database, choices: Iterable[Made], *, by: Decider, now: datetime
    ) -> list[Decision[Made]]:
        """Stores choices together, all or none; what is decided so already is left alone.

        Of several choices about one thing the last counts. Answers the decisions made.
        """
        wanted = {choice.about: choice for choice in choices}
        with database.writing() as transaction:
            standing = self._standing(transaction)
            new = [
                choice
                for about, choice in wanted.items()
                if about not in standing or not standing[about].choice.same_as(choice)
            ]
            if not new:
                return []
            transaction.moved(self._moves)  # locks out other writers, so that no number is given twice
            batch = 1 + (transaction.scalar(select(func.max(DECISION.c.number))) or 0)
            who = {"kind": self._kind, "batch": batch, **_who(transaction, "decided", by, now)}
            rows = [
                {"number": number, **who, **self._stored(transaction, choice)}
                for number, choice in enumerate(new, batch)
            ]
            transaction.execute(insert(DECISION), rows)
            return [
                Decision(row["number"], batch, choice, by.number or by.id, now)
                for row, choice in zip(rows, new, strict=True)
            ]

    def undo(
        self, database: Database, numbers: Sequence[int] = (), *, batch: int | None = None, by: Decider, now: datetime
    ) -> list[Decision[Made]]:
        """Takes decisions back, all or none: what was decided before each counts again. Answers what was undone.

        Args:
            batch: instead of numbers, all that were made together, except where a later decision counts by now.

        Raises:
            DecisionError: one does not exist, was undone before, or has been replaced; or nothing of a batch counts.
        """
        with database.writing() as transaction:
            standing = {decision.id: decision for decision in self._standing(transaction).values()}
            if batch is not None:
                numbers = [number for number, decision in standing.items() if decision.batch == batch]
                if not numbers:
                    raise DecisionError(f"Nothing that was decided together under {batch} still counts.")
            numbers = list(dict.fromkeys(numbers))
            for number in numbers:
                if number not in standing:
                    raise self._refusal(transaction, number)
            if numbers:
                transaction.moved(self._moves)
                who = _who(transaction, "undone", by, now)
                for number in numbers:
                    transaction.execute(update(DECISION).where(self._is, DECISION.c.number == number).values(**who))
            return [replace(standing[number], undone_by=by.number or by.id, undone_at=now) for number in numbers]

    def standing(self, database: Database, aside: SetAside | None = None) -> tuple[Decision[Made], ...]:
        """The decisions that count, one for each thing, in the order they were made; `aside` takes unreadable ones."""
        with database.reading() as transaction:
            decisions = self._standing(transaction, aside).values()
        return tuple(sorted(decisions, key=lambda decision: decision.id))

    def history(
        self, database: Database, subject: str | None = None, *, limit: int | None = None
    ) -> list[Decision[Made]]:
        """Every decision, undone ones too, the latest first; only those of one subject when it is given."""
        query = self._all.order_by(DECISION.c.number.desc()).limit(limit)
        with database.reading() as transaction:
            return self._read(transaction, query if subject is None else query.where(DECISION.c.about == subject))

    @property
    def _is(self) -> ColumnElement[bool]:
        return DECISION.c.kind == self._kind

    @property
    def _all(self) -> Select[Any]:
        columns = [column for column in DECISION.c if column.name not in ("decided_by", "undone_by")]
        people = [_SUBJECT.c[name] for name in _PERSONAL] if self._of_people else []
        tables = DECISION.outerjoin(_DECIDER, _DECIDER.c.key == DECISION.c.decided_by)
        tables = tables.outerjoin(_UNDOER, _UNDOER.c.key == DECISION.c.undone_by)
        if self._of_people:
            tables = tables.join(_SUBJECT, _SUBJECT.c.key == DECISION.c.about)
        names = [_shown(name, key).label(f"{name}_by") for name, key in (("decided", _DECIDER), ("undone", _UNDOER))]
        return select(*columns, *names, *people).select_from(tables).where(self._is)

    def _standing(self, transaction: Transaction, aside: SetAside | None = None) -> dict[Hashable, Decision[Made]]:
        query = self._all.where(DECISION.c.undone_by_kind.is_(None)).order_by(DECISION.c.number)
        return {decision.choice.about: decision for decision in self._read(transaction, query, aside)}

    def _refusal(self, transaction: Transaction, number: int) -> DecisionError:
        decisions = self._read(transaction, self._all.where(DECISION.c.number == number))
        if not decisions:
            return DecisionError(f"There is no {self.label} {number}.")
        name = f"{self.label.capitalize()} {number}"
        if decisions[0].undone_at is not None:
            return DecisionError(f"{name} was undone by {decisions[0].undone_by}.", code="decision.undone")
        later = self._standing(transaction)[decisions[0].choice.about].id
        return DecisionError(f"{name} was replaced by {later}; undo that one first.", code="decision.replaced")

    def _read(
        self, transaction: Transaction, query: Select[Any], aside: SetAside | None = None
    ) -> list[Decision[Made]]:
        return list(each(transaction.all(query), self._decision, self.label, lambda row: str(row.number), aside))

    def _decision(self, row: Row[Any]) -> Decision[Made]:
        stored = stated(row, "decided_at", *(("undone_at",) if row.undone_by_kind else ()))
        choice = json.loads(row.choice)
        if self._of_people:
            choice.update({name: stored[name] for name in _PERSONAL})
        return Decision(
            id=row.number,
            batch=row.batch,
            choice=self._adapter.validate_python(choice),
            decided_by=row.decided_by or ERASED,
            decided_at=row.decided_at,
            undone_by=row.undone_by or (ERASED if row.undone_by_kind else None),
            undone_at=row.undone_at,
        )

    def _stored(self, transaction: Transaction, choice: Made) -> dict[str, str]:
        fields = asdict(choice)
        about = choice.subject
        if self._of_people:
            about = person_key(transaction, **{name: fields.pop(name) for name in _PERSONAL})
        return {"about": about, "choice": json.dumps(fields)}


def _who(transaction: Transaction, act: str, by: Decider, now: datetime) -> dict[str, Any]:
    who = person_key(transaction, by.id, by.number) if by.kind == "person" else by.id
    return {f"{act}_by_kind": by.kind, f"{act}_by": who, f"{act}_at": now}


def _shown(act: str, key: Any) -> ColumnElement[str | None]:
    """Who decided or undid, as people know them; NULL where nobody can tell any more."""
    is_person = DECISION.c[f"{act}_by_kind"] == "person"
    return case((is_person, func.coalesce(key.c.employee_id, key.c.person_id)), else_=DECISION.c[f"{act}_by"])
