"""Titles find their occupations and the skills those ask for, and never claim more than they know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.skills.occupations.titles import TitleBridge
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import GROUP, Label, Occupation, OccupationSkill, Skill, TaxonomySource
from echo_core.skills.taxonomy.starter import starter

OURS = TaxonomySource("esco", "Own classification", "1", "own", "")
THEIRS = TaxonomySource("onet", "Another classification", "1", "own", "")
SKILLS = ("milking", "sowing", "baking bread", "kneading", "steering", "docking", "first aid")


def skill(name: str) -> Skill:
    return Skill(f"esco:{name}", name, (Label(name, "en", preferred=True),), source="esco")


def role(slug: str, names: dict[str, list[str]], essential: str = "", desired: str = "", **more: object) -> Occupation:
    labels = tuple(
        Label(text, language, preferred=not at) for language, every in names.items() for at, text in enumerate(every)
    )
    asked = [OccupationSkill(f"esco:{one}", essential=True) for one in essential.split(", ") if one]
    asked += [OccupationSkill(f"esco:{one}", essential=False) for one in desired.split(", ") if one]
    return Occupation(slug, labels[0].text, labels, skills=tuple(asked), source=slug.split(":")[0], **more)  # type: ignore[arg-type]


FARMER = role(
    "esco:farmer", {"en": ["farmer", "dairy grower"], "de": ["Landwirt/Landwirtin"]}, "milking, sowing", "first aid"
)
BAKER = role("esco:baker", {"en": ["baker", "pastry maker"], "es": ["panadero"]}, "baking bread, kneading")
CAPTAIN = role(
    "esco:captain", {"en": ["ship captain", "skipper"], "sv": ["sjökapten"]}, "steering, docking", "first aid"
)
MARINER = role("onet:mariner", {"en": ["Vessel masters", "Ferryboat commander"]}, "steering", same=("esco:captain",))
GROUP_OF_ALL = role("esco:group", {"en": ["people who work"]}, kind=GROUP)
ROLES = [FARMER, BAKER, CAPTAIN, MARINER, GROUP_OF_ALL]


def taxonomy(roles: list[Occupation]) -> Taxonomy:
    return Taxonomy.of([skill(name) for name in SKILLS], OURS, THEIRS, occupations=roles)


@pytest.fixture(scope="module")
def bridge() -> TitleBridge:
    return TitleBridge(taxonomy(ROLES))


@pytest.mark.parametrize("listed", [FARMER, BAKER, CAPTAIN])
def test_a_title_that_is_a_name_finds_its_occupation_first_with_certainty(bridge, listed):
    for label in listed.labels:
        first = bridge.occupations(label.text, label.language)[0]
        assert (first.occupation_id, first.score) == (listed.id, 1.0)
        assert first.reason.id == "role-same-name"


@pytest.mark.parametrize(
    "title",
    [
        "Senior Baker", "BAKER (m/w/d)", "baker – remote", "Baker, Ref. 48213", "junior baker II", "Baker - part time",
        "baker (full time)", "Baker | Req 12345",
    ],
)  # fmt: skip
def test_level_contract_and_reference_do_not_matter(bridge, title):
    assert bridge.occupations(title, "en")[0].score == 1.0


@pytest.mark.parametrize(
    ("title", "language", "found"),
    [("Landwirtin", "de", "esco:farmer"), ("Landwirt:in", "de", "esco:farmer"), ("panadera", "es", "esco:baker")],
)
def test_both_genders_are_one_name(bridge, title, language, found):
    first = bridge.occupations(title, language)[0]
    assert (first.occupation_id, first.score) == (found, 1.0)


def test_english_stands_in_where_a_language_has_no_name_for_it(bridge):
    assert bridge.occupations("ship captain", "de")[0].occupation_id == "esco:captain"
    assert bridge.occupations("ship captain", "xx")[0].occupation_id == "esco:captain"


def test_an_occupation_lends_its_names_to_the_one_it_is_the_same_as(bridge):
    found = bridge.occupations("ferryboat commander", "en")
    assert found[0].occupation_id == "esco:captain"
    assert "onet:mariner" not in {one.occupation_id for one in found}


def test_groups_are_never_found(bridge):
    assert "esco:group" not in {one.occupation_id for one in bridge.occupations("people who work", "en")}


def test_a_role_asks_for_essential_skills_before_desired_ones(bridge):
    profile = bridge.role("farmer", "en")
    assert list(profile.skills)[:2] == ["esco:milking", "esco:sowing"]
    assert profile.skills["esco:first aid"] < profile.skills["esco:milking"] <= 1.0
    assert profile.occupations[0].occupation_id == "esco:farmer"


def test_a_nearer_title_is_trusted_more(bridge):
    same, like = bridge.role("pastry maker", "en"), bridge.role("pastry cook", "en")
    assert same.confidence > like.confidence > 0.0


@pytest.mark.parametrize("title", ["", "   ", "—", "!!!", "\n\t"])
def test_a_title_without_a_letter_has_no_role(bridge, title):
    assert bridge.occupations(title, "en") == []
    profile = bridge.role(title, "en")
    assert (profile.skills, profile.confidence) == ({}, 0.0)


def test_a_title_like_no_name_has_no_role(bridge):
    profile = bridge.role("xyzzy qqq", "en")
    assert (profile.skills, profile.occupations, profile.confidence) == ({}, (), 0.0)


def test_a_taxonomy_without_occupations_answers_nothing():
    empty = TitleBridge(taxonomy([]))
    assert empty.occupations("baker") == []
    assert empty.role("baker", "en").confidence == 0.0
    assert {weight for _, weight in empty.skills_for("zzz", "en")} == {0.0}


def test_every_skill_is_ranked_for_a_title(bridge):
    found = bridge.skills_for("skipper", "en")
    assert {one for one, _ in found} == {f"esco:{name}" for name in SKILLS}
    assert {one for one, _ in found[:2]} == {"esco:steering", "esco:docking"}


def test_a_skill_named_in_the_title_ranks_without_any_occupation():
    assert TitleBridge(taxonomy([])).skills_for("head of docking", "en")[0][0] == "esco:docking"


def test_titles_without_a_common_word_meet_in_their_skills(bridge):
    likeness = bridge.similar(["skipper"], ["ship captain", "bread baker", "dairy farmer"], "en")
    assert likeness.shape == (1, 3)
    assert likeness[0].argmax() == 0


@settings(max_examples=25)
@given(st.permutations(ROLES), st.sampled_from(["sea captain", "bakery helper", "skipper", "grower of dairy"]))
def test_the_order_of_occupations_is_irrelevant(roles, title):
    expected = TitleBridge(taxonomy(ROLES)).role(title, "en")
    found = TitleBridge(taxonomy(list(roles))).role(title, "en")
    assert found.skills == pytest.approx(expected.skills, abs=1e-4)
    assert found.confidence == expected.confidence


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_is_answered_within_bounds(title):
    for language in ("en", "de", None):
        for match in BRIDGE.occupations(title, language):
            assert 0.0 < match.score <= 1.0
        profile = BRIDGE.role(title, language)
        assert 0.0 <= profile.confidence < 1.0
        assert all(0.0 < weight <= 1.0 for weight in profile.skills.values())


BRIDGE = TitleBridge(taxonomy(ROLES))


def test_a_monster_is_read_as_far_as_a_title_goes(bridge):
    monster = "baker " + "x (m/w/d) - ,/" * 1_000
    assert bridge.occupations(monster, "en") == bridge.occupations(monster[:400], "en")
    assert bridge.occupations("a(b/" * 2_500, "en") == bridge.occupations("a(b/" * 100, "en")


def test_of_two_public_classifications_only_the_first_is_listed():
    alone = role("onet:alone", {"en": ["lighthouse keeper"]}, "first aid")
    found = TitleBridge(taxonomy([*ROLES, alone])).occupations("lighthouse keeper", "en")
    assert "onet:alone" not in {one.occupation_id for one in found}
    assert TitleBridge(taxonomy([alone])).occupations("lighthouse keeper", "en")[0].occupation_id == "onet:alone"


class _Vectors:
    """Knows one thing: that seafarers are like captains."""

    name = "test"

    def encode(self, texts):
        rows = np.zeros((len(texts), 2), dtype=np.float32)
        for at, text in enumerate(texts):
            rows[at, 0 if "captain" in text or "seafarer" in text else 1] = 1.0
        return rows


def test_vectors_find_what_spelling_cannot():
    assert TitleBridge(taxonomy(ROLES), _Vectors()).occupations("seafarer", "en")[0].occupation_id == "esco:captain"


@pytest.mark.parametrize("title", ["ship captain", "pastry cook", "bakery helper", "seafarer"])
def test_vectors_change_who_is_near_but_not_how_sure_a_title_is(bridge, title):
    with_vectors = TitleBridge(taxonomy(ROLES), _Vectors()).role(title, "en")
    assert with_vectors.confidence == bridge.role(title, "en").confidence
    assert with_vectors.occupations


def test_the_same_spelling_scores_the_same_with_and_without_vectors(bridge):
    titles = ["seafarer", "captain", "", "dairy"]
    with_vectors = TitleBridge(taxonomy(ROLES), _Vectors()).index("en")
    assert with_vectors.spelled(titles) == pytest.approx(bridge.index("en").scores(titles))


def test_the_starter_roles_know_common_titles():
    roles = TitleBridge(starter())
    for title, language, found in (
        ("Senior Data Engineer (Remote)", "en", "data-engineer"),
        ("Softwareentwicklerin (m/w/d)", "de", "software-engineer"),
        ("Rekryterare", "sv", "recruiter"),
        ("Jefa de proyecto", "es", "project-manager"),
        ("Comptable", "fr", "accountant"),
        ("Key Account Manager DACH", None, "account-manager"),
    ):
        assert roles.occupations(title, language)[0].occupation_id == f"starter:role/{found}"
    assert "starter:sql" in roles.role("Data Engineer", "en").skills
