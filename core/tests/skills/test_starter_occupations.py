"""The starter roles are many, ask only for skills that exist, and share no title."""

from __future__ import annotations

from collections import defaultdict

import pytest

from echo_core.skills.taxonomy.graph import TaxonomyError
from echo_core.skills.taxonomy.starter import starter
from echo_core.skills.taxonomy.starter_occupations import parse_roles
from echo_core.text.wording import key


def test_there_are_many_roles_with_other_titles_and_languages():
    roles = starter().occupations
    assert len(roles) >= 150
    assert sum(len(role.labels) for role in roles.values()) >= 1_000
    assert {label.language for role in roles.values() for label in role.labels} == {"en", "de", "es", "sv", "fr"}


def test_every_role_asks_for_eight_to_fifteen_skills_that_exist():
    for role in starter().occupations.values():
        asked = [one.skill_id for one in role.skills]
        assert 8 <= len(asked) <= 15, role.id
        assert len(set(asked)) == len(asked), role.id
        assert all(one in starter() for one in asked), role.id
        assert 3 <= sum(one.essential for one in role.skills) < len(asked), role.id


def test_no_title_belongs_to_two_roles_or_twice_to_one():
    owners = defaultdict(list)
    for role in starter().occupations.values():
        assert sum(label.preferred for label in role.labels if label.language == "en") == 1
        for label in role.labels:
            owners[label.language, key(label.text)].append(role.id)
    assert {title: ids for title, ids in owners.items() if len(ids) > 1} == {}


def test_a_role_line_is_read():
    (role,) = parse_roles(
        "# x\nCook | Chef | + Frying | ? Tasting | de: Koch; Köchin", {"Frying": "s:f", "Tasting": "s:t"}, "s"
    )
    assert role.id == "s:role/cook"
    assert [(one.text, one.language, one.preferred) for one in role.labels] == [
        ("Cook", "en", True), ("Chef", "en", False), ("Koch", "de", True), ("Köchin", "de", False),
    ]  # fmt: skip
    assert [(one.skill_id, one.essential) for one in role.skills] == [("s:f", True), ("s:t", False)]


def test_a_skill_that_no_file_has_names_file_and_line():
    with pytest.raises(TaxonomyError, match="slips, line 1: Cook asks for Flying, which no file has"):
        list(parse_roles("Cook | + Flying", {}, "s", name="slips"))
