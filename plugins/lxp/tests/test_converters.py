"""Conversions: every vendor's way to write a time, a span, a language, a level, a link."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest

from echo_hub_lxp.converters import CONVERTERS, MapContext, options_of

CONTEXT = MapContext(
    locales=("en", "de"),
    words={"level": {"beginner": "beginner", "expert": "advanced"}, "type": {"linked content": "other"}},
    object_kinds={"linked content": "course"},
)
UNIT = {"unit": "unit", "amount": "value"}


def convert(name: str, value: Any, **options: Any) -> Any:
    return CONVERTERS[name](value, CONTEXT, **options)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-10T21:05:55.8954545", datetime(2026, 1, 10, 21, 5, 55, 895454, UTC)),
        ("2026-01-10T21:05:55", datetime(2026, 1, 10, 21, 5, 55, tzinfo=UTC)),
        ("2026-01-10T21:05:55+02:00", datetime(2026, 1, 10, 19, 5, 55, tzinfo=UTC)),
        ("2026-01-10T21:05:55Z", datetime(2026, 1, 10, 21, 5, 55, tzinfo=UTC)),
        ("2026-01-10 21:05:55", datetime(2026, 1, 10, 21, 5, 55, tzinfo=UTC)),
        ("2026-01-10", datetime(2026, 1, 10, tzinfo=UTC)),
        (1768079155, datetime(2026, 1, 10, 21, 5, 55, tzinfo=UTC)),
        (1768079155000, datetime(2026, 1, 10, 21, 5, 55, tzinfo=UTC)),
        ("1768079155", datetime(2026, 1, 10, 21, 5, 55, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("0000-00-00", None),
        ("0001-01-01T00:00:00", None),
    ],
)
def test_a_time_is_aware_utc_however_it_is_written(written: Any, moment: datetime | None) -> None:
    assert convert("time", written) == moment


def test_a_date_is_the_utc_day() -> None:
    assert convert("date", "2026-01-10T23:30:00-02:00") == date(2026, 1, 11)
    assert convert("date", "0000-00-00") is None


@pytest.mark.parametrize(
    ("written", "worth"),
    [("2026-01-10T00:00:00.000Z", "date"), ("2026-01-10T00:00:01Z", "instant"), ("2026-01-10", "date")],
)
def test_a_time_at_exactly_midnight_is_worth_a_date(written: str, worth: str) -> None:
    assert convert("precision", written) == worth


@pytest.mark.parametrize(
    ("name", "value", "minutes"),
    [
        ("iso_duration", "PT1H9M44S", 69 + 44 / 60),
        ("iso_duration", "PT0.5S", 0.5 / 60),
        ("iso_duration", "P1DT2H", 1560),
        ("iso_duration", "P1W", 10080),
        ("minutes", "12", 12),
        ("seconds", "5460", 91),
        ("hours", 2.5, 150),
    ],
)
def test_durations_become_minutes(name: str, value: Any, minutes: float) -> None:
    assert convert(name, value) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("value", "minutes", "weeks"),
    [
        ({"unit": "Minutes", "value": 12}, 12, None),
        ({"unit": "hour", "value": "2.5"}, 150, None),
        ({"unit": "week", "value": 6}, None, 6),
        ({"unit": "MONTH", "value": 3}, None, 13),
        ({"unit": "Words", "value": 300}, None, None),
        ({"unit": "hour", "value": None}, None, None),
        ({}, None, None),
    ],
)
def test_calendar_units_are_never_effort(value: Any, minutes: float | None, weeks: float | None) -> None:
    assert convert("unit_value", value, **UNIT) == minutes
    assert convert("unit_weeks", value, **UNIT) == (None if weeks is None else pytest.approx(weeks))


@pytest.mark.parametrize(
    ("written", "tag"),
    [("pt_BR", "pt-BR"), ("zh_HANT", "zh-Hant"), ("zh-hans-cn", "zh-Hans-CN"), ("kar_MM", "kar-MM"), ("EN", "en"),
     ("es-419", "es-419"), ("All", None), ("English (US)", None)],
)  # fmt: skip
def test_locales_become_bcp_47_and_words_that_name_none_are_dropped(written: str, tag: str | None) -> None:
    assert convert("locale", written) == tag


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (["fr-FR", "de-DE", "en-GB"], "en-GB"),
        (["fr-FR", "de-DE"], "de-DE"),
        (["fr-FR", "ja-JP"], "fr-FR"),
        (["en-US", "en"], "en"),
        ([], None),
    ],
)
def test_the_preferred_language_wins_exactly_before_nearly_before_anything(
    there: list[str], chosen: str | None
) -> None:
    assert convert("language_map", {tag: tag for tag in there}) == chosen
    objects = [{"localeCode": tag, "title": tag} for tag in there]
    assert convert("pick_locale", objects, locale_key="localeCode", value_key="title") == chosen


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Batch &amp; streams.</p><ul><li>Kafka</li><li>Spark</li></ul>", "Batch & streams.\n\n- Kafka\n- Spark"),
        ("plain &#39;words&#39;\n\nnext line", "plain 'words'\n\nnext line"),
        ("帮助&#xff0c;好", "帮助，好"),
        ("<script>alert(1)</script><b>bold</b> text\u00a0here", "bold text here"),
        ("a<br>b\nc", "a\nb c"),
        ("1 &lt; 2", "1 < 2"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert convert("html", html) == text


@pytest.mark.parametrize(
    ("name", "value", "share"),
    [
        ("percent", "73%", 0.73),
        ("percent", 100, 1),
        ("percent", "44", 0.44),
        ("ratio", 0.941, 0.941),
        ("ratio", "1", 1),
    ],
)
def test_shares_run_from_0_to_1(name: str, value: Any, share: float) -> None:
    assert convert(name, value) == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "share"),
    [({"scaled": 0.95}, 0.95), ({"scaled": -0.2}, 0), ({"raw": 18, "min": 0, "max": 20}, 0.9),
     ({"raw": 60, "max": 120}, 0.5), ({"raw": 3}, None), ({"raw": 3, "max": 0}, None), ({}, None)],
)  # fmt: skip
def test_a_score_object_becomes_a_share(value: Any, share: float | None) -> None:
    assert convert("score", value) == share


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://share.percipio.com/cd/abc", "https://share.percipio.com/cd/abc"),
        ("https://u:p@lms.example:8443/c?lesson=3&ssoToken=s&jwt=x#top", "https://lms.example:8443/c?lesson=3"),
        ("https://lms.example/c?aicc_sid=1&accountId=2&id=7", "https://lms.example/c?id=7"),
        ("javascript:alert(1)", None),
        ("/relative", None),
    ],
)
def test_a_link_keeps_no_credential(address: str, kept: str | None) -> None:
    assert convert("link", address) == kept


def test_words_are_found_without_regard_to_case_and_lists_word_by_word() -> None:
    assert convert("words", "EXPERT", table="level") == "advanced"
    assert convert("words", ["Expert", "Everyone"], table="level") == ["advanced"]
    assert convert("words", "Everyone", table="level") is None
    assert convert("words", "Everyone", table="level", otherwise="beginner") == "beginner"


def test_the_connections_own_content_kinds_come_before_the_dialects() -> None:
    assert convert("words", "Linked Content", table="type") == "other"
    assert convert("kind", "Linked Content", table="type") == "course"


def test_lists_lose_blanks_and_repeats_and_only_takes_a_lone_one() -> None:
    assert convert("list", [" a ", "", None, "a", "b"]) == ["a", "b"]
    assert convert("list", "a") == ["a"]
    assert convert("only", ["advanced", "advanced"]) == "advanced"
    assert convert("only", ["beginner", "advanced"]) is None
    assert convert("join", ["BEGINNER", "EXPERT"]) == "BEGINNER, EXPERT"


@pytest.mark.parametrize(("value", "truth"), [(True, True), ("Yes", True), ("false", False), (False, False)])
def test_truth_may_arrive_as_a_word(value: Any, truth: bool) -> None:
    assert convert("boolean", value) is truth


@pytest.mark.parametrize(
    ("name", "value", "options"),
    [
        ("text", {"a": 1}, {}), ("text", True, {}), ("html", 7, {}), ("time", "yesterday", {}), ("time", True, {}),
        ("time", 1e30, {}), ("time", math.inf, {}), ("iso_duration", "90 minutes", {}), ("iso_duration", "P", {}),
        ("iso_duration", "P1M", {}), ("minutes", "many", {}), ("percent", 173, {}), ("ratio", -1, {}), ("score", 5, {}),
        ("boolean", "perhaps", {}), ("link", 5, {}), ("language_map", "Kafka", {}), ("unit_value", 5, UNIT),
        ("pick_locale", ["text"], {"locale_key": "l", "value_key": "t"}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_without_repeating_it(name: str, value: Any, options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        convert(name, value, **options)
    assert not isinstance(value, str) or value not in str(caught.value)


def test_every_converter_says_which_options_it_takes_and_needs() -> None:
    assert options_of("words") == ({"table", "otherwise"}, {"table"})
    assert {name for name in CONVERTERS if options_of(name)[1]} == {
        "prefix", "words", "kind", "pick_locale", "unit_value", "unit_weeks"
    }  # fmt: skip
