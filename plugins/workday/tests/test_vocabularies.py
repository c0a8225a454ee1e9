"""Countries, time zones, languages and levels."""

from __future__ import annotations

import pytest

from echo_core.text.countries import is_country
from echo_hub_workday.countries import country_code
from echo_hub_workday.folding import fold
from echo_hub_workday.languages import language_name, language_tag, spoken_level
from echo_hub_workday.levels import WORDS, level_of
from echo_hub_workday.time_zones import is_zone, time_zone


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("FR", "FR"), ("fra", "FR"), ("250", "FR"), ("France", "FR"), ("840", "US"), ("4", "AF"), ("004", "AF"),
        ("United States Of America", "US"), ("USA", "US"), ("U.S.A.", "US"), ("UK", "GB"), ("Great Britain", "GB"),
        ("Côte d'Ivoire", "CI"), ("Korea, Republic of", "KR"), ("Republic of Ireland", "IE"), ("Türkiye", "TR"),
        ("Czech Republic", "CZ"), ("The Netherlands", "NL"), ("Saint Lucia", "LC"), ("Trinidad & Tobago", "TT"),
        ("Viet Nam", "VN"), ("Federal Republic of Germany", "DE"), ("Congo", "CG"), ("DR Congo", "CD"),
        ("Narnia", None), ("", None), (None, None), ("999", None), ("Korea (North)", "KP"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_any_usual_name(value: str | None, wanted: str | None) -> None:
    assert country_code(value, {}) == wanted


def test_the_company_s_own_spelling_comes_first() -> None:
    assert country_code("UK & Ireland HQ", {fold("UK & Ireland HQ"): "GB"}) == "GB"
    assert is_country("GB")
    assert not is_country("gb")
    assert not is_country("XX")


@pytest.mark.parametrize(
    ("value", "city", "wanted"),
    [
        ("GMT+01:00 Central European Time (Paris)", None, "Europe/Paris"),
        ("GMT-08:00 Pacific Time (Los Angeles)", None, "America/Los_Angeles"),
        ("GMT-08:00 Pacific Time", "San Francisco", "America/Los_Angeles"),
        ("GMT+05:30 India Standard Time (Kolkata)", None, "Asia/Kolkata"),
        ("GMT-03:00 Brasilia Time (Sao Paulo)", None, "America/Sao_Paulo"),
        ("GMT+01:00 Central European Time (München)", None, "Europe/Berlin"),
        ("GMT+01:00 Central European Time", None, None),
        ("GMT+01:00 Central European Time", "Warsaw", "Europe/Warsaw"),
        ("GMT+01:00 Central European Time (Atlantis)", "Paris", "Europe/Paris"),
        ("GMT+09:00", None, None),
        ("Europe/Paris", None, "Europe/Paris"),
        ("europe/paris", None, "Europe/Paris"),
        ("UTC", None, "UTC"),
        (None, "Paris", None),
    ],
)
def test_a_time_zone_is_found_by_its_city_and_never_by_its_offset(
    value: str | None, city: str | None, wanted: str | None
) -> None:
    assert time_zone(value, city, {}) == wanted


def test_a_company_can_name_the_zone_of_its_own_cities() -> None:
    own = {fold("Site Nord"): "Europe/Oslo"}
    assert time_zone("GMT+01:00 Central European Time (Site Nord)", None, own) == "Europe/Oslo"
    assert is_zone("Europe/Oslo")
    assert not is_zone("Europe/Atlantis")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("French", "fr"), ("Deutsch", "de"), ("Portuguese (Brazil)", "pt-BR"), ("Brazilian Portuguese", "pt-BR"),
        ("Chinese - Mandarin", "zh"), ("Chinese (Simplified)", "zh-Hans"), ("Cantonese", "yue"), ("pt_br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"), ("en", "en"), ("English (Australia)", "en"), ("Norwegian Bokmål", "nb"),
        ("Klingon", None), ("xx", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_name_or_tag(value: str | None, wanted: str | None) -> None:
    assert language_tag(value, {}) == wanted


def test_a_language_has_an_english_name() -> None:
    assert language_name("pt") == "Portuguese"
    assert language_name("tlh") == "tlh"


def test_to_speak_a_language_counts_more_than_to_read_it() -> None:
    assert spoken_level(False, [("Reading", 5), ("Speaking", 2)]) == 2
    assert spoken_level(False, [("Reading", 4), ("Writing", 3)]) == 3
    assert spoken_level(False, [("Overall", 3), ("Reading", None)]) == 3
    assert spoken_level(False, [("Speaking", None)]) is None
    assert spoken_level(True, []) == 5


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("Beginner", 1), ("Working Knowledge", 2), ("Proficient", 3), ("ADVANCED", 4), ("Expert", 5), ("B2", 3),
        ("1", 1), ("5", 5), ("4.0", 4), ("3.5", 3), ("3,5", 3), ("3 - Proficient", 3), ("Proficient (3)", 3),
        ("0", None), ("6", None), ("10", None), ("Wizard", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_level_is_a_word_or_one_to_five(value: str | None, wanted: int | None) -> None:
    assert level_of(value, {}) == wanted


def test_a_company_s_own_scale_comes_first() -> None:
    own = {fold("Black belt"): 5, "10": 5, "3": 2}
    assert level_of("black BELT", own) == 5
    assert level_of("10", own) == 5
    assert level_of("3.0", own) == 2


def test_no_level_word_stands_for_two_levels() -> None:
    words = [fold(word) for level in WORDS.values() for word in level]
    assert len(words) == len(set(words))
