"""The people an account nearly fits, each with the reason: for who decides about it. Nobody is joined by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from echo_core.model.message import Message
from echo_core.text.normal_form import comparable
from echo_hub.services.views import Sentence
from echo_hub.snapshot.directory.facts import PersonFact
from echo_hub.snapshot.directory.keys import identity_key, mail_key
from echo_hub.snapshot.snapshot import Snapshot

MOST = 5
"""How many near people one account shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPerson(Sentence):
    """A person whom an account nearly fits, and what the two have in common."""

    person: str
    name: str
    employee_id: str | None
    why: str


class NearPeople:
    """Finds the people near accounts; reads everybody once, so make it for many accounts.

    An employee id counts without its leading zeros, too; a name only where no id and no address is shared.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._people = snapshot.people
        self._accounts = {(fact.connection, fact.source_id): fact for fact in snapshot.sources.stored_records.people}
        self._by_number: defaultdict[str, list[int]] = defaultdict(list)
        self._by_mail: defaultdict[str, list[int]] = defaultdict(list)
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._own: defaultdict[int, list[PersonFact]] = defaultdict(list)
        profile_of = snapshot.sources.joined.profile_of
        for row, fact in zip(profile_of, snapshot.sources.stored_records.people, strict=True):
            if row < 0 or fact.connection != snapshot.people[row].fact.connection:
                continue
            self._own[row].append(fact)
            for rows, key in (
                (self._by_number, _bare(fact.employee_id)),
                (self._by_mail, mail_key(fact.work_email)),
                (self._by_name, comparable(fact.name)),
            ):
                if key and row not in rows[key]:
                    rows[key].append(row)

    def of(self, connection: str, source_id: str) -> tuple[NearPerson, ...]:
        """The people near an account, at most `MOST`; the surest sign first."""
        account = self._accounts.get((connection, source_id))
        if account is None:
            return ()
        near = [
            (row, self._shared_number(account, row)) for row in self._rows(self._by_number, _bare(account.employee_id))
        ]
        numbered = {row for row, _ in near}
        mail = self._rows(self._by_mail, mail_key(account.work_email))
        near += [(row, "mail" + _standing(self._own[row])) for row in mail if row not in numbered]
        if not near:
            near = [(row, "name") for row in self._rows(self._by_name, comparable(account.name))]
        return tuple(self._view(row, why) for row, why in near[:MOST])

    def _rows(self, rows: dict[str, list[int]], key: str | None) -> Sequence[int]:
        return rows.get(key, ()) if key else ()

    def _shared_number(self, account: PersonFact, row: int) -> str:
        wanted = identity_key(account.employee_id)
        same = [fact for fact in self._own[row] if identity_key(fact.employee_id) == wanted]
        return "employee_id" + _standing(same) if same else "zeros"

    def _view(self, row: int, why: str) -> NearPerson:
        person = self._people[row]
        return NearPerson(
            person=person.id,
            name=person.fact.name,
            employee_id=person.fact.employee_id,
            why=why,
            message=Message(f"near-{why.replace('_', '-')}", {"number": person.fact.employee_id or ""}),
        )


def _bare(number: str | None) -> str:
    """An employee id without its leading zeros; one of zeros alone is nobody's."""
    return (identity_key(number) or "").lstrip("0")


def _standing(facts: Sequence[PersonFact]) -> str:
    """Why the person of these records may not be the one meant."""
    if all(fact.status == "left" for fact in facts):
        return "_left"
    return "_contingent" if all(fact.worker_type == "contingent" for fact in facts) else ""
