"""Names are compared by what they say, not how they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.text.wording import gerund, key, loose_key, name_key, plural, singular, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Node.js", "NodeJS"), ("Node.js", "node-js"), ("Node JS", "nodejs"), (".NET", "dotnet"), ("R&D", "r and d"),
        ("CI/CD", "ci cd"), ("Power-BI", "power bi"), ("driver's licence", "drivers licence"), ("ＳＱＬ", "sql"),
        ("ASP.NET", "asp dotnet"), ("  Data   Analysis ", "data analysis"),
    ],
)  # fmt: skip
def test_same_name_in_other_spelling_has_the_same_key(one, other):
    assert key(one) == key(other)


def test_signs_that_tell_languages_apart_are_kept():
    assert len({key("C"), key("C++"), key("C#"), key("F#"), key(".NET")}) == 5


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Python (programming language)", "python"), ("SQL basics", "sql"), ("databases", "database"),
        ("Communication skills", "communication"), ("Knowledge of SQL", "sql"), ("policies", "policy"),
        ("skills", "skill"), ("business analysis", "business analysis"), ("React Native", "react native"),
        ("Kenntnisse in SQL", "sql"), ("knowledge management", "knowledge management"),
        ("experience design", "experience design"), ("legal language", "legal language"),
    ],
)  # fmt: skip
def test_loose_key_drops_what_adds_nothing(name, folded):
    assert loose_key(name) == folded


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Python programming", "python"), ("Swift programming language", "swift"), ("fluent Spanish", "spanish"),
        ("Swedish language skills", "swedish"), ("Programming languages", "programming languages"),
        ("Speak fluent", "speak fluent"), ("language teaching", "language teaching"),
    ],
)  # fmt: skip
def test_name_key_drops_what_a_proper_name_may_stand_with(name, folded):
    assert name_key(name) == folded


@given(st.text(max_size=60))
def test_keys_are_stable_under_repetition(text):
    assert key(key(text)) == key(text)
    assert "  " not in key(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=2_000))
def test_keys_take_no_time_on_long_names(text):
    assert key(text).split() == words(text)


def test_number_and_ing_forms():
    assert [singular(one) for one in ("processes", "boxes", "analysis", "sales", "apis")] == [
        "process", "box", "analysis", "sales", "api",
    ]  # fmt: skip
    assert [plural(one) for one in ("database", "policy", "process")] == ["databases", "policies", "processes"]
    assert [gerund(one) for one in ("manage", "plan", "draw", "oversee")] == [
        "managing", "planning", "drawing", "overseeing",
    ]  # fmt: skip
