"""Skills are found in texts where the text asks for them, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.model.message import Message
from echo_core.skills import Label, Skill, Spotter, Taxonomy, TaxonomySource, starter
from echo_core.text.languages import guess_language


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter(starter())


def tags(spotter: Spotter, text: str, **options: str) -> set[str]:
    taxonomy = spotter.taxonomy
    return {taxonomy.skills[one.skill_id].label for one in spotter.spot(text, **options) if one.automatic}


def test_finds_the_longest_name(spotter):
    assert tags(spotter, "We build on React Native and machine learning models.") == {
        "React Native",
        "Machine learning",
    }


def test_positions_point_into_the_text_as_given(spotter):
    text = "<p>Strong <b>Python</b> &amp; C++ skills; İstanbul office; PostgreSQL.</p>"
    found = spotter.spot(text)
    assert (
        [text[one.start : one.end] for one in found] == [one.text for one in found] == ["Python", "C++", "PostgreSQL"]
    )


def test_a_name_does_not_reach_across_punctuation(spotter):
    assert "Data analysis" not in tags(spotter, "Clean the data. Analysis comes later.")
    assert "Data analysis" in tags(spotter, "Clean data analysis comes later.")


@pytest.mark.parametrize(
    "text",
    [
        "Go the extra mile every day.", "You excel at talking to people.", "Excel at what you do.",
        "React quickly to change.",
        "We offer rest and a lean team.", "Spring 2025 intake", "A rust bucket, a swift answer, a word of thanks.",
        "Vitamin C and plan R are fine", "Series C funding", "polish the final draft", "Unity makes us strong.",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_skills(spotter, text):
    assert tags(spotter, text) == set()


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Experience with Go is required.", "Go"), ("Go developer wanted", "Go"), ("Kotlin, Go and Docker", "Go"),
        ("You know R, Python and SQL.", "R"), ("proficient in Excel", "Microsoft Excel"),
        ("React and TypeScript", "React"),
        ("Rust programming", "Rust"), ("knowledge of Lean and Six Sigma", "Lean"), ("MS Word", "Microsoft Word"),
        ("Spring Boot services in Java", "Spring"), ("fluent Polish", "Polish"), ("C/C++ on Linux", "C"),
    ],
)  # fmt: skip
def test_ambiguous_names_are_believed_in_context(spotter, text, skill):
    assert skill in tags(spotter, text)


def test_the_reason_says_what_made_an_ambiguous_name_believable(spotter):
    reasons = {
        one.text: one.reason
        for one in spotter.spot("Kotlin, Go and more.\n" + "We are glad of it. " * 5 + "Experience with Rust.")
    }
    assert reasons["Go"].values == {"skill": "Go", "context": "beside", "sure": "yes", "beside": "Kotlin"}
    assert reasons["Rust"].values == {"skill": "Rust", "context": "sentence", "sure": "yes"}


@pytest.mark.parametrize(
    "text",
    [
        "No experience with Kubernetes required.", "You can do this without Python.", "Kubernetes is not required.",
        "No prior knowledge of accounting is needed", "Kubernetes ist nicht erforderlich.",
        "Ingen erfarenhet av Python krävs.",
    ],
)  # fmt: skip
def test_what_is_not_needed_is_not_found(spotter, text):
    assert tags(spotter, text) == set()


@pytest.mark.parametrize(
    "text", ["Not only Python but also SQL.", "Python is a plus but not required.", "No less than Python will do."]
)
def test_what_only_looks_like_a_negation_is_found(spotter, text):
    assert "Python" in tags(spotter, text)


POST = """About Fabrikam:
We make accounting software for retail banking and insurance.

What you'll do
- Own the sales cycle from prospecting to contract negotiation
- Report in Salesforce

Benefits
- Private health insurance, music lessons, yoga and meditation
- Public speaking club
We are an equal opportunity employer and value diversity and inclusion regardless of gender.
"""


def test_benefits_and_the_employers_own_praise_name_no_skills(spotter):
    assert tags(spotter, POST) == {"Sales", "Prospecting", "Contract negotiation", "Salesforce"}


def test_the_same_post_as_html(spotter):
    html = "".join(
        f"<li>{line[2:]}</li>" if line.startswith("- ") else f"<h3>{line}</h3>" if len(line) < 20 else f"<p>{line}</p>"
        for line in POST.splitlines()
        if line
    )
    assert tags(spotter, html) == {"Sales", "Prospecting", "Contract negotiation", "Salesforce"}


def test_departments_one_works_with_are_no_skills(spotter):
    assert tags(spotter, "Work with sales, marketing and product teams.") == set()
    assert tags(spotter, "Experience in marketing and public relations.") == {"Marketing", "Public relations"}


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("Wir suchen Erfahrung mit Projektmanagement und der Datenanalyse für die Buchhaltung.",
         {"Project management", "Data analysis", "Accounting"}),
        ("Du har erfarenhet av projektledning och redovisning, och du gillar att arbeta med kundtjänst.",
         {"Project management", "Accounting", "Customer service"}),
        ("Buscamos experiencia en gestión de proyectos y en atención al cliente para el equipo.",
         {"Project management", "Customer service"}),
        ("Vous avez de l'expérience dans la gestion de projet et le service client avec Python.",
         {"Project management", "Customer service", "Python"}),
    ],
)  # fmt: skip
def test_texts_in_other_languages(spotter, text, skills):
    assert tags(spotter, text) == skills


def test_names_of_another_language_do_not_count_unless_asked(spotter):
    text = "The band plays Musik for the crowd and we are in the house for you"
    assert tags(spotter, text) == set()
    assert tags(spotter, text, language="de") == {"Music"}


@pytest.mark.parametrize(
    ("language", "text"), [("en", POST), ("de", "Wir suchen für die Arbeit mit der Firma"), (None, "xyz")]
)
def test_the_language_is_guessed_from_small_words(language, text):
    assert guess_language(text) == language


TOOLS = Taxonomy.of(
    [
        Skill(f"far:{name}", name, (Label(name, "en", preferred=True),), kind="knowledge", source="far")
        for name in ("mits", "ohn", "sins", "sobs", "pours", "ders", "dans", "ons", "pods", "journalism", "Quillscript")
    ],
    TaxonomySource("far", "From afar", "1", "none", ""),
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Mit Dans und Ders, der Sin ist on the way; Journalism ist ein Wort."),
        ("sv", "Med sin ons och sins journalism."), ("es", "Sin dans, sob la mesa. Journalism."),
        ("fr", "Dans la maison, pour vous, pours ons journalism."), ("pt", "Sob a mesa, dans, journalism."),
        ("nl", "Der pods met ons journalism."), ("pl", "Pod domem, ons, journalism."),
    ],
)  # fmt: skip
def test_small_words_of_another_language_are_no_english_skills(language, text):
    spotter = Spotter(TOOLS)
    assert spotter.spot(text, language=language) == ()
    assert tags(spotter, f"{text} Quillscript.", language=language) == {"Quillscript"}


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Die"), ("de", "mit"), ("es", "Sin"), ("pl", "Pod"), ("sv", "ON")]
)
def test_a_small_word_is_none_even_where_a_tool_is_called_so(language, word):
    name = word.title()
    tool = Skill("far:1", name, (Label(name, "en", preferred=True),), kind="technology", source="far")
    spotter = Spotter(Taxonomy.of([tool], TOOLS.sources[0]))
    assert spotter.spot(f"{word} Arbeit.", language=language) == ()
    assert spotter.spot(f"You know {name}.", language="en") != () or len(word) <= 2


def test_a_german_article_is_no_tool(spotter):
    die = Skill("esco:1", "dies", (Label("dies", "en", preferred=True),), kind="knowledge", source="esco")
    found = Spotter(Taxonomy.of([die], TaxonomySource("esco", "ESCO", "1", "none", "")))
    for text in ("Speichern Sie die Dateien und verwalten Sie die Einstellungen für die Arbeit.", "Die Dateien"):
        assert tags(found, text) == set()


def test_english_names_in_texts_of_other_languages_are_proper_names_or_list_items(spotter):
    text = "<p>Trabajar con Figma y docker en el equipo para la empresa.</p><ul><li>Pricing</li><li>Editing</li></ul>"
    assert tags(spotter, text, language="es") == {"Figma", "Docker", "Pricing strategy", "Editing"}
    assert tags(spotter, text.replace("li>", "p>"), language="es") == {"Figma", "Docker"}


@pytest.mark.parametrize(
    "text", ["• Writing\n", "- Sales", "<ul><li>Interviewing</li></ul>", "<li><p>Hiring.</p></li>"]
)
def test_a_general_word_counts_as_a_list_item_of_its_own(spotter, text):
    (found,) = (one for one in spotter.spot(text) if one.automatic)
    assert 0.7 <= found.confidence < 0.8
    assert tags(spotter, f"We care about {found.text.lower()} in general.") == set()


@pytest.mark.parametrize(
    "text",
    [
        "The Platform Engineering team makes the service.", "Das Team Platform Engineering baut die Teile.",
        "El equipo de Platform Engineering crea la parte.", "Teamet Advertising Sales bygger de delar.",
    ],
)  # fmt: skip
def test_what_a_team_is_called_is_no_skill(spotter, text):
    assert tags(spotter, text) == set()
    assert "Platform engineering" in tags(spotter, "You bring platform engineering to the team.")
    assert "Kubernetes" in tags(spotter, "Join the Kubernetes team.")


def test_a_skill_after_the_word_team_or_time_is_still_one(spotter):
    assert tags(spotter, "Full-time Marketing work with team Negotiation.") == {"Marketing", "Negotiation"}


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("building automation", "knowledge", "You show it through building automations, or shipping side projects."),
        ("grammar", "knowledge", "You understand the visual grammar of cinema."),
        ("Open source model", "knowledge", "Take a generation from an open source model."),
        ("SaaS (service-oriented modelling)", "knowledge", "Experience in healthcare technology or SaaS."),
        ("company policies", "knowledge", "Willingness to travel in line with company policy."),
    ],
)
def test_words_in_another_sense_than_the_classifications_do_not_tag(name, kind, text):
    skill = Skill("esco:1", name, (Label(name, "en", preferred=True),), kind=kind, source="esco")
    assert tags(Spotter(Taxonomy.of([skill], TaxonomySource("esco", "ESCO", "1", "none", ""))), text) == set()


def test_grammar_among_other_skills_of_writing_is_meant(spotter):
    skill = Skill("esco:1", "grammar", kind="knowledge", source="esco")
    esco = Spotter(Taxonomy.of([skill], TaxonomySource("esco", "ESCO", "1", "none", "")))
    assert tags(esco, "Good writing skills, spelling, grammar and punctuation.") == {"grammar"}


def test_a_field_named_by_what_is_done_still_counts_as_it_is_called(spotter):
    skill = Skill("esco:1", "building automation", kind="knowledge", source="esco")
    esco = Spotter(Taxonomy.of([skill], TaxonomySource("esco", "ESCO", "1", "none", "")))
    assert tags(esco, "You know building automation.") == {"building automation"}


@pytest.fixture(scope="module")
def imported() -> Spotter:
    def imported_skill(number: int, preferred: str, *others: str) -> Skill:
        labels = (Label(preferred, "en", preferred=True), *(Label(one, "en", preferred=False) for one in others))
        return Skill(f"far:{number}", preferred, labels, kind="skill/competence", source="far")

    source = TaxonomySource("far", "From afar", "1", "none", "")
    return Spotter(
        Taxonomy.of(
            [
                imported_skill(1, "steer hot air balloons", "balloon steering at dawn"),
                imported_skill(2, "Quill (basketry)", "weave"),
                imported_skill(3, "plan"),
            ],
            source,
        )
    )


def wording(*names: tuple[str, str]) -> Spotter:
    skills = [
        Skill(f"far:{at}", name, (Label(name, "en", preferred=True),), kind, source="far")
        for at, (name, kind) in enumerate(names)
    ]
    return Spotter(Taxonomy.of(skills, TaxonomySource("far", "Far", "1", "", "")))


@pytest.mark.parametrize(
    ("name", "kind", "text", "automatic"),
    [
        ("juggling", "knowledge", "Good juggling skills", [True]),
        ("juggling", "knowledge", "Our juggling policies and procedures", [False]),
        ("juggling", "knowledge", "Takes part in juggling to stakeholders", [False]),
        ("juggling", "knowledge", "Excellent written juggling", [False]),
        ("juggling", "knowledge", "We use Azure juggling", [False]),
        ("fold napkins", "skill/competence", "Napkin folding is a must", [True]),
        ("fold napkins", "skill/competence", "You fold napkin holders", []),
        ("manage napkins", "skill/competence", "Strong napkin management skills", [True]),
        ("FoldScript", "knowledge", "Two years of foldscript", [True]),
        ("Foldish", "knowledge", "Two years of foldish", []),
    ],
)
def test_preferred_names_tag_unless_they_only_qualify_the_next_word(name, kind, text, automatic):
    assert [one.automatic for one in wording((name, kind)).spot(text, language="en")] == automatic


def test_aliases_of_an_imported_taxonomy_are_only_suggested(imported):
    (found,) = imported.spot("Skilled in balloon steering at dawn.")
    assert (found.automatic, found.skill_id) == (False, "far:1")
    assert found.reason == Message(
        "spot-alias",
        {
            "skill": "steer hot air balloons",
            "alias": "balloon steering at dawn",
            "context": "certain",
            "sure": "no",
        },
    )
    assert Spotter(imported.taxonomy, suggestions=False).spot("Skilled in balloon steering at dawn.") == ()


def test_preferred_names_of_an_imported_taxonomy_count_in_their_forms(imported):
    found = imported.spot("Steering hot air balloons, steer hot air balloon, and the Quill.")
    assert [(one.skill_id, one.automatic) for one in found] == [("far:1", True), ("far:1", True), ("far:2", True)]


def test_one_word_general_names_and_aliases_of_an_import_do_not_tag(imported):
    assert [one for one in imported.spot("We plan to weave it in.") if one.automatic] == []


ANY = Spotter(starter())
ANY.spot("")


@given(st.text(max_size=300))
def test_any_text_is_survived_with_positions_in_order(text):
    found = ANY.spot(text)
    assert all(text[one.start : one.end] == one.text for one in found if "<" not in one.text)
    assert [one.start for one in found] == sorted(one.start for one in found)
