"""What people decided about names of skills: kept for good, the latest that is not undone counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, ClassVar, Literal

from echo_core.connect.errors import HubError
from echo_core.skills.wording import key
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment

Action = Literal["accept", "map", "create", "reject"]
_NAME = ("name", "language", "scheme", "external_id")
_CHOICE = (*_NAME, "label", "action", "skill_id", "skill", "broader", "confidence", "note")
_COLUMNS = ", ".join(("id", "batch", *_CHOICE, "decided_by", "decided_at", "undone_by", "undone_at"))


class DecisionError(HubError):
    """A decision that does not exist, cannot be made, or cannot be undone."""

    code: ClassVar[str] = "decision.unknown"
    who: ClassVar[str] = "HR operations"


@dataclass(frozen=True, slots=True, order=True)
class NameId:
    """By what a decision knows a name: its normalised spelling, and the source's own id or else a language.

    Without a language it means the name in every language. Empty texts stand for what there is not.
    """

    name: str
    language: str = ""
    scheme: str = ""
    external_id: str = ""

    @classmethod
    def of(
        cls, label: str, language: str | None = None, scheme: str | None = None, external_id: str | None = None
    ) -> NameId:
        """The id of a name as a source wrote it. Case, punctuation and blanks do not matter."""
        name = key(label) or " ".join(label.casefold().split())
        return cls(name, "", scheme or "", external_id) if external_id else cls(name, language or "")

    @property
    def short(self) -> str:
        """Twelve letters and digits that people can paste."""
        text = "\x1f".join((self.name, self.language, self.scheme, self.external_id))
        return blake2b(text.encode(errors="surrogatepass"), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do with one name. `label` is the name as a source wrote it, `skill` the label of the chosen skill.

    `broader` is for a created skill only; `confidence` is the linker's in the accepted candidate.
    """

    name: NameId
    label: str
    action: Action
    skill_id: str | None = None
    skill: str | None = None
    broader: str | None = None
    confidence: float | None = None
    note: str = ""

    def same_as(self, other: Choice) -> bool:
        """Whether both come to the same thing, whatever their notes say."""
        return (self.action == "reject", self.skill_id) == (other.action == "reject", other.skill_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """A stored choice. Those made together share a `batch`."""

    id: int
    batch: int
    choice: Choice
    decided_by: str
    decided_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def by_whom(self) -> str:
        """ "decided by E10073 on 2026-03-02", for whoever asks why."""
        return f"decided by {self.decided_by} on {self.decided_at:%Y-%m-%d}"


def decide(database: Database, choices: Iterable[Choice], *, by: str, now: datetime) -> list[Decision]:
    """Stores choices together, all or none; a name that is decided so already is left alone.

    Of several choices about one name the last counts. Answers the decisions made.
    """
    wanted = {choice.name: choice for choice in choices}
    with database.writing() as transaction:
        standing = _standing(transaction)
        made: list[Decision] = []
        for name, choice in wanted.items():
            before = standing.get(name)
            if before is not None and before.choice.same_as(choice):
                continue
            batch = made[0].batch if made else 0
            identity = transaction.count(
                f"INSERT INTO skill_decision (batch, {', '.join(_CHOICE)}, decided_by, decided_at)"  # noqa: S608, our own names
                f" VALUES ({', '.join('?' * (len(_CHOICE) + 3))}) RETURNING id",
                (batch, *_values(choice), by, transaction.moment(now)),
            )
            if not made:
                batch = identity
                transaction.run("UPDATE skill_decision SET batch = id WHERE id = ?", (identity,))
            made.append(Decision(identity, batch, choice, by, now))
        if made:
            transaction.moved()
        return made


def undo_decisions(database: Database, ids: Sequence[int], *, by: str, now: datetime) -> list[Decision]:
    """Takes decisions back, all or none: each name is again what it was before. Answers what was undone.

    Raises:
        DecisionError: one does not exist, was undone before, or has been replaced by a later one.
    """
    with database.writing() as transaction:
        standing = {one.id: one for one in _standing(transaction).values()}
        wanted = list(dict.fromkeys(ids))
        for identity in wanted:
            if identity not in standing:
                raise _refusal(transaction, identity)
        transaction.many(
            "UPDATE skill_decision SET undone_by = ?, undone_at = ? WHERE id = ?",
            [(by, transaction.moment(now), identity) for identity in wanted],
        )
        if wanted:
            transaction.moved()
        return [replace(standing[identity], undone_by=by, undone_at=now) for identity in wanted]


def undo_batch(database: Database, batch: int, *, by: str, now: datetime) -> list[Decision]:
    """Takes back what was decided together, except where a later decision counts by now.

    Raises:
        DecisionError: nothing of it is left to undo.
    """
    ids = [one.id for one in standing_decisions(database) if one.batch == batch]
    if not ids:
        raise DecisionError(f"Nothing that was decided together under {batch} still counts.")
    return undo_decisions(database, ids, by=by, now=now)


def standing_decisions(database: Database) -> tuple[Decision, ...]:
    """The decisions that count, one for each name, in the order they were made."""
    with database.reading() as transaction:
        return tuple(sorted(_standing(transaction).values(), key=lambda one: one.id))


def decision_history(database: Database, about: str | None = None, *, limit: int = 200) -> list[Decision]:
    """Every decision, undone ones too, the latest first; only about a name (or its short id) when it is given."""
    with database.reading() as transaction:
        found = _decisions(transaction, "ORDER BY id DESC" if about else f"ORDER BY id DESC LIMIT {int(limit)}")
    if about:
        wanted = (NameId.of(about).name, about.strip())
        found = [one for one in found if one.choice.name.name == wanted[0] or one.choice.name.short == wanted[1]]
    return found[:limit]


def _standing(transaction: Transaction) -> dict[NameId, Decision]:
    return {one.choice.name: one for one in _decisions(transaction, "WHERE undone_at IS NULL ORDER BY id")}


def _refusal(transaction: Transaction, identity: int) -> DecisionError:
    found = _decisions(transaction, "WHERE id = ?", (identity,))
    if not found:
        return DecisionError(f"There is no decision {identity}.")
    (one,) = found
    if one.undone_at is not None:
        return DecisionError(f"Decision {identity} was undone by {one.undone_by}.", code="decision.undone")
    later = _standing(transaction)[one.choice.name]
    return DecisionError(
        f"Decision {identity} was replaced by decision {later.id}; undo that one first.", code="decision.replaced"
    )


def _values(choice: Choice) -> tuple[Any, ...]:
    name = choice.name
    return (
        *(name.name, name.language, name.scheme, name.external_id, choice.label, choice.action),
        *(choice.skill_id, choice.skill, choice.broader, choice.confidence, choice.note),
    )


def _decisions(transaction: Transaction, clause: str, values: Sequence[Any] = ()) -> list[Decision]:
    return [
        Decision(
            id=row[0],
            batch=row[1],
            choice=Choice(NameId(*row[2:6]), *row[6:13]),
            decided_by=row[13],
            decided_at=as_moment(row[14]),
            undone_by=row[15],
            undone_at=None if row[16] is None else as_moment(row[16]),
        )
        for row in transaction.rows(f"SELECT {_COLUMNS} FROM skill_decision {clause}", values)  # noqa: S608, our own names
    ]
