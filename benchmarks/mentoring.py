"""Pairing a whole company at once: time, share of the optimum, places oversold. Prints JSON.

    python benchmarks/mentoring.py --mentees 6000 --mentors 1500 [--data eval-mentoring folder]

Scores are invented by a seeded generator: each mentee has some candidates, drawn with the skew of real popularity, and
good mentors are good for everyone. The peers run in the same process on the same scores: scipy's dense
`linear_sum_assignment` on one column per place, which is the optimum, and plain greedy, the best pair first.

With `--data` the real accept and skip pairs of that folder are loaded as one more pool, to see that its shape can be
paired. Nothing is tuned on it: what people chose there is not explained by fit.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
from ast import literal_eval
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from echo_core.matching.arrays import IntArray
from echo_core.matching.pairing import Candidates, assign

REPEATS = 5


def invented(mentees: int, mentors: int, each: int, seed: int) -> tuple[Candidates, IntArray]:
    """Candidates and places: `each` candidates a mentee, popular mentors far more often than others."""
    draw = np.random.default_rng(seed)
    popularity = 1.0 / (np.arange(mentors) + 20.0)
    draw.shuffle(popularity)
    popularity /= popularity.sum()
    liked = draw.random(mentors)
    mentor = np.concatenate(
        [draw.choice(mentors, min(each, mentors), replace=False, p=popularity) for _ in range(mentees)]
    )
    mentee = np.repeat(np.arange(mentees), min(each, mentors))
    score = np.clip(0.2 + 0.35 * liked[mentor] + 0.45 * draw.random(len(mentor)), 0.0, 1.0)
    return Candidates(mentee, mentor, score), draw.integers(1, 4, mentors)


def dense(pool: Candidates, places: IntArray) -> IntArray:
    """The optimum by the textbook: one column per place."""
    columns = np.repeat(np.arange(len(places)), places)
    where = np.full((int(pool.mentee.max()) + 1, len(places)), -1)
    where[pool.mentee, pool.mentor] = np.arange(len(pool))
    table = np.where(where >= 0, pool.score[where], 0.0)[:, columns]
    rows, found = linear_sum_assignment(table, maximize=True)
    chosen = where[rows, columns[found]]
    return chosen[chosen >= 0]


def greedy(pool: Candidates, places: IntArray) -> IntArray:
    """The best pair first, then the next that still fits."""
    left, free, chosen = places.copy(), np.ones(int(pool.mentee.max()) + 1, dtype=bool), []
    for at in np.lexsort((pool.mentor, pool.mentee, -pool.score)).tolist():
        if free[pool.mentee[at]] and left[pool.mentor[at]] > 0:
            free[pool.mentee[at]] = False
            left[pool.mentor[at]] -= 1
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)


def measured(
    way: Callable[[Candidates, IntArray], IntArray],
    pool: Candidates,
    places: IntArray,
    best: float | None,
    repeats: int,
) -> dict[str, float | int]:
    """Best time of several, total, share of the optimum, and places oversold or mentees paired twice."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        chosen = way(pool, places)
        times.append(time.perf_counter() - started)
    total = float(pool.score[chosen].sum())
    over = int(np.maximum(np.bincount(pool.mentor[chosen], minlength=len(places)) - places, 0).sum())
    twice = len(chosen) - len(np.unique(pool.mentee[chosen]))
    return {
        "seconds": round(min(times), 3),
        "slowest_seconds": round(max(times), 3),
        "pairs": len(chosen),
        "total": round(total, 4),
        "share_of_optimum": round(total / best, 6) if best else 1.0,
        "over_capacity": over,
        "paired_twice": twice,
    }


def compared(pool: Candidates, places: IntArray, repeats: int) -> dict[str, dict[str, float | int]]:
    """Ours and the peers on one pool."""
    optimum = measured(dense, pool, places, None, 1)
    best = float(optimum["total"])
    return {
        "ours": measured(assign, pool, places, best, repeats),
        "ours_most_pairs": measured(lambda p, q: assign(p, q, most_pairs=True), pool, places, best, repeats),
        "scipy_linear_sum_assignment": optimum,
        "greedy": measured(greedy, pool, places, best, 1),
    }


def real(folder: Path, seed: int) -> tuple[Candidates, IntArray]:
    """The accept and skip pairs of a real platform; people are told apart by their answers, scores by shared topics."""
    [file] = folder.glob("*.csv.gz")
    mentees: dict[tuple[str, ...], int] = {}
    mentors: dict[tuple[str, ...], int] = {}
    pairs: dict[tuple[int, int], float] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            sides = [
                tuple(row[f"{who}_{what}"] for what in ("major", "help_topics", "experitse"))
                for who in ("mentee", "mentor")
            ]
            wants, gives = (set(literal_eval(side[1] or "[]")) for side in sides)
            shared = len(wants & gives) / max(len(wants | gives), 1)
            key = mentees.setdefault(sides[0], len(mentees)), mentors.setdefault(sides[1], len(mentors))
            pairs[key] = 0.01 + 0.99 * shared
    both = np.array(list(pairs), dtype=np.int64)
    draw = np.random.default_rng(seed)
    return Candidates(both[:, 0], both[:, 1], np.array(list(pairs.values()))), draw.integers(1, 4, len(mentors))


def main() -> None:
    """Prints one JSON object."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mentees", type=int, default=6_000)
    options.add_argument("--mentors", type=int, default=1_500)
    options.add_argument("--candidates", type=int, default=30, help="candidates per mentee")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--repeats", type=int, default=REPEATS)
    options.add_argument("--data", type=Path, help="the eval-mentoring folder")
    asked = options.parse_args()
    pool, places = invented(asked.mentees, asked.mentors, asked.candidates, asked.seed)
    told: dict[str, object] = {
        "mentees": asked.mentees,
        "mentors": asked.mentors,
        "places": int(places.sum()),
        "candidates": len(pool),
        "goal": {"seconds": 2.0, "share_of_optimum": 0.98, "over_capacity": 0},
        **compared(pool, places, asked.repeats),
    }
    if asked.data:
        pool, places = real(asked.data, asked.seed)
        shape = {"mentees": int(pool.mentee.max()) + 1, "mentors": len(places), "candidates": len(pool)}
        told["real_shape"] = {**shape, "ours": measured(assign, pool, places, None, asked.repeats)}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
