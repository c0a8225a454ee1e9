"""Places of mentors: as many rows as places, each held by at most one live pair. The database sees to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, union, update

from echo_core.connectors.errors import HubError
from echo_hub.store.database import SAID_HERE, Database, Transaction
from echo_hub.store.mentoring_tables import MENTOR_CAPACITY, MENTOR_PLACE, MENTORING_PAIR

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
        transaction.execute(select(func.pg_advisory_xact_lock(_LOCK)))


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
    pair = MENTORING_PAIR.c
    for row in transaction.all(select(pair.mentor, pair.mentee, pair.slot).where(pair.place > 0)):
        slots.setdefault(row.mentee, set()).add(row.slot)
        together.add((row.mentor, row.mentee))
    given: list[dict[str, int]] = []
    lost: dict[int, Loss] = {}
    for wanted_seat in seats:
        used = slots.setdefault(wanted_seat.mentee, set())
        slot = next((number for number in range(1, mentee_limit + 1) if number not in used), None)
        if slot is None or (wanted_seat.mentor, wanted_seat.mentee) in together:
            lost[wanted_seat.pair] = "mentee_taken"
        elif not free.get(wanted_seat.mentor):
            lost[wanted_seat.pair] = "no_place"
        else:
            used.add(slot)
            together.add((wanted_seat.mentor, wanted_seat.mentee))
            given.append({"number": free[wanted_seat.mentor].pop(0), "slot_number": slot, "pair": wanted_seat.pair})
    if given:
        live = {"state": "active", "place": bindparam("number"), "slot": bindparam("slot_number")}
        transaction.execute(update(MENTORING_PAIR).where(pair.id == bindparam("pair")).values(live), given)
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
        pair = MENTORING_PAIR.c
        query = select(func.count()).select_from(MENTORING_PAIR).where(pair.mentor == mentor, pair.place > 0)
        live: int = transaction.scalar(query)
        if live > places:
            raise CapacityError(
                f"{mentor} has {live} live {'pair' if live == 1 else 'pairs'}, so {places} places are too few. "
                f"End a pair first (echo-hub mentoring end), or set {live}."
            )
        decision = {"places": places, "set_by": by, "set_at": now}
        new = transaction.insert(MENTOR_CAPACITY).values(mentor=mentor, **decision)
        transaction.execute(new.on_conflict_do_update(index_elements=["mentor"], set_=decision))
        _provide(transaction, mentor, places)
        transaction.moved(SAID_HERE)


def capacities(database: Database) -> dict[str, Capacity]:
    """Every mentor the hub keeps places for, by id."""
    place, pair, capacity = MENTOR_PLACE.c, MENTORING_PAIR.c, MENTOR_CAPACITY.c
    mentors = union(select(place.mentor), select(capacity.mentor)).subquery()
    mentor = mentors.c.mentor
    places = select(func.count()).where(place.mentor == mentor).scalar_subquery()
    live = select(func.count()).where(pair.mentor == mentor, pair.place > 0).scalar_subquery()
    query = (
        select(mentor, places.label("places"), live.label("live"), capacity.places.label("decided"), capacity.set_by)
        .join_from(mentors, MENTOR_CAPACITY, capacity.mentor == mentor, isouter=True)
        .order_by(mentor)
    )
    with database.reading() as transaction:
        return {row.mentor: Capacity(**row._mapping) for row in transaction.all(query)}


def _taken() -> ColumnElement[bool]:
    """Whether a live pair holds a place."""
    pair = MENTORING_PAIR.c
    holder = select(pair.id).where(pair.mentor == MENTOR_PLACE.c.mentor, pair.place == MENTOR_PLACE.c.number)
    return holder.exists()


def _provide(transaction: Transaction, mentor: str, wanted: int) -> None:
    """Makes the mentor's places `wanted` in number, or as many as live pairs hold where those are more."""
    place = MENTOR_PLACE.c
    query = select(place.number, _taken().label("taken")).where(place.mentor == mentor).order_by(place.number)
    places = transaction.all(query)
    numbers = {row.number for row in places}
    free = [row.number for row in places if not row.taken]
    surplus = min(max(len(numbers) - max(wanted, 0), 0), len(free))
    gone = free[len(free) - surplus :]
    if gone:
        transaction.execute(delete(MENTOR_PLACE).where(place.mentor == mentor, place.number.in_(gone)))
    missing = max(wanted - len(numbers), 0)
    new = [number for number in range(1, wanted + 1) if number not in numbers][:missing]
    if new:
        transaction.execute(insert(MENTOR_PLACE), [{"mentor": mentor, "number": number} for number in new])


def _free_places(transaction: Transaction) -> dict[str, list[int]]:
    free: dict[str, list[int]] = {}
    place = MENTOR_PLACE.c
    for row in transaction.all(select(MENTOR_PLACE).where(~_taken()).order_by(place.mentor, place.number)):
        free.setdefault(row.mentor, []).append(row.number)
    return free


def _decided(transaction: Transaction) -> dict[str, int]:
    return {row.mentor: row.places for row in transaction.all(select(MENTOR_CAPACITY))}
