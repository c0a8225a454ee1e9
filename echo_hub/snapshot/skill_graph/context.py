"""What names mean that several skills go by, person by person: the one that goes with what else is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from echo_core.matching.arrays import BoolArray, Narrow
from echo_core.skills.linking.linker import Link
from echo_hub.snapshot.rows import NameKey
from echo_hub.snapshot.skill_graph.names import SkillNames


def in_context(
    person: Narrow, name: Narrow, keys: Sequence[NameKey], links: Sequence[Link], names: SkillNames
) -> tuple[Narrow, list[tuple[int, Link]]]:
    """Claims with every name that context settles under a number of its own.

    Args:
        person, name: the row of the person and the number of the name, claim by claim.
        keys, links: each name, and what it means by itself.

    Returns:
        The numbers of names, claim by claim, those from `len(keys)` on being new; and for each new one the number it
        had before and what it means here. Only claims of people with such a name are looked at.
    """
    torn = [number for number, link in enumerate(links) if link.torn]
    if not torn:
        return name, []
    concerned = np.zeros(int(person.max(initial=-1)) + 1, dtype=bool)
    concerned[person[_among(torn, len(keys))[name]]] = True
    at = np.flatnonzero(concerned[person])
    who, what = person[at], name[at]
    meaning: dict[str, list[int]] = defaultdict(list)
    for number, link in enumerate(links):
        if link.skill_id is not None:
            meaning[link.skill_id].append(number)
    settled = name.copy()
    chosen: list[tuple[int, Link]] = []
    for number in torn:
        speakers = names.speakers(links[number].torn)
        speaks = _among([key for skill_id in speakers for key in meaning.get(skill_id, ())], len(keys))[what]
        beside: dict[int, set[str]] = defaultdict(set)
        for row, other in zip(who[speaks].tolist(), what[speaks].tolist(), strict=True):
            beside[row].add(links[other].skill_id or "")
        meant: dict[frozenset[str], int] = {}
        of_kind = at[what == number]
        for position, row in zip(of_kind.tolist(), person[of_kind].tolist(), strict=True):
            skills = frozenset(beside.get(row, ()))
            if skills not in meant:
                link = names.beside(keys[number], skills)
                meant[skills] = number if link.skill_id is None else len(keys) + len(chosen)
                if link.skill_id is not None:
                    chosen.append((number, link))
            settled[position] = meant[skills]
    return settled, chosen


def _among(numbers: Sequence[int], count: int) -> BoolArray:
    """Of so many numbers, which are among these."""
    flags = np.zeros(count, dtype=bool)
    flags[list(numbers)] = True
    return flags
