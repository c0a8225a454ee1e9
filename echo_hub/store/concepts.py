"""Skills and occupations as rows: what a row holds, how a concept becomes one and comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from echo_core.skills.taxonomy.records import Label, Occupation, OccupationSkill, Skill, Trait
from echo_core.text.letters import has_letters_or_digits
from echo_hub.store.aside import SetAside, UnusableError, each
from echo_hub.store.taxonomy_tables import OCCUPATION, SKILL

Concept = Skill | Occupation
Row = tuple[Any, ...]

FORMER = 2
"""What is stored in place of "preferred" (0 or 1) with a label that only an earlier release gave the concept."""
_COMMON = ("source", "label", "kind", "description", "uri", "labels", "broader", "same")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One table of concepts. `fields` are its columns apart from id, position and retired_at, in a row's order."""

    table: Table
    fields: tuple[str, ...]
    row: Callable[[Any], Row]
    concept: Callable[[Row], Concept]

    def select(self, *first: ColumnElement[Any]) -> Select[Any]:
        """A query for `first`, the id and the fields, in a row's order."""
        return select(*first, self.table.c.id, *(self.table.c[name] for name in self.fields))

    def readable(self, rows: Iterable[Sequence[Any]], aside: SetAside | None = None) -> Iterator[Concept]:
        """The concepts of rows that begin with the id; `aside` takes those that cannot be read."""
        return each(map(tuple, rows), self.concept, self.table.name, lambda row: str(row[0]), aside)


def _dump(value: Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "[]"


def _labels(labels: Sequence[Label]) -> str:
    return _dump([(label.text, label.language, int(label.preferred)) for label in labels])


def _common(concept: Concept) -> Row:
    names = _labels(concept.labels), _dump(concept.broader), _dump(concept.same)
    return concept.source, concept.label, concept.kind, concept.description, concept.uri, *names


def _skill_row(skill: Skill) -> Row:
    return *_common(skill), _dump(skill.related)


def _occupation_row(occupation: Occupation) -> Row:
    skills = _dump([(s.skill_id, int(s.essential), s.level, s.importance) for s in occupation.skills])
    traits = _dump([(trait.id, trait.label, trait.share) for trait in occupation.traits])
    return *_common(occupation), occupation.code, occupation.zone, skills, _dump(occupation.tasks), traits


def _named(row: Row) -> dict[str, Any]:
    identity, source, label, kind, description, uri, labels, broader, same = row[:9]
    if not has_letters_or_digits(label):
        raise UnusableError(f"{label!r} names nothing: it has no letter or digit that is seen.")
    return {
        "id": identity,
        "source": source,
        "label": label,
        "kind": kind,
        "description": description,
        "uri": uri,
        "labels": tuple([_label(*values) for values in json.loads(labels)]),
        "broader": _texts(broader, "broader"),
        "same": _texts(same, "same"),
    }


def _skill(row: Row) -> Skill:
    return Skill(**_named(row), related=_texts(row[9], "related"))


def _label(text: str, language: str, preferred: int) -> Label:
    if type(text) is not str or type(language) is not str:
        raise UnusableError("One of its labels is no text in a language.")
    return Label(text, language, preferred not in (0, FORMER))


def _texts(stored: str, what: str) -> tuple[str, ...]:
    values = json.loads(stored)
    if not isinstance(values, list) or not all(type(value) is str for value in values):
        raise UnusableError(f"What it says under {what!r} is no list of texts.")
    return tuple(values)


def _share(value: float | None) -> None:
    if value is not None and not (type(value) in (int, float) and 0 <= value <= 1):
        raise UnusableError(f"{value!r} is no share between 0 and 1.")


def _occupation(row: Row) -> Occupation:
    code, zone, skills, tasks, traits = row[9:]
    if zone is not None and type(zone) is not int:
        raise UnusableError(f"{zone!r} is no job zone.")
    return Occupation(
        **_named(row),
        code=code,
        zone=zone,
        skills=tuple(_asked(*values) for values in json.loads(skills)),
        tasks=_texts(tasks, "tasks"),
        traits=tuple(_trait(*values) for values in json.loads(traits)),
    )


# ESCO names 14,000 skills 120,000 times: one record serves every occupation that asks the same.
@lru_cache(maxsize=65_536)
def _asked(skill_id: str, essential: int, level: float | None, importance: float | None) -> OccupationSkill:
    if type(skill_id) is not str:
        raise UnusableError("A skill it asks for has no id.")
    _share(level)
    _share(importance)
    return OccupationSkill(skill_id, bool(essential), level, importance)


@lru_cache(maxsize=65_536)
def _trait(trait_id: str, label: str, share: float | None) -> Trait:
    if type(trait_id) is not str or type(label) is not str:
        raise UnusableError("A trait of it has no id or no label.")
    _share(share)
    return Trait(trait_id, label, share)


SKILLS = Shelf(SKILL, (*_COMMON, "related"), _skill_row, _skill)
OCCUPATIONS = Shelf(OCCUPATION, (*_COMMON, "code", "zone", "skills", "tasks", "traits"), _occupation_row, _occupation)
SHELVES = (SKILLS, OCCUPATIONS)
