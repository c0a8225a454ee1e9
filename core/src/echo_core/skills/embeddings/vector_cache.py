"""Vectors kept on disk, so that the labels of a taxonomy are encoded once per model and not at every start."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from echo_core.skills.embeddings.vectors import Encoder

_WORTH_KEEPING = 500
"""Fewer texts than this are encoded afresh: they are queries, not a taxonomy."""


class KeptVectors:
    """An encoder that remembers large batches under its name and the hash of the texts. The files may be deleted.

    Args:
        encoder: makes the vectors.
        folder: where the files lie; made at first need. Whatever cannot be read or written there is encoded afresh.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> Any:
        """One unit row per text, see `Encoder.encode`."""
        if len(texts) < _WORTH_KEEPING:
            return self._encoder.encode(texts)
        import numpy as np

        file = self._folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', self.name)}-{_digest(self.name, texts)}.npz"
        try:
            with np.load(file, allow_pickle=False) as kept:
                rows = kept["rows"]
            if rows.shape[0] == len(texts):
                return rows
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            file.unlink(missing_ok=True)
        rows = self._encoder.encode(texts)
        self._keep(file, rows)
        return rows

    def _keep(self, file: Path, rows: Any) -> None:
        """Written beside and moved into place, so that another process never reads half a file."""
        import numpy as np

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
                np.savez(part, rows=rows)
            Path(part.name).replace(file)
        except OSError:
            return


def _digest(name: str, texts: Sequence[str]) -> str:
    digest = sha256(name.encode())
    for text in texts:
        raw = text.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()[:32]
