"""Who is who: one profile per human in the HR system, other systems' records joined to it, nobody invented.

The HR system's worker objects of one human (`human_id`) become one profile. Other systems' people join on employee
id, then on work e-mail. E-mail is neither mandatory nor unique in real HR systems, and addresses are given out again,
so a mail that several people have, or somebody with another employee id, joins nobody; what cannot be joined is
reported with a reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from echo_core.model import PersonRef
from echo_hub.snapshot.directory.facts import PersonFact
from echo_hub.snapshot.directory.issues import REASONS, Issue
from echo_hub.snapshot.directory.keys import identity_key, mail_key
from echo_hub.snapshot.directory.managers import reporting_lines
from echo_hub.snapshot.rows import Ref

Rows = tuple[int, ...]
"""Rows of people, each once: nearly always one, and a tuple of one takes a quarter of a set's memory."""
_STATUS_ORDER = {"active": 0, "on_leave": 0, "future": 1, "left": 2}


@dataclass(frozen=True, slots=True)
class Joined:
    """The outcome: for every person fact its profile's number or -1, and each profile's leading fact.

    `issues` are for HR operations; `counts` says how many facts were joined how.
    """

    profile_of: tuple[int, ...]
    leading: tuple[int, ...]
    manager: tuple[int, ...]
    issues: tuple[Issue, ...]
    counts: Mapping[str, int]

    def members(self, row: int) -> list[int]:
        """The numbers of a profile's facts."""
        return np.flatnonzero(np.fromiter(self.profile_of, dtype=np.int64) == row).tolist()


KEYS = ("source_id", "employee_id", "human_id", "work_email", "user_name", "manager_id", "status", "hired_on")
"""The fields of a person fact that decide who is who and who leads whom; all others change nobody's identity."""


def system_of_record(people: Sequence[PersonFact], configured: str | None = None) -> str | None:
    """The connection whose people are the profiles: the configured one, else the one with most employee ids.

    Employee ids are the HR system's own; where nobody has any, the connection with most people leads.
    """
    if configured is not None:
        return configured
    sizes = Counter(person.connection for person in people)
    numbered = Counter(person.connection for person in people if person.employee_id)
    return min(sizes, key=lambda name: (-numbered[name], -sizes[name], name)) if sizes else None


def join_people(people: Sequence[PersonFact], connection: str | None) -> Joined:
    """Joins all facts; `connection` is the system of record."""
    issues: list[Issue] = []
    counts: Counter[str] = Counter()
    profile_of = [-1] * len(people)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, person in enumerate(people):
        if person.connection == connection:
            groups[("human", person.human_id) if person.human_id else ("worker", person.source_id)].append(number)
    leading: list[int] = []
    for members in sorted(groups.values(), key=lambda members: min(people[member].source_id for member in members)):
        best = min(members, key=lambda member: _preference(people[member]))
        for member in members:
            profile_of[member] = len(leading)
        leading.append(best)
        counts["profile"] += 1
        counts["merged_worker"] += len(members) - 1
    by_id = _keyed(profile_of, [identity_key(person.employee_id) for person in people])
    by_mail = _keyed(profile_of, [mail_key(person.work_email) for person in people])
    numbered = {row for rows in by_id.values() for row in rows}
    others = [number for number, person in enumerate(people) if person.connection != connection]
    same_id = Counter((people[other].connection, identity_key(people[other].employee_id)) for other in others)
    same_mail = Counter((people[other].connection, mail_key(people[other].work_email)) for other in others)
    for number in others:
        person = people[number]
        target, how = _match(person, by_id, by_mail, numbered, same_id, same_mail)
        if how in REASONS:
            issues.append(Issue(person.connection, person.source_id, how))
        profile_of[number] = target
        counts[how] += 1
    manager = reporting_lines(people, profile_of, leading, issues)
    return Joined(tuple(profile_of), tuple(leading), tuple(manager), tuple(issues), dict(counts))


def _preference(person: PersonFact) -> tuple[int, int, str]:
    """Active before future before left; among equals the latest hire; then the lowest key, so that nothing flickers."""
    return (_STATUS_ORDER[person.status], -(person.hired_on.toordinal() if person.hired_on else 0), person.source_id)


def _keyed(profile_of: Sequence[int], keys: Sequence[str | None]) -> dict[str, set[int]]:
    by_key: dict[str, set[int]] = defaultdict(set)
    for row, key in zip(profile_of, keys, strict=True):
        if row >= 0 and key:
            by_key[key].add(row)
    return by_key


def _match(
    person: PersonFact,
    by_id: Mapping[str, set[int]],
    by_mail: Mapping[str, set[int]],
    numbered: Set[int],
    same_id: Counter[tuple[str, str | None]],
    same_mail: Counter[tuple[str, str | None]],
) -> tuple[int, str]:
    """The profile (-1: none) and how it was found, or why not. `numbered` profiles have an employee id."""
    employee_id, mail = identity_key(person.employee_id), mail_key(person.work_email)
    on_id = by_id.get(employee_id, set()) if employee_id else set()
    on_mail = by_mail.get(mail, set()) if mail else set()
    if on_id:
        if len(on_id) > 1:
            return -1, "employee_id_on_several_people"
        if same_id[person.connection, employee_id] > 1:
            return -1, "employee_id_on_several_accounts"
        target = next(iter(on_id))
        disagrees = len(on_mail) == 1 and target not in on_mail
        return target, "employee_id_and_mail_disagree" if disagrees else "employee_id"
    if len(on_mail) > 1:
        return -1, "mail_on_several_people"
    if on_mail:
        if employee_id and not on_mail.isdisjoint(numbered):
            return -1, "employee_id_and_mail_disagree"
        if same_mail[person.connection, mail] > 1:
            return -1, "mail_on_several_accounts"
        return next(iter(on_mail)), "work_email"
    return -1, "no_match" if employee_id or mail else "no_key"


def _key(scheme: str, value: str) -> str:
    return (mail_key(value) if scheme == "email" else identity_key(value)) or ""


class Directory:
    """Finds the profile a source means by a `PersonRef`. A reference that fits several people finds nobody.

    A user name is one system's own: it means that system's account, and only where the system has no such account
    the person with this user name in the system of record, `connection`. Of employee ids and addresses the word of the
    system of record counts first, too: what an account of another system adds to the person it was joined to, finds
    them only where nobody is known by it there, and proves to nobody who they are.
    """

    def __init__(self, people: Sequence[PersonFact], profile_of: Sequence[int], connection: str | None) -> None:
        self._connection = connection
        self._user_names: defaultdict[str, dict[str, Rows]] = defaultdict(dict)
        self._source: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._keyed: dict[str, dict[str, Rows]] = {name: {} for name in ("employee_id", "email", "user_name")}
        self._added: dict[str, dict[str, Rows]] = {name: {} for name in self._keyed}
        self._hashed: dict[str, Rows] = {}
        for number, person in enumerate(people):
            row = profile_of[number]
            own = (row,)
            user_name = identity_key(person.user_name)
            if user_name:
                _add(self._user_names[person.connection], user_name, own)
            if row < 0:
                continue
            self._source[person.connection][person.source_id] = row
            for name, key in (
                ("employee_id", identity_key(person.employee_id)),
                ("email", mail_key(person.work_email)),
                ("user_name", user_name),
            ):
                if key:
                    _add((self._keyed if person.connection == connection else self._added)[name], key, own)
        for name, added in self._added.items():  # most accounts say what the system of record says
            self._added[name] = {key: rows for key, rows in added.items() if key not in self._keyed[name]}

    def find(self, ref: Ref) -> int:
        """The profile's number, or -1 when nobody or more than one person fits."""
        connection, scheme, value = ref
        if scheme == "source":
            return self._source.get(connection, {}).get(value, -1)
        if scheme == "email_sha1":
            rows = self._sha1().get(value.strip().lower(), ())
        elif scheme == "user_name":
            rows = self._of_user_name(connection, identity_key(value) or "")
        else:
            rows = self._rows(scheme, _key(scheme, value))
        return rows[0] if len(rows) == 1 else -1

    def of(self, connection: str, ref: PersonRef | None) -> int:
        """The same for a reference on a record; -1 for none."""
        return -1 if ref is None else self.find((connection, ref.scheme, ref.value))

    def all(self, scheme: str, value: str) -> tuple[int, ...]:
        """Everybody with this employee id, e-mail or user name, whatever the case; for people who search."""
        return tuple(sorted(self._rows(scheme, _key(scheme, value))))

    def of_record(self, scheme: str, value: str) -> tuple[int, ...]:
        """Everybody whom the system of record itself knows by this employee id or e-mail; for who signs in."""
        return tuple(sorted(self._keyed[scheme].get(_key(scheme, value), ())))

    def _rows(self, scheme: str, key: str) -> Rows:
        return self._keyed[scheme].get(key) or self._added[scheme].get(key, ())

    def _of_user_name(self, connection: str, key: str) -> Rows:
        """An account joined to nobody keeps its user name to itself: its row is -1, which is nobody."""
        own = self._user_names.get(connection, {}).get(key)
        if own is not None or self._connection is None:
            return own or ()
        return self._user_names.get(self._connection, {}).get(key, ())

    def _sha1(self) -> dict[str, Rows]:
        """Our own addresses hashed as xAPI's `mbox_sha1sum` hashes them; built when first asked for."""
        if not self._hashed:
            for mail, rows in (*self._added["email"].items(), *self._keyed["email"].items()):
                _add(self._hashed, hashlib.sha1(f"mailto:{mail}".encode(), usedforsecurity=False).hexdigest(), rows)
        return self._hashed


def _add(known: dict[str, Rows], key: str, rows: Rows) -> None:
    """Adds rows to those of a key."""
    before = known.get(key, ())
    known[key] = rows if not before else (*before, *(row for row in rows if row not in before))
