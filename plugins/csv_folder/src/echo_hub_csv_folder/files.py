"""Finds a file of the folder and copies it once it is whole: nobody may be writing it meanwhile."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, cast

from echo_core.connectors import ContractError, TransientError

ATTEMPTS = 12
MEMORY_BYTES = 8_000_000
_SHOWN = 8


def find_file(folder: Path, pattern: str) -> Path:
    """The file of this name, case aside; of several that fit, the one changed last.

    Raises:
        TransientError: the folder or the file is not there now (a drive that is away, an export that is late).
    """
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError as error:
        raise TransientError(
            f"The folder {folder} cannot be read. See that it is there and that the hub's user may read it; the next "
            "sync tries again.",
            detail=_reason(error),
            code="source.folder_missing",
        ) from error
    fitting = [folder / name for name in names if fnmatchcase(name.casefold(), pattern.casefold())]
    if not fitting:
        there = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "") or "no file"
        raise TransientError(
            f"There is no {pattern} in {folder}: nothing was changed, and the next sync looks again. Put the file "
            "there, or correct the name in the settings.",
            detail=f"there is {there}",
            code="source.file_missing",
        )
    return max(fitting, key=lambda path: (path.stat().st_mtime_ns, path.name))


@contextmanager
def whole_copy(
    path: Path, *, settle_s: float, most_bytes: int, now: Callable[[], datetime], pause: Callable[[float], None]
) -> Iterator[IO[bytes]]:
    """A copy of the file as it was at one moment, in a nameless temporary file once it outgrows 8 MB.

    The file is copied, and taken if it was the same before and after; one that changed in the last `settle_s` seconds
    is looked at again after as long. One that is replaced meanwhile (written beside it, then renamed) is read whole.

    Raises:
        TransientError: it goes on changing, or cannot be read; the next sync tries again.
        ContractError: it has more than `most_bytes`.
    """
    try:
        for _ in range(ATTEMPTS):
            with path.open("rb") as source:
                before = os.fstat(source.fileno())
                if before.st_size > most_bytes:
                    raise ContractError(
                        f"{path.name} has {before.st_size:,} bytes; at most {most_bytes:,} are read (`max_mb`).",
                        code="source.too_large",
                    )
                copy = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 -- closed below
                try:
                    shutil.copyfileobj(source, copy)
                    # A file server's clock may be ahead of ours: what seems to come changed a moment ago as well.
                    if now().timestamp() - before.st_mtime < settle_s:
                        pause(settle_s)
                    after = os.fstat(source.fileno())
                    if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
                        yield cast(IO[bytes], copy)
                        return
                finally:
                    copy.close()
    except OSError as error:
        raise TransientError(
            f"{path.name} cannot be read: another program keeps it, or the hub's user may not. The next sync tries "
            "again.",
            detail=_reason(error),
            code="source.file_unreadable",
        ) from error
    raise TransientError(
        f"{path.name} is being written and has not come to rest. The next sync reads it; let the export write under "
        "another name and rename the file when it is done.",
        code="source.file_changing",
    )


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
