"""When two texts are one, and what people find who type it without its marks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.text.normal_form import comparable, fold, spelled_out
from echo_core.text.wording import key, words


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("  Zürich ", "Zu\u0308rich"),
        ("O’Brien", "o'brien"),
        ("OʼBrien", "O‘BRIEN"),
        ("İstanbul", "istanbul"),
        ("Straße", "STRASSE"),
        ("ＳＱＬ", "sql"),
        ("a\u00a0 b", "A B"),
        ("Py\u200bthon\ufeff", "python"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_texts_that_are_written_differently_are_one_text(text: str, same: str) -> None:
    assert comparable(text) == comparable(same)


@pytest.mark.parametrize(("text", "other"), [("résumé", "resume"), ("ışıl", "isil"), ("हिन्दी", "हिन्द"), ("が", "か")])
def test_marks_that_spell_a_word_tell_it_from_another(text: str, other: str) -> None:
    assert comparable(text) != comparable(other)
    assert key(text) != key(other)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Jürgen Groß", "jurgen gross"),
        ("Işıl YILDIZ", "isil yildiz"),
        ("İBRAHİM ŞAHİN", "ibrahim sahin"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Bjørn Ærø", "bjorn aero"),
        ("Đặng Văn Đức", "dang van duc"),
        ("Þór Ðorvaldsson", "thor dorvaldsson"),
        ("الأحمد", "الاحمد"),
        ("مُحَمَّد", "محمد"),
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("Алёна", "алена"),
    ],
)
def test_the_fold_finds_what_was_typed_without_marks(text: str, typed: str) -> None:
    assert fold(text) == fold(typed)


def test_letters_that_are_others_with_their_mark_stay_in_the_fold() -> None:
    assert fold("Йога") != fold("Иога")
    assert fold("がく") != fold("かく")


@pytest.mark.parametrize(("text", "typed"), [("Jürgen", "juergen"), ("Bjørn", "bjoern"), ("Åse", "aase")])
def test_umlauts_may_be_spelled_out(text: str, typed: str) -> None:
    assert spelled_out(text) == fold(typed)


def test_vowels_that_are_marks_are_part_of_their_word() -> None:
    assert words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
    assert words("Zu\u0308rich, O’Brien") == ["zürich", "o'brien"]


@given(st.text(max_size=40))
def test_both_forms_are_the_same_when_they_are_made_again_and_however_the_text_is_composed(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
