"""Similar titles: rank a corpus of titles for every query title. MAP over the whole corpus.

The key is a TREC file (qrels.X.tsv.gz of TalentCLEF, annotations.X.tsv.gz of Avature); queries.X and the corpus
(corpus_elements or corpus_documents) stand beside it.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from benchmarks.quality.metrics import average_precision, mean
from benchmarks.quality.task import Options, Outcome, Published, Row
from benchmarks.quality.title_data import Baselines, beside, imported, judged, ranked, texts
from echo_core.skills.occupations.titles import TitleBridge

_SOURCE = "TalentCLEF/talentclef: static/results_task_a/results_a.tsv (test set, other and harder queries)"
_PUBLISHED = {
    "AlexU-NLP, multilingual-e5-large, contrastive on ESCO": {"en": 0.559, "es": 0.527, "de": 0.516, "zh": 0.508},
    "TechWolf, 278M encoder, internal data": {"en": 0.533, "es": 0.519, "de": 0.500, "zh": 0.510},
    "pjmathematician, 7B decoder, contrastive on ESCO": {"en": 0.563, "es": 0.507, "de": 0.476, "zh": 0.516},
    "DS@GT, MPNet zero-shot": {"en": 0.440, "es": 0.402, "de": 0.355, "zh": 0.421},
    "organisers' baseline, multilingual MiniLM zero-shot": {"en": 0.408, "es": 0.348, "de": 0.324},
}


def run(options: Options) -> Outcome:
    right = judged(options.key)
    queries = {one: text for one, text in texts(beside(options.key, "queries")).items() if one in right}
    try:
        corpus = texts(beside(options.key, "corpus_elements"))
    except SystemExit:
        corpus = texts(beside(options.key, "corpus_documents"))
    names, ids = list(queries), list(corpus)

    def figures(scores: Any) -> dict[str, float]:
        return {
            "MAP": mean(
                [average_precision(ranked(row, ids), right[one]) for one, row in zip(names, scores, strict=True)]
            )
        }

    outcome = Outcome("titles", len(queries))
    for method, scores in Baselines(list(corpus.values())).scores(list(queries.values())):
        outcome.rows.append(Row(method, figures(scores)))
    started = perf_counter()
    bridge = TitleBridge(imported(options.data, options.language), options.encoder)
    read = perf_counter()
    bridge.index(options.language)
    built = perf_counter()
    scores = bridge.similar(list(queries.values()), list(corpus.values()), options.language)
    outcome.rows.append(Row("title bridge", figures(scores), ours=True))
    outcome.seconds = {"read": read - started, "index": built - read, "score": perf_counter() - built}
    outcome.published = [
        Published(method, {"MAP": by_language[options.language]}, _SOURCE)
        for method, by_language in _PUBLISHED.items()
        if options.language in by_language
    ]
    return outcome
