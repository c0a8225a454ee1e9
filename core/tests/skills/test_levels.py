"""Vendors' levels become 1..5, or nothing."""

from __future__ import annotations

import pytest

from echo_core.skills.levels import level_of, level_on_scale


@pytest.mark.parametrize(
    ("raw", "level"),
    [
        ("Beginner", 1), ("Basic", 2), ("Intermediate", 3), ("ADVANCED", 4), ("Expert", 5), ("Advanced level", 4),
        ("Full Professional Proficiency", 4), ("Native or bilingual", 5), ("C1", 4), ("Grundkenntnisse", 1),
        ("Level 2", 2),
        ("3 of 5", 3), ("3/5", 3), ("60%", 3), ("100 %", 5), (4, 4), ("4", 4), (2.6, 3),
    ],
)  # fmt: skip
def test_words_and_numbers_vendors_send(raw, level):
    assert level_of(raw) == level


@pytest.mark.parametrize("raw", [None, "", "wizard", "7 of 5", 9, -1, True, float("nan"), "level of things"])
def test_what_is_not_in_the_table_is_nothing(raw):
    assert level_of(raw) is None


def test_vendor_scales_reach_from_one_to_five():
    assert [level_on_scale(value, 0, 500) for value in (0, 100, 250, 400, 500)] == [1, 2, 3, 4, 5]
    assert level_of(300, lowest=0, highest=500) == 3
    assert level_on_scale(1, 1, 1) is None
