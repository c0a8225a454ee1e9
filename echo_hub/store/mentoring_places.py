"""Places of mentors: as many rows as places, each held by at most one live pair. The database sees to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from echo_core.connectors.errors import HubError
from echo_hub.store.database import SAID_HERE, Database, Transaction

_LOCK = 4327846513
Loss = Literal["no_place", "mentee_taken"]


class CapacityError(HubError):
    """A mentor cannot have fewer places than live pairs."""

    code: ClassVar[str] = "mentoring.capacity"
    who: ClassVar[str] = "HR operations"


@dataclass(frozen=True, slots=True)
class Capacity:
    """A mentor's places in the hub and the live pairs that hold some. `decided` is what a person set, if any."""

    mentor: str
    places: int
    live: int
    decided: int | None
    set_by: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """What a pair asks for when it becomes live."""

    pair: int
    mentor: str
    mentee: str


def alone(transaction: Transaction) -> None:
    """Waits until no other transaction gives or takes places. SQLite lets one writer in at a time anyway.

    It only spares the loser an error: what no two transactions may do, the constraints of the tables refuse.
    """
    if not transaction.sqlite:
        transaction.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))


def seat(
    transaction: Transaction, seats: Sequence[Seat], places: Mapping[str, int], *, mentee_limit: int
) -> dict[int, Loss]:
    """Gives every pair the lowest free place of its mentor and slot of its mentee; answers who got none, and why.

    Nothing is written for a pair that got none. What the records state is taken over first, so that a mentor who
    gave more room has it, and one who gave less loses the free places, never a live pair.

    Args:
        seats: the pairs in the order in which places are given.
        places: what each mentor may have in all, live pairs included; a person's decision in the hub comes before.
        mentee_limit: live pairs one mentee may have.
    """
    alone(transaction)
    decided = _decided(transaction)
    for mentor in sorted(places):
        _provide(transaction, mentor, decided.get(mentor, places[mentor]))
    free = _free_places(transaction)
    slots: dict[str, set[int]] = {}
    together = set()
    for mentor, mentee, slot in transaction.rows("SELECT mentor, mentee, slot FROM mentoring_pair WHERE place > 0"):
        slots.setdefault(mentee, set()).add(slot)
        together.add((mentor, mentee))
    given: list[tuple[int, int, int]] = []
    lost: dict[int, Loss] = {}
    for one in seats:
        used = slots.setdefault(one.mentee, set())
        slot = next((number for number in range(1, mentee_limit + 1) if number not in used), None)
        if slot is None or (one.mentor, one.mentee) in together:
            lost[one.pair] = "mentee_taken"
        elif not free.get(one.mentor):
            lost[one.pair] = "no_place"
        else:
            used.add(slot)
            together.add((one.mentor, one.mentee))
            given.append((free[one.mentor].pop(0), slot, one.pair))
    transaction.many("UPDATE mentoring_pair SET state = 'active', place = ?, slot = ? WHERE id = ?", given)
    return lost


def set_capacity(database: Database, mentor: str, places: int, *, by: str, now: datetime) -> None:
    """Decides how many mentees a mentor takes through the hub, whatever the records say.

    Raises:
        CapacityError: negative, or fewer than the mentor's live pairs.
    """
    if places < 0:
        raise CapacityError("A mentor cannot have fewer than no places. Say 0 or more.")
    with database.writing() as transaction:
        alone(transaction)
        live = transaction.count("SELECT COUNT(*) FROM mentoring_pair WHERE mentor = ? AND place > 0", (mentor,))
        if live > places:
            raise CapacityError(
                f"{mentor} has {live} live {'pair' if live == 1 else 'pairs'}, so {places} places are too few. "
                f"End a pair first (echo-hub mentoring end), or set {live}."
            )
        transaction.run(
            "INSERT INTO mentor_capacity (mentor, places, set_by, set_at) VALUES (?, ?, ?, ?) ON CONFLICT (mentor)"
            " DO UPDATE SET places = excluded.places, set_by = excluded.set_by, set_at = excluded.set_at",
            (mentor, places, by, transaction.moment(now)),
        )
        _provide(transaction, mentor, places)
        transaction.moved(SAID_HERE)


def capacities(database: Database) -> dict[str, Capacity]:
    """Every mentor the hub keeps places for, by id."""
    with database.reading() as transaction:
        found = transaction.rows(
            "SELECT m.mentor, (SELECT COUNT(*) FROM mentor_place p WHERE p.mentor = m.mentor),"
            " (SELECT COUNT(*) FROM mentoring_pair q WHERE q.mentor = m.mentor AND q.place > 0), c.places, c.set_by"
            " FROM (SELECT mentor FROM mentor_place UNION SELECT mentor FROM mentor_capacity) m"
            " LEFT JOIN mentor_capacity c ON c.mentor = m.mentor ORDER BY m.mentor"
        )
    return {mentor: Capacity(mentor, places, live, decided, by) for mentor, places, live, decided, by in found}


def _provide(transaction: Transaction, mentor: str, wanted: int) -> None:
    """Makes the mentor's places `wanted` in number, or as many as live pairs hold where those are more."""
    found = transaction.rows(
        "SELECT p.number, EXISTS (SELECT 1 FROM mentoring_pair q WHERE q.mentor = p.mentor AND q.place = p.number)"
        " FROM mentor_place p WHERE p.mentor = ? ORDER BY p.number",
        (mentor,),
    )
    numbers = {int(number) for number, _ in found}
    free = [int(number) for number, held in found if not held]
    surplus = min(max(len(numbers) - max(wanted, 0), 0), len(free))
    gone = free[len(free) - surplus :]
    transaction.many("DELETE FROM mentor_place WHERE mentor = ? AND number = ?", [(mentor, one) for one in gone])
    missing = max(wanted - len(numbers), 0)
    new = [number for number in range(1, wanted + 1) if number not in numbers][:missing]
    transaction.many("INSERT INTO mentor_place (mentor, number) VALUES (?, ?)", [(mentor, one) for one in new])


def _free_places(transaction: Transaction) -> dict[str, list[int]]:
    free: dict[str, list[int]] = {}
    for mentor, number in transaction.rows(
        "SELECT p.mentor, p.number FROM mentor_place p WHERE NOT EXISTS"
        " (SELECT 1 FROM mentoring_pair q WHERE q.mentor = p.mentor AND q.place = p.number) ORDER BY p.mentor, p.number"
    ):
        free.setdefault(mentor, []).append(int(number))
    return free


def _decided(transaction: Transaction) -> dict[str, int]:
    return {mentor: int(places) for mentor, places in transaction.rows("SELECT mentor, places FROM mentor_capacity")}
