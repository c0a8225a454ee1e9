"""Near occupations are found by what is asked for, and every reason and every part of the score can be told."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality.related_profiles import occupation_through
from echo_core.model.message import Message
from echo_core.skills import Label, Skill, Taxonomy, TaxonomyError, TaxonomySource, starter
from echo_core.skills.occupations.related import RelatedOccupations
from echo_core.skills.taxonomy.records import GROUP, Occupation, OccupationSkill, Trait

SOURCE = TaxonomySource("guild", "Guild", "1", "none", "")
SKILLS = [
    Skill("guild:wood", "Working with wood", kind=GROUP, source="guild"),
    *(
        Skill(f"guild:{name}", label, broader=("guild:wood",) if wooden else (), related=related, source="guild")
        for name, label, wooden, related in (
            ("joinery", "Joinery", True, ()),
            ("carving", "Carving wood", True, ()),
            ("turning", "Turning wood", True, ()),
            ("dough", "Kneading dough", False, ("guild:oven",)),
            ("oven", "Minding the oven", False, ()),
            ("selling", "Selling", False, ()),
        )
    ),
    Skill("guild:care", "Care", kind="skill", source="guild"),
    Skill("guild:timber", "Timber", kind="knowledge", source="guild"),
]


def role(name: str, skills: str, care: float, timber: float, **more: object) -> Occupation:
    asked = tuple(OccupationSkill(f"guild:{one}", essential=True) for one in skills.split())
    rated = OccupationSkill("guild:care", False, care, care), OccupationSkill("guild:timber", False, timber, timber)
    work = "Makes things of wood." if timber > 0.5 else "Gives the town what it wants."
    titles = Label(name, "en", preferred=True), Label("wood worker" if timber > 0.5 else name, "en", preferred=False)
    return replace(Occupation(f"guild:{name}", name, titles, work, skills=asked + rated, source="guild"), **more)


ROLES = [
    role("joiner", "joinery selling", 0.9, 0.9, zone=3, traits=(Trait("interest:hands", "Hands", 0.9),)),
    role("cabinet-maker", "joinery carving", 0.8, 0.9, zone=2, traits=(Trait("interest:hands", "Hands", 0.8),)),
    role("turner", "turning", 0.7, 0.8, zone=3, traits=(Trait("interest:hands", "Hands", 0.7),)),
    role("baker", "dough selling", 0.4, 0.1, zone=2, tasks=("Knead the dough before dawn.",)),
    role("oven-keeper", "oven", 0.2, 0.0, tasks=("Keep the fire.",)),
    role("crier", "selling", 0.1, 0.0),
]
GROUPED = Occupation("guild:all", "All trades", kind=GROUP, source="guild")


def graph(roles: list[Occupation]) -> Taxonomy:
    return Taxonomy.of(SKILLS, SOURCE, occupations=[*roles, GROUPED])


class Letters:
    """Vectors that count letters: enough to tell texts apart, the same at every run."""

    name = "letters"

    def encode(self, texts):
        rows = np.array([[text.lower().count(chr(97 + at)) for at in range(26)] for text in texts], dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture(scope="module")
def related() -> RelatedOccupations:
    return RelatedOccupations(graph(ROLES))


def test_the_same_trade_comes_before_another(related):
    order = [near.occupation_id for near in related.near("guild:joiner")]
    assert set(order[:2]) == {"guild:cabinet-maker", "guild:turner"}
    assert set(order) == {one.id for one in ROLES} - {"guild:joiner"}


@pytest.mark.parametrize("encoder", [None, Letters()])
@pytest.mark.parametrize("evidence", ["all", "skills"])
def test_contributions_sum_to_the_score(encoder, evidence):
    related = RelatedOccupations(graph(ROLES), encoder, evidence)
    for one in ROLES:
        scores = related.ranked(one.id)
        assert list(scores.values()) == pytest.approx(sorted(scores.values(), reverse=True), abs=1e-8)
        for near in related.near(one.id):
            assert near.score == pytest.approx(sum(near.contributions.values()), abs=1e-9)
            assert near.score == scores[near.occupation_id]
            assert all(near.reasons)


def test_skills_only_reads_neither_titles_nor_tasks():
    assert RelatedOccupations(graph(ROLES), Letters(), "skills").near("guild:baker")[0].contributions.keys() == {
        "knowledge_levels", "skill_words", "shared", "skill_levels", "skill_vectors",
    }  # fmt: skip


def test_likeness_is_the_same_from_both_sides_and_whole_with_itself(related):
    for one in ROLES:
        for other in ROLES:
            there, back = related.likeness(one.id, other.id), related.likeness(other.id, one.id)
            assert there == pytest.approx(back, abs=1e-12)
        assert related.likeness(one.id, one.id)["shared"] == pytest.approx(1.0)


def test_the_order_of_occupations_does_not_matter(related):
    chance = random.Random(3)  # noqa: S311 - the same orders in every run
    for _ in range(5):
        shuffled = chance.sample(ROLES, len(ROLES))
        again = RelatedOccupations(graph(shuffled))
        for one in ROLES:
            assert again.near(one.id) == related.near(one.id)


def test_reasons_name_what_is_shared_what_is_above_and_the_gap(related):
    reasons = {near.occupation_id: near.reasons for near in related.near("guild:joiner")}
    assert (
        Message("related-shared-rare", {"count": 1, "skills": ("Joinery",), "more": 0})
        in reasons["guild:cabinet-maker"]
    )
    assert (
        Message("related-above", {"count": 1, "skills": ("Working with wood",), "more": 0})
        in reasons["guild:cabinet-maker"]
    )
    assert Message("related-preparation", {"levels": 1}) in reasons["guild:cabinet-maker"]
    assert Message("related-preparation", {"levels": 0}) in reasons["guild:turner"]
    assert not any(reason.id.startswith("related-shared") for reason in reasons["guild:turner"])


def test_a_related_skill_brings_occupations_nearer(related):
    assert related.likeness("guild:baker", "guild:oven-keeper")["shared"] > 0
    assert related.likeness("guild:joiner", "guild:oven-keeper")["shared"] == 0


def test_only_occupations_of_one_source_are_compared(related):
    other = replace(ROLES[0], id="other:joiner", source="other")
    both = RelatedOccupations(graph([*ROLES, other]))
    assert both.near("other:joiner") == []
    assert {near.occupation_id for near in both.near("guild:joiner")} == {one.id for one in ROLES[1:]}
    with pytest.raises(TaxonomyError, match="different sources"):
        both.likeness("guild:joiner", "other:joiner")


@pytest.mark.parametrize("one", ["guild:nobody", "guild:all"])
def test_what_is_no_role_is_refused(related, one):
    with pytest.raises(TaxonomyError, match=f"{one} is no occupation"):
        related.near(one)


def test_published_lists_are_never_read(related):
    told = [replace(one, same=tuple(other.id for other in ROLES)) for one in ROLES]
    assert RelatedOccupations(graph(told)).near("guild:baker") == related.near("guild:baker")


def test_a_source_that_rates_nothing_counts_every_kind_the_same():
    named = [replace(one, skills=tuple(skill for skill in one.skills if skill.level is None)) for one in ROLES]
    related = RelatedOccupations(graph(named))
    best = related.near("guild:joiner")[0]
    assert best.occupation_id == "guild:cabinet-maker"
    assert {"shared", "skill_words", "tasks", "titles"} <= best.contributions.keys()
    heavier = RelatedOccupations(graph(named), weights=dict.fromkeys(best.contributions, 2.0))
    assert heavier.near("guild:joiner")[0].score == pytest.approx(2 * best.score)


def test_starter_roles_work_too():
    taxonomy = starter()
    related = RelatedOccupations(taxonomy)
    for one in list(taxonomy.occupations)[:5]:
        assert all(near.occupation_id != one and near.reasons is not None for near in related.near(one, 3))


def test_an_occupation_through_its_counterparts_asks_for_what_they_ask_for():
    joiner, turner = ROLES[0], ROLES[2]
    through = occupation_through(ROLES[5], [joiner, turner])
    shares = {one.skill_id: one.importance for one in through.skills}
    assert shares["guild:joinery"] == 0.5
    assert shares["guild:care"] == 0.5
    assert through.id == ROLES[5].id
    assert (through.tasks, through.traits, through.zone) == ((), (), None)
