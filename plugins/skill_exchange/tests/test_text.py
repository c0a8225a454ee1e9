"""Texts, links, references and skill lists: the small pure parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.model import PersonRef
from echo_hub_skill_exchange.refs import entity_key, full_ref, person_ref
from echo_hub_skill_exchange.skill_list import MAX_SKILLS, SkillMention, read_skills
from echo_hub_skill_exchange.text import clean, one_line, safe_link


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        (None, ""),
        ("  a\x00\x07b\r\nc\rd  ", "ab\nc\nd"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("مشروع 🎧 👩‍💻", "مشروع 🎧 👩‍💻"),
        ("e\u0301", "é"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_text_loses_control_characters_and_nothing_else(dirty: str | None, tidy: str) -> None:
    assert clean(dirty) == tidy


def test_text_is_capped() -> None:
    assert clean("x" * 50, cap=10) == "x" * 10
    assert one_line("a \n\t b " * 100, cap=12) == "a b a b a b"


@given(st.text())
def test_one_line_is_one_line_and_cleaning_twice_changes_nothing(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert one_line(line) == line
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("link", "result"),
    [
        ("https://forms.example/a?b=1", "https://forms.example/a?b=1"),
        ("http://intranet.example/x", "http://intranet.example/x"),
        ("/skill-exchange/gigs/1", "https://app.example/skill-exchange/gigs/1"),
        ("gigs/1", "https://app.example/gigs/1"),
        ("//evil.example/x", "https://evil.example/x"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@b.example", None),
        ("https://user:pw@evil.example/", None),
        ("https://a.example/\nx", None),
        ("https://[broken", None),
        ("", None),
        (None, None),
        ("https://a.example/" + "x" * 3000, None),
    ],
)
def test_only_web_links_survive(link: str | None, result: str | None) -> None:
    assert safe_link(link, "https://app.example") == result


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("ada", "user:default/ada"),
        ("User:Default/Ada", "user:default/ada"),
        ("guests/ada", "user:guests/ada"),
        ("group:lyrics", "group:default/lyrics"),
        ("not a ref", None),
        ("a/b/c", None),
        ("", None),
    ],
)
def test_short_references_are_completed(text: str, ref: str | None) -> None:
    assert full_ref(text, kind="user") == ref


def test_a_contact_is_a_user_or_an_address_and_nothing_else() -> None:
    assert person_ref("ada", namespace="guests") == PersonRef(scheme="source", value="user:guests/ada")
    assert person_ref("Ada@Corp.Example") == PersonRef(scheme="email", value="ada@corp.example")
    assert person_ref("group:default/lyrics") is None
    assert person_ref("ask around") is None


def test_the_key_survives_a_broken_entity() -> None:
    assert entity_key({"kind": "User", "metadata": {"name": "Ada"}, "spec": "broken"}) == "user:default/ada"
    assert entity_key({"kind": "User", "metadata": None}) is None
    assert entity_key({"metadata": {"name": "ada"}}) is None


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("python", SkillMention("python")),
        ("C++:4", SkillMention("C++", level=4, level_raw="4")),
        ("graphql: expert", SkillMention("graphql", level=5, level_raw="expert")),
        ("go?", SkillMention("go", desired=True)),
        ("go:2?", SkillMention("go", level=2, level_raw="2", desired=True)),
        ("go?:2", SkillMention("go", level=2, level_raw="2", desired=True)),
        ("17:3", SkillMention("17", "skill-exchange", "17", 3, "3")),
        (
            "starter:signal-processing:4",
            SkillMention("signal processing", "starter", "starter:signal-processing", 4, "4"),
        ),
        ("ESCO:abc", SkillMention("abc", "esco", "esco:abc")),
        ("node.js:", SkillMention("node.js")),
    ],
)
def test_reads_one_skill(text: str, mention: SkillMention) -> None:
    result = read_skills(text, id_scheme="skill-exchange")
    assert result.mentions == (mention,)
    assert result.problems == ()


def test_an_unreadable_level_costs_the_level_only() -> None:
    result = read_skills("python:guru, :3, , rust", id_scheme="x")
    assert [mention.label for mention in result.mentions] == ["python", "rust"]
    assert result.mentions[0].level is None
    assert len(result.problems) == 2


def test_a_skill_named_twice_counts_once_and_lists_end() -> None:
    assert len(read_skills("Go, go, GO:3", id_scheme="x").mentions) == 1
    long = read_skills(",".join(f"skill{number}" for number in range(80)), id_scheme="x")
    assert len(long.mentions) == MAX_SKILLS
    assert any("left out" in problem for problem in long.problems)


@given(st.text())
def test_no_skill_list_breaks_the_reader(text: str) -> None:
    for mention in read_skills(text, id_scheme="x").mentions:
        assert mention.label.strip()
        assert mention.level is None or 1 <= mention.level <= 5
