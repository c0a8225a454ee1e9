"""Rows of a report put aside until all of them are there, so that those of one worker can be handed on together."""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

MEMORY_BYTES = 8_000_000


class WorkerSpool:
    """Rows by worker, in a nameless temporary file once they outgrow 8 MB; memory then holds ids and offsets only.

    A report has no order, so the second row of a worker may be the last of a million. Only columns of the contract
    are put in; the file is gone when the `with` block ends, also after a crash.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 -- closed by __exit__
        self._offsets: dict[str, array[int]] = {}
        self._nobody: array[int] = array("Q")
        self._end = 0
        self._at = 0

    def add(self, worker: str | None, row: Mapping[str, Any]) -> None:
        """Puts a row aside. Rows without a worker id are kept one by one, they belong to nobody."""
        # Fractions arrive as Decimal.
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=float)
        line = text.encode("utf-8", "surrogatepass") + b"\n"
        offsets = self._offsets.setdefault(worker, array("Q")) if worker else self._nobody
        offsets.append(self._end)
        if self._at != self._end:
            self._file.seek(self._end)
        self._file.write(line)
        self._end += len(line)
        self._at = self._end

    def __len__(self) -> int:
        """How many groups there are: workers, and rows that belong to nobody."""
        return len(self._offsets) + len(self._nobody)

    def groups(self) -> Iterator[tuple[str | None, list[dict[str, Any]]]]:
        """Each worker's id and rows, in the order of first appearance; rows that belong to nobody evenly between them.

        Evenly, because a page of nothing but bad records would stop the run as if the whole report were bad.
        """
        nobody = iter(self._nobody)
        every = max(1, len(self._offsets) // (len(self._nobody) or 1))
        for number, (worker, offsets) in enumerate(self._offsets.items()):
            yield worker, self._read(offsets)
            if number % every == 0 and (offset := next(nobody, None)) is not None:
                yield None, self._read([offset])
        for offset in nobody:
            yield None, self._read([offset])

    def of(self, worker: str | None) -> list[dict[str, Any]]:
        """One worker's rows; none when there are none."""
        return self._read(self._offsets.get(worker or "", ()))

    def _read(self, offsets: array[int] | list[int] | tuple[int, ...]) -> list[dict[str, Any]]:
        rows = []
        for offset in offsets:
            if self._at != offset:
                self._file.seek(offset)
            line = self._file.readline()
            self._at = offset + len(line)
            rows.append(json.loads(line))
        return rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
