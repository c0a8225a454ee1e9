"""Skills and occupations as rows: what a row holds, how a concept becomes one and comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from echo_core.skills.taxonomy.records import Label, Occupation, OccupationSkill, Skill, Trait
from echo_hub.store.taxonomy_tables import OCCUPATION, SKILL

Concept = Skill | Occupation
Row = tuple[Any, ...]

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


def _dump(value: Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "[]"


def _labels(labels: Sequence[Label]) -> str:
    return _dump([(one.text, one.language, int(one.preferred)) for one in labels])


def _common(one: Concept) -> Row:
    names = _labels(one.labels), _dump(one.broader), _dump(one.same)
    return one.source, one.label, one.kind, one.description, one.uri, *names


def _skill_row(one: Skill) -> Row:
    return *_common(one), _dump(one.related)


def _occupation_row(one: Occupation) -> Row:
    skills = _dump([(s.skill_id, int(s.essential), s.level, s.importance) for s in one.skills])
    traits = _dump([(trait.id, trait.label, trait.share) for trait in one.traits])
    return *_common(one), one.code, one.zone, skills, _dump(one.tasks), traits


def _named(row: Row) -> dict[str, Any]:
    identity, source, label, kind, description, uri, labels, broader, same = row[:9]
    return {
        "id": identity,
        "source": source,
        "label": label,
        "kind": kind,
        "description": description,
        "uri": uri,
        "labels": tuple(Label(text, language, bool(first)) for text, language, first in json.loads(labels)),
        "broader": tuple(json.loads(broader)),
        "same": tuple(json.loads(same)),
    }


def _skill(row: Row) -> Skill:
    return Skill(**_named(row), related=tuple(json.loads(row[9])))


def _occupation(row: Row) -> Occupation:
    code, zone, skills, tasks, traits = row[9:]
    return Occupation(
        **_named(row),
        code=code,
        zone=zone,
        skills=tuple(_asked(*one) for one in json.loads(skills)),
        tasks=tuple(json.loads(tasks)),
        traits=tuple(_trait(*one) for one in json.loads(traits)),
    )


# ESCO names 14,000 skills 120,000 times: one record serves every occupation that asks the same.
@lru_cache(maxsize=65_536)
def _asked(skill_id: str, essential: int, level: float | None, importance: float | None) -> OccupationSkill:
    return OccupationSkill(skill_id, bool(essential), level, importance)


@lru_cache(maxsize=65_536)
def _trait(trait_id: str, label: str, share: float | None) -> Trait:
    return Trait(trait_id, label, share)


SKILLS = Shelf(SKILL, (*_COMMON, "related"), _skill_row, _skill)
OCCUPATIONS = Shelf(OCCUPATION, (*_COMMON, "code", "zone", "skills", "tasks", "traits"), _occupation_row, _occupation)
SHELVES = (SKILLS, OCCUPATIONS)
