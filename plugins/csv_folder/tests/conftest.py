"""A folder with files that came to rest long ago, and streams over it that wait for nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from echo_core.connectors import StreamContext
from echo_core.testing.driving import START, FakeClock, StreamRun, drive, open_context
from echo_hub_csv_folder import CONNECTOR
from echo_hub_csv_folder.config import CsvFolderConfig
from echo_hub_csv_folder.streams import streams

HOUR = 3600


class Folder:
    """A folder of files, with a configuration that reads it and a clock that moves when a stream waits."""

    def __init__(self, path: Path, opened: ExitStack) -> None:
        self.path = path
        self.clock = FakeClock()
        self.while_waiting: Callable[[], None] = lambda: None
        self._opened = opened

    def write(self, name: str, text: str | bytes, encoding: str = "utf-8", age_s: float = HOUR) -> Path:
        """Writes a file that changed so many seconds ago."""
        file = self.path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        changed = START.timestamp() - age_s
        os.utime(file, (changed, changed))
        return file

    def pause(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.while_waiting()

    def config(self, **settings: Any) -> CsvFolderConfig:
        return CsvFolderConfig.model_validate({"folder": self.path, **settings})

    def context(self, **settings: Any) -> StreamContext:
        return self._opened.enter_context(open_context(CONNECTOR, self.config(**settings), self.clock))

    def run(self, name: str = "people", **settings: Any) -> StreamRun:
        """Reads one stream as the hub does."""
        context = self.context(**settings)
        stream = next(stream for stream in streams(context.config, pause=self.pause) if stream.name == name)
        return drive(stream, context)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with ExitStack() as opened:
        yield Folder(tmp_path, opened)
