"""The people an account nearly fits, each with the reason: for who decides about it. Nobody is joined by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
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
    """Finds the people near some accounts; reads everybody once, and keeps only who is near one of them.

    An employee id counts without its leading zeros, too; a name only where no id and no address is shared.

    Args:
        accounts: connection and source id of each.
    """

    def __init__(self, snapshot: Snapshot, accounts: Collection[tuple[str, str]]) -> None:
        self._people = snapshot.people
        facts, profile_of = snapshot.sources.stored_records.people, snapshot.sources.joined.profile_of
        self._accounts = {
            identity: fact for fact in facts if (identity := (fact.connection, fact.source_id)) in accounts
        }
        wanted = self._accounts.values()
        self._by_number = _tables(_bare(account.employee_id) for account in wanted)
        self._by_mail = _tables(mail_key(account.work_email) for account in wanted)
        self._by_name = _tables(comparable(account.name) for account in wanted)
        own = [
            (row, fact)
            for row, fact in zip(profile_of, facts, strict=True)
            if row >= 0 and fact.connection == snapshot.people[row].fact.connection
        ]
        near: set[int] = set()
        for row, fact in own:
            for rows, key in (
                (self._by_number, _bare(fact.employee_id)),
                (self._by_mail, mail_key(fact.work_email)),
                (self._by_name, comparable(fact.name)),
            ):
                if key in rows and row not in rows[key]:
                    rows[key].append(row)
                    near.add(row)
        self._own: defaultdict[int, list[PersonFact]] = defaultdict(list)
        for row, fact in own:
            if row in near:
                self._own[row].append(fact)

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

    def _rows(self, rows: dict[str | None, list[int]], key: str | None) -> Sequence[int]:
        return rows.get(key, ())

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


def _tables(keys: Iterable[str | None]) -> dict[str | None, list[int]]:
    """Room for the rows of people under each of these keys."""
    return {key: [] for key in keys if key}


def _bare(number: str | None) -> str:
    """An employee id without its leading zeros; one of zeros alone is nobody's."""
    return (identity_key(number) or "").lstrip("0")


def _standing(facts: Sequence[PersonFact]) -> str:
    """Why the person of these records may not be the one meant."""
    if all(fact.status == "left" for fact in facts):
        return "_left"
    return "_contingent" if all(fact.worker_type == "contingent" for fact in facts) else ""
