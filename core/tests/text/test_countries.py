"""Countries and languages by every usual name and code."""

from __future__ import annotations

import pytest

from echo_core.text.countries import country_code, country_name, country_named, is_country
from echo_core.text.language_names import language_code, language_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kosovo", "XK"), ("XK", "XK"), ("XKX", "XK"), ("Republic of China", "TW"), ("Chinese Taipei", "TW"),
        ("People's Republic of China", "CN"), ("Ghana", "GH"), ("Tunisia", "TN"), ("Sri Lanka", "LK"),
        ("Bangladesh", "BD"), ("Bosnia and Herzegovina", "BA"), ("Côte d’Ivoire", "CI"), ("Cote d'Ivoire", "CI"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("EL", "GR"), ("Deutschland", "DE"), ("日本", "JP"), ("대한민국", "KR"),
        ("U.A.E.", "AE"), ("Remote - EMEA", None), ("NA", None), ("Namibia", "NA"), ("NAM", "NA"), ("Narnia", None),
        ("", None), ("—", None), ("de", "DE"), ("DEU", "DE"), ("276", "DE"), ("4", "AF"), ("UK", "GB"), ("EU", None),
        ("The Netherlands", "NL"), ("Korea, Republic of", "KR"), ("Korea (North)", "KP"), ("Saint Lucia", "LC"),
        ("Korea, Democratic People's Republic of", "KP"), ("Moldova, Republic of", "MD"), ("Georgia", "GE"),
        ("Iran, Islamic Republic of", "IR"), ("Congo, the Democratic Republic of the", "CD"), ("Congo", "CG"),
        ("Venezuela, Bolivarian Republic of", "VE"), ("Kingdom of Denmark", "DK"), ("Trinidad & Tobago", "TT"),
        ("Palestine, State of", "PS"), ("Palestinian Territories", "PS"), ("Österreich", "AT"), ("Perú", "PE"),
        ("Virgin Islands, British", "VG"), ("Holy See (Vatican City State)", "VA"), ("Frankreich", "FR"),
        ("x" * 100_000, None), ("Falkland Islands (Malvinas)", "FK"), ("Czech Republic", "CZ"), ("Éire", "IE"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_name_and_code_and_never_guessed(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("part", "code"),
    [("Ghana", "GH"), ("USA", "US"), ("US", "US"), ("us", None), ("CA", None), ("DE", None), ("Georgia", None),
     ("Granada", None), ("UK", "GB"), ("Oslo", None), ("in", None)],
)  # fmt: skip
def test_a_part_of_a_location_names_a_country_only_where_it_can_be_nothing_else(part: str, code: str | None) -> None:
    assert country_named(part) == code


def test_countries_and_languages_have_the_names_that_readers_of_english_know() -> None:
    assert [country_name(code) for code in ("DE", "US", "XK", "GB", "QQ")] == [
        "Germany", "United States", "Kosovo", "United Kingdom", "QQ",
    ]  # fmt: skip
    assert [language_name(code) for code in ("de", "pt", "sw", "qqq")] == ["German", "Portuguese", "Swahili", "qqq"]
    assert is_country("XK")
    assert not is_country("EU")


@pytest.mark.parametrize(
    ("text", "code"),
    [("pt-BR", "pt"), ("Portuguese", "pt"), ("português", "pt"), ("Deutsch", "de"), ("Farsi", "fa"), ("日本語", "ja"),
     ("DE", "de"), ("Klingon", "tlh"), ("nonsense", None)],
)  # fmt: skip
def test_a_language_is_known_by_name_and_tag(text: str, code: str | None) -> None:
    assert language_code(text) == code
