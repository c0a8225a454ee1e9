"""What people say about their own skills: "not me", or the level they have. No sync ever takes it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from echo_core.connectors.errors import HubError
from echo_hub.store.aside import LEVELS, SetAside, UnusableError, each
from echo_hub.store.database import SAID_HERE, Database, Transaction
from echo_hub.store.instant import as_moment

_CLAIM = ("person_id", "employee_id", "skill_id", "standing_id", "skill", "names", "stance", "level", "note")
_COLUMNS = ", ".join(("id", *_CLAIM, "decided_by", "decided_at", "undone_by", "undone_at"))


class DisputeError(HubError):
    """A correction that does not exist, cannot be made, or cannot be undone."""

    code: ClassVar[str] = "dispute.unknown"
    who: ClassVar[str] = "the person whose skill it is"


@dataclass(frozen=True, slots=True)
class Disputed:
    """A skill of a person as it stands when they correct it. `level` is the level they have; None means "not me".

    `person_id` is a public id. `skill_id` is None for a name the graph does not know; `standing_id` is the skill it
    stands for. `names` are the names under which sources claim it. `stance` "has" covers teaching it, too.
    """

    person_id: str
    employee_id: str | None
    skill_id: str | None
    standing_id: str | None
    skill: str
    names: tuple[str, ...] = ()
    stance: str = "has"
    level: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A stored correction; of several about one skill of one person the latest that is not undone counts."""

    id: int
    about: Disputed
    decided_by: str
    decided_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None


def dispute(database: Database, about: Disputed, *, by: str, now: datetime) -> Dispute:
    """Stores a correction."""
    with database.writing() as transaction:
        identity = transaction.count(
            f"INSERT INTO skill_dispute ({', '.join(_CLAIM)}, decided_by, decided_at)"  # noqa: S608, our own names
            f" VALUES ({', '.join('?' * (len(_CLAIM) + 2))}) RETURNING id",
            (
                *(about.person_id, about.employee_id, about.skill_id, about.standing_id, about.skill),
                *(json.dumps(about.names), about.stance, about.level, about.note, by, transaction.moment(now)),
            ),
        )
        transaction.moved(SAID_HERE)
    return Dispute(identity, about, by, now)


def undo_dispute(database: Database, identity: int, *, by: str, now: datetime) -> Dispute:
    """Takes a correction back: what the person said before it, or else what the sources say, counts again.

    Raises:
        DisputeError: it does not exist or was undone before.
    """
    with database.writing() as transaction:
        found = _disputes(transaction, "WHERE id = ?", (identity,))
        if not found:
            raise DisputeError(f"There is no correction {identity}.")
        if found[0].undone_at is not None:
            raise DisputeError(f"Correction {identity} was undone by {found[0].undone_by}.", code="dispute.undone")
        transaction.run(
            "UPDATE skill_dispute SET undone_by = ?, undone_at = ? WHERE id = ?",
            (by, transaction.moment(now), identity),
        )
        transaction.moved(SAID_HERE)
        return found[0]


def standing_disputes(database: Database, aside: SetAside | None = None) -> tuple[Dispute, ...]:
    """Every correction that is not undone, in the order they were made: a later one about the same skill counts.

    Those that cannot be read are left out; `aside` takes them.
    """
    with database.reading() as transaction:
        return tuple(_disputes(transaction, "WHERE undone_at IS NULL ORDER BY id", aside=aside))


def _disputes(
    transaction: Transaction, clause: str, values: tuple[Any, ...] = (), *, aside: SetAside | None = None
) -> list[Dispute]:
    rows = transaction.rows(f"SELECT {_COLUMNS} FROM skill_dispute {clause}", values)  # noqa: S608, our own names
    return list(each(rows, _dispute, "correction", lambda row: str(row[0]), aside))


def _dispute(row: tuple[Any, ...]) -> Dispute:
    names, level = json.loads(row[6]), row[8]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UnusableError("The names it is about are no list of names.")
    if level is not None and level not in LEVELS:
        raise UnusableError(f"There is no level {level!r}; levels run from 1 (aware) to 5 (expert).")
    return Dispute(
        id=row[0],
        about=Disputed(
            person_id=row[1],
            employee_id=row[2],
            skill_id=row[3],
            standing_id=row[4],
            skill=row[5],
            names=tuple(names),
            stance=row[7],
            level=level,
            note=row[9],
        ),
        decided_by=row[10],
        decided_at=as_moment(row[11]),
        undone_by=row[12],
        undone_at=None if row[13] is None else as_moment(row[13]),
    )
