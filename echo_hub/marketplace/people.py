"""Finding people, and how colleagues see them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest

from echo_hub.market.claims import HERE
from echo_hub.market.decided import Corrections
from echo_hub.market.people import MarketPerson
from echo_hub.market.snapshot import Market
from echo_hub.marketplace.errors import AmbiguousPersonError, UnknownPersonError
from echo_hub.marketplace.lineage import lineage
from echo_hub.marketplace.views import PersonView

_SIMILAR = 5
_COMPARED = 200
"""Comparing two names letter by letter is slow; only this many, those with most trigrams in common, are compared."""
_HIDDEN = frozenset({"left", "future"})
"""People with these statuses are in no list of colleagues: somebody who leaves disappears at once."""


def person_view(market: Market, row: int, corrections: Corrections | None = None) -> PersonView:
    """A person with all claims, unlinked names included.

    Args:
        corrections: what people say of their skills, where that is newer than the market.
    """
    person = market.people[row]
    fact = person.fact
    held = market.claims_of(row)
    skills, corrected = lineage(held, row, corrections or market.corrections, market.taxonomy)
    return PersonView(
        id=person.id,
        name=fact.name,
        title=fact.title,
        employee_id=fact.employee_id,
        work_email=fact.work_email,
        org_unit=person.org_unit,
        location=person.location,
        country=person.country,
        time_zone=fact.time_zone,
        manager=market.people[person.manager].fact.name if person.manager >= 0 else None,
        worker_type=fact.worker_type,
        status=fact.status,
        languages=person.languages,
        skills=skills,
        sources=tuple(dict.fromkeys((*person.sources, *(claim.source for claim in held if claim.source != HERE)))),
        corrections=corrected,
    )


def find_people(market: Market, text: str, *, limit: int = 20, everyone: bool = False) -> tuple[PersonView, ...]:
    """People meant by a text: the first of public id, employee id, e-mail, user name, name that fits anyone.

    A whole name comes before part of one. At most `limit` people, by name; none is an empty answer, not an error.
    People who left or have not started yet are found only with `everyone`, whatever the text.
    """
    return tuple(person_view(market, row) for row in _rows(market, text, everyone=everyone)[:limit])


def one_person(market: Market, text: str) -> PersonView:
    """The one person meant: also somebody who left or has not started yet, unless the text fits colleagues as well.

    Raises:
        UnknownPersonError: nobody; carries colleagues with similar names.
        AmbiguousPersonError: several; carries them.
    """
    return person_view(market, person_row(market, text))


def person_row(market: Market, text: str) -> int:
    """The row of the one person meant; errors as `one_person`."""
    rows = _rows(market, text, everyone=True)
    if len(rows) > 1:
        rows = _colleagues(market, rows) or rows
    if len(rows) == 1:
        return rows[0]
    if rows:
        first = tuple(person_view(market, row) for row in rows[: _SIMILAR * 4])
        raise AmbiguousPersonError(text, first, len(rows))
    raise UnknownPersonError(text, tuple(person_view(market, row) for row in _similar(market, text)))


def name_of(market: Market, by: str) -> str:
    """The name of whoever decided something, by employee id or public id; `by` itself where that is nobody on file."""
    rows = market.directory.all("employee_id", by)
    who = market.people[rows[0]] if len(rows) == 1 else market.person(by)
    return by if who is None else who.fact.name


def _similar(market: Market, text: str) -> list[int]:
    """Colleagues with names like the text, the most similar first."""
    wanted = text.strip().casefold()
    trigrams = {wanted[start : start + 3] for start in range(max(1, len(wanted) - 2))}
    names: dict[str, int] = {}
    shared: dict[str, int] = {}
    for row, name in enumerate(market.folded_names):
        count = sum([part in name for part in trigrams])
        if count and name not in shared and _is_colleague(market, row):
            names[name], shared[name] = row, count
    near = nlargest(_COMPARED, shared, key=lambda name: (shared[name], -abs(len(name) - len(wanted))))
    return [names[name] for name in get_close_matches(wanted, near, n=_SIMILAR, cutoff=0.6)]


def _is_colleague(market: Market, row: int) -> bool:
    return market.people[row].fact.status not in _HIDDEN


def _colleagues(market: Market, rows: Iterable[int]) -> list[int]:
    return [row for row in rows if _is_colleague(market, row)]


def _rows(market: Market, text: str, *, everyone: bool) -> list[int]:
    text = text.strip()
    if not text:
        return []
    by_id = market.person(text)
    if by_id is not None:
        return _shown(market, [by_id.row], everyone)
    for scheme in ("employee_id", "email", "user_name"):
        if found := _shown(market, market.directory.all(scheme, text), everyone):
            return _by_name(market, found)
    wanted = text.casefold()
    fits = _shown(market, [row for row, name in enumerate(market.folded_names) if wanted in name], everyone)
    whole = [row for row in fits if market.folded_names[row] == wanted]
    return _by_name(market, whole or fits)


def _shown(market: Market, rows: Iterable[int], everyone: bool) -> list[int]:
    return list(rows) if everyone else _colleagues(market, rows)


def _by_name(market: Market, rows: Iterable[int]) -> list[int]:
    def order(row: int) -> tuple[bool, str, str]:
        person: MarketPerson = market.people[row]
        return (person.fact.status == "left", market.folded_names[row], person.id)

    return sorted(rows, key=order)


def count_people(market: Market, *, everyone: bool = False) -> int:
    """How many people there are; those who left or have not started yet count only with `everyone`."""
    return len(_shown(market, range(len(market.people)), everyone))


def first_people(market: Market, *, limit: int = 20, everyone: bool = False) -> tuple[PersonView, ...]:
    """The first people by name: something to start from when nothing was asked.

    With `everyone` also those who have not started yet and, last, those who left.
    """
    rows = _by_name(market, _shown(market, range(len(market.people)), everyone))
    return tuple(person_view(market, row) for row in rows[:limit])
