"""Text from elsewhere is shown without what steers a terminal or hides, and what spells a word stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from echo_core.text.neutral import escaped_json, neutral


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m"),
        ("\x9b2J", "\ufffd2J"),
        ("\x1b]0;title\x07", "\ufffd]0;title\ufffd"),
        ("over\rwritten", "over\ufffdwritten"),
        ("two\r\nlines\tand a tab", "two\nlines\tand a tab"),
        ("next\x85line\u2028and\u2029paragraph", "next line and paragraph"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("A\u200bd\u2060a\ufeff \u00adL", "Ada L"),
        ("Ada\u200d Lovelace\u200c", "Ada Lovelace"),
        ("Ada\u200e\u200f", "Ada"),
        ("\u3164\u115f\uffa0", ""),
        ("hidden\U000e0041\U000e0064", "hidden"),
        ("Z" + "\u0301" * 40, "Z" + "\u0301" * 6),
        ("\ud800", "\ufffd"),
        ("\x00", "\ufffd"),
    ],
)
def test_what_steers_or_hides_is_not_shown(text, shown):
    assert neutral(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lindqvist",
        "محمد العربي",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a non-joiner spells the word
        "\u0915\u094d\u200d\u0937",  # Hindi: a joiner spells the half letter
        "שָׁלוֹם",
        "C++\u200f עברית",  # the mark keeps the signs on their side
        "👩🏽\u200d💻 🏳️\u200d🌈 ❤️\u200d🔥 👨\u200d👩\u200d👧",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "Ệ e\u0323\u0302 ą́",
        "ไทย เทคโนโลยี",
        "葛\U000e0100",
        "two\nlines\tand a tab",
        "“quoted” – dash … €",
    ],
)
def test_what_spells_a_word_stays(text):
    assert neutral(text) == text


@given(st.text())
@example("\u200c\ud800\u200cا")
@example("🏴\U000e0067\u200d\U000e007f")
def test_neutral_text_stays_as_it_is(text):
    assert neutral(neutral(text)) == neutral(text)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in neutral(text))
    assert not any("\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" for char in neutral(text))


@given(st.text())
@example("\x9b\u202e\ufeff\u2028")
def test_a_json_document_keeps_its_meaning_and_steers_nothing(text):
    document = escaped_json(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(document) == {"name": text}
    assert "\u202e" not in document
    assert "\x9b" not in document
