"""Fixtures for every test in the workspace."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent


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
