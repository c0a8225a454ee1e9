"""Whether a text says that a skill is not needed: "no experience with X required", "X is not necessary"."""

from __future__ import annotations

import re
from bisect import bisect_left

_DENIALS = (
    r"\b(?:no|not|without|never|neither|nor|don't need|doesn't require|kein\w*|"
    r"ohne|nicht|ing[ae]n?|inte|utan|sin|sans|aucune?)"
)
_WORD = re.compile(_DENIALS + r"\b")
_BEFORE = re.compile(_DENIALS + r"(?:\s+(?!only|just|less|limited|later|matter)[\w'-]+){0,5}\s*$")
_NO_NEGATION = re.compile(r"\b(?:not|no)\s+(?:only|just|less|limited|later|matter)\b")
_AFTER = re.compile(
    r"(?:\s+[\w'-]+){0,3}?\s+(?:(?:is|are)\s+)?(?:not|nicht|inte)\s+"
    r"(?:required|necessary|needed|essential|a must|erforderlich|nötig|nödvändig\w*)\b"
)
_WELCOME = re.compile(r"\b(?:plus|bonus|nice|advantage|preferred|vorteil|merit)\b")
_CLAUSE_END = re.compile(r"[,.;:!?\n•]")
_REACH = 80


def denied_places(lower: str) -> list[int]:
    """Where words of negation stand in a text in small letters, in order."""
    return [match.start() for match in _WORD.finditer(lower)]


def negated(lower: str, start: int, end: int, places: list[int]) -> bool:
    """True when the clause around `lower[start:end]` (a text in small letters) says that it is not needed.

    "Not only X" and "X is a plus but not required" are no negations. `places` are the text's `denied_places`.
    """
    at = bisect_left(places, start - _REACH)
    if at == len(places) or places[at] > end + _REACH:
        return False
    before = _CLAUSE_END.split(lower[max(0, start - _REACH) : start])[-1]
    if _BEFORE.search(before) and not _NO_NEGATION.search(before):
        return True
    after = _CLAUSE_END.split(lower[end : end + _REACH], maxsplit=1)[0]
    return bool(_AFTER.match(after)) and not _WELCOME.search(after)
