"""What stands beside a name decides between skills of that name, and nothing else."""

from __future__ import annotations

import pytest

from echo_core.skills import Label, Linker, Skill, Taxonomy, TaxonomySource
from echo_core.skills.taxonomy.records import GROUP


def named(skill_id: str, label: str, *aliases: str, **more: object) -> Skill:
    labels = Label(label, "en", preferred=True), *(Label(one, "en", preferred=False) for one in aliases)
    return Skill(skill_id, label, labels, source="own", **more)


@pytest.fixture(scope="module")
def linker() -> Linker:
    skills = (
        named("own:money", "Money matters", kind=GROUP),
        named("own:river", "River works", kind=GROUP),
        named("own:lending", "Lending", "bank work", broader=("own:money",)),
        named("own:saving", "Saving up", broader=("own:money",)),
        named("own:dyke", "Dyke building", "bank work", broader=("own:river",), related=("own:digging",)),
        named("own:digging", "Digging"),
        named("own:weaving", "Weaving"),
    )
    return Linker(Taxonomy.of(skills, TaxonomySource("own", "Own", "1", "none", "")))


@pytest.mark.parametrize(
    ("context", "skill"),
    [
        (("Money matters",), "own:lending"),
        (("Saving up", "Weaving"), "own:lending"),
        (("River works",), "own:dyke"),
        (("digging",), "own:dyke"),
        (("River works", "Digging", "Money matters"), "own:dyke"),
    ],
)
def test_category_and_neighbours_decide(linker, context, skill):
    link = linker.link("bank work", context=context)
    assert link.skill_id == skill
    assert link.reason.id == "link-in-context"
    assert link.reason.values["beside"] == _first(context, skill)
    assert link.confidence < linker.link("weaving").confidence
    assert link.candidates[0] == (skill, link.confidence)
    assert {one for one, _ in link.candidates} == {"own:lending", "own:dyke"}


def _first(context, skill):
    speaks = {"own:lending": {"Money matters", "Saving up"}, "own:dyke": {"River works", "digging", "Digging"}}
    return next(name for name in context if name in speaks[skill])


@pytest.mark.parametrize("context", [(), ("Weaving",), ("unheard of",), ("River works", "Money matters")])
def test_where_nothing_stands_out_a_person_is_asked(linker, context):
    assert linker.link("bank work", context=context) == linker.link("bank work")
    assert linker.link("bank work", context=context).skill_id is None


def test_context_changes_nothing_for_a_name_that_is_plain(linker):
    for name in ("Weaving", "Lending", "weavin", "nothing of the kind"):
        assert linker.link(name, context=("River works",)) == linker.link(name)


def test_the_order_of_names_around_does_not_matter(linker):
    there, back = (linker.link("bank work", context=one) for one in (("Digging", "Weaving"), ("Weaving", "Digging")))
    assert there == back
