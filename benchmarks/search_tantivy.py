"""Opportunity search on tantivy, tried: the same answers as `SearchIndex`, and what they take beside it.

    uv run --group peers python -m benchmarks.search_tantivy --people 2000 --opportunities 100000

Prints JSON. `TantivyIndex` can be put in the place of `SearchIndex`: it answers the same queries, and lists the same
opportunities. `echo_hub/snapshot/search/README.md` says what came of it.
"""

from __future__ import annotations

import json
import math
import random
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Occur, Query

from benchmarks.search import TODAY, changed, made, queries
from benchmarks.snapshot import company, company_options, timed
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_hub.services.search import search
from echo_hub.snapshot import SnapshotHolder, build_snapshot
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.catalogue.reuse import carried
from echo_hub.snapshot.search import index as ours
from echo_hub.snapshot.search.tokens import tokens

FIELDS = ("skills", "title", "called", "around", "text")
WRITER_BYTES = 64_000_000
STEPS = 512
"""Weights are whole numbers of this part of 1, so that sums are exact in whichever order tantivy adds them."""


class TantivyIndex:
    """`SearchIndex` on tantivy, in a folder of its own; after `previous` one only what changed is written.

    Segments never change, so the folder of the next revision links to them. Documents keep their number (`place`) from
    one revision to the next.

    Args:
        constant: weigh a word in a field by our own inverse document frequency, not by tantivy's BM25.
    """

    def __init__(
        self,
        listings: Sequence[Listing],
        taxonomy: Taxonomy,
        folder: Path,
        previous: TantivyIndex | None = None,
        *,
        constant: bool = True,
    ) -> None:
        self.constant, self._taxonomy, self._folder = constant, taxonomy, folder
        self._listings = tuple(listings)
        kept = np.full(len(listings), -1) if previous is None else carried(listings, previous._listings)
        fresh = np.flatnonzero(kept < 0)
        folder.mkdir()
        start = 0
        self._places = np.arange(len(listings))
        if previous is None:
            index = tantivy.Index(_schema(), path=str(folder))
        else:
            for file in previous._folder.iterdir():
                if file.suffix == ".json":
                    shutil.copy(file, folder)
                elif file.suffix != ".lock":
                    (folder / file.name).hardlink_to(file)
            index = tantivy.Index.open(str(folder))
            start = len(previous._row_of)
            self._places[kept >= 0] = previous._places[kept[kept >= 0]]
            self._places[fresh] = start + np.arange(len(fresh))
        index.register_tokenizer("folded", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._schema = index.schema
        writer = index.writer(WRITER_BYTES, 1)
        for place in [] if previous is None else np.setdiff1d(previous._places, self._places).tolist():
            # delete_documents_by_term() takes a number for a signed one and deletes nothing.
            writer.delete_documents_by_query(Query.term_query(self._schema, "place", place))
        for number, row in enumerate(fresh.tolist()):
            writer.add_document(self._document(listings[row], start + number))
        writer.commit()
        if previous is None:
            writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self._row_of = np.full(start + len(fresh), -1, dtype=np.int64)
        self._row_of[self._places] = np.arange(len(listings))
        self._older = np.empty(len(listings), dtype=np.int64)
        newest = np.argsort([-listing.posted_at.timestamp() for listing in listings], kind="stable")
        self._older[newest] = np.arange(len(listings))[::-1]
        self._rarities: dict[tuple[str, str], float] = {}

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return int(self._searcher.num_segments)

    def _document(self, listing: Listing, place: int) -> tantivy.Document:
        document = tantivy.Document()
        for skill_id in dict.fromkeys(requirement.skill_id for requirement in listing.requirements):
            document.add_text("skills", _folded(ours._names(skill_id, self._taxonomy)))
        document.add_text("title", _folded(listing.record.title))
        document.add_text(
            "called", _folded(" \n ".join(requirement.label for requirement in listing.record.requirements))
        )
        document.add_text("around", _folded(ours._around(listing)))
        document.add_text("text", _folded(listing.record.description))
        document.add_unsigned("place", place)
        return document

    def find(self, query: str) -> ours.Hits:
        """What `SearchIndex.find` finds; nothing is remembered."""
        wanted, unwanted, without_word = [], [], False
        for part in ours._QUOTED.finditer(query):
            text = part["phrase"] or part["word"] or ""
            words = tokens(text)[: ours._MOST_WORDS]
            if words:
                clause = self._clause(words, exact=part["phrase"] is not None or bool(part["not"]))
                (unwanted if part["not"] else wanted).append(clause)
            else:
                without_word |= not part["not"] and bool(text.strip())
        count = len(self._listings)
        if not wanted and not unwanted:
            mask = np.full(count, not without_word)
            return ours.Hits(mask, int(mask.sum()), None, self._older)
        without = [(Occur.MustNot, clause) for clause in unwanted]
        every = [(Occur.Must, clause) for clause in wanted] or [(Occur.Must, Query.all_query())]
        rows, scores = self._hits([*every, *without])
        if len(wanted) > 1 and not len(rows) and not (without and len(self._hits(every)[0])):
            some = Query.boolean_query([(Occur.Should, clause) for clause in wanted])
            rows, scores = self._hits([(Occur.Must, some), *without])
        mask, relevance = np.zeros(count, dtype=bool), np.zeros(count, dtype=np.float32)
        mask[rows], relevance[rows] = True, scores
        return ours.Hits(mask, len(rows), relevance if wanted else None, self._older)

    def _hits(self, clauses: list[tuple[Occur, Query]]) -> tuple[np.ndarray, np.ndarray]:
        hits = self._searcher.search(Query.boolean_query(clauses), len(self._listings), count=False).hits
        places = self._searcher.fast_field_values("place", [address for _, address in hits])
        return self._row_of[np.array(places, dtype=np.int64)], np.array([score for score, _ in hits], dtype=np.float32)

    def _clause(self, words: list[str], *, exact: bool) -> Query:
        either = [self._words(field, words, boost) for field, boost in zip(FIELDS, ours._BOOSTS, strict=True)]
        for field, boost in () if exact else zip(FIELDS, ours._BOOSTS, strict=True):
            beginning, typo = ours._BEGINNING * boost, ours._TYPO * boost
            if len(words) > 1:
                patterns = [re.sub(r"(\W)", r"\\\1", word) for word in words]
                patterns[-1] += ".*"  # phrase_prefix_query() looks at 50 words with this beginning and no more
                either.append(_worth(Query.regex_phrase_query(self._schema, field, patterns), beginning))
            elif field != FIELDS[-1] and len(words[0]) >= ours._PREFIX_FROM:
                like = Query.fuzzy_term_query(self._schema, field, words[0], distance=0, prefix=True)
                either.append(_worth(like, beginning))
                if len(words[0]) >= ours._TYPO_FROM:
                    either.append(_worth(Query.fuzzy_term_query(self._schema, field, words[0], distance=1), typo))
        return Query.disjunction_max_query(either)

    def _words(self, field: str, words: list[str], boost: float) -> Query:
        if len(words) == 1:
            query = Query.term_query(self._schema, field, words[0])
        else:
            query = Query.phrase_query(self._schema, field, list(words))
        if not self.constant:
            return Query.boost_query(query, boost)
        return _worth(query, boost * sum(self._rarity(field, word) for word in words))

    def _rarity(self, field: str, word: str) -> float:
        """The inverse document frequency among what is there: doc_freq() counts what was deleted too."""
        if (field, word) not in self._rarities:
            having = self._searcher.search(Query.term_query(self._schema, field, word), 1).count
            self._rarities[field, word] = math.log(1 + (len(self._listings) - having + 0.5) / (having + 0.5))
        return self._rarities[field, word]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="folded")
    builder.add_unsigned_field("place", fast=True, indexed=True)
    return builder.build()


def _folded(text: str) -> str:
    return " ".join(tokens(text))


def _worth(query: Query, weight: float) -> Query:
    return Query.const_score_query(query, max(round(weight * STEPS), 1) / STEPS)


def main() -> None:
    """Runs everything once and prints one JSON object."""
    parser = company_options(__doc__, people=2_000, opportunities=100_000)
    parser.add_argument("--calls", type=int, default=300, help="queries of each sort")
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311, an invented company
    with company(options) as (database, _, _), tempfile.TemporaryDirectory() as temporary:
        snapshot = SnapshotHolder(lambda _: build_snapshot(database, today=TODAY), lambda: 0).current()
        folder, taxonomy = Path(temporary), snapshot.taxonomy
        index, own_cost = made(lambda: ours.SearchIndex(snapshot.listings, taxonomy))
        tried, cost = made(lambda: TantivyIndex(snapshot.listings, taxonomy, folder / "1"))
        after = changed(snapshot.listings, draw)
        own_update = made(lambda: ours.SearchIndex(after, taxonomy, index))[1]
        updated, update_cost = made(lambda: TantivyIndex(after, taxonomy, folder / "2", tried))
        anew = TantivyIndex(after, taxonomy, folder / "3")
        by_sort = queries(snapshot, options.calls, draw)
        report: dict[str, object] = {
            "build": {"ours": own_cost, "tantivy": cost, "segments": tried.segments},
            "disk_mb": round(sum(file.stat().st_size for file in (folder / "1").iterdir()) / 1e6, 1),
            "update": {"ours": own_update, "tantivy": update_cost},
        }
        for sort, asked in by_sort.items():
            words = [query for query, _ in asked if query]
            if not words:
                continue
            hits = [index.find(query) for query in words]
            same = [bool((hit.mask == tried.find(query).mask).all()) for hit, query in zip(hits, words, strict=True)]
            report[sort] = {
                "hits": {share: int(np.percentile([hit.total for hit in hits], share)) for share in (50, 90, 99)},
                "lists_the_same": sum(same) / len(same),
            }
            for name, engine in (("ours", index), ("tantivy", tried)):
                snapshot.index = engine
                getattr(engine, "_cached", {}).clear()
                report[sort][name] = timed(lambda at, asked=asked: search(snapshot, *asked[at]), len(asked))
            for name, constant in (("constant", True), ("bm25", False)):
                updated.constant = anew.constant = constant
                orders = [(updated.find(query).best(), anew.find(query).best()) for query in words[:100]]
                agreeing = sum(np.array_equal(*pair) for pair in orders)
                report[sort][f"update_equals_rebuild_{name}"] = agreeing / len(orders)
        print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
