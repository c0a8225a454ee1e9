"""Rows of unit length, one per occupation, whose product says how alike two are; each kind of evidence has its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.occupations.related_evidence import Bag, Item

Scores = NDArray[np.float64]


class Weighed:
    """TF-IDF of items or words: square roots of the counts, times log((1 + n) / (1 + df)) + 1.

    Args:
        bags: one per occupation.
    """

    def __init__(self, bags: Sequence[Bag]) -> None:
        self.names = sorted({name for bag in bags for name in bag})
        at = {name: column for column, name in enumerate(self.names)}
        counts = [(row, at[name], share) for row, bag in enumerate(bags) for name, share in bag.items() if share > 0]
        rows, columns, shares = map(np.array, zip(*counts, strict=True)) if counts else ([], [], [])
        shape = len(bags), len(self.names)
        raw = sparse.csr_matrix((np.sqrt(np.asarray(shares, dtype=float)), (rows, columns)), shape=shape)
        rows_with = np.bincount(raw.indices, minlength=shape[1])
        self.idf: Scores = np.log((1.0 + shape[0]) / (1.0 + rows_with)) + 1.0
        raw = raw @ sparse.diags(self.idf)
        norms = np.sqrt(np.asarray(raw.multiply(raw).sum(axis=1)).ravel())
        self._rows = sparse.csr_matrix(sparse.diags(1.0 / np.where(norms > 0, norms, 1.0)) @ raw)

    def likeness(self, row: int) -> Scores:
        """Cosine with every occupation."""
        return np.asarray((self._rows @ self._rows[row].T).todense()).ravel()

    def shared(self, row: int, other: int) -> list[tuple[str, float]]:
        """What two have in common, with the part of the cosine it makes up, the largest first; the parts add up."""
        both = self._rows[row].multiply(self._rows[other]).tocoo()
        parts = [(self.names[column], float(part)) for column, part in zip(both.col, both.data, strict=True)]
        return sorted(parts, key=lambda part: (-part[1], part[0]))


class Measured:
    """Rated shares as z-scores over all occupations; one that is not rated is like the mean.

    Args:
        bags: rated shares, 0..1, one bag per occupation.
    """

    def __init__(self, bags: Sequence[Bag]) -> None:
        self.names = sorted({name for bag in bags for name in bag})
        at = {name: column for column, name in enumerate(self.names)}
        raw = np.full((len(bags), len(self.names)), np.nan)
        for row, bag in enumerate(bags):
            for name, share in bag.items():
                raw[row, at[name]] = share
        known = np.maximum((~np.isnan(raw)).sum(axis=0), 1)
        mean = np.nansum(raw, axis=0) / known
        spread = np.sqrt(np.nansum((raw - mean) ** 2, axis=0) / known)
        self._rows = unit(np.nan_to_num((raw - mean) / np.where(spread > 0, spread, 1.0)))

    def likeness(self, row: int) -> Scores:
        """Cosine of z-scores with every occupation."""
        return np.asarray(self._rows @ self._rows[row])


class Centred:
    """Vectors from which the mean of all is taken, so that what every occupation has in common does not count."""

    def __init__(self, rows: Scores) -> None:
        present = np.linalg.norm(rows, axis=1) > 0
        centre = rows[present].mean(axis=0) if present.any() else 0.0
        self._rows = unit(np.where(present[:, None], rows - centre, 0.0))

    def likeness(self, row: int) -> Scores:
        """Cosine with every occupation."""
        return np.asarray(self._rows @ self._rows[row])


Rows = Weighed | Measured | Centred


class Vectors:
    """The vectors of an encoder for what occupations ask for and what they do; every text is encoded once."""

    def __init__(self, encoder: Encoder, items: Sequence[Sequence[Item]], texts: Sequence[Sequence[str]]) -> None:
        self._encoder = encoder
        self._items = items
        self._texts = texts

    @cached_property
    def _encoded(self) -> tuple[dict[str, int], Scores]:
        labels = (item.label for items in self._items for item in items)
        texts = (text for texts in self._texts for text in texts)
        at = {text: row for row, text in enumerate(sorted({*labels, *texts}))}
        return at, np.asarray(self._encoder.encode(list(at)), dtype=float)

    def of_skills(self, idf: dict[str, float]) -> Centred:
        """The mean vector of the skills and activities, rare ones counting more."""
        return self._mean(
            [[(item.label, item.share * idf.get(item.id, 1.0)) for item in items] for items in self._items]
        )

    def of_tasks(self) -> Centred:
        """The mean vector of the title with the description and of each task."""
        return self._mean([[(text, 1.0) for text in texts] for texts in self._texts])

    def _mean(self, weighed: Sequence[Sequence[tuple[str, float]]]) -> Centred:
        at, vectors = self._encoded
        parts = [(row, at[text], share) for row, shares in enumerate(weighed) for text, share in shares]
        rows, columns, shares = map(np.array, zip(*parts, strict=True)) if parts else ([], [], [])
        mixing = sparse.csr_matrix((np.asarray(shares, dtype=float), (rows, columns)), shape=(len(weighed), len(at)))
        return Centred(unit(np.asarray(mixing @ vectors)))


def unit(rows: Scores) -> Scores:
    """Rows of length 1; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1.0))
