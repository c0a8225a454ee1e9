"""Names from outside are linked, or put before a person; they are never guessed."""

from __future__ import annotations

import pytest

from echo_core.model.message import Message
from echo_core.skills import Label, Linker, Skill, Spotter, Taxonomy, TaxonomySource, starter


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(starter())


@pytest.mark.parametrize(
    ("name", "skill", "method"),
    [
        ("Python", "python", "exact"), ("python", "python", "exact"), ("k8s", "kubernetes", "alias"),
        ("Reactjs", "react", "alias"), ("Node JS", "node-js", "exact"), ("C", "c", "exact"),
        ("c++", "c-plus-plus", "exact"), ("C sharp", "c-sharp", "alias"), (".net core", "dotnet", "alias"),
        ("Machine Learning (ML)", "machine-learning", "exact"), ("Terraforms", "terraform", "exact"),
        ("Spanish (fluent)", "spanish", "exact"), ("Postgres", "postgresql", "alias"),
        ("Amazon webservices", "amazon-web-services", "exact"), ("Python 3.11", "python", "exact"),
        ("TensorFlow 2", "tensorflow", "exact"), ("Kubernets", "kubernetes", "ngram"),
        ("project managment", "project-management", "ngram"), ("communcation skills", "communication", "ngram"),
        ("Customer Sucess", "customer-success", "ngram"), ("Führung", "leadership", "exact"),
        ("Datenanalyse", "data-analysis", "exact"), ("gestión de proyectos", "project-management", "exact"),
        ("Svenska", "swedish", "exact"), ("Kundtjänst", "customer-service", "exact"),
        ("Comptabilité", "accounting", "exact"),
    ],
)  # fmt: skip
def test_links_names_people_really_write(linker, name, skill, method):
    link = linker.link(name)
    assert (link.skill_id, link.method) == (f"starter:{skill}", method)
    assert 0 < link.confidence <= 1
    assert link.reason
    assert link.candidates[0][0] == link.skill_id


@pytest.mark.parametrize(
    "name",
    [
        "Underwater basket weaving", "Sketching", "Neurology", "Docker/Kubernetes", "Agile/Scrum", "ISO 9002", "Gold",
        "Jova", "Team 7", "xq",
    ],
)  # fmt: skip
def test_does_not_guess(linker, name):
    link = linker.link(name)
    assert link.skill_id is None
    assert link.method == "none"
    assert link.reason


def test_what_is_not_linked_comes_with_candidates_and_the_reason(linker):
    link = linker.link("Docker/Kubernetes")
    assert {"starter:docker", "starter:kubernetes"} <= {skill_id for skill_id, _ in link.candidates}
    assert link.reason.values["doubt"] == (Message("link-doubt-word"),)


def test_reasons_name_the_skill_and_the_name_it_goes_by(linker):
    assert linker.link("k8s").reason == Message(
        "link-alias", {"alias": "k8s", "skill": "Kubernetes", "apart": "nothing"}
    )
    assert linker.link("Python").reason == Message("link-name", {"skill": "Python", "apart": "nothing"})


@pytest.mark.parametrize("name", ["", "   ", "!!!", "—"])
def test_a_name_without_letters_is_nothing(linker, name):
    assert linker.link(name).reason == Message("link-no-letters")


def test_groups_are_never_linked_to(linker):
    assert linker.link("Programming languages").skill_id is None


def graph(*skills: Skill, sources: tuple[str, ...] = ("first", "second")) -> Linker:
    return Linker(Taxonomy.of(skills, *(TaxonomySource(one, one, "1", "none", "") for one in sources)))


def named(skill_id: str, *labels: Label, source: str = "first", uri: str | None = None) -> Skill:
    return Skill(skill_id, labels[0].text, labels, uri=uri, source=source)


def test_the_sources_own_id_links_whatever_the_name_says():
    uuid = "0a1b2c3d-0000-4000-8000-00000000abcd"
    uri = f"https://taxonomy.example/skill/{uuid}"
    linker = graph(named("first:1", Label("Basketry", "en", preferred=True), uri=uri))
    for external_id in ("first:1", uri, uuid.upper()):
        link = linker.link("something else", external_id=external_id)
        assert (link.skill_id, link.method, link.confidence) == ("first:1", "external_id", 1.0)
    assert linker.link("Basketry", external_id="1").method == "exact"


def test_an_alias_of_two_skills_is_left_to_a_person():
    linker = graph(
        named("first:1", Label("River banks", "en", preferred=True), Label("bank", "en", preferred=False)),
        named("first:2", Label("Banking", "en", preferred=True), Label("bank", "en", preferred=False)),
    )
    link = linker.link("bank")
    assert link.skill_id is None
    assert {one for one, _ in link.candidates} == {"first:1", "first:2"}
    assert link.reason == Message("link-several", {"skills": ("River banks", "Banking")})


def test_a_name_two_sources_share_belongs_to_the_first():
    linker = graph(
        named(
            "second:1", Label("Weaving", "en", preferred=True), Label("looms", "en", preferred=False), source="second"
        ),
        named("first:1", Label("Weaving", "en", preferred=True)),
    )
    for name in ("weaving", "Weaving skills", "loom"):
        assert linker.link(name).skill_id == "first:1"
    assert linker.link("something else", external_id="second:1").skill_id == "first:1"


def test_what_language_and_programming_stand_with_must_be_a_proper_name():
    linker = graph(
        named("first:1", Label("terminology", "en", preferred=True), Label("language", "en", preferred=False)),
        named("first:2", Label("legal knowledge", "en", preferred=True)),
        named("first:3", Label("knowledge management", "en", preferred=True)),
        named("first:4", Label("Quill (basketry)", "en", preferred=True)),
    )
    for name in ("Programming Languages", "programming language", "legal language", "management skills"):
        assert linker.link(name).skill_id is None, name
    assert linker.link("Programming Languages").candidates
    assert linker.link("quill programming language").skill_id == "first:4"
    assert linker.link("legal skills").skill_id == "first:2"


def test_the_language_decides_between_equal_spellings():
    linker = graph(
        named("first:1", Label("Toxins", "en", preferred=True), Label("Gift", "de", preferred=True)),
        named("first:2", Label("Fundraising", "en", preferred=True), Label("Gift", "sv", preferred=False)),
    )
    assert linker.link("Gift", language="de").skill_id == "first:1"
    assert linker.link("Gift", language="sv").skill_id == "first:2"


def test_two_skills_spelled_equally_close_are_not_chosen_between():
    linker = graph(
        named("first:1", Label("data analysing a", "en", preferred=True)),
        named("first:2", Label("data analysing b", "en", preferred=True)),
    )
    assert linker.link("data analysingg").skill_id is None


def test_the_same_question_gets_the_very_same_answer(linker):
    assert linker.link("Kubernets") is linker.link("Kubernets")
    assert Linker(starter()).link("Kubernets") == linker.link("Kubernets")


def test_who_looks_a_name_up_is_also_shown_what_is_spelled_like_it(linker):
    link = linker.link("project management")
    shown = linker.nearest("project management")
    assert link.skill_id == "starter:project-management"
    assert shown[: len(link.candidates)] == link.candidates
    assert len(link.candidates) < len(shown) == len(dict(shown)) == 10
    assert [confidence for _, confidence in shown] == sorted((one for _, one in shown), reverse=True)
    assert linker.nearest("!!!") == ()


@pytest.mark.parametrize("label", ["???", "—", "++", "💡", "", "(Python)", "[]", "\u200b"])
def test_a_skill_without_a_name_in_the_graph_keeps_no_other_from_being_linked_or_spotted(label):
    odd = Skill("x:odd", label, (Label(label, "en", True), Label(label, "de", True)), source="x")
    cplusplus = Skill("x:cpp", "C++", (Label("C++", "en", True),), source="x")
    graph = Taxonomy.of([odd, cplusplus], TaxonomySource("x", "X", "1", "", ""))
    both = graph.merged(starter())
    for taxonomy in (graph, both):
        assert Linker(taxonomy).link("C++").skill_id == "x:cpp"
        assert Linker(taxonomy).link("Reading of runes").skill_id is None
        assert [hit.skill_id for hit in Spotter(taxonomy).spot("Write C++ and ??? — all day.")] == ["x:cpp"]
