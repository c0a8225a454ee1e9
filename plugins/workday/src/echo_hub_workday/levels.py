"""Proficiency words and numbers to the hub's five levels."""

from __future__ import annotations

import re
from collections.abc import Mapping

from echo_hub_workday.folding import fold

WORDS = {
    1: ("Novice", "Beginner", "Basic", "Aware", "Awareness", "Fundamental", "Fundamental Awareness", "Entry", "A1",
        "Elementary", "Learning", "Familiar", "Poor"),
    2: ("Working", "Working Knowledge", "Developing", "Advanced Beginner", "Limited", "Limited Working",
        "Limited Working Proficiency", "Foundational", "Fair", "Low Intermediate", "Conversational", "A2"),
    3: ("Practitioner", "Intermediate", "Proficient", "Competent", "Professional", "Professional Working",
        "Professional Working Proficiency", "Good", "Skilled", "Solid", "Moderate", "B1", "B2"),
    4: ("Advanced", "Very Good", "Experienced", "Highly Proficient", "Full Professional", "Highly Skilled",
        "Full Professional Proficiency", "High", "Strong", "C1"),
    5: ("Expert", "Master", "Mastery", "Native", "Fluent", "Bilingual", "Native or Bilingual", "Mother Tongue",
        "Native or Bilingual Proficiency", "Excellent", "Role Model", "Thought Leader", "C2"),
}  # fmt: skip
"""The words we know, by level: 1 aware, 2 working, 3 practitioner, 4 advanced, 5 expert."""

_TABLE = {fold(word): level for level, words in WORDS.items() for word in words}


def level_of(text: str | None, extra: Mapping[str, int]) -> int | None:
    """The level 1..5 behind a word or number, or None where nobody knows it.

    "Advanced", "4", "4.0", "3 - Proficient" and "Proficient (3)" are understood. A number outside 1..5 belongs to a
    scale we do not know and gives None; name it in `values.levels`.

    Args:
        text: the report's value; the caller keeps it beside the level.
        extra: the company's own words and numbers, folded, to levels.
    """
    if not text:
        return None
    spelling = fold(text)
    if known := extra.get(spelling):
        return known
    if re.fullmatch(r"\s*\d{1,9}([.,]\d{1,9})?\s*", text):
        number = float(text.replace(",", "."))
        whole = int(number)
        return extra.get(str(whole)) if number == whole and str(whole) in extra else _in_range(number)
    words = fold(re.sub(r"\d+|[()]", " ", text))
    return extra.get(words) or _TABLE.get(spelling) or _TABLE.get(words)


def _in_range(number: float) -> int | None:
    # Half levels ("3.5") are rounded down: a claim is never made stronger than its source.
    return int(number) if 1 <= number <= 5 else None
