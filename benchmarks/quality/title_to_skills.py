"""Title to skills: rank all ESCO skills for the title of an occupation whose own skills are hidden. MAP and RP@10.

The key is a list of occupation URIs, one a line (or a CSV with conceptUri or occupationUri), or ESCO's own
occupationSkillRelations file. An occupation is in the dev half if the first byte of SHA-256 over "titleskills|<URI>" is
even; of the relations file the 700 dev occupations with the lowest digest are asked. Only occupations of the half with
fewer of the queries may be neighbours. Essential and optional skills are right answers.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.quality.metrics import average_precision, mean, r_precision_at
from benchmarks.quality.task import Options, Outcome, Published, Row
from benchmarks.quality.title_data import imported, opened, ranked
from echo_core.skills.occupations.title_words import plain_title
from echo_core.skills.occupations.titles import TitleBridge
from echo_core.skills.taxonomy.records import GROUP
from echo_core.text.similarity import SimilarityIndex, letter_pieces

_QUERIES = 700
_SOURCE = "TalentCLEF/talentclef: static/results_task_b/results_b.tsv (another key: a scale only)"
_PUBLISHED = {
    "TalentCLEF B best, 7B decoder, contrastive": 0.360,
    "TalentCLEF B, e5-large": 0.345,
    "TalentCLEF B, mdeberta": 0.290,
    "TalentCLEF B organisers' baseline, zero-shot": 0.196,
}


def run(options: Options) -> Outcome:
    started = perf_counter()
    taxonomy = imported(options.data, options.language)
    roles = {one.uri: one for one in taxonomy.occupations.values() if one.source == "esco" and one.kind != GROUP}
    asked = [roles[uri] for uri in _asked(options.key) if uri in roles and roles[uri].skills]
    right = [{one.skill_id for one in role.skills} for role in asked]
    dev_queries = sum(_in_dev(role.uri or "") for role in asked)
    other_half = dev_queries * 2 < len(asked)
    hidden = {role.id for role in asked} | {
        role.id for uri, role in roles.items() if uri and _in_dev(uri) is not other_half
    }
    left = {one.id: one for one in taxonomy.occupations.values() if one.id not in hidden}
    taxonomy = replace(taxonomy, occupations=left)
    skills = [one for one in taxonomy if one.source == "esco" and one.kind != GROUP]
    ids = [one.id for one in skills]
    titles = [role.label_in(options.language) for role in asked]

    outcome = Outcome("title-to-skills", len(asked))
    common = Counter(one.skill_id for role in left.values() for one in role.skills)
    most = sorted(ids, key=lambda one: -common[one])
    outcome.rows.append(_row("most common skills", [most] * len(asked), right))
    grams = SimilarityIndex([plain_title(one.label_in(options.language)) for one in skills], letter_pieces())
    scores = grams.cosines([plain_title(title) for title in titles]).toarray()
    outcome.rows.append(
        _row("TF-IDF char 2-4, title to skill name", [ranked(row, ids) for row in np.asarray(scores)], right)
    )

    read = perf_counter()
    bridge = TitleBridge(taxonomy, options.encoder)
    bridge.index(options.language)
    built = perf_counter()
    wanted = set(ids)
    ours = [[one for one, _ in bridge.skills_for(title, options.language) if one in wanted] for title in titles]
    outcome.rows.append(_row("title bridge", ours, right, ours=True))
    outcome.seconds = {"read": read - started, "index": built - read, "score": perf_counter() - built}
    outcome.published = [Published(method, {"MAP": figure}, _SOURCE) for method, figure in _PUBLISHED.items()]
    outcome.notes.append(
        f"{sum(one.id.startswith('esco:') for one in left.values())} ESCO occupations and groups are left as neighbours"
    )
    return outcome


def _asked(key: Path) -> list[str]:
    """The URIs a key asks about."""
    with opened(key) as stream:
        rows = list(csv.reader(stream))
    header = rows[0] if rows else []
    column = next((header.index(name) for name in ("occupationUri", "conceptUri") if name in header), None)
    uris = [row[column or 0].strip() for row in rows[column is not None :] if row]
    if "relationType" not in header:
        return list(dict.fromkeys(uris))
    return sorted(filter(_in_dev, set(uris)), key=_digest)[:_QUERIES]


def _digest(uri: str) -> bytes:
    return sha256(f"titleskills|{uri}".encode()).digest()


def _in_dev(uri: str) -> bool:
    return _digest(uri)[0] % 2 == 0


def _row(method: str, orders: Sequence[Sequence[str]], right: Sequence[set[str]], *, ours: bool = False) -> Row:
    pairs = list(zip(orders, right, strict=True))
    figures = {
        "MAP": mean([average_precision(order, answers) for order, answers in pairs]),
        "RP@10": mean([r_precision_at(order, answers, 10) for order, answers in pairs]),
    }
    return Row(method, figures, ours)
