"""Payloads of older releases become payloads of today, one version after the other."""

from __future__ import annotations

import copy
import json
from typing import ClassVar

import pytest

from echo_core.model import ENTITIES, Person
from echo_core.model.person import WorkerType
from echo_core.model.stored import read
from echo_core.model.upgrades import UPGRADES, upgraded

SPARSE = {"source_id": "w1", "name": "Ada", "skills": [{"label": "SQL"}, {"label": "Kafka", "stance": "avoids"}]}


class OtherDefaults(Person):
    """People as a release may have them that decided otherwise."""

    worker_type: WorkerType = "contingent"
    org_unit: str | None = "Unassigned"


class RenamedField(Person):
    """People as a release may have them in which a title is called a role."""

    payload_version: ClassVar[int] = 4


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_version_ever_written_has_its_upgrade(entity: str) -> None:
    assert [version for name, version in sorted(UPGRADES) if name == entity] == [
        *range(1, ENTITIES[entity].payload_version)
    ]


def test_an_upgrade_changes_nothing_it_is_given() -> None:
    before = copy.deepcopy(SPARSE)
    first, second = upgraded("person", 1, SPARSE), upgraded("person", 1, SPARSE)
    assert before == SPARSE
    assert first == second
    assert first["skills"][1] == {
        **{"label": "Kafka", "scheme": None, "external_id": None, "stance": "avoids", "level": None},
        **{"asserter": "person", "evidence": None, "asserted_at": None, "valid_until": None},
    }


def test_a_payload_of_today_or_later_is_left_as_it_is() -> None:
    assert upgraded("person", 2, SPARSE) is SPARSE
    assert upgraded("person", 3, SPARSE) is SPARSE


def test_a_changed_default_says_nothing_else_of_a_record_stored_before(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Person(source_id="w1", name="Ada").model_dump_json()
    monkeypatch.setitem(ENTITIES, "person", OtherDefaults)  # type: ignore[arg-type]  # the mapping is of records
    for version, text in ((1, json.dumps(SPARSE)), (2, full)):
        person = read("person", version, text)
        assert isinstance(person, OtherDefaults)
        assert (person.worker_type, person.org_unit) == ("employee", None)


def test_upgrades_are_chained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENTITIES, "person", RenamedField)
    monkeypatch.setitem(UPGRADES, ("person", 2), lambda old: {**old, "title": old["role"]})
    monkeypatch.setitem(UPGRADES, ("person", 3), lambda old: {**old, "title": old["title"].upper()})
    for version in (1, 2):
        person = read("person", version, json.dumps({**SPARSE, "role": "analyst"}))
        assert isinstance(person, RenamedField)
        assert person.title == "ANALYST"
    newest = read("person", 4, json.dumps({**SPARSE, "title": "analyst"}))
    assert isinstance(newest, RenamedField)
    assert newest.title == "analyst"
