"""Vendors' words and numbers for how well someone masters a skill, mapped to the hub's levels 1..5.

1 aware, 2 working, 3 practitioner, 4 advanced, 5 expert. The table is closed: an unknown word is None, never a guess.
"""

from __future__ import annotations

import math
import re

_WORDS = {
    1: "aware awareness novice foundational foundation entry beginner starter a1 basic-knowledge elementary "
    "grundkenntnisse anfänger principiante débutant nybörjare learning interested",
    2: "basic working advanced-beginner junior limited developing fundamental a2 b1 limited-working conversational "
    "básico basique grundläggande",
    3: "intermediate practitioner competent proficient professional independent skilled mid mid-level b2 "
    "professional-working fortgeschritten intermedio intermédiaire medel good gut kompetent",
    4: "advanced senior strong experienced highly-skilled fluent c1 full-professional avanzado avancé avancerad "
    "sehr-gut verhandlungssicher flytande courant fluido very-good",
    5: "expert master mastery authority guru thought-leader native bilingual mother-tongue c2 experte experto experta "
    "expertin muttersprache native-or-bilingual modersmål recognized-expert",
}
_LEVEL_OF = {word: level for level, listed in _WORDS.items() for word in listed.split()}
_TAILS = re.compile(r"-(?:level|proficiency|knowledge|user|skills?)$")
_NUMBER = re.compile(
    r"(?:(?:level|stufe|nivå|nivel|niveau|l)[\s:-]*)?(\d+(?:[.,]\d+)?)\s*"
    r"(?:(%)|(?:/|of|out of|von|av|de|sur)\s*(\d+(?:[.,]\d+)?))?",
    re.IGNORECASE,
)


def level_from_word(text: str) -> int | None:
    """The level a word stands for ("Intermediate", "C1", "Grundkenntnisse"), or None when it is not in the table."""
    word = re.sub(r"[\s_/-]+", "-", text.strip().lower())
    return _LEVEL_OF.get(word) or _LEVEL_OF.get(_TAILS.sub("", word))


def level_on_scale(value: float, lowest: float, highest: float) -> int | None:
    """The level of a number on a vendor's scale, both ends included: 1 at the lowest, 5 at the highest.

    None when the value lies outside the scale or the scale is empty. 0..500 with 250 gives 3; 1..5 is unchanged.
    """
    if not (math.isfinite(value) and lowest < highest and lowest <= value <= highest):
        return None
    share = (value - lowest) / (highest - lowest)
    return 1 + min(4, math.floor(share * 4 + 0.5))


def level_of(raw: str | float | None, *, lowest: float = 1, highest: float = 5) -> int | None:
    """The level of whatever a vendor sends: a word, a number on its scale, "3 of 5", "60%", "Level 2"; else None.

    Args:
        raw: the vendor's value.
        lowest: lowest value of the vendor's scale, for bare numbers.
        highest: highest value of the scale.
    """
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return level_on_scale(raw, lowest, highest)
    text = raw.strip()
    if (known := level_from_word(text)) is not None:
        return known
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    number = float(match[1].replace(",", "."))
    if match[2]:
        return level_on_scale(number, 0, 100)
    if match[3]:
        top = float(match[3].replace(",", "."))
        return level_on_scale(number, 1 if number >= 1 else 0, top)
    return level_on_scale(number, lowest, highest)
