"""Typing errors are forgiven one at a time, and none is overlooked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_hub.snapshot.search.spelling import Spelling
from echo_hub.snapshot.search.tokens import tokens

LETTERS = "abc"
WORD = st.text(LETTERS, min_size=1, max_size=6)


def one_error_away(word):
    """Everything that one error can make of a word, and the word."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        word,
        *(left + right[1:] for left, right in halves if right),
        *(left + letter + right[1:] for left, right in halves for letter in LETTERS if right),
        *(left + letter + right for left, right in halves for letter in LETTERS),
        *(left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1),
    }


@given(words=st.sets(WORD, max_size=60), word=WORD)
def test_what_is_near_a_word_is_what_one_error_can_make_of_it(words, word):
    assert Spelling(words).near(word) == words & one_error_away(word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++, C# and .NET", ["c++", "c#", "and", "net"]),
        ("Größe ŁÓDŹ Ærø façade", ["grosse", "lodz", "aero", "facade"]),
        ("cafe\u0301 ＡＢＣ ﬁne", ["cafe", "abc", "fine"]),
        ("Йога и чай", ["йога", "и", "чай"]),
        ("開発 data", ["開", "発", "data"]),
        ("snake_case " + "x" * 101, ["snake", "case"]),
        ("", []),
    ],
)
def test_words_are_compared_without_case_and_accents(text, words):
    assert tokens(text) == words
