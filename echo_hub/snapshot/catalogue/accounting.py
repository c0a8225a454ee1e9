"""What became of every stored record: listed, or hidden by a rule with a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import numpy as np

from echo_core.matching.arrays import IntArray
from echo_hub.snapshot.catalogue.visibility import Account
from echo_hub.snapshot.directory.identity import Joined
from echo_hub.snapshot.rows import StoredOpportunity, StoredRecords
from echo_hub.snapshot.skill_graph.names import SkillNames

Hidden = Counter[tuple[str, str, str, str]]
"""Counts by (connection, stream, entity, rule)."""


def account(
    stored_records: StoredRecords,
    joined: Joined,
    hidden: list[tuple[StoredOpportunity, str]],
    learning: Mapping[tuple[str, str, str], int],
    owners: IntArray,
    names: SkillNames,
    today: date,
) -> tuple[Account, ...]:
    """One account per connection, stream and entity; in each, stored = listed + all of hidden."""
    gone: Hidden = Counter(stored_records.unused)
    for opportunity, rule in hidden:
        gone[opportunity.connection, opportunity.stream, opportunity.record.entity, rule] += 1
    for (connection, stream, rule), count in learning.items():
        if rule:
            gone[connection, stream, "learning_record", rule] += count
    _people(stored_records, joined, gone)
    _assertions(stored_records, owners, names, today, gone)
    accounts = {key: Account(*key, stored=count, listed=count) for key, count in sorted(stored_records.stored.items())}
    for (connection, stream, entity, rule), count in sorted(gone.items()):
        one_account = accounts[connection, stream, entity]
        one_account.hidden[rule] += count
        one_account.listed -= count
    return tuple(accounts.values())


def _people(stored_records: StoredRecords, joined: Joined, gone: Hidden) -> None:
    """Of a human's worker objects one leads; other systems' records are joined to it, or unmatched."""
    people = stored_records.people
    beside = np.ones(len(people), dtype=bool)
    beside[np.array(joined.leading, dtype=np.int64)] = False
    home = {people[number].connection for number in joined.leading[:1]}  # one system leads all profiles
    for number in np.flatnonzero(beside).tolist():
        person, row = people[number], joined.profile_of[number]
        rule = "unmatched" if row < 0 else "merged" if person.connection in home else "joined"
        gone[person.connection, person.stream, "person", rule] += 1


def _assertions(stored_records: StoredRecords, owners: IntArray, names: SkillNames, today: date, gone: Hidden) -> None:
    keys = list(stored_records.names)
    for connection, stream, claim in stored_records.assertions:
        until = stored_records.claims.until[claim]
        if owners[claim] < 0:
            rule = "unknown_person"
        elif until and until < today.toordinal():
            rule = "expired"
        elif names.link(keys[stored_records.claims.name[claim]]).skill_id is None:
            rule = "unlinked_skill"
        else:
            continue
        gone[connection, stream, "skill_assertion", rule] += 1
