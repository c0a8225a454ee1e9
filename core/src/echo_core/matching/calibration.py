"""One scale for all kinds: a raw share of what could be had becomes a score that means the same for every kind."""

from __future__ import annotations

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.weights import KINDS, Weights


class Calibration:
    """A rising map per kind, in two straight pieces: 0 to 0, the kind's usual best to one common score, 1 to 1.

    A kind whose raw scores stay low by its nature (a mentor can hardly teach all a person wants) is stretched, never
    reordered. All contributions of one score are stretched alike, so they still sum to it.
    """

    def __init__(self, weights: Weights) -> None:
        self._best: FloatArray = np.array([weights.number("calibration", kind) for kind in KINDS])
        self._common = weights.number("calibration", "usual_best")

    def stretch(self, raw: FloatArray, kind: IntArray) -> FloatArray:
        """By how much to multiply each raw score (0..1) and its contributions. `kind` indexes `KINDS`."""
        best = self._best[kind]
        below = self._common / best
        above = self._common + (raw - best) * (1.0 - self._common) / (1.0 - best)
        beyond = raw > best
        return np.where(beyond, above / np.where(beyond, raw, 1.0), below)
