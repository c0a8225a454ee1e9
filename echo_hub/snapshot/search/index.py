"""Full-text search over everything that is listed: words, the beginnings of words, small typing errors.

The index knows no person and no score: whatever the matcher thinks, a listed opportunity is found by its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.model import LearningPath
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.text.language_names import language_name
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.catalogue.reuse import carried, taken_over
from echo_hub.snapshot.search.collection import Collection, Relevance
from echo_hub.snapshot.search.segment import Segment, SegmentWriter
from echo_hub.snapshot.search.tokens import tokens

_BOOSTS = (3.0, 4.0, 3.0, 1.5, 1.0)
"""What a word is worth in the names of skills, the title, the names the source uses, around (department, place, person,
tags) and the text."""
_BEGINNING, _TYPO = 0.5, 0.2
"""What a word that begins so, or that is one typing error away, is worth, times the field's boost."""
_QUOTED = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
_PREFIX_FROM = 2
_TYPO_FROM = 5
_MOST_WORDS = 24
_REMEMBERED = 64
"""Queries whose results are kept, so that the next page and another filter cost nothing."""


def _worths(length: int) -> list[tuple[float, int, bool]]:
    worths = [(_BEGINNING * boost, field, False) for field, boost in enumerate(_BOOSTS[:-1])]
    if length >= _TYPO_FROM:
        worths += [(_TYPO * boost, field, True) for field, boost in enumerate(_BOOSTS[:-1])]
    return sorted(worths)


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query finds: `mask` says of every listing row whether it is found, `total` of how many.

    `_relevance` is by listing row, None where all is equally relevant; `_older` how many listings are older.
    """

    mask: BoolArray
    total: int
    _relevance: Relevance | None
    _older: IntArray

    def best(self, allowed: BoolArray | None = None, *, offset: int = 0, limit: int | None = None) -> IntArray:
        """Rows best first, the newest first among equals; only those `allowed` (by listing row), and only a page."""
        rows = np.flatnonzero(self.mask if allowed is None else self.mask & allowed)
        keys = -self._older[rows]
        if self._relevance is not None:
            # The bits of positive floats are in the order of the floats: one number to compare instead of two.
            keys -= self._relevance[rows].view(np.int32).astype(np.int64) << 32
        stop = len(rows) if limit is None else offset + limit
        if stop < len(rows):
            kept = np.argpartition(keys, stop)[:stop]
            rows, keys = rows[kept], keys[kept]
        page: IntArray = rows[np.argsort(keys)][offset:]
        return page


class SearchIndex:
    """An index in memory over listings, immutable once built. Safe to use from several threads.

    With a `previous` index only what is new or changed is read; the answers are those of an index made anew. If the
    names of skills are others now, `previous` is of no use and is not used.
    """

    def __init__(self, listings: Sequence[Listing], taxonomy: Taxonomy, previous: SearchIndex | None = None) -> None:
        if previous is not None and not previous._names.still_those_of(taxonomy):
            previous = None
        self._listings = tuple(listings)
        self._names: _SkillNames = _SkillNames(taxonomy) if previous is None else previous._names.over(taxonomy)
        before = np.full(len(listings), -1) if previous is None else carried(listings, previous._listings)
        fresh = [listings[row] for row in np.flatnonzero(before < 0).tolist()]
        posted = np.zeros(len(listings)) if previous is None else taken_over(before, previous._posted)
        posted[before < 0] = [listing.posted_at.timestamp() for listing in fresh]
        if previous is None:
            self._documents = Collection([self._segment(fresh)], np.arange(len(fresh)))
        else:
            self._documents = previous._documents.changed(before, self._segment(fresh) if fresh else None)
        self._posted: FloatArray = posted
        self._older: IntArray = np.empty(len(listings), dtype=np.int64)
        self._older[np.argsort(-posted, kind="stable")] = np.arange(len(listings))[::-1]
        self._cached: dict[str, Hits] = {}

    def _segment(self, listings: Sequence[Listing]) -> Segment:
        writer = SegmentWriter(len(_BOOSTS) - 1, self._names.of)
        for listing in listings:
            record = listing.record
            called = " \n ".join(requirement.label for requirement in record.requirements)
            skills = [requirement.skill_id for requirement in listing.requirements]
            writer.add(skills, record.title, called, _around(listing), record.description)
        return writer.segment()

    def rows(self, query: str) -> IntArray:
        """Rows of all listings the query finds, best first; an empty query finds all, newest first."""
        return self.find(query).best()

    def find(self, query: str) -> Hits:
        """What a query finds; an empty one finds all.

        All words must be found; where nothing has them all, any will do. A word in double quotes with its neighbours
        is a phrase, a word after a minus must not occur, anything else that looks like syntax is just text.
        """
        query = " ".join(query.split())
        hits = self._cached.get(query)
        if hits is None:
            if len(self._cached) >= _REMEMBERED:
                self._cached.clear()
            hits = self._cached[query] = self._find(query)
        return hits

    def _find(self, query: str) -> Hits:
        wanted, unwanted = self._clauses(query)
        places = self._documents.places
        mask = np.ones(len(places), dtype=bool)
        relevance: Relevance | None = None
        if wanted:
            relevance = sum(wanted[1:], wanted[0])[places]
            mask = np.logical_and.reduce([clause > 0 for clause in wanted])[places]
            if len(wanted) > 1 and not mask.any():
                mask = relevance > 0
        if unwanted:
            mask &= ~np.logical_or.reduce([clause > 0 for clause in unwanted])[places]
        return Hits(mask, int(np.count_nonzero(mask)), relevance, self._older)

    def _clauses(self, query: str) -> tuple[list[Relevance], list[Relevance]]:
        """The relevance of every document for each word or phrase: for those wanted, and for those not."""
        wanted: list[Relevance] = []
        unwanted: list[Relevance] = []
        without_word = False
        for part in _QUOTED.finditer(query):
            words = tokens(part["phrase"] or part["word"] or "")[:_MOST_WORDS]
            if len(wanted) + len(unwanted) >= _MOST_WORDS:
                break
            if not words:
                without_word |= not part["not"] and bool((part["phrase"] or part["word"] or "").strip())
                continue
            relevance = self._documents.nothing()
            if not part["not"] and part["phrase"] is None and len(words) == 1 and len(words[0]) >= _PREFIX_FROM:
                self._documents.set_like(relevance, words[0], _worths(len(words[0])))
            for field, boost in enumerate(_BOOSTS):
                if part["phrase"] is None and not part["not"] and len(words) > 1:
                    self._documents.add_phrase_beginning(relevance, field, words, _BEGINNING * boost)
                self._documents.add_words(relevance, field, words, boost)
            (unwanted if part["not"] else wanted).append(relevance)
        if without_word and not wanted:  # symbols alone, or a word longer than any that is indexed: nothing has it
            wanted.append(self._documents.nothing())
        return wanted, unwanted


class _SkillNames:
    """All names of skills, so that "k8s" finds Kubernetes and a German name finds an English post."""

    def __init__(self, taxonomy: Taxonomy, texts: dict[str, str] | None = None) -> None:
        self._taxonomy = taxonomy
        self._texts = texts or {}

    def over(self, taxonomy: Taxonomy) -> _SkillNames:
        """The same names, and further ones from another taxonomy."""
        return _SkillNames(taxonomy, dict(self._texts))

    def still_those_of(self, taxonomy: Taxonomy) -> bool:
        """Whether a taxonomy has the same names for all skills that documents have."""
        return taxonomy is self._taxonomy or all(
            skill_id in taxonomy.skills and _names(skill_id, taxonomy) == text for skill_id, text in self._texts.items()
        )

    def of(self, skill_id: str) -> str:
        """The names of a skill as one text."""
        if skill_id not in self._texts:
            self._texts[skill_id] = _names(skill_id, self._taxonomy)
        return self._texts[skill_id]


def _names(skill_id: str, taxonomy: Taxonomy) -> str:
    skill = taxonomy.skills[skill_id]
    return " \n ".join(dict.fromkeys((skill.label, *(label.text for label in skill.labels))))


def _around(listing: Listing) -> str:
    record = listing.record
    around = [listing.id, *listing.departments, listing.location or "", listing.owner_name or "", *record.tags]
    around += [language_name(code) for code in listing.languages]
    if isinstance(record, LearningPath):
        around += [record.provider or "", record.level or "", record.content_kind]
    return " \n ".join(around)
