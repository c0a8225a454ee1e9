"""Texts as weighted pieces: their words and the letter runs inside them, hashed into a fixed number of columns.

No index of `text.similarity`: the columns are those of a trained model, the same for every text it ever meets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse

COLUMNS = 1 << 17
"""Enough that few of the pieces of a taxonomy of 40,000 names fall together; a vector each is the model's size."""

_SIZES = (3, 4, 6)
"""Endings and stems are three and four letters long, the parts of compounds about six."""
_WORD = re.compile(r"[^\W_]+[+#]*")
_KEPT_WORDS = 500_000


class TextPieces:
    """Turns texts into rows of `len(texts)` × `COLUMNS`: a word counts 1, its letter runs count 1 together.

    A word nobody has met is thus still known by its parts. Words are remembered, so one instance serves one model.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, Any]] = {}

    def rows(self, texts: Sequence[str]) -> Any:
        """The texts as a sparse float32 matrix; a text without letters and digits is an empty row."""
        columns, values, ends = [], [], [0]
        for text in texts:
            count = 0
            for word in _WORD.findall(text.lower()):
                where, weights = self._pieces(word)
                columns.append(where)
                values.append(weights)
                count += len(where)
            ends.append(ends[-1] + count)
        if not columns:
            return sparse.csr_array((len(texts), COLUMNS), dtype=np.float32)
        rows = sparse.csr_array(
            (np.concatenate(values), np.concatenate(columns), np.array(ends)), shape=(len(texts), COLUMNS)
        )
        rows.sum_duplicates()
        return rows

    def _pieces(self, word: str) -> tuple[Any, Any]:
        if (pieces := self._known.get(word)) is not None:
            return pieces
        marked = f"<{word}>"
        runs = [marked[at : at + size] for size in _SIZES for at in range(len(marked) - size + 1)]
        where = np.array([crc32(piece.encode()) % COLUMNS for piece in (f"={word}", *runs)], dtype=np.int64)
        weights = np.array([1.0, *[1.0 / max(1, len(runs))] * len(runs)], dtype=np.float32)
        if len(self._known) >= _KEPT_WORDS:
            self._known.clear()
        self._known[word] = where, weights
        return where, weights
