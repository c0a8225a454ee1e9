"""National skill names against ESCO skills: exact and close mappings of the official tables are right answers.

The taxonomy is ESCO in English with the labels of the key's language joined to it. Ranked are the candidates that a
person would be shown; what the hub links by itself is measured apart, by how often it is right.
"""

from __future__ import annotations

import csv
import gzip
import io
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.quality.metrics import mean, recall_at, reciprocal_rank
from benchmarks.quality.task import Options, Outcome, Published, Row
from echo_core.skills import Linker, Taxonomy, read_esco
from echo_core.skills.taxonomy.esco import esco_id
from echo_core.text.wording import key

Answers = Mapping[str, frozenset[str]]

_RIGHT = ("skos:exactMatch", "skos:closeMatch")
_SHOWN = 10
_SOURCE = "plain implementation, other half of this key"
_CHARACTERS = {"de": (0.379, 0.415), "sv": (0.429, 0.486), "nl": (0.311, 0.429), "fr": (0.276, 0.360)}


def run(options: Options) -> Outcome:
    """Links every name of the key, and ranks by two plain methods over the same labels."""
    right = read_key(options.key)
    began = time.perf_counter()
    taxonomy = read_esco(
        options.data / "esco" / "v1.1.1",
        tuple(dict.fromkeys(("en", options.language))),
        label_folders=[options.data / "esco" / "v1.0-labels"],
    )
    outcome = Outcome("skill-names", len(right))
    outcome.seconds["read"] = round(time.perf_counter() - began, 2)
    linker = Linker(taxonomy)
    linker.link("zzxq vrrk", language=options.language)
    times, ranked, made = [], {}, {}
    for name in right:
        began = time.perf_counter()
        link = linker.link(name, language=options.language)
        times.append(time.perf_counter() - began)
        ranked[name] = [skill_id for skill_id, _ in linker.nearest(name, language=options.language)]
        if link.skill_id is not None:
            made[name] = link.skill_id
    outcome.seconds["link one name, mean"] = round(statistics.fmean(times), 5)
    outcome.seconds["link one name, median"] = round(statistics.median(times), 5)
    automatic = {
        "linked share": len(made) / max(1, len(right)),
        "linked right": mean([float(skill_id in right[name]) for name, skill_id in made.items()]),
    }
    outcome.rows.append(Row(f"linker, {options.language}", figures(ranked, right) | automatic, ours=True))
    for method, pieces in (("char 2-4 TF-IDF", characters), ("word TF-IDF", str.split)):
        plain = Plain(taxonomy, options.language, pieces)
        outcome.rows.append(Row(method, figures({name: plain.ranked(name) for name in right}, right)))
    if options.language in _CHARACTERS:
        rank, recall = _CHARACTERS[options.language]
        outcome.published.append(Published("char 2-4", {"MRR": rank, "R@10": recall}, _SOURCE))
    labelled = sum(any(label.language == options.language for label in skill.labels) for skill in taxonomy)
    outcome.notes.append(f"{labelled} of {len(taxonomy)} skills and groups have a label in this language.")
    return outcome


def read_key(path: Path) -> dict[str, frozenset[str]]:
    """By name, the ids of the skills that are an exact or close match; names without one are not asked."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    right: dict[str, frozenset[str]] = {}
    for row in csv.DictReader(io.StringIO(raw.decode())):
        if row["mappingRelation"] in _RIGHT:
            name = row["nationalSkillLabel"]
            right[name] = right.get(name, frozenset()) | {esco_id(row["escoSkillUri"])}
    return right


def figures(ranked: Mapping[str, list[str]], right: Answers) -> dict[str, float]:
    """MRR within the ten shown; R@10 as the share of names with a right answer among them, and of all right answers."""
    return {
        "MRR": mean([reciprocal_rank(ranked[name][:_SHOWN], right[name]) for name in right]),
        "R@10": mean([float(bool(right[name].intersection(ranked[name][:_SHOWN]))) for name in right]),
        "R@10 of all right": mean([recall_at(ranked[name], right[name], _SHOWN) for name in right]),
    }


def characters(text: str) -> list[str]:
    """Pieces of two to four letters of each word with a blank before and after it."""
    padded = [f" {word} " for word in text.split()]
    return [word[at : at + size] for word in padded for size in (2, 3, 4) for at in range(len(word) - size + 1)]


class Plain:
    """TF-IDF cosine over the preferred and alternative labels of one language, the best label of a skill counting."""

    def __init__(self, taxonomy: Taxonomy, language: str, pieces: Callable[[str], list[str]]) -> None:
        self._pieces = pieces
        labels = [
            (skill.id, sorted(set(pieces(key(label.text)))))
            for skill in taxonomy
            for label in skill.labels
            if label.language == language
        ]
        self._owners = [skill_id for skill_id, _ in labels]
        self._columns: dict[str, int] = {}
        columns = [self._columns.setdefault(piece, len(self._columns)) for _, found in labels for piece in found]
        rows = np.repeat(np.arange(len(labels)), [len(found) for _, found in labels])
        self._weight = np.log(1 + len(labels) / np.bincount(columns, minlength=len(self._columns)))
        weighed = self._weight[columns]
        norm = np.sqrt(np.bincount(rows, weighed**2, len(labels)))
        shape = (len(self._columns), len(labels))
        self._labels = csr_matrix((weighed / norm[rows], (columns, rows)), shape=shape)

    def ranked(self, name: str) -> list[str]:
        """Ids of the ten most alike skills."""
        pieces = set(self._pieces(key(name)))
        columns = sorted(self._columns[piece] for piece in pieces if piece in self._columns)
        asked = csr_matrix((self._weight[columns], ([0] * len(columns), columns)), shape=(1, self._labels.shape[0]))
        found = asked @ self._labels
        best = np.lexsort((found.indices, -found.data))[: 5 * _SHOWN]
        return list(dict.fromkeys(self._owners[at] for at in found.indices[best]))[:_SHOWN]
