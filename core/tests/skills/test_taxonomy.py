"""The graph as plain data."""

from __future__ import annotations

import pickle

import pytest

from echo_core.skills import Label, Skill, Taxonomy, TaxonomyError, TaxonomySource


def skill(name: str, *broader: str, source: str = "ours") -> Skill:
    label = name.title()
    return Skill(id=name, label=label, labels=(Label(label, "en", preferred=True),), broader=broader, source=source)


def source(name: str) -> TaxonomySource:
    return TaxonomySource(key=name, title=name, version="1", licence="none", credit=f"credit of {name}")


def test_broader_gives_each_skill_once_with_its_shortest_distance():
    graph = Taxonomy.of([skill("a", "b", "c"), skill("b", "d"), skill("c", "d"), skill("d", "e"), skill("e")])
    assert graph.broader("a") == [("b", 1), ("c", 1), ("d", 2)]
    assert graph.broader("a", levels=9)[-1] == ("e", 3)
    assert graph.broader("unknown") == []


def test_narrower_is_the_way_back():
    graph = Taxonomy.of([skill("a", "c"), skill("b", "c"), skill("c")])
    assert graph.narrower("c") == ("a", "b")
    assert graph.narrower("a") == ()


def test_two_skills_with_one_id_are_refused():
    with pytest.raises(TaxonomyError, match="two skills have the id a"):
        Taxonomy.of([skill("a"), skill("a")])


def test_merging_keeps_precedence_of_sources_and_lets_the_update_win():
    ours = Taxonomy.of([skill("a")], source("ours"))
    theirs = Taxonomy.of([skill("a", source="theirs"), skill("b", source="theirs")], source("theirs"))
    both = ours.merged(theirs)
    assert [one.key for one in both.sources] == ["ours", "theirs"]
    assert both.skills["a"].source == "theirs"
    assert both.credits() == ("credit of ours", "credit of theirs")
    assert len(both) == 2


def test_problems_name_circles_and_dead_ends():
    graph = Taxonomy.of([skill("a", "b"), skill("b", "a"), skill("c", "nowhere")])
    found = graph.problems()
    assert "c names nowhere as broader, which does not exist" in found
    assert "a is in a circle of broader skills, or below one" in found


def test_label_in_a_language_falls_back_to_the_main_one():
    both = Skill("a", "Sales", (Label("Sales", "en", preferred=True), Label("Vertrieb", "de", preferred=True)))
    assert both.label_in("de") == "Vertrieb"
    assert both.label_in("fi") == "Sales"


def test_a_taxonomy_can_travel_to_another_process():
    graph = Taxonomy.of([skill("a")], source("ours"))
    assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301 - our own bytes
