"""What of a job title names the occupation: level, contract, place, reference number and gender form are taken off."""

from __future__ import annotations

import re
from functools import lru_cache

from echo_core.text.wording import words

LONGEST = 400
"""Letters of a title that are read; what a feed puts behind them is the advertisement, not the title."""

_GENDER_MARK = re.compile(
    r"[(\[{]?\b(?:m|f|w|h|k|d|x|i|gn|v)(?:\s*[/|,]\s*(?:m|f|w|h|k|d|x|i|gn|v|div|divers))+\b[)\]}]?|[(\[{]\s*gn\s*[)\]}]",
    re.IGNORECASE,
)
_GENDER_ENDING = re.compile(r"(?<=\w)(?:[*:_·]|/-?|\()-?(innen|in|frau|euse|rice|ère|ienne|ne|e|a|as|ora)\b\)?")
_REFERENCE = re.compile(
    r"\b(?:ref|req|job\s?id|id|jr|nr|no|#)\W{0,3}[a-z]{0,4}-?\d{3,}\b|\b[a-z]{0,4}-?\d{4,}\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\s[@|]\s.*$|\s[-–—]\s*(?:remote|hybrid|onsite|on-site|home ?office|deutschlandweit|distans)\b.*$", re.IGNORECASE
)
_MARKED = re.compile(r"[/|,()\[{*:_·@–—#\d-]")
"""What every one of these patterns needs: most names of occupations have none of it and are read much faster."""
_LEVELS = frozenset({
    "senior", "junior", "sr", "jr", "snr", "jnr", "mid", "midlevel", "midweight", "experienced", "entry", "level",
    "graduate", "graduates", "fresh", "trainee", "intern", "interns", "internship", "apprentice", "working", "student",
    "i", "ii", "iii", "iv", "v", "lvl", "grade",
    "urgent", "urgently", "hiring", "wanted", "needed", "required", "vacancy", "vacancies", "opening", "opportunity",
    "permanent", "temporary", "temp", "contract", "contractor", "freelance", "freelancer", "fulltime", "parttime",
    "full", "part", "time", "months", "month", "remote", "hybrid", "onsite", "based", "home", "wfh",
    "erfahrene", "erfahrener", "angehende", "angehender", "werkstudent", "werkstudentin", "praktikant", "praktikantin",
    "praktikum", "vollzeit", "teilzeit", "befristet", "unbefristet", "gesucht",
    "sénior", "júnior", "becario", "becaria", "prácticas", "temporal", "indefinido",
    "erfaren", "praktik", "heltid", "deltid", "vikariat", "sommarjobb", "sökes",
    "confirmé", "confirmée", "débutant", "débutante", "stagiaire", "stage", "alternance", "cdi", "cdd",
})  # fmt: skip
_GERMAN_STEMS = ("er", "or", "ist", "ent", "ant", "eur", "log", "at", "ekt", "and", "ar")
_FOLDED_LANGUAGES = frozenset({"de", "es", "it", "pt"})


@lru_cache(maxsize=100_000)
def plain_title(title: str, language: str | None = None) -> str:
    """The words of a title that name an occupation, lower-cased, parted by blanks; empty when it has no letter.

    "Senior Java-Entwickler:in (m/w/d) – Remote, Ref. 12345" is "java entwickler". What stands in brackets stays, as
    "Manager (Security Guard)" says there what is meant. A title that is nothing but level words keeps them.

    Args:
        title: as the feed wrote it, of any length; the first `LONGEST` letters are read.
        language: ISO 639-1 code; in German, Spanish, Italian and Portuguese the gender forms of a word become one.
    """
    text = title[:LONGEST]
    if _MARKED.search(text):
        for pattern in (_GENDER_MARK, _GENDER_ENDING, _REFERENCE, _PLACE):
            text = pattern.sub(" " if pattern is not _GENDER_ENDING else "", text)
    every = [word.replace(".", "") if word.count(".") else word for word in words(text)]
    kept = [word for word in every if word not in _LEVELS and not word.isdigit()] or every
    if language in _FOLDED_LANGUAGES:
        kept = [one_gender(word, language) for word in kept]
    return " ".join(kept)


def one_gender(word: str, language: str) -> str:
    """One form for both genders of a word: German "lehrerin" is "lehrer", Spanish "ingeniera" is "ingeniero".

    The form need not be a word of the language: it is compared, never shown.
    """
    if language == "de":
        return _german(word)
    if len(word) < 5:
        return word
    if word.endswith(("ora", "ola", "esa", "ona")):
        return word[:-1]
    if word.endswith(("oras", "onas", "esas")):
        return word[:-2] + "es"
    if word.endswith(("as", "os")):
        return word[:-2] + "os"
    return word[:-1] + "o" if word.endswith("a") else word


def _german(word: str) -> str:
    for ending in ("innen", "in"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 4 and stem.endswith(_GERMAN_STEMS):
            return stem
    return word.removesuffix("frau") + "mann" if word.endswith("frau") and len(word) > 6 else word
