"""Skills in sentences of job ads: ranking by the suggester, and yes or no by the automatic tags and the suggestions.

The key is CSV with the columns sentence and label (others are ignored); a label that is no preferred label of ESCO
means "no skill". Ranking is scored on sentences with a label, tagging on all of them.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.quality.metrics import mean, micro, r_precision_at, reciprocal_rank
from benchmarks.quality.task import Options, Outcome, Published, Row
from echo_core.skills import Spotter, Taxonomy, read_esco
from echo_core.skills.extraction.suggester import Suggester, weights_for
from echo_core.skills.taxonomy.graph import GROUP
from echo_core.text.wording import words

_ESCO = "esco/v1.1.1"
_RANKED = 100
_BM25 = (1.2, 0.75)


def run(options: Options) -> Outcome:
    taxonomy = read_esco(options.data / _ESCO, languages=("en",))
    key = read_key(options.key, taxonomy)
    sentences, right = list(key), list(key.values())
    labelled = [(sentence, answer) for sentence, answer in key.items() if answer]
    outcome = Outcome("extraction", len(labelled), published=_published(options.key.name))
    for name, rank in _baselines(taxonomy).items():
        outcome.rows.append(Row(name, _ranking([rank(sentence) for sentence, _ in labelled], [a for _, a in labelled])))

    began = time.perf_counter()
    spotter = Spotter(taxonomy)
    suggester = Suggester(taxonomy, options.encoder, spotter)
    suggester.suggest(sentences[0])
    outcome.seconds["build"] = time.perf_counter() - began
    began = time.perf_counter()
    found = [suggester.suggest(sentence, language="en", top=_RANKED, least=0.0) for sentence in sentences]
    outcome.seconds["suggest"] = time.perf_counter() - began
    ranked = [[one.skill_id for one in each] for each, answer in zip(found, right, strict=True) if answer]
    outcome.rows.append(Row("suggestions, ranked", _ranking(ranked, [a for _, a in labelled]), ours=True))

    offered = weights_for(options.encoder)["offered"]
    likely = [{one.skill_id for one in each if one.confidence >= offered} for each in found]
    outcome.rows.append(Row(f"suggestions offered, chance {offered} and above", micro(likely, right), ours=True))
    spotted = [spotter.spot(sentence, language="en") for sentence in sentences]
    automatic = [{one.skill_id for one in each if one.automatic} for each in spotted]
    outcome.rows.append(Row("automatic tags", micro(automatic, right), ours=True))
    outcome.notes.append(f"{len(sentences)} sentences, {len(labelled)} with a label, {sum(map(len, right))} labels")
    return outcome


def read_key(path: Path, taxonomy: Taxonomy) -> dict[str, set[str]]:
    """The skill ids of each sentence, in the order of the file."""
    by_label = {skill.label: skill.id for skill in taxonomy if skill.kind != GROUP}
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    key: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(raw.decode())):
        answer = key.setdefault(row["sentence"], set())
        if row["label"] in by_label:
            answer.add(by_label[row["label"]])
    return key


def _ranking(ranked: Sequence[Sequence[str]], right: Sequence[set[str]]) -> dict[str, float]:
    pairs = list(zip(ranked, right, strict=True))
    return {
        "RP@5": mean([r_precision_at(ours, answer, 5) for ours, answer in pairs]),
        "RP@10": mean([r_precision_at(ours, answer, 10) for ours, answer in pairs]),
        "MRR": mean([reciprocal_rank(ours, answer) for ours, answer in pairs]),
    }


def _baselines(taxonomy: Taxonomy) -> dict[str, Callable[[str], list[str]]]:
    skills = [skill for skill in taxonomy if skill.kind != GROUP]
    ids = [skill.id for skill in skills]
    names = [words(" ".join(label.text for label in skill.labels)) for skill in skills]
    preferred = {" ".join(words(skill.label)): skill.id for skill in skills}
    return {
        "dictionary, preferred labels": lambda sentence: _named(words(sentence), preferred),
        "BM25 on labels": _Bm25(ids, [words(skill.label) for skill in skills]),
        "TF-IDF words, label and alternatives": _TfIdf(ids, names),
    }


def _named(said: list[str], labels: dict[str, str]) -> list[str]:
    """Every label whose words stand in the sentence one after the other, the longest first."""
    runs = (" ".join(said[at : at + size]) for size in range(8, 0, -1) for at in range(len(said) - size + 1))
    return list(dict.fromkeys(labels[run] for run in runs if run in labels))


class _Bm25:
    """Okapi BM25 in plain Python, k1 = 1.2, b = 0.75."""

    def __init__(self, ids: list[str], documents: list[list[str]]) -> None:
        self._ids = ids
        k1, b = _BM25
        usual = mean([len(document) for document in documents])
        seen_in = Counter(word for document in documents for word in set(document))
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for at, document in enumerate(documents):
            for word, count in Counter(document).items():
                idf = math.log(1 + (len(documents) - seen_in[word] + 0.5) / (seen_in[word] + 0.5))
                weight = idf * count * (k1 + 1) / (count + k1 * (1 - b + b * len(document) / usual))
                self._postings.setdefault(word, []).append((at, weight))

    def __call__(self, sentence: str) -> list[str]:
        return _best(Counter(words(sentence)), self._postings, self._ids)


class _TfIdf:
    """Cosine of word TF-IDF, tf = count, idf = ln((1 + n) / (1 + df)) + 1."""

    def __init__(self, ids: list[str], documents: list[list[str]]) -> None:
        self._ids = ids
        seen_in = Counter(word for document in documents for word in set(document))
        idf = {word: math.log((1 + len(documents)) / (1 + count)) + 1 for word, count in seen_in.items()}
        self._idf = idf
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for at, document in enumerate(documents):
            weights = {word: count * idf[word] for word, count in Counter(document).items()}
            length = math.sqrt(sum(weight * weight for weight in weights.values()))
            for word, weight in weights.items():
                self._postings.setdefault(word, []).append((at, weight / length))

    def __call__(self, sentence: str) -> list[str]:
        said = {word: count * self._idf.get(word, 0.0) for word, count in Counter(words(sentence)).items()}
        return _best(said, self._postings, self._ids)


def _best(
    said: dict[str, float] | Counter[str], postings: dict[str, list[tuple[int, float]]], ids: list[str]
) -> list[str]:
    scores: dict[int, float] = {}
    for word, weight in said.items():
        for at, other in postings.get(word, ()):
            scores[at] = scores.get(at, 0.0) + weight * other
    return [ids[at] for at, _ in sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_RANKED]]


def _published(key: str) -> list[Published]:
    """Others' figures on the whole test file of the same name."""
    best = {"tech": (0.631, 0.720), "house": (0.556, 0.617), "techwolf": (0.587, 0.657)}
    name = key.partition("_")[0]
    if name not in best or "validation" in key:
        return []
    five, ten = best[name]
    rows = [
        Published(
            "Infer-Retrieve-Rank, llama-2-13b and GPT-4",
            {"RP@5": five, "RP@10": ten},
            "KarelDO/xmc.dspy, results_precompiled",
        )
    ]
    if name != "techwolf":
        source = "JobSkape paper, magantoine/JobSkape; tech and house together"
        rows += [
            Published("supervised classifier, SKILLSPAN-M", {"F1": 0.26}, source),
            Published("GPT few-shot, SKILLSPAN-M", {"F1": 0.27}, source),
        ]
    return rows
