"""Words that look like skills and mostly are not: what the spotter passes over or believes in context only."""

from __future__ import annotations

import re
from importlib.resources import files


def _listed(name: str, *, by_line: bool = False) -> frozenset[str]:
    text = (files("echo_core.skills.extraction") / "word_lists" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return frozenset(lines if by_line else (word for line in lines for word in line.split()))


GENERAL = _listed("general")
"""One-word terms that texts use in passing. As a whole mention they are at most a suggestion, never automatic."""

TRUSTED_WORDS = _listed("trusted")
"""General words that are automatic all the same when a trusted taxonomy (the starter) carries them as a name."""

AMBIGUOUS = _listed("ambiguous")
"""Names that are also ordinary words, people or abbreviations: they want the right capitals and a telling neighbour."""

CLEAR_WHEN_CAPITAL = _listed("clear_when_capital")
"""Ambiguous only when written small: with its capitals such a name needs no further evidence."""

PASSING = _listed("passing", by_line=True)
"""Names of several words that texts use in passing, in another sense than the classification's: never automatic."""

FUNCTION_WORDS = {
    language: frozenset(listed.split())
    for language, _, listed in (line.partition(":") for line in _listed("function_words", by_line=True))
}
"""The commonest small words of a language; none of them is the English skill it may be spelled like."""

DEPARTMENTS = _listed("departments", by_line=True)
"""Names of departments: followed by "team" or the like they ask for no skill."""

_CUE_BEFORE = re.compile(
    r"\b(?:proficien\w+|fluen\w+|experienced?|knowledge|expertise|familiar\w*|skilled|skills?|mastery|programming|coding|"
    r"languages?|frameworks?|tools?|stack|technolog\w+|using|written in|scripting|software|platforms?|such as|like|"
    r"certified|advanced|ms|microsoft|adobe|apache|kenntnisse\w*|erfahrung\w*|kunskap\w*|conocimientos?|connaissances?)"
    r"\b(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    r"^\W*(?:\w+\W+)?(?:programming|language|developers?|development|engineers?|code|coding|frameworks?|skills?|scripts?|"
    r"proficiency|applications?|services|backends?|microservices|spreadsheets?|certification|experience|library|"
    r"ecosystem|native|speakers?|speaking|entwickl\w+|kenntnisse|utveckl\w+)\b",
    re.IGNORECASE,
)
_AFTER_VERB = re.compile(
    r"^\s+(?:at|to|the|a|an|in on|for it|up|out|away|ahead|above|beyond|deep|far)\b", re.IGNORECASE
)

TEAM_WORDS = re.compile(
    r"^(?:\W+(?:and|or|und|och|y|et|\w+))?(?:\s*[,/&]\s*(?:and\s+)?[\w-]+|\s+(?:and|or|&)\s+[\w-]+){0,5}"
    r"\s+(?:teams?|departments?|organi[sz]ations?|orgs?|stakeholders?|colleagues?|leaders?|leadership|partners?|"
    r"functions?|counterparts?|abteilung\w*)\b",
    re.IGNORECASE,
)
"""What follows the name of a department: "with sales, marketing and product teams" asks for none of the three."""


_OUR_BEFORE = re.compile(r"\b(?:the|our|das|unser|vårt)[^\S\n]+(?:[\w&-]+[^\S\n]+){0,2}$", re.IGNORECASE)
_TEAM_REACH = 40
_TEAM_AFTER = re.compile(r"[^\S\n]+team\b", re.IGNORECASE)
_TEAM_BEFORE = re.compile(
    r"\b(?:(?:das|dem|im|unser|unserem|vårt) team|teamet|(?:equipos?|times?|squadra) d(?:e|o|a|el|i)|"
    r"équipes?(?: d[eu])?|zespół|(?:department|faculty|institute|school) (?:of|for))[^\S\n]+$",
    re.IGNORECASE,
)


def names_team(text: str, start: int, end: int) -> bool:
    """True when a name with capitals is what a team is called: "the Platform Engineering team", "Das Team People",
    "the Department of Biology".
    """
    if not text[start].isupper() or not all(word[:1].isupper() for word in text[start:end].split()):
        return False
    before = max(0, start - _TEAM_REACH)
    if _TEAM_AFTER.match(text, end) and _OUR_BEFORE.search(text, before, start):
        return True
    return bool(_TEAM_BEFORE.search(text, before, start))


_OF_A_COUNTRY = re.compile(
    r"\s+(?:applicants?|candidates?|citizens?|nationals?|customers?|clients?|snapshots?|compan(?:y|ies)|subsidiar(?:y|ies)|"
    r"offices?|branch(?:es)?|law|legislation|tax(?:es)?|government|authorit(?:y|ies))\b",
    re.IGNORECASE,
)


def names_country(text: str, start: int, end: int) -> bool:
    """True when what is called like a language says where somebody or something is from: "Danish applicants"."""
    return text[start].isupper() and " " not in text[start:end] and bool(_OF_A_COUNTRY.match(text, end))


_OF_THE_FIELD = re.compile(
    r"[^\S\n]+(?:channels?|frameworks?|initiatives?|polic(?:y|ies)|procedures?|process(?:es)?|"
    r"(?:with|to)[^\S\n]+(?:(?!clients|customers)[\w-]+[^\S\n]+){0,2}(?:stakeholders?|departments?))\b",
    re.IGNORECASE,
)
_NARROWED = re.compile(r"\bwritten[^\S\n]+$", re.IGNORECASE)
_OF_A_VENDOR = re.compile(r"\b(?:azure[^\S\n]+|t-)$", re.IGNORECASE)
_NARROWED_REACH = 10


def names_a_thing(text: str, start: int, end: int) -> bool:
    """True when the name of a field only tells of which kind a thing or an act is: "communication channels",
    "accounting policies", "communication to stakeholders"; or when it is half of another skill's: "written
    communication" is writing.
    """
    return bool(_OF_THE_FIELD.match(text, end) or _NARROWED.search(text, max(0, start - _NARROWED_REACH), start))


def names_a_product(text: str, start: int) -> bool:
    """True when the word before makes a vendor's product of a general name: "Azure DevOps", "T-SQL"."""
    return bool(_OF_A_VENDOR.search(text, max(0, start - _NARROWED_REACH), start))


def in_context(before: str, after: str) -> bool:
    """True when the words around an ambiguous name speak for the skill: "experience with Go", "Go developer"."""
    if _AFTER_VERB.match(after):
        return False
    return bool(_CUE_BEFORE.search(before) or _CUE_AFTER.match(after))
