"""Finding people, and how colleagues see them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest

from echo_hub.services.errors import AmbiguousPersonError, UnknownPersonError
from echo_hub.services.lineage import lineage
from echo_hub.services.views import PersonView
from echo_hub.snapshot.directory.names import NameQuery
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.skill_graph.claims import HERE
from echo_hub.snapshot.skill_graph.decisions import Corrections
from echo_hub.snapshot.snapshot import Snapshot

_SIMILAR = 5
_COMPARED = 200
"""Comparing two names letter by letter is slow; only this many, those with most trigrams in common, are compared."""
_HIDDEN = frozenset({"left", "future"})
"""People with these statuses are in no list of colleagues: somebody who leaves disappears at once."""


def person_view(snapshot: Snapshot, row: int, corrections: Corrections | None = None) -> PersonView:
    """A person with all claims, unlinked names included.

    Args:
        corrections: what people say of their skills, where that is newer than the snapshot.
    """
    person = snapshot.people[row]
    fact = person.fact
    claims = snapshot.claims_of(row)
    skills, corrected = lineage(claims, row, corrections or snapshot.corrections, snapshot.taxonomy)
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
        manager=snapshot.people[person.manager].fact.name if person.manager >= 0 else None,
        worker_type=fact.worker_type,
        status=fact.status,
        languages=person.languages,
        skills=skills,
        sources=tuple(dict.fromkeys((*person.sources, *(claim.source for claim in claims if claim.source != HERE)))),
        corrections=corrected,
    )


def find_people(snapshot: Snapshot, text: str, *, limit: int = 20, everyone: bool = False) -> tuple[PersonView, ...]:
    """People meant by a text: the first of public id, employee id, e-mail, user name, name that fits anyone.

    Names are found without their accents and in any order of words. A whole name comes before part of one. At most
    `limit` people, by name; none is an empty answer, not an error.
    People who left or have not started yet are found only with `everyone`, whatever the text.
    """
    return tuple(person_view(snapshot, row) for row in _rows(snapshot, text, everyone=everyone)[:limit])


def one_person(snapshot: Snapshot, text: str) -> PersonView:
    """The one person meant: also somebody who left or has not started yet, unless the text fits colleagues as well.

    Raises:
        UnknownPersonError: nobody; carries colleagues with similar names.
        AmbiguousPersonError: several; carries them.
    """
    return person_view(snapshot, person_row(snapshot, text))


def person_row(snapshot: Snapshot, text: str) -> int:
    """The row of the one person meant; errors as `one_person`."""
    rows = _rows(snapshot, text, everyone=True)
    if len(rows) > 1:
        rows = _colleagues(snapshot, rows) or rows
    if len(rows) == 1:
        return rows[0]
    if rows:
        first = tuple(person_view(snapshot, row) for row in rows[: _SIMILAR * 4])
        raise AmbiguousPersonError(text, first, len(rows))
    raise UnknownPersonError(text, tuple(person_view(snapshot, row) for row in _similar(snapshot, text)))


def name_of(snapshot: Snapshot, by: str) -> str:
    """The name of whoever decided something, by employee id or public id; `by` itself where that is nobody on file."""
    rows = snapshot.directory.all("employee_id", by)
    who = snapshot.people[rows[0]] if len(rows) == 1 else snapshot.person(by)
    return by if who is None else who.fact.name


def _similar(snapshot: Snapshot, text: str) -> list[int]:
    """Colleagues with names like the text, the most similar first."""
    wanted = " ".join(NameQuery.of(text).words)
    trigrams = {wanted[start : start + 3] for start in range(max(1, len(wanted) - 2))}
    names: dict[str, int] = {}
    shared: dict[str, int] = {}
    for row, spellings in enumerate(snapshot.searched_names):
        name = spellings.partition("\n")[0].lstrip()
        count = sum([part in name for part in trigrams])
        if count and name not in shared and _is_colleague(snapshot, row):
            names[name], shared[name] = row, count
    near = nlargest(_COMPARED, shared, key=lambda name: (shared[name], -abs(len(name) - len(wanted))))
    return [names[name] for name in get_close_matches(wanted, near, n=_SIMILAR, cutoff=0.6)]


def _is_colleague(snapshot: Snapshot, row: int) -> bool:
    return snapshot.people[row].fact.status not in _HIDDEN


def _colleagues(snapshot: Snapshot, rows: Iterable[int]) -> list[int]:
    return [row for row in rows if _is_colleague(snapshot, row)]


def _rows(snapshot: Snapshot, text: str, *, everyone: bool) -> list[int]:
    text = text.strip()
    if not text:
        return []
    by_id = snapshot.person(text)
    if by_id is not None:
        return _shown(snapshot, [by_id.row], everyone)
    for scheme in ("employee_id", "email", "user_name"):
        if rows := _shown(snapshot, snapshot.directory.all(scheme, text), everyone):
            return _by_name(snapshot, rows)
    query = NameQuery.of(text)
    fits = _shown(snapshot, [row for row, name in enumerate(snapshot.searched_names) if query.fits(name)], everyone)
    whole = [row for row in fits if query.is_whole(snapshot.searched_names[row])]
    return _by_name(snapshot, whole or fits)


def _shown(snapshot: Snapshot, rows: Iterable[int], everyone: bool) -> list[int]:
    return list(rows) if everyone else _colleagues(snapshot, rows)


def _by_name(snapshot: Snapshot, rows: Iterable[int]) -> list[int]:
    def order(row: int) -> tuple[bool, str, str]:
        person: DirectoryPerson = snapshot.people[row]
        return (person.fact.status == "left", snapshot.searched_names[row], person.id)

    return sorted(rows, key=order)


def count_people(snapshot: Snapshot, *, everyone: bool = False) -> int:
    """How many people there are; those who left or have not started yet count only with `everyone`."""
    return len(_shown(snapshot, range(len(snapshot.people)), everyone))


def first_people(snapshot: Snapshot, *, limit: int = 20, everyone: bool = False) -> tuple[PersonView, ...]:
    """The first people by name: something to start from when nothing was asked.

    With `everyone` also those who have not started yet and, last, those who left.
    """
    rows = _by_name(snapshot, _shown(snapshot, range(len(snapshot.people)), everyone))
    return tuple(person_view(snapshot, row) for row in rows[:limit])
