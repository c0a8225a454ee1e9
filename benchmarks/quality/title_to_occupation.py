"""Title to ESCO occupation: MRR and recall. The key says the set by its format.

- JobBERT: a CSV with vacancyTitle and conceptUri; all ESCO occupations are ranked.
- MELO: annotations.X.tsv.gz (TREC), with queries.X and corpus_elements beside it. The corpus is names, several per
  occupation ("C000001_en_003" is a name of C000001): occupations are ranked, each once, by names of the corpus alone.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.quality.metrics import mean, r_precision_at, recall_at, reciprocal_rank
from benchmarks.quality.task import Options, Outcome, Published, Row
from benchmarks.quality.title_data import Baselines, beside, imported, judged, opened, pooled, ranked, texts
from echo_core.skills.occupations.titles import TitleBridge
from echo_core.skills.taxonomy.esco import esco_id
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import GROUP, Label, Occupation, OccupationSkill, Skill

_MELO = "Avature/melo-benchmark: results (ranks names, not occupations; all of the USA set)"
_PUBLISHED_MELO_USA = {
    "char TF-IDF": 0.580,
    "word TF-IDF with lemmas": 0.606,
    "BM25 with lemmas": 0.600,
    "BGE-M3": 0.623,
    "E5": 0.674,
    "OpenAI embedding": 0.684,
}
_AT_ONCE = 500


def run(options: Options) -> Outcome:
    return _melo(options) if options.key.name.startswith("annotations") else _jobbert(options)


def _jobbert(options: Options) -> Outcome:
    started = perf_counter()
    taxonomy = imported(options.data, options.language)
    roles = [one for one in taxonomy.occupations.values() if one.source == "esco" and one.kind != GROUP]
    known = {one.id for one in roles}
    with opened(options.key) as stream:
        rows = [(row["vacancyTitle"], esco_id(row["conceptUri"].strip())) for row in csv.DictReader(stream)]
    titles = [title for title, _ in rows]
    right = [{occupation} for _, occupation in rows]
    outcome = Outcome("title-to-occupation", len(rows))
    unknown = sum(not answers <= known for answers in right)
    outcome.notes.append(f"{unknown} titles have an occupation that the release does not have; they count as missed")
    _baselines(outcome, titles, right, roles, options.language)
    read = perf_counter()
    bridge = TitleBridge(taxonomy, options.encoder)
    index = bridge.index(options.language)
    built = perf_counter()
    columns = [at for at, one in enumerate(index.occupations) if one.source == "esco"]
    ids = [index.occupations[at].id for at in columns]
    found = []
    for at in range(0, len(titles), _AT_ONCE):
        scores = index.scores(titles[at : at + _AT_ONCE])[:, columns]
        found += _figures(scores, ids, right[at : at + _AT_ONCE])
    outcome.rows.append(Row("title bridge", _means(found), ours=True))
    outcome.seconds = {"read": read - started, "index": built - read, "score": perf_counter() - built}
    return outcome


def _melo(options: Options) -> Outcome:
    annotated = judged(options.key)
    queries = {one: text for one, text in texts(beside(options.key, "queries")).items() if one in annotated}
    right = [{one.split("_")[0] for one in annotated[query]} for query in queries]
    names: dict[str, list[str]] = {}
    for element, text in texts(beside(options.key, "corpus_elements")).items():
        names.setdefault(element.split("_")[0], []).append(text)
    # Only the names of the set are known here; one stand-in skill makes occupations of them.
    skill = Skill("melo:any", "any", (Label("any", "en", preferred=True),))
    roles = [
        Occupation(
            one,
            every[0],
            tuple(Label(text, options.language, preferred=not at) for at, text in enumerate(every)),
            skills=(OccupationSkill(skill.id, essential=False),),
        )
        for one, every in names.items()
    ]
    titles = list(queries.values())
    outcome = Outcome("title-to-occupation", len(titles))
    _baselines(outcome, titles, right, roles, options.language)
    started = perf_counter()
    index = TitleBridge(Taxonomy.of([skill], occupations=roles), options.encoder).index(options.language)
    built = perf_counter()
    found = _figures(index.scores(titles), [one.id for one in index.occupations], right)
    outcome.rows.append(Row("title bridge, names alone", _means(found), ours=True))
    outcome.seconds = {"index": built - started, "score": perf_counter() - built}
    if "usa_q_en_c_en" in str(options.key):
        outcome.published = [Published(method, {"MRR": mrr}, _MELO) for method, mrr in _PUBLISHED_MELO_USA.items()]
    return outcome


def _baselines(
    outcome: Outcome, titles: Sequence[str], right: Sequence[set[str]], roles: Sequence[Occupation], language: str
) -> None:
    """Every name of an occupation is scored, and the best one counts."""
    names = [
        (at, label.text) for at, one in enumerate(roles) for label in one.labels if label.language == language
    ] or [(at, one.label) for at, one in enumerate(roles)]
    owners, corpus = [at for at, _ in names], [text for _, text in names]
    named = sorted(set(owners))
    dense = {owner: at for at, owner in enumerate(named)}
    ids = [roles[owner].id for owner in named]
    found: dict[str, list[dict[str, float]]] = {}
    simple = Baselines(corpus)
    for at in range(0, len(titles), _AT_ONCE):
        for method, scores in simple.scores(titles[at : at + _AT_ONCE]):
            best = pooled(scores, [dense[owner] for owner in owners], len(named))
            found.setdefault(method, []).extend(_figures(best, ids, right[at : at + _AT_ONCE]))
    outcome.rows += [Row(method, _means(figures)) for method, figures in found.items()]


def _figures(scores: Any, ids: Sequence[str], right: Sequence[set[str]]) -> list[dict[str, float]]:
    figures = []
    for row, answers in zip(np.asarray(scores), right, strict=True):
        order = ranked(row, ids)
        figures.append(
            {
                "MRR": reciprocal_rank(order, answers),
                "R@5": recall_at(order, answers, 5),
                "R@10": recall_at(order, answers, 10),
                "RP@10": r_precision_at(order, answers, 10),
            }
        )
    return figures


def _means(figures: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: mean([one[name] for one in figures]) for name in figures[0]} if figures else {}
