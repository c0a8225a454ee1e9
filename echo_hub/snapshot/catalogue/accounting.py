"""What became of every stored record: listed, or hidden by a rule with a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from echo_core.matching.arrays import IntArray
from echo_hub.snapshot.catalogue.visibility import Account
from echo_hub.snapshot.directory.identity import Joined
from echo_hub.snapshot.rows import Intake, StoredOpportunity
from echo_hub.snapshot.skill_graph.names import SkillNames

Hidden = Counter[tuple[str, str, str, str]]
"""Counts by (connection, stream, entity, rule)."""


def account(
    intake: Intake,
    joined: Joined,
    hidden: list[tuple[StoredOpportunity, str]],
    learning: Mapping[tuple[str, str, str], int],
    owners: IntArray,
    names: SkillNames,
    today: date,
) -> tuple[Account, ...]:
    """One account per connection, stream and entity; in each, stored = listed + all of hidden."""
    gone: Hidden = Counter(intake.unused)
    for one, rule in hidden:
        gone[one.connection, one.stream, one.record.entity, rule] += 1
    for (connection, stream, rule), count in learning.items():
        if rule:
            gone[connection, stream, "learning_record", rule] += count
    _people(intake, joined, gone)
    _assertions(intake, owners, names, today, gone)
    accounts = {key: Account(*key, stored=count, listed=count) for key, count in sorted(intake.stored.items())}
    for (connection, stream, entity, rule), count in sorted(gone.items()):
        one_account = accounts[connection, stream, entity]
        one_account.hidden[rule] += count
        one_account.listed -= count
    return tuple(accounts.values())


def _people(intake: Intake, joined: Joined, gone: Hidden) -> None:
    """Of a human's worker objects one leads; other systems' records are joined to it, or unmatched."""
    leading = set(joined.leading)
    home = {intake.people[number].connection for number in leading}
    for number, (person, row) in enumerate(zip(intake.people, joined.profile_of, strict=True)):
        if number in leading:
            continue
        rule = "unmatched" if row < 0 else "merged" if person.connection in home else "joined"
        gone[person.connection, person.stream, "person", rule] += 1


def _assertions(intake: Intake, owners: IntArray, names: SkillNames, today: date, gone: Hidden) -> None:
    keys = list(intake.names)
    for connection, stream, claim in intake.assertions:
        until = intake.claims.until[claim]
        if owners[claim] < 0:
            rule = "unknown_person"
        elif until and until < today.toordinal():
            rule = "expired"
        elif names.link(keys[intake.claims.name[claim]]).skill_id is None:
            rule = "unlinked_skill"
        else:
            continue
        gone[connection, stream, "skill_assertion", rule] += 1
