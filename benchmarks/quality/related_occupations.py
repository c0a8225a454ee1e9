"""Occupations near an occupation, against O*NET's Related Occupations: 20 per occupation in three tiers.

Three kinds of evidence: everything O*NET says of an occupation; its skills, knowledge, activities, tools and technology
only; and, independent of O*NET, the profiles of its ESCO counterparts in the official crosswalk: the exact ones, else
the close, else the narrow ones, for the 819 occupations that have one. The key is read for scoring only. Since the list
is itself made from O*NET's tasks, knowledge and titles, only the third is an independent test.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.metrics import average_precision, mean, ndcg_at, recall_at
from benchmarks.quality.related_profiles import occupation_through
from benchmarks.quality.task import Options, Outcome, Published, Row
from echo_core.skills import Taxonomy, read_esco, read_onet
from echo_core.skills.occupations.related import Evidence, RelatedOccupations
from echo_core.skills.taxonomy.crosswalk import CLOSE, EXACT, NARROW, Match, crossed, read_crosswalk
from echo_core.skills.taxonomy.records import GROUP, Occupation

Grades = Mapping[str, Mapping[str, float]]
Likeness = Callable[[str, str], float]

_TIERS = {"Primary-Short": 3.0, "Primary-Long": 2.0, "Supplemental": 1.0}
_PRIMARY = 2.0
_SOURCE = "plain implementation, other half of this key"
PUBLISHED = [
    Published("all evidence, no model, learned weights", {"MAP": 0.685, "nDCG@10": 0.732, "R@10": 0.581}, _SOURCE),
    Published("all evidence + MiniLM, learned weights", {"MAP": 0.739, "nDCG@10": 0.770, "R@10": 0.619}, _SOURCE),
    Published("skills only, no model", {"MAP": 0.517, "nDCG@10": 0.580, "R@10": 0.448}, _SOURCE),
    Published("skills only + MiniLM", {"MAP": 0.543, "nDCG@10": 0.593, "R@10": 0.460}, _SOURCE),
    Published("ESCO evidence: graph, no model", {"MAP": 0.429, "nDCG@10": 0.500, "R@10": 0.400}, _SOURCE),
    Published("ESCO evidence: graph + MiniLM + title", {"MAP": 0.482, "nDCG@10": 0.532, "R@10": 0.432}, _SOURCE),
]
NOTES = (
    "Without mirrored pairs: right answers whose own list, in the key, has the query are left out.",
    "ESCO evidence: an occupation has the skills of its exact counterparts, else of the close, else of the narrow "
    "ones, and only occupations with a counterpart are ranked or counted as answers (Jaccard 0.369 on the dev half). "
    "“MAP of all 20” counts answers without one as missed.",
)


def run(options: Options) -> Outcome:
    """Scores all three kinds of evidence and the baselines of the same run."""
    grades = read_key(options.key)
    began = time.perf_counter()
    onet, nearest, every = taxonomies(options.data)
    outcome = Outcome("related-occupations", len(grades), published=PUBLISHED)
    outcome.seconds["read"] = round(time.perf_counter() - began, 2)
    wanted: list[tuple[str, Taxonomy, Evidence]] = [
        ("all evidence", onet, "all"),
        ("skills only", onet, "skills"),
        ("ESCO evidence", nearest, "all"),
        ("ESCO evidence, counterparts of every kind", every, "all"),
    ]
    for name, taxonomy, evidence in wanted:
        began = time.perf_counter()
        related = RelatedOccupations(taxonomy, options.encoder, evidence)
        asked = [one for one in grades if one in taxonomy.occupations]
        ranked = {one: list(related.ranked(one)) for one in asked}
        outcome.seconds[name] = round(time.perf_counter() - began, 2)
        outcome.rows.append(Row(f"{name} ({len(asked)})", figures(ranked, grades), ours=True))
    for name, taxonomy in (("O*NET items", onet), ("ESCO skills", nearest)):
        for method, likeness in baselines(taxonomy).items():
            ranked = {one: by(likeness, one, taxonomy) for one in grades if one in taxonomy.occupations}
            outcome.rows.append(Row(f"{method}, {name}", figures(ranked, grades)))
    outcome.notes += NOTES
    return outcome


def read_key(path: Path) -> dict[str, dict[str, float]]:
    """By occupation, the related ones with their grade: 3 short list, 2 long list, 1 supplemental."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    grades: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(io.StringIO(raw.decode()), delimiter="\t"):
        one, other = f"onet:{row['O*NET-SOC Code']}", f"onet:{row['Related O*NET-SOC Code']}"
        grades.setdefault(one, {})[other] = _TIERS[row["Relatedness Tier"]]
    return grades


def taxonomies(data: Path) -> tuple[Taxonomy, Taxonomy, Taxonomy]:
    """O*NET's occupations that have data (a job zone), and the same through their nearest and all ESCO counterparts."""
    onet, esco = read_onet(data / "onet" / "db_29_2"), read_esco(data / "esco" / "v1.1.1", ("en",))
    own = {one.id: one for one in onet.occupations.values() if one.zone is not None}
    both = Taxonomy(esco.skills, esco.sources, {**own, **esco.occupations})
    matches = read_crosswalk(data / "crosswalks" / "esco_onet_official_2022.csv.gz")
    nearest = through(both, matches, [(EXACT,), (CLOSE,), (NARROW,)])
    return Taxonomy(onet.skills, onet.sources, own), nearest, through(both, matches, [(EXACT, CLOSE, NARROW)])


def through(both: Taxonomy, matches: Sequence[Match], kinds: Sequence[Sequence[str]]) -> Taxonomy:
    """O*NET's occupations with what their ESCO counterparts ask for, of the first of `kinds` that gives any."""
    found: dict[str, Occupation] = {}
    for chosen in kinds:
        for one in crossed(both, matches, chosen).occupations.values():
            others = [both.occupations[other] for other in one.same]
            counterparts = [other for other in others if other.kind != GROUP]
            if one.id.startswith("onet:") and one.id not in found and counterparts:
                found[one.id] = occupation_through(replace(one, same=()), counterparts)
    return Taxonomy(both.skills, both.sources, found)


def figures(ranked: Mapping[str, Sequence[str]], grades: Grades) -> dict[str, float]:
    """Means over the queries. Answers without a profile are left out, except from "MAP of all 20", where they miss."""
    maps, strict, gains, recalls, unmirrored = [], [], [], [], []
    for one, found in ranked.items():
        known = set(found)
        right = {other: grade for other, grade in grades[one].items() if other in known}
        if not right:
            continue
        maps.append(average_precision(found, right))
        strict.append(average_precision(found, grades[one]))
        gains.append(ndcg_at(found, right, 10))
        primary = [other for other, grade in right.items() if grade >= _PRIMARY]
        recalls.append(recall_at(found, primary, 10))
        alone = {other for other in right if one not in grades.get(other, {})}
        if alone:
            mirrored = right.keys() - alone
            unmirrored.append(average_precision([other for other in found if other not in mirrored], alone))
    return {
        "MAP": mean(maps),
        "nDCG@10": mean(gains),
        "R@10": mean(recalls),
        "MAP of all 20": mean(strict),
        "MAP without mirrored pairs": mean(unmirrored),
    }


def baselines(taxonomy: Taxonomy) -> dict[str, Likeness]:
    """Jaccard, cosine and TF-IDF cosine over the plain sets of named skills, activities and technology."""
    sets = {one.id: _items(one) for one in taxonomy.occupations.values()}
    held: dict[str, int] = {}
    for items in sets.values():
        for item in items:
            held[item] = held.get(item, 0) + 1
    weight = {item: math.log(len(sets) / count) ** 2 for item, count in held.items()}
    norm = {one: math.sqrt(sum(weight[item] for item in items)) or 1.0 for one, items in sets.items()}

    def jaccard(one: str, other: str) -> float:
        return len(sets[one] & sets[other]) / (len(sets[one] | sets[other]) or 1)

    def cosine(one: str, other: str) -> float:
        return len(sets[one] & sets[other]) / (math.sqrt(len(sets[one]) * len(sets[other])) or 1.0)

    def tfidf(one: str, other: str) -> float:
        return sum(weight[item] for item in sets[one] & sets[other]) / (norm[one] * norm[other])

    return {"Jaccard": jaccard, "cosine, binary": cosine, "TF-IDF cosine": tfidf}


def _items(occupation: Occupation) -> frozenset[str]:
    named = (one.skill_id for one in occupation.skills if one.level is None)
    return frozenset([*named, *(one.id for one in occupation.traits if one.id.startswith("activity:"))])


def by(likeness: Likeness, one: str, taxonomy: Taxonomy) -> list[str]:
    """All other occupations, the most alike first."""
    scores = {other: likeness(one, other) for other in taxonomy.occupations if other != one}
    return sorted(scores, key=lambda other: (-scores[other], other))
