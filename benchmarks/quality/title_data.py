"""What the tasks about titles share: the taxonomy an operator would import, answer keys, and the simple baselines."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from scipy import sparse

from echo_core.skills.taxonomy.crosswalk import crossed, read_crosswalk
from echo_core.skills.taxonomy.esco import read_esco
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.onet import read_onet
from echo_core.text.similarity import SimilarityIndex, letter_pieces, unit_rows
from echo_core.text.wording import words

ESCO = "esco/v1.1.1"
LABELS = ("esco/v1.2.0", "esco/v1.0-labels", "esco/occupation-labels")
LABELLED = ("de", "es", "fr", "nl", "sv")
"""Languages with names of both skills and occupations in `LABELS`."""
ONET = "onet/db_29_2"
CROSSWALK = "crosswalks/esco_onet_official_2022.csv.gz"


def imported(data: Path, language: str) -> Taxonomy:
    """ESCO in English and the language, and O*NET joined by the official crosswalk, as the import commands do it."""
    languages = ("en", language) if language in LABELLED else ("en",)
    esco = read_esco(data / ESCO, languages, label_folders=[data / one for one in LABELS])
    return crossed(esco.merged(read_onet(data / ONET)), read_crosswalk(data / CROSSWALK))


def opened(path: Path) -> TextIO:
    """A text file, plain or gzip by its suffix."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def beside(key: Path, stem: str) -> Path:
    """The file beside a key that carries another part of the set: qrels.X.tsv.gz has queries.X.tsv.gz."""
    name = key.name
    for found in (key.with_name(stem + name[name.index(".") :]), *sorted(key.parent.glob(f"{stem}.*"))):
        if found.is_file():
            return found
    raise SystemExit(f"{key} has no {stem} file beside it: expected {stem}{name[name.index('.') :]} in {key.parent}")


def texts(path: Path) -> dict[str, str]:
    """Tab-separated id and text; a header line (its first column ends in "id" with no digit) is passed over."""
    with opened(path) as stream:
        rows = [row for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) >= 2]
    header = bool(rows) and rows[0][0].lower() in ("q_id", "c_id", "id")
    return {row[0]: row[1] for row in rows[header:]}


def judged(path: Path) -> dict[str, set[str]]:
    """Right answers by query from a TREC key: query, 0, document, relevance, parted by tabs."""
    right: dict[str, set[str]] = {}
    with opened(path) as stream:
        for line in stream:
            query, _, document, relevance = line.rstrip("\n").split("\t")
            if float(relevance) > 0:
                right.setdefault(query, set()).add(document)
    return right


class Baselines:
    """Simple rankings of a corpus, fitted once."""

    def __init__(self, corpus: Sequence[str]) -> None:
        self._numbers: dict[str, int] = {}
        counts = _counts(corpus, self._numbers, learn=True)
        seen_in = np.maximum(np.bincount(counts.indices, minlength=counts.shape[1]), 1)
        rarity = sparse.diags(np.log1p(len(corpus) / seen_in))
        self._rarity, self._weighed = rarity, unit_rows(counts @ rarity).T.tocsr()
        self._bm25 = _bm25(counts, seen_in).T.tocsr()
        self._grams = SimilarityIndex([" ".join(words(text)) for text in corpus], letter_pieces())

    def scores(self, queries: Sequence[str]) -> Iterator[tuple[str, Any]]:
        """Every method with its scores, queries × corpus."""
        counts = _counts(queries, self._numbers, learn=False)
        yield "TF-IDF words", (unit_rows(counts @ self._rarity) @ self._weighed).toarray()
        yield "BM25", (counts @ self._bm25).toarray()
        yield (
            "TF-IDF char 2-4",
            self._grams.cosines([" ".join(words(text)) for text in queries]).toarray(),
        )


def ranked(scores: Any, ids: Sequence[str]) -> list[str]:
    """Ids by falling score; equal ones in the order of the corpus."""
    return [ids[at] for at in np.argsort(-scores, kind="stable")]


def pooled(scores: Any, owners: Sequence[int], count: int) -> Any:
    """The best score of any name per owner, queries × count; `owners` ascend and none is left out."""
    starts = np.searchsorted(np.array(owners), np.arange(count))
    return np.maximum.reduceat(scores, starts, axis=1)


def _counts(every: Sequence[str], numbers: dict[str, int], *, learn: bool) -> Any:
    rows: list[int] = []
    columns: list[int] = []
    for at, text in enumerate(every):
        for word in words(text):
            number = numbers.setdefault(word, len(numbers)) if learn else numbers.get(word)
            if number is not None:
                rows.append(at)
                columns.append(number)
    ones = np.ones(len(rows), np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(every), max(len(numbers), 1)))


def _bm25(counts: Any, seen_in: Any, k1: float = 1.2, b: float = 0.75) -> Any:
    """What each word of each text counts; Robertson and Zaragoza 2009, with the usual k1 and b."""
    rarity = np.log1p((counts.shape[0] - seen_in + 0.5) / (seen_in + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    matrix = counts.tocoo()
    norm = k1 * (1.0 - b + b * lengths[matrix.row] / lengths.mean())
    data = rarity[matrix.col] * matrix.data * (k1 + 1.0) / (matrix.data + norm)
    return sparse.csr_matrix((data, (matrix.row, matrix.col)), shape=matrix.shape)
