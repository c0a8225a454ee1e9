"""Fixtures for every test in the workspace."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent

TOGETHER = ("tests/acceptance/",)
"""Folders whose files share so much that one worker takes them all; elsewhere it takes one file after the other."""

# Where bytecode may not be kept, each of the many processes the tests start would compile every library anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test fails because the machine was busy; a single example may take as long as it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """Lets the collector look rarely: taxonomies and snapshots are millions of objects without circles, and walking
    over them again and again took a third of the suite's time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out tests by file, but whole folders of `TOGETHER`, in the order in which they were found.

    Long files are found before the many short ones of the plug-ins, which fill the gaps at the end.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    return ByFileOrFolder(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command that a test runs in this process sets up the process's log; the next test finds it as it was."""
    root, client = logging.getLogger(), logging.getLogger("httpx")
    handlers, level, of_client = root.handlers[:], root.level, client.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    client.setLevel(of_client)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Where real vendor payloads and taxonomies lie: `shared("fixtures/workday")`.

    The folder is not part of the project. Without it such a test is skipped on a laptop and fails in CI.
    """
    base = Path(os.environ.get("ECHO_HUB_SHARED") or ROOT.parent / "shared")

    def path(inside: str) -> Path:
        found = base / inside
        if not found.exists():
            reason = f"real payloads are not here: {found} (set ECHO_HUB_SHARED to the folder that holds them)"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        return found

    return path
