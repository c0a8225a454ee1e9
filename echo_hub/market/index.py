"""Full-text search over everything that is listed: words, the beginnings of words, small typing errors.

The index knows no person and no score: whatever the matcher thinks, a listed opportunity is found by its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import tantivy

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.model import LearningPath
from echo_core.skills.taxonomy import Taxonomy
from echo_hub.market.countries import language_name
from echo_hub.market.listing import Listing

_BY_SIGN = r"\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09d7"
# Scripts written without spaces are indexed sign by sign, all others word by word; "C++" and "C#" stay whole.
_TOKENS = re.compile(rf"[{_BY_SIGN}]|(?:[^\W_{_BY_SIGN}][{_MARKS}]*)+[+#]*")
_BOOSTS = (("title", 4.0), ("skills", 3.0), ("around", 1.5), ("text", 1.0))
_QUOTED = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
_PREFIX_FROM = 2
_TYPO_FROM = 5
_MOST_WORDS = 24
_LONGEST_WORD = 100
_REMEMBERED = 64
"""Queries whose results are kept, so that the next page and another filter cost nothing."""
_AT_FIRST, _MORE = 256, 8
"""How many hits are put in order at first, and how many times as many when those do not fill the page."""
_BITS = 50
"""Documents to a block; the sum of as many different powers of two is exact in a float."""
_WRITER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query finds. `found` is by listing row, `total` how many that are."""

    found: BoolArray
    total: int
    _ordered: _Ordered

    def best(self, allowed: BoolArray | None = None, *, offset: int = 0, limit: int | None = None) -> IntArray:
        """Rows best first, the newest first among equals; only those `allowed` (by listing row), and only a page."""
        stop = self.total if limit is None else min(offset + limit, self.total)
        known = min(max(stop, _AT_FIRST), self.total)
        while True:
            rows = self._ordered.rows(known)
            kept = rows if allowed is None else rows[allowed[rows]]
            if len(kept) >= stop or known >= self.total:
                page: IntArray = kept[offset:stop]
                return page
            known = min(known * _MORE, self.total)


@dataclass(slots=True)
class _Ordered:
    """The best of what a query finds, as far as somebody has asked. Without a query it is all, newest first."""

    index: SearchIndex
    query: tantivy.Query | None
    _known: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def rows(self, count: int) -> IntArray:
        """At least so many, if there are."""
        known = self._known
        if len(known) < count:
            known = self._known = self.index.ordered(self.query, count)
        return known


class SearchIndex:
    """An index in memory over listings, in one segment, immutable once built. Safe to use from several threads.

    The best hits come from tantivy one by one, all that is found as bits: it hands over an address in a third of a
    microsecond, which for a word that half of 100,000 listings have is longer than all the rest of a search. So every
    document has a block and a power of two, and the sum over each block tells which documents of it are found.
    """

    def __init__(self, listings: Sequence[Listing], taxonomy: Taxonomy) -> None:
        self._analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
            .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.ascii_fold())
            .build()
        )
        builder = tantivy.SchemaBuilder()
        for name, _ in _BOOSTS:
            builder.add_text_field(name, tokenizer_name="words")
        builder.add_unsigned_field("place", fast=True)
        builder.add_unsigned_field("block", fast=True)
        builder.add_float_field("bit", fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("words", self._analyzer)
        newest = sorted(listings, key=lambda one: (-one.posted_at.timestamp(), one.id))
        self._newest: IntArray = np.array([one.row for one in newest], dtype=np.int64)
        words: dict[str, str] = {}
        writer = index.writer(_WRITER_BYTES, 1)
        for place, one in enumerate(newest):
            document = _document(one, taxonomy, words)
            document.add_unsigned("place", place)
            document.add_unsigned("block", place // _BITS)
            document.add_float("bit", float(1 << place % _BITS))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self._cached: dict[str, Hits] = {}

    def rows(self, query: str) -> IntArray:
        """Rows of all listings the query finds, best first; an empty query finds all, newest first."""
        return self.find(query).best()

    def find(self, query: str) -> Hits:
        """What a query finds; an empty one finds all.

        All words must be found; where nothing has them all, any will do. A word in double quotes with its neighbours
        is a phrase, a word after a minus must not occur, anything else that looks like syntax is just text.
        """
        query = " ".join(query.split())
        found = self._cached.get(query)
        if found is None:
            if len(self._cached) >= _REMEMBERED:
                self._cached.clear()
            found = self._cached[query] = self._find(query)
        return found

    def ordered(self, query: tantivy.Query | None, count: int) -> IntArray:
        """Rows of so many of the best hits."""
        if query is None:
            return self._newest
        hits = self._searcher.search(query, max(count, 1), count=False).hits
        addresses = [address for _, address in hits]
        places = np.array(self._searcher.fast_field_values("place", addresses), dtype=np.int64)
        relevance: FloatArray = np.array([score for score, _ in hits], dtype=np.float64)
        return self._newest[places[np.lexsort((places, -relevance))]]

    def _find(self, query: str) -> Hits:
        must, must_not = self._clauses(query)
        if not must and not must_not:
            return Hits(np.ones(len(self._newest), dtype=bool), len(self._newest), _Ordered(self, None))
        occur = tantivy.Occur
        unwanted = [(occur.MustNot, clause) for clause in must_not]
        wanted = [(occur.Must, clause) for clause in must] or [(occur.Must, tantivy.Query.all_query())]
        asked = tantivy.Query.boolean_query([*wanted, *unwanted])
        found = self._found(asked)
        if len(must) > 1 and not found.any():
            some = tantivy.Query.boolean_query([(occur.Should, clause) for clause in must])
            asked = tantivy.Query.boolean_query([(occur.Must, some), *unwanted])
            found = self._found(asked)
        return Hits(found, int(np.count_nonzero(found)), _Ordered(self, asked))

    def _found(self, query: tantivy.Query) -> BoolArray:
        """Which listings a query finds, by row."""
        blocks = -(-len(self._newest) // _BITS)
        sums = {"bits": {"sum": {"field": "bit"}}}
        each = {"field": "block", "size": max(blocks, 1), "segment_size": max(blocks, 1)}
        found = self._searcher.aggregate(query, {"blocks": {"terms": each, "aggs": sums}})["blocks"]["buckets"]
        bits = np.zeros(blocks, dtype=np.uint64)
        bits[[int(one["key"]) for one in found]] = [int(one["bits"]["value"]) for one in found]
        by_byte = bits.astype("<u8").view(np.uint8).reshape(blocks, 8)
        by_place = np.unpackbits(by_byte, axis=1, bitorder="little")[:, :_BITS].ravel()
        rows = np.zeros(len(self._newest), dtype=bool)
        rows[self._newest] = by_place[: len(self._newest)].astype(bool)
        return rows

    def _clauses(self, query: str) -> tuple[list[tantivy.Query], list[tantivy.Query]]:
        must: list[tantivy.Query] = []
        must_not: list[tantivy.Query] = []
        for part in _QUOTED.finditer(query):
            tokens = self._analyzer.analyze(_spaced(part["phrase"] or part["word"] or ""))[:_MOST_WORDS]
            if len(must) + len(must_not) >= _MOST_WORDS:
                break
            if not tokens:
                continue
            if part["not"]:
                must_not.append(self._exact(tokens))
            elif part["phrase"] is not None or len(tokens) > 1:
                must.append(self._exact(tokens))
            else:
                must.append(self._near(tokens[0]))
        return must, must_not

    def _exact(self, tokens: Sequence[str]) -> tantivy.Query:
        """These words, next to one another."""
        build = tantivy.Query
        fields = []
        for name, boost in _BOOSTS:
            one = (
                build.phrase_query(self._schema, name, list(tokens))
                if len(tokens) > 1
                else build.term_query(self._schema, name, tokens[0])
            )
            fields.append(build.boost_query(one, boost))
        return build.disjunction_max_query(fields)

    def _near(self, token: str) -> tantivy.Query:
        """A word, words that begin with it (worth less), or one typing error away from it (worth little)."""
        build = tantivy.Query
        options = [self._exact([token])]
        for name, boost in _BOOSTS[:3]:
            if len(token) >= _PREFIX_FROM:
                prefix = build.fuzzy_term_query(self._schema, name, token, 0, prefix=True)
                options.append(build.boost_query(prefix, 0.5 * boost))
            if len(token) >= _TYPO_FROM:
                typo = build.fuzzy_term_query(self._schema, name, token, 1)
                options.append(build.boost_query(typo, 0.2 * boost))
        return build.disjunction_max_query(options)


def _document(one: Listing, taxonomy: Taxonomy, words: dict[str, str]) -> tantivy.Document:
    record = one.record
    around = [one.id, *one.departments, one.location or "", one.owner_name or "", *record.tags]
    around += [language_name(code) for code in one.languages]
    if isinstance(record, LearningPath):
        around += [record.provider or "", record.level or "", record.content_kind]
    skills = [_words(need.skill_id, taxonomy, words) for need in one.needs]
    document = tantivy.Document()
    document.add_text("title", _spaced(record.title))
    document.add_text("skills", " ".join((*skills, *(_spaced(need.label) for need in record.needs))))
    document.add_text("around", _spaced(" \n ".join(around)))
    document.add_text("text", _spaced(record.description))
    return document


def _words(skill_id: str, taxonomy: Taxonomy, words: dict[str, str]) -> str:
    """All names of a skill, so that "k8s" finds Kubernetes and a German name finds an English post."""
    if skill_id not in words:
        skill = taxonomy.skills[skill_id]
        words[skill_id] = _spaced(" \n ".join(dict.fromkeys((skill.label, *(label.text for label in skill.labels)))))
    return words[skill_id]


def _spaced(text: str) -> str:
    """A text as words with spaces between. Tantivy's own pattern tokenizer compiles its pattern anew for every text."""
    return " ".join(_TOKENS.findall(unicodedata.normalize("NFKC", text)))
