"""The file of a backup: gzip over JSON lines, the same for both databases, with a checksum in its last line.

The first line says what the file is. `{"table": …, "columns": […]}` begins a table, each array is a row of it, and the
last line counts the rows and holds the SHA-256 of all bytes before it. Moments are UTC texts, bytes are base64.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from echo_hub.upkeep.errors import BackupError

FORMAT = 1
PACKED = 3
"""How hard gzip tries, 1..9: higher costs several times the time for a few per cent."""


class Header(msgspec.Struct, frozen=True):
    """What a backup says of itself: `schema` is the migration its tables stand at."""

    echo_hub_backup: int
    schema: str
    release: str
    database: str
    written_at: datetime


class TableStart(msgspec.Struct, frozen=True):
    """The rows that follow are of this table, their values in the order of its columns."""

    table: str
    columns: tuple[str, ...]


class End(msgspec.Struct, frozen=True):
    """The last line."""

    rows: int
    sha256: str


class BackupWriter:
    """Writes one backup, a line at a time."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._encoder = msgspec.json.Encoder()
        self.rows = 0

    def line(self, value: object) -> None:
        """The header, or the start of a table."""
        self._put(self._encoder.encode(value) + b"\n")

    def add_rows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Rows of the table begun last."""
        lines = [self._encoder.encode(row) for row in rows]
        self.rows += len(lines)
        self._put(b"\n".join(lines) + b"\n" if lines else b"")

    def finish(self) -> End:
        """The last line."""
        end = End(self.rows, self._digest.hexdigest())
        self._stream.write(self._encoder.encode(end) + b"\n")
        return end

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._stream.write(data)


@contextmanager
def new_backup(file: Path) -> Iterator[BackupWriter]:
    """A backup to write, readable by its owner alone; `file` is there once it is whole, or not at all.

    Raises:
        BackupError: the file exists, or its folder takes no file.
    """
    if file.exists():
        raise BackupError(f"{file} exists. Choose another name: a backup never takes the place of another file.")
    unfinished = file.with_name(f".{file.name}.unfinished-{os.getpid()}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as plain:
            with gzip.GzipFile(fileobj=plain, mode="wb", compresslevel=PACKED, filename="") as packed:
                yield BackupWriter(packed)
            plain.flush()
            os.fsync(plain.fileno())
        unfinished.rename(file)
    except OSError as error:
        raise BackupError(f"{file} could not be written: {error.strerror or error}. Nothing is left of it.") from None
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def read_header(file: Path) -> Header:
    """What a backup says of itself, without looking at the rest.

    Raises:
        BackupError: no backup, or of a format that this release does not know.
    """
    with _told(file), gzip.open(file) as stream:
        return _header(file, stream.readline())


def check(file: Path) -> End:
    """Reads a backup to its end and compares the checksum.

    Raises:
        BackupError: it is damaged or cut off.
    """
    digest, last = hashlib.sha256(), b""
    with _told(file), gzip.open(file) as stream:
        for line in stream:
            digest.update(last)
            last = line
        try:
            end = msgspec.json.decode(last, type=End)
        except msgspec.MsgspecError:
            end = None
    if end is None or end.sha256 != digest.hexdigest():
        raise BackupError(f"{file} is damaged or was cut off: its checksum does not fit. Nothing was changed.")
    return end


def read_rows(file: Path, *, size: int) -> Iterator[tuple[TableStart, list[list[Any]]]]:
    """The rows of a backup that `check` has passed, in batches, each with the table it belongs to.

    Raises:
        BackupError: the file cannot be read any more.
    """
    rows_of, start_of = msgspec.json.Decoder(list[Any]), msgspec.json.Decoder(TableStart)
    with _told(file), gzip.open(file) as stream:
        stream.readline()
        start: TableStart | None = None
        rows: list[list[Any]] = []
        for line in stream:
            if line.startswith(b"[") and start is not None:
                rows.append(rows_of.decode(line))
                if len(rows) < size:
                    continue
            if rows and start is not None:
                yield start, rows
                rows = []
            if line.startswith(b'{"table"'):
                start = start_of.decode(line)


def _header(file: Path, line: bytes) -> Header:
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError:
        raise BackupError(f"{file} is no backup of Echo Hub.") from None
    if header.echo_hub_backup != FORMAT:
        raise BackupError(
            f"{file} was written by Echo Hub {header.release} in a form that this release does not know. Upgrade first."
        )
    return header


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BackupError(f"{file} does not exist.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BackupError(f"{file} is no backup of Echo Hub, or is damaged or cut off. Nothing was changed.") from None
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror or error}.") from None
