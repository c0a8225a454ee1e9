"""How search scales: a page of cards with facets for queries nobody has asked before, and the index behind them.

    python -m benchmarks.search --people 20000 --opportunities 100000

Prints JSON. The company is that of `benchmarks/snapshot.py`. `tantivy` answers the same queries, bare: the top
20 of its own parser over title, names of skills and text, without facets or cards. Judge by the processor's time
(`cpu`), because a busy machine stretches the clock.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import tantivy

from benchmarks.snapshot import COUNTRIES, TODAY, company, company_options, timed
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.snapshot import Snapshot, SnapshotHolder, build_snapshot
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.search.facets import Facets
from echo_hub.snapshot.search.index import SearchIndex

ROLES = ("engineer", "lead", "analyst", "manager")
WRITER_BYTES = 64_000_000


def queries(snapshot: Snapshot, calls: int, draw: random.Random) -> dict[str, list[tuple[str, Filters]]]:
    """Different queries and filters of each sort, in the words that listings use."""
    labels = [snapshot.taxonomy.skills[skill_id].label for skill_id in snapshot.space.ids]
    words = sorted({word.strip('"-,;') for label in labels for word in label.split()} - {""})

    def some(make: Callable[[], tuple[str, Filters]]) -> list[tuple[str, Filters]]:
        return list(dict.fromkeys(make() for _ in range(calls)))

    def place() -> Filters:
        return Filters(kind=(draw.choice(("job", "project")),), country=(draw.choice(COUNTRIES),))

    nothing = Filters()
    return {
        "one_word": some(lambda: (draw.choice((*ROLES, *words)), nothing)),
        "two_words": some(lambda: (f"{draw.choice(words)} {draw.choice((*ROLES, *words))}", nothing)),
        "three_words": some(lambda: (f"{draw.choice(words)} {draw.choice(words)} {draw.choice(ROLES)}", nothing)),
        "words_and_filters": some(lambda: (f"{draw.choice(words)} {draw.choice(ROLES)}", place())),
        "words_and_skill": some(lambda: (draw.choice(words), Filters(skill=(draw.choice(labels),)))),
        "browse": some(lambda: ("", place() if draw.random() < 0.5 else Filters(skill=(draw.choice(labels),)))),
    }


def made(make: Callable[[], object]) -> tuple[object, dict[str, float]]:
    """What is made, the seconds of the processor it took and the megabytes it keeps."""
    before, began = _resident_mb(), time.process_time()
    thing = make()
    used = time.process_time() - began
    return thing, {"cpu_s": round(used, 3), "mb": round(_resident_mb() - before, 1)}


def changed(listings: Sequence[Listing], draw: random.Random) -> tuple[Listing, ...]:
    """The listings with three other texts, one more and one less."""
    after = list(listings)
    for row in draw.sample(range(len(after)), 3):
        text = f"{after[row].record.description} changed"
        after[row] = replace(after[row], record=after[row].record.model_copy(update={"description": text}))
    after.append(replace(after[0], id=f"{after[0].id}-again"))
    del after[draw.randrange(len(after))]
    after.sort(key=lambda listing: listing.id)
    return tuple(listing if listing.row == row else replace(listing, row=row) for row, listing in enumerate(after))


def bare(snapshot: Snapshot) -> tantivy.Index:
    """An index of the same texts by tantivy, in one segment."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "skills", "text"):
        builder.add_text_field(name)
    index = tantivy.Index(builder.build())
    writer = index.writer(WRITER_BYTES, 1)
    for listing in snapshot.listings:
        names = (
            label.text
            for requirement in listing.requirements
            for label in snapshot.taxonomy.skills[requirement.skill_id].labels
        )
        record = listing.record
        writer.add_document(tantivy.Document(title=record.title, skills=" ".join(names), text=record.description))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def measured(snapshot: Snapshot, calls: int, seed: int) -> dict[str, object]:
    """Makes index and facets once more, changes them, and asks everything."""
    draw = random.Random(seed)  # noqa: S311, an invented company
    index, index_cost = made(lambda: SearchIndex(snapshot.listings, snapshot.taxonomy))
    facets, facets_cost = made(lambda: Facets(snapshot.listings, snapshot.space))
    assert isinstance(index, SearchIndex)
    assert isinstance(facets, Facets)
    after = changed(snapshot.listings, draw)
    anchor, anchor_cost = made(lambda: bare(snapshot))
    assert isinstance(anchor, tantivy.Index)
    searcher = anchor.searcher()
    by_sort = queries(snapshot, calls, draw)
    gc.freeze()  # as the holder does with what a snapshot holds

    def top(query: str) -> object:
        return searcher.search(anchor.parse_query_lenient(query, conjunction_by_default=True)[0], 20, count=False).hits

    return {
        "people": len(snapshot.people),
        "opportunities": len(snapshot.listings),
        "load": round(os.getloadavg()[0], 1),
        "index": index_cost,
        "facets": facets_cost,
        "changed": {
            "index": made(lambda: SearchIndex(after, snapshot.taxonomy, index))[1],
            "facets": made(lambda: Facets(after, snapshot.space, facets))[1],
        },
        "tantivy_index": anchor_cost,
        **{name: timed(lambda at, some=some: search(snapshot, *some[at]), len(some)) for name, some in by_sort.items()},
        "tantivy": {
            name: timed(lambda at, some=some: top(some[at][0]), len(some))
            for name, some in by_sort.items()
            if name in ("one_word", "two_words", "three_words")
        },
    }


def _resident_mb() -> float:
    ctypes.CDLL(None).malloc_trim(0)  # what was freed goes back, so that it is not taken from for nothing
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Runs everything once and prints one JSON object."""
    parser = company_options(__doc__, people=20_000, opportunities=100_000)
    parser.add_argument("--calls", type=int, default=500, help="queries of each sort")
    options = parser.parse_args()
    with company(options) as (database, _, _):
        snapshot = SnapshotHolder(lambda _: build_snapshot(database, today=TODAY), lambda: 0).current()
        print(json.dumps(measured(snapshot, options.calls, options.seed), indent=2))


if __name__ == "__main__":
    main()
