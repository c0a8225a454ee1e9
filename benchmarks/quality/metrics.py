"""Ranking and tagging metrics. Every `ranked` is ids, best first; every `right` the ids (or graded ids) of the key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log2


def average_precision(ranked: Sequence[str], right: Collection[str]) -> float:
    """Mean of the precision at each right answer; a right answer that is not ranked counts 0."""
    hits, total = 0, 0.0
    for place, one in enumerate(ranked, start=1):
        if one in right:
            hits += 1
            total += hits / place
    return total / len(right) if right else 0.0


def recall_at(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """Share of the right answers among the first k."""
    return sum(one in right for one in ranked[:k]) / len(right) if right else 0.0


def r_precision_at(ranked: Sequence[str], right: Collection[str], k: int) -> float:
    """RP@k: hits among the first k, divided by min(k, number of right answers)."""
    return sum(one in right for one in ranked[:k]) / min(k, len(right)) if right else 0.0


def reciprocal_rank(ranked: Sequence[str], right: Collection[str]) -> float:
    """1 / place of the first right answer, 0 when there is none."""
    return next((1.0 / place for place, one in enumerate(ranked, start=1) if one in right), 0.0)


def ndcg_at(ranked: Sequence[str], grades: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulative gain over graded answers, gain = grade, discount = log2(place + 1)."""
    gained = sum(grades.get(one, 0.0) / log2(place + 1) for place, one in enumerate(ranked[:k], start=1))
    best = sum(
        grade / log2(place + 1) for place, grade in enumerate(sorted(grades.values(), reverse=True)[:k], start=1)
    )
    return gained / best if best else 0.0


def micro(tagged: Sequence[Collection[str]], right: Sequence[Collection[str]]) -> dict[str, float]:
    """Micro precision, recall and F1 over all texts together."""
    hits = sum(len(set(ours) & set(theirs)) for ours, theirs in zip(tagged, right, strict=True))
    said, asked = sum(map(len, tagged)), sum(map(len, right))
    precision, recall = hits / said if said else 0.0, hits / asked if asked else 0.0
    total = precision + recall
    return {"P": precision, "R": recall, "F1": 2 * precision * recall / total if total else 0.0}


def mean(values: Collection[float]) -> float:
    """The arithmetic mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
