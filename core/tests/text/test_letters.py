from __future__ import annotations

import pytest

from echo_core.text.letters import has_letters_or_digits


@pytest.mark.parametrize("name", ["Python", "C++", "5S", "会計", "Żółć", "ไทย", "™", "l'", "الأحمد", "\u200bSQL"])
def test_a_name_has_a_letter_or_a_digit(name: str) -> None:
    assert has_letters_or_digits(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "???",
        "—",
        "++",
        "#",
        "💡",
        "_",
        "\u200b\u200c\u200d\ufeff\u2060",
        "\u00ad",
        "\u0301",
        "\u3164",
        "\u115f\u1160",
    ],
)
def test_signs_and_characters_of_no_width_are_not_a_name(name: str) -> None:
    assert not has_letters_or_digits(name)
