"""A name means the same skill wherever it stands and in whatever order sources were imported."""

from __future__ import annotations

from itertools import permutations

import pytest

from echo_core.skills import Label, Linker, Skill, Spotter, Taxonomy, TaxonomySource

URI = "https://taxonomy.example/skill/0a1b2c3d-0000-4000-8000-00000000abcd"


def skill(
    skill_id: str, preferred: str, *others: str, uri: str | None = None, **fields: str | tuple[str, ...]
) -> Skill:
    labels = (Label(preferred, "en", preferred=True), *(Label(one, "en", preferred=False) for one in others))
    source = skill_id.partition(":")[0]
    return Skill(skill_id, preferred, labels, uri=uri, source=source, **{"kind": "knowledge", **fields})


def source(key: str) -> TaxonomySource:
    return TaxonomySource(key, key, "1", "none", "")


def taxonomy(*skills: Skill) -> Taxonomy:
    return Taxonomy.of(skills, *(source(key) for key in dict.fromkeys(one.source for one in skills)))


STARTER = taxonomy(
    skill("starter:quill", "Quill", kind="technology", related=("starter:weaving",)),
    skill("starter:weaving", "Weaving", "basket weaving", "Bast"),
    skill("starter:gardens", "Gardens"),
)
ESCO = taxonomy(
    skill("esco:1", "Quill (basketry)", "feathered pencil", uri=URI, broader=("esco:5",), related=("esco:3",)),
    skill("esco:2", "basket weaving"),
    skill("esco:3", "garden"),
    skill("esco:4", "BAST"),
    skill("esco:5", "crafts of old", "weaving"),
    skill("esco:6", "learn to quill", broader=("esco:1",), related=("esco:2",)),
    skill("esco:7", "Bast (basketry)"),
)
ONET = taxonomy(skill("onet:1", "Crafts of Old"), skill("onet:2", "feathered pencil"))
EVERY_ORDER = list(permutations((STARTER, ESCO, ONET)))


def merged(parts: tuple[Taxonomy, ...]) -> Taxonomy:
    first, *rest = parts
    for one in rest:
        first = first.merged(one)
    return first


@pytest.mark.parametrize("parts", EVERY_ORDER)
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Quill", "starter:quill"), ("Quill (basketry)", "starter:quill"), ("basket weaving", "starter:weaving"),
        ("weaving", "starter:weaving"), ("garden", "starter:gardens"), ("gardens", "starter:gardens"),
        ("crafts of old", "esco:5"), ("feathered pencils", "onet:2"), ("Bast", "starter:weaving"),
    ],
)  # fmt: skip
def test_people_and_texts_mean_the_same_skill_in_any_order_of_import(parts, name, meant):
    whole = merged(parts)
    assert Linker(whole).link(name).skill_id == meant
    (found,) = Spotter(whole).spot(f"You know {name}.")
    assert (found.skill_id, found.automatic) == (meant, True)


@pytest.mark.parametrize("parts", EVERY_ORDER)
def test_sources_and_skills_are_in_order_of_precedence(parts):
    whole = merged(parts)
    assert [one.key for one in whole.sources] == ["starter", "esco", "onet"]
    assert list(dict.fromkeys(one.source for one in whole)) == ["starter", "esco", "onet"]
    assert whole == merged(EVERY_ORDER[0])


def test_a_companys_own_sources_come_before_the_starter_in_the_order_they_were_added():
    ours, theirs = taxonomy(skill("ours:1", "Gardens")), taxonomy(skill("theirs:1", "Gardens", "Quill"))
    whole = STARTER.merged(theirs).merged(ours)
    assert [one.key for one in whole.sources] == ["theirs", "ours", "starter"]
    assert {whole.standing_for(one) for one in ("ours:1", "starter:gardens")} == {"theirs:1"}
    assert Linker(whole).link("Quill").skill_id == "starter:quill", "a preferred name comes before an alias"


@pytest.mark.parametrize("external_id", ["esco:1", URI, URI.rpartition("/")[2]])
def test_an_id_of_a_later_source_leads_to_the_skill_that_stands_for_it(external_id):
    link = Linker(ESCO.merged(STARTER)).link("whatever", external_id=external_id)
    assert (link.skill_id, link.method) == ("starter:quill", "external_id")


def test_further_names_of_a_later_source_lead_there_too():
    whole = ESCO.merged(STARTER)
    assert Linker(whole).link("feathered pencil").skill_id == "starter:quill"
    (found,) = Spotter(whole).spot("You know the feathered pencil.")
    assert (found.skill_id, found.automatic) == ("starter:quill", False)


def test_relations_of_all_sources_count_for_the_one_skill():
    whole = ESCO.merged(STARTER)
    assert whole.broader("starter:quill") == whole.broader("esco:1") == [("esco:5", 1)]
    assert whole.broader("esco:6") == [("starter:quill", 1), ("esco:5", 2)]
    assert whole.related("starter:quill") == ("starter:weaving", "starter:gardens")
    assert whole.related("esco:6") == ("starter:weaving",)


def test_an_abbreviation_is_not_the_word_of_the_same_letters():
    whole = ESCO.merged(STARTER)
    assert whole.standing_for("esco:4") == "esco:4"
    assert whole.standing_for("esco:7") == "esco:7", "without its brackets a name is no alias of another skill"


@pytest.mark.parametrize(
    ("name", "meant"), [("Bast", "starter:weaving"), ("bast", "starter:weaving"), ("BAST", "esco:4")]
)
def test_its_capitals_tell_an_abbreviation_from_the_word(name, meant):
    whole = STARTER.merged(ESCO)
    assert Linker(whole).link(name).skill_id == meant
    assert [one.skill_id for one in Spotter(whole).spot(f"You know {name}.")] == [meant]


def test_one_source_alone_has_nothing_to_decide():
    assert {ESCO.standing_for(one.id) for one in ESCO} == set(ESCO.skills)
    assert ESCO.related("esco:1") == ("esco:3",)


def test_a_preferred_name_in_another_form_comes_before_an_alias():
    whole = taxonomy(
        skill("esco:1", "lead a team", kind="skill/competence"), skill("esco:2", "coach others", "leading a team")
    )
    assert Linker(whole).link("leading a team").skill_id == "esco:1"
    assert Linker(whole).link("leading a team").confidence < 1
    (found,) = Spotter(whole).spot("Experience leading a team")
    assert (found.skill_id, found.automatic) == ("esco:1", True)
