"""A small encoder of our own, learned in minutes from the taxonomy an operator imported. Nothing is downloaded.

A text is the mean of the vectors of its pieces (`text_pieces`), weighted by how rare they are. The vectors are learned
by contrast: of a batch of pairs that mean the same (`name_pairs`) each text finds its partner among all the others'
(InfoNCE with in-batch negatives, van den Oord et al. 2018; pieces as in fastText, Bojanowski et al. 2017; steps by
Adagrad, Duchi et al. 2011, one rate per piece).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from echo_core.skills.embeddings.text_pieces import COLUMNS, TextPieces
from echo_core.skills.embeddings.training_pairs import NamePairs, draws
from echo_core.skills.taxonomy.graph import Taxonomy, TaxonomyError

DIMENSIONS = 128
BATCH = 1_024
_TEMPERATURE = 0.07
_RATE = 0.05
_SPREAD = 0.02
_SEEN_IN = 2
"""A piece that fewer texts contain has learned nothing and would only blur: it counts nothing."""
_AT_ONCE = 4_096
_FEWEST_PAIRS = 1_000
_FORMAT = 1

Progress = Callable[[int, int], None]
"""Called with (batches done, batches in all)."""


class OwnEncoder:
    """An `Encoder` over learned vectors of pieces. `table` is `COLUMNS` × dimensions, `weights` one per column."""

    def __init__(self, table: Any, weights: Any) -> None:
        self._table = table.astype(np.float32)
        self._weigh = sparse.diags_array(weights.astype(np.float32))
        self._pieces = TextPieces()
        self.name = f"own-{sha256(table.astype(np.float16).tobytes()).hexdigest()[:12]}"

    def encode(self, texts: Sequence[str]) -> Any:
        """One unit row per text, see `Encoder.encode`."""
        rows = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        for at in range(0, len(texts), _AT_ONCE):
            vectors = (self._pieces.rows(texts[at : at + _AT_ONCE]) @ self._weigh) @ self._table
            length = np.linalg.norm(vectors, axis=1, keepdims=True)
            rows[at : at + _AT_ONCE] = vectors / np.where(length > 0, length, 1.0)
        return rows

    def save(self, file: Path) -> None:
        """Writes the model, about 25 MB; half precision is enough for what vectors are compared for.

        Raises:
            OSError: the file cannot be written.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        with part.open("wb") as stream:
            np.savez_compressed(
                stream, format=_FORMAT, table=self._table.astype(np.float16), weights=self._weigh.diagonal()
            )
        part.replace(file)

    @classmethod
    def open(cls, file: Path) -> OwnEncoder:
        """Reads a model that `save` wrote.

        Raises:
            OSError: there is no such file.
            ValueError: it is not such a model, or one of another version.
        """
        try:
            # Opened here, as numpy leaves a file open that turns out to be no archive.
            with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
                if int(kept["format"]) != _FORMAT or kept["table"].shape[0] != COLUMNS:
                    raise ValueError("made by another version")
                return cls(kept["table"].astype(np.float32), kept["weights"])
        except (zipfile.BadZipFile, KeyError, EOFError, AttributeError, TypeError) as error:
            raise ValueError("not a trained model") from error


def train_encoder(
    taxonomy: Taxonomy, *, passes: float = 1.0, seed: int = 0, progress: Progress | None = None
) -> OwnEncoder:
    """Learns from every name, translation, description and relation of a taxonomy. Same input and seed, same model.

    Args:
        passes: how often each pair is drawn on average. One pass over all of ESCO in six languages takes about two
            minutes on two cores.

    Raises:
        TaxonomyError: the taxonomy is too small to learn from.
    """
    name_pairs = NamePairs.of(taxonomy, seed=seed)
    if len(name_pairs) < _FEWEST_PAIRS:
        raise TaxonomyError(
            f"this taxonomy gives {len(name_pairs)} pairs of names to learn from, {_FEWEST_PAIRS} are needed; import "
            "ESCO or O*NET first, or name a finished model"
        )
    learner = _Learner(TextPieces().rows(name_pairs.texts), seed)
    steps = max(1, round(passes * len(name_pairs) / BATCH))
    for step, batch in zip(range(steps), draws(name_pairs, BATCH, seed), strict=False):
        learner.learn(batch, _RATE * (1.0 - step / steps))
        if progress is not None:
            progress(step + 1, steps)
    return OwnEncoder(learner.table, learner.weights)


class _Learner:
    def __init__(self, rows: Any, seed: int) -> None:
        texts = rows.shape[0]
        seen_in = np.bincount(rows.indices, minlength=COLUMNS)
        self.weights = np.where(seen_in < _SEEN_IN, 0.0, np.log((texts + 1) / (seen_in + 1))).astype(np.float32)
        self._rows = sparse.csr_array(rows @ sparse.diags_array(self.weights))
        generator = np.random.default_rng(seed)
        self.table = (generator.standard_normal((COLUMNS, DIMENSIONS)) * _SPREAD).astype(np.float32)
        self._moved = np.full(COLUMNS, 1e-8, dtype=np.float32)

    def learn(self, batch: Any, rate: float) -> None:
        """One step over `batch`, pairs of text positions."""
        rows = sparse.csr_array(sparse.vstack([self._rows[batch[:, 0]], self._rows[batch[:, 1]]]))
        met, where = np.unique(rows.indices, return_inverse=True)
        narrow = sparse.csr_array((rows.data, where, rows.indptr), shape=(rows.shape[0], len(met)))
        raw = narrow @ self.table[met]
        length = np.linalg.norm(raw, axis=1, keepdims=True) + 1e-6
        unit = raw / length
        pull = _contrast(unit[: len(batch)], unit[len(batch) :], batch)
        slope = narrow.T @ ((pull - unit * (pull * unit).sum(axis=1, keepdims=True)) / length)
        self._moved[met] += (slope**2).mean(axis=1)
        self.table[met] -= rate * slope / np.sqrt(self._moved[met])[:, None]


def _contrast(left: Any, right: Any, batch: Any) -> Any:
    """The slope of the loss by the unit vectors: each of `left` must find its own in `right`, and the other way."""
    nearness = left @ right.T / _TEMPERATURE
    # A text that stands twice in the batch is no wrong answer the second time.
    twice = (batch[:, 1][:, None] == batch[:, 1]) | (batch[:, 0][:, None] == batch[:, 1])
    np.fill_diagonal(twice, val=False)
    nearness[twice] = -1e4
    slope = (_shares(nearness, 1) + _shares(nearness, 0)) / 2.0
    np.fill_diagonal(slope, slope.diagonal() - 1.0)
    slope /= _TEMPERATURE
    return np.concatenate([slope @ right, slope.T @ left])


def _shares(values: Any, axis: int) -> Any:
    raised = np.exp(values - values.max(axis=axis, keepdims=True))
    return raised / raised.sum(axis=axis, keepdims=True)
