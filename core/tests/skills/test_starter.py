"""The starter taxonomy is our own, large enough, deep enough and free of slips."""

from __future__ import annotations

from collections import defaultdict

import pytest

from echo_core.skills.extraction.caution import AMBIGUOUS, GENERAL
from echo_core.skills.taxonomy.graph import GROUP, TaxonomyError
from echo_core.skills.taxonomy.starter import KINDS, assemble, parse_outline, skill_id, starter
from echo_core.text.wording import key


def test_has_many_skills_with_many_names_in_five_languages():
    taxonomy = starter()
    skills = [skill for skill in taxonomy if skill.kind != GROUP]
    assert len(skills) >= 1_000
    assert sum(len(skill.labels) for skill in skills) >= 6_000
    assert taxonomy.languages() == {"en", "de", "es", "sv", "fr"}


def test_every_relation_leads_somewhere_and_none_runs_in_a_circle():
    assert starter().problems() == []


def test_no_name_belongs_to_two_skills():
    owners = defaultdict(set)
    for skill in starter():
        for label in skill.labels:
            assert key(label.text), f"{skill.id} has a name without letters: {label.text!r}"
            owners[key(label.text)].add(skill.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_every_skill_hangs_under_an_area_and_has_a_kind():
    for skill in starter():
        assert skill.kind in KINDS
        assert skill.broader or skill.kind == GROUP, f"{skill.label} hangs under nothing"


def test_hierarchy_has_real_depth():
    above = [label_of(one) for one, _ in starter().broader("starter:kubernetes", levels=3)]
    assert above == ["Container orchestration", "Cloud infrastructure", "Engineering"]


def label_of(skill_id: str) -> str:
    return starter().skills[skill_id].label


@pytest.mark.parametrize(
    "area",
    [
        "Software engineering", "Data analysis", "Machine learning", "User experience design", "Product management",
        "Marketing", "Sales", "Accounting", "Human resources", "Supply chain management", "Information security",
        "Contract law", "Compliance", "Customer service", "Swedish", "Leadership", "Music production",
    ],
)  # fmt: skip
def test_covers_the_area(area):
    assert skill_id(area) in starter()


@pytest.mark.parametrize(
    "name", ["Go", "R", "C", "Swift", "Rust", "Excel", "Lean", "Scala", "Spring", "React", "Word", "Unity", "Node"]
)
def test_short_ambiguous_names_want_context(name):
    assert name.lower() in AMBIGUOUS


@pytest.mark.parametrize("name", ["design", "support", "strategy", "education", "production"])
def test_general_words_never_tag_by_themselves(name):
    assert name in GENERAL


def test_a_slip_in_an_outline_names_file_and_line():
    with pytest.raises(TaxonomyError, match="slips, line 2: indented by 3 blanks"):
        list(parse_outline("One | ! group\n   Two | ! method", name="slips"))
    with pytest.raises(TaxonomyError, match="slips, line 1: One names Nowhere, which no file has"):
        assemble(list(parse_outline("One | ~ Nowhere | ! method", name="slips")))
    with pytest.raises(TaxonomyError, match="kind 'wizardry' is not one of"):
        assemble(list(parse_outline("One | ! wizardry")))


def test_ids_are_readable():
    assert skill_id("C++") == "starter:c-plus-plus"
    assert skill_id("C#") == "starter:c-sharp"
    assert skill_id("Node.js") == "starter:node-js"
    assert skill_id(".NET") == "starter:dotnet"
