"""Vectors of texts, behind an interface: the default install has none, and nothing may need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how alike two texts are.

    `name` identifies model and version; vectors kept on disk are kept under it.
    """

    @property
    def name(self) -> str:
        """What the vectors were made with, e.g. "wordllama-256"."""
        ...

    def encode(self, texts: Sequence[str]) -> Any:
        """One float32 row of unit length per text, `len(texts)` × dimensions (a zero row for an empty text).

        Texts are lower-cased first: static models know few cased words.
        """
        ...
