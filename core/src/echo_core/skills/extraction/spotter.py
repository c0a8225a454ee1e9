"""Finds skills in free text: the longest known names, passed over where the text does not ask for them.

Preferred names, and aliases of the starter taxonomy, tag a text by themselves. Aliases of imported taxonomies do not
(they would bring three wrong tags for every right one): they come back as suggestions for a person to confirm.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate

from echo_core.model.message import Message, Value
from echo_core.skills.extraction.boilerplate import quiet_ranges
from echo_core.skills.extraction.caution import (
    DEPARTMENTS,
    FUNCTION_WORDS,
    TEAM_WORDS,
    in_context,
    names_a_product,
    names_a_thing,
    names_country,
    names_team,
)
from echo_core.skills.extraction.negation import denied_places, negated
from echo_core.skills.extraction.phrases import ENDS, Node, Spelling, phrase_tree
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.precedence import same_case
from echo_core.text.languages import guess_language
from echo_core.text.markup import lowered, without_tags
from echo_core.text.normal_form import comparable
from echo_core.text.wording import TOKEN

_BREAK = re.compile(r"[,;:!?|•\n()\[\]{}]|\.\s")
_PARTS = re.compile(f"({TOKEN.pattern})")
_BULLETS = frozenset("•*·-")
_ITEM_ENDS = re.compile(r"[ \t]*+[.,;]?[ \t]*+(?:\n|$)")
_REACH = 80
_NEAR = 60
_LISTED = 0.75
"""Confidence in a general word that is a list item of its own."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """A skill and the stretch of text that names it: `text[start:end]` of what was given.

    `automatic` mentions may be stored as they are; others are suggestions. `confidence` is 0..1.
    """

    skill_id: str
    start: int
    end: int
    text: str
    confidence: float
    automatic: bool
    reason: Message


@dataclass(frozen=True, slots=True)
class Hit:
    """A spelling found at `start:end`, before its sentence is looked at."""

    start: int
    end: int
    spelling: Spelling
    automatic: bool


class Spotter:
    """Spots the skills of one taxonomy. The dictionary is built at first need; a spotter may be shared by threads.

    Args:
        taxonomy: groups in it are never spotted.
        trusted_sources: keys of sources whose aliases are safe enough to tag by themselves.
        suggestions: False leaves out what is not automatic.
    """

    def __init__(
        self, taxonomy: Taxonomy, *, trusted_sources: Collection[str] = ("starter",), suggestions: bool = True
    ) -> None:
        self.taxonomy = taxonomy
        self._trusted = frozenset(trusted_sources)
        self._suggestions = suggestions

    @cached_property
    def _tree(self) -> Node:
        return phrase_tree(self.taxonomy, self._trusted)

    def spot(self, text: str, *, language: str | None = None) -> tuple[Spotted, ...]:
        """Every mention of a skill, in the order of the text; a skill named twice comes twice.

        HTML tags are skipped. Nothing is found in passages on equal opportunity, benefits and the employer, nor where
        the text says that a skill is not needed.

        Args:
            text: plain text or HTML; positions refer to it as given.
            language: ISO 639-1 code; guessed when not given. English names count in every language; those of one word
                only as proper names.
        """
        plain = without_tags(text)
        lower = lowered(plain)
        hits = self.walk(lower, plain, {language or guess_language(lower) or "en", "en"})
        if not hits:
            return ()
        quiet = quiet_ranges(lower)
        starts = [start for start, _ in quiet]
        ends = list(accumulate((end for _, end in quiet), max))
        denials = denied_places(lower)
        heard = [
            hit
            for hit in hits
            if not _inside(hit.start, starts, ends) and not negated(lower, hit.start, hit.end, denials)
        ]
        return tuple(self._decide(plain, lower, heard))

    def walk(self, lower: str, plain: str, languages: Collection[str]) -> list[Hit]:
        """The dictionary pass alone: names by their wording, context not yet looked at.

        The longest automatic name at each place; names that are mere suggestions only where no automatic one lies.
        `lower` is `plain` in small letters, at the same length; `languages` are its own and English.
        """
        abroad = [language for language in languages if language != "en"]
        small_words = frozenset[str]().union(*[FUNCTION_WORDS.get(language, ()) for language in abroad])
        parts = _PARTS.split(lower)
        said = [*parts[1::2], ENDS]  # no word is empty, so every walk stops at the last one
        if not lower.isascii():
            said = [word if word.isascii() else comparable(word) for word in said]
        gaps = parts[::2]
        edges = list(accumulate(map(len, parts)))
        look_up = self._tree.get
        promising = [
            (at, node)
            for at, word in enumerate(said)
            if (node := look_up(word)) is not None and (ENDS in node or said[at + 1] in node)
        ]
        free_from = 0
        taken: list[Hit] = []
        suggested: list[Hit] = []
        for at, node in promising:
            if at < free_from:
                continue
            start = edges[2 * at]
            best: tuple[int, Spelling, bool] | None = None
            for upto, endings in _endings(node, at, said, gaps):
                surface = plain[start : edges[2 * upto + 1]]
                if len(endings) > 1:
                    endings = sorted(endings, key=lambda phrase: not same_case(phrase.text, surface))
                for spelling in endings:
                    if spelling.language not in languages or (spelling.capital and not _capital(spelling, surface)):
                        continue
                    weak = abroad or not spelling.automatic
                    item = spelling.trusted and weak and _is_list_item(lower, start, start + len(surface))
                    if abroad and upto == at and not _believable_abroad(spelling, surface, small_words, item=item):
                        continue
                    automatic = spelling.automatic or item
                    if automatic or best is None or not best[2]:
                        best = (upto, spelling, automatic)
                    break
            if best is not None:
                upto, spelling, automatic = best
                hit = Hit(start, edges[2 * upto + 1], spelling, automatic)
                if automatic:
                    taken.append(hit)
                    free_from = upto + 1
                elif self._suggestions:
                    suggested.append(hit)
        return sorted([*taken, *_apart(suggested, taken)], key=lambda hit: hit.start)

    def _decide(self, plain: str, lower: str, hits: list[Hit]) -> Iterator[Spotted]:
        """Leave out names of departments and what only looks like a skill; say why the others are believed."""
        sure = [hit for hit in hits if hit.spelling.technology and not hit.spelling.doubtful]
        for hit in hits:
            if lower[hit.start : hit.end] in DEPARTMENTS and TEAM_WORDS.match(_after(plain, hit.end)):
                continue
            if not hit.spelling.technology and (
                names_team(plain, hit.start, hit.end) or names_country(plain, hit.start, hit.end)
            ):
                continue
            proper = hit.spelling.technology or hit.spelling.capital
            if names_a_product(plain, hit.start) or (not proper and names_a_thing(plain, hit.start, hit.end)):
                if not self._suggestions:
                    continue
                hit = replace(hit, automatic=False)
            context = ("certain", "")
            if hit.spelling.doubtful:
                if near := _neighbour(sure, hit):
                    context = ("beside", plain[near.start : near.end])
                elif in_context(_before(plain, hit.start), _after(plain, hit.end)):
                    context = ("sentence", "")
                else:
                    continue
            yield self._spotted(plain, hit, context)

    def _spotted(self, plain: str, hit: Hit, context: tuple[str, str]) -> Spotted:
        spelling = hit.spelling
        label = self.taxonomy.skills[spelling.skill_id].label
        doubt = 0.1 if spelling.doubtful else 0.0
        alias = "" if spelling.preferred else spelling.text
        return Spotted(
            skill_id=spelling.skill_id,
            start=hit.start,
            end=hit.end,
            text=plain[hit.start : hit.end],
            confidence=round(max(spelling.confidence, _LISTED if hit.automatic else 0.0) - doubt, 2),
            automatic=hit.automatic,
            reason=_reason(label, alias, *context, hit.automatic),
        )


@lru_cache(50_000)
def _reason(skill: str, alias: str, context: str, beside: str, automatic: bool) -> Message:
    """Why words are believed to mean a skill; the same for every text, of which a snapshot holds a hundred thousand."""
    values: dict[str, Value] = {"skill": skill, "context": context, "sure": "yes" if automatic else "no"}
    if context == "beside":
        values["beside"] = beside
    return Message("spot-alias", {**values, "alias": alias}) if alias else Message("spot-name", values)


def _endings(node: Node, at: int, said: Sequence[str], gaps: Sequence[str]) -> Iterator[tuple[int, list[Spelling]]]:
    """Walks down the tree from token `at`: every token where spellings end, with them, the longest last."""
    while True:
        if ENDS in node:
            yield at, node[ENDS]
        at += 1
        word = said[at]
        if word not in node or word == ENDS or (gaps[at] != " " and _BREAK.search(gaps[at])):
            return
        node = node[word]


def _capital(spelling: Spelling, surface: str) -> bool:
    """Written with the capitals of its name, or all in capitals unless they tell it from a word: LESS is not LeSS."""
    mixed = spelling.doubtful and not spelling.text.isupper() and not spelling.text[1:].islower()
    return surface == spelling.text or (surface.isupper() and len(surface) > 1 and not mixed)


def _believable_abroad(spelling: Spelling, surface: str, small_words: Collection[str], *, item: bool) -> bool:
    """Whether one word of a text that is not English is meant by a spelling. `item`: it is a list item of its own.

    English names must be proper names there: the tool called a die is not meant by the German article.
    """
    if spelling.language != "en":
        return True
    if surface.lower() in small_words:
        return spelling.text.isupper() and surface == spelling.text
    return item or spelling.technology or (spelling.text[:1].isupper() and surface[:1].isupper())


def _is_list_item(lower: str, start: int, end: int) -> bool:
    """True when nothing but the name is between a bullet, which may have a line of its own, and the end of its line."""
    at = _skipped_back(lower, start, " \t")
    if at and lower[at - 1] == "\n":
        at = _skipped_back(lower, at - 1, " \t")
    if not at or lower[at - 1] not in _BULLETS:
        return False
    at = _skipped_back(lower, at - 1, " \t")
    return (at == 0 or lower[at - 1] == "\n") and bool(_ITEM_ENDS.match(lower, end))


def _skipped_back(text: str, at: int, characters: str) -> int:
    """The place before `at` where a run of these characters begins."""
    while at and text[at - 1] in characters:
        at -= 1
    return at


def _before(text: str, at: int) -> str:
    return text[max(0, at - _REACH) : at].rpartition("\n")[2]


def _after(text: str, at: int) -> str:
    return text[at : at + _REACH].partition("\n")[0]


def _apart(suggested: list[Hit], taken: list[Hit]) -> Iterator[Hit]:
    """Suggestions that overlap nothing taken and, among themselves, the longer first."""
    starts = [hit.start for hit in taken]
    last_end = -1
    for hit in sorted(suggested, key=lambda other: (other.start, -other.end)):
        at = bisect_right(starts, hit.end - 1) - 1
        if hit.start >= last_end and not (at >= 0 and taken[at].end > hit.start):
            last_end = hit.end
            yield hit


def _inside(at: int, starts: list[int], ends: list[int]) -> bool:
    index = bisect_right(starts, at) - 1
    return index >= 0 and at < ends[index]


def _neighbour(sure: list[Hit], hit: Hit) -> Hit | None:
    """A technology named beyond doubt within reach of this mention, before or after it."""
    at = bisect_right(sure, hit.start, key=lambda other: other.start)
    near = [other for other in sure[max(0, at - 1) : at + 1] if other is not hit]
    return next((other for other in near if max(other.start - hit.end, hit.start - other.end) <= _NEAR), None)
