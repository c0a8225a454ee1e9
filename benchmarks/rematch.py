"""Everybody's best 20 at once beside the bare sparse product of the same matrices. Prints JSON.

    uv run --extra batch --group peers python benchmarks/rematch.py --store FOLDER

FOLDER holds a store made by `benchmarks/snapshot.py --store FOLDER --people 100000 --opportunities 10000`. The peer is
`sparse_dot_topn` with two threads and the best 20: people × (skill, level) coverage, smoothed over the graph, times
(skill, level) × what opportunities ask. It knows no rule, wish, location, lesson or congestion, no variety; ours does.
Both take turns, so that a busy machine is busy for both; medians are printed, by the clock and by the processor.
Compiling is reported apart: the code is kept on disk.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from echo_core.matching.batch import BatchRanker
from echo_core.matching.space import SkillSpace
from echo_hub.services.rematch import AT_ONCE, active_people
from echo_hub.snapshot import Snapshot, build_snapshot
from echo_hub.snapshot.ranker import Ranker
from echo_hub.store.database import open_database

TODAY = date(2026, 3, 2)
LEVELS = 5


def coverage(snapshot: Snapshot) -> sparse.csr_matrix:
    """People × (skill, level): how far each is covered, by the claim that covers it best."""
    claims, space = snapshot.claims, snapshot.space
    unknown = int(snapshot.weights.number("level", "unknown_claim"))
    has = np.flatnonzero(claims.stance == 0)
    levels = np.where(claims.level[has] > 0, claims.level[has], unknown)
    rows, columns, values = [], [], []
    for at in range(0, len(has), 200_000):
        some = slice(at, at + 200_000)
        row, target, met = _reached(
            space, claims.person[has][some].astype(np.int64), claims.skill[has][some], levels[some]
        )
        rows.append(np.repeat(row, LEVELS))
        columns.append((target[:, None] * LEVELS + np.arange(LEVELS)).ravel())
        values.append(met.ravel())
    row, column, value = (np.concatenate(one) for one in (rows, columns, values))
    width = len(space) * LEVELS
    order = np.lexsort((value, row * width + column))
    key = (row * width + column)[order]
    last = np.flatnonzero(np.r_[key[1:] != key[:-1], True])
    shape = (len(snapshot.people), width)
    return sparse.csr_matrix((value[order][last], (key[last] // width, key[last] % width)), shape=shape)


def _reached(
    space: SkillSpace, person: np.ndarray, skill: np.ndarray, level: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first = space.credit.indptr[skill].astype(np.int64)
    counts = space.credit.indptr[skill + 1] - first
    source = np.repeat(np.arange(len(skill)), counts)
    entry = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    met = np.minimum(1.0, level[source][:, None] / np.arange(1.0, LEVELS + 1)) * space.credit.data[entry][:, None]
    return person[source], space.credit.indices[entry].astype(np.int64), met


def spent(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and by the processor."""
    started, used = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - started, time.process_time() - used


def peak_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def everyone(snapshot: Snapshot) -> BatchRanker:
    """The engine, made anew: its tables count as part of a rematch."""
    snapshot.__dict__.pop("batch_ranker", None)
    return snapshot.batch_ranker


def all_lists(snapshot: Snapshot, people: list[int], top: int, threads: int) -> int:
    """Everybody's lists, in blocks that are dropped as soon as they are made, as a file would take them."""
    found, matches = everyone(snapshot), 0
    for start in range(0, len(people), AT_ONCE):
        matches += int((found.lists(people[start : start + AT_ONCE], top, threads).rows >= 0).sum())
    return matches


def agreement(snapshot: Snapshot, people: list[int], top: int) -> dict[str, float | int]:
    """Lists and scores beside those made one by one."""
    found = snapshot.batch_ranker.lists(people, top, 1)
    same, hits, places, worst = 0, 0, 0, 0.0
    for at, row in enumerate(people):
        ranking = Ranker(snapshot).for_person(row)
        expected, scores = ranking.rows[:top], ranking.scores
        listed = found.rows[at][found.rows[at] >= 0]
        same += np.array_equal(expected, listed)
        hits += len(np.intersect1d(expected, listed))
        places += len(expected)
        exact = np.full(len(snapshot.opportunity_table), np.nan)
        exact[scores.rows] = scores.total
        worst = max(worst, float(np.abs(exact[listed] - found.totals[at][: len(listed)]).max(initial=0.0)))
    return {
        "people": len(people),
        "same_list": round(same / len(people), 6),
        "share_of_exact_top_found": round(hits / max(places, 1), 6),
        "largest_difference_of_scores": worst,
    }


def main() -> None:
    """Runs everything and prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--top", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sample", type=int, default=500)
    options = parser.parse_args()
    database = open_database(None, options.store)
    snapshot = build_snapshot(database, today=TODAY)
    gc.freeze()
    people = active_people(snapshot)
    before_mb = peak_mb()
    compiling, _ = spent(lambda: everyone(snapshot).lists(people[:1], options.top, 1))
    matches = 0

    def ours() -> None:
        nonlocal matches
        matches = all_lists(snapshot, people, options.top, options.threads)

    first = spent(ours)
    ours_mb = peak_mb() - before_mb
    left = coverage(snapshot)
    right = sparse.csr_matrix((snapshot.block.essential + snapshot.block.desired).T)

    def bare() -> None:
        sp_matmul_topn(left, right, top_n=options.top, n_threads=options.threads)

    rounds = [(spent(bare), spent(ours)) for _ in range(options.rounds)]
    bare_s, ours_s = (statistics.median(one[which][0] for one in rounds) for which in (0, 1))
    bare_cpu, ours_cpu = (statistics.median(one[which][1] for one in rounds) for which in (0, 1))
    draw = np.random.default_rng(1)
    sample = sorted(draw.choice(people, min(options.sample, len(people)), replace=False).tolist())
    print(
        json.dumps(
            {
                "people": len(people),
                "opportunities": len(snapshot.listings),
                "skills": len(snapshot.space),
                "matches": matches,
                "top": options.top,
                "threads": options.threads,
                "load": round(os.getloadavg()[0], 1),
                "compile_or_load_s": round(compiling, 2),
                "bare_s": round(bare_s, 2),
                "ours_s": round(ours_s, 2),
                "ratio": round(statistics.median(mine[0] / theirs[0] for theirs, mine in rounds), 2),
                "bare_cpu_s": round(bare_cpu, 2),
                "ours_cpu_s": round(ours_cpu, 2),
                "cpu_ratio": round(statistics.median(mine[1] / theirs[1] for theirs, mine in rounds), 2),
                "first_run_s": round(first[0], 2),
                "people_per_s": round(len(people) / ours_s),
                "people_per_cpu_s": round(len(people) / ours_cpu),
                "peak_more_mb": round(ours_mb, 1),
                "rounds": [[round(value, 2) for pair in one for value in pair] for one in rounds],
                "agreement": agreement(snapshot, sample, options.top),
            },
            indent=2,
        )
    )
    database.close()


if __name__ == "__main__":
    main()
