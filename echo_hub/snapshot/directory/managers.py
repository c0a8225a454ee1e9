"""Who leads whom, and the managers who cannot be: oneself, somebody unknown, somebody below oneself."""

from __future__ import annotations

from collections.abc import Sequence

from echo_hub.snapshot.directory.facts import PersonFact
from echo_hub.snapshot.directory.issues import Issue


def reporting_lines(
    people: Sequence[PersonFact], profile_of: Sequence[int], leading: Sequence[int], issues: list[Issue]
) -> list[int]:
    """Each profile's manager (-1: none). A circle is cut at the member with the lowest key, so the cut is stable.

    What is wrong is added to `issues`, except for who has left: an HR system does not keep up their line.
    """
    by_source = {
        (person.connection, person.source_id): profile_of[number]
        for number, person in enumerate(people)
        if profile_of[number] >= 0
    }
    manager = []
    for row, number in enumerate(leading):
        fact = people[number]
        boss = by_source.get((fact.connection, fact.manager_id), -1) if fact.manager_id else -1
        if fact.manager_id and boss in (-1, row) and fact.status != "left":
            issues.append(Issue(fact.connection, fact.source_id, "own_manager" if boss == row else "unknown_manager"))
        manager.append(-1 if boss == row else boss)
    state = [0] * len(manager)
    for start in range(len(manager)):
        path: list[int] = []
        row = start
        while row >= 0 and state[row] == 0:
            state[row] = 1
            path.append(row)
            row = manager[row]
        if row >= 0 and state[row] == 1:
            circle = path[path.index(row) :]
            cut = min(circle, key=lambda person: people[leading[person]].source_id)
            manager[cut] = -1
            fact = people[leading[cut]]
            issues.append(Issue(fact.connection, fact.source_id, "manager_cycle"))
        for person in path:
            state[person] = 2
    return manager
