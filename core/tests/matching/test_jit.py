"""Compiled code that is kept on disk is found again, and by nobody whose sources are others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

_USE = """
from echo_core.matching.batch import jit

def doubled(value):
    return 2.0 * value

if {sources!r}:
    jit.sources = lambda: {sources!r}
entry = jit.jit_entry(doubled)
assert entry(21.0) == 42.0
print(sum(entry.stats.cache_hits.values()))
"""


def hits(folder: Path, sources: str = "") -> int:
    """How often a process of its own finds the code it needs on disk."""
    script = folder / "use.py"
    script.write_text(_USE.format(sources=sources), encoding="utf-8")
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder / "kept")}
    answer = subprocess.run(
        [sys.executable, script], env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    return int(answer.stdout)


def test_what_one_process_compiles_the_next_finds(tmp_path: Path) -> None:
    assert hits(tmp_path) == 0
    assert hits(tmp_path) == 1


def test_another_release_neither_reads_nor_spoils_what_is_kept(tmp_path: Path) -> None:
    hits(tmp_path, "before")
    for index in (tmp_path / "kept").rglob("*.nbi"):
        index.write_bytes(b"classes that have another name now")
    assert hits(tmp_path, "after") == 0
    assert len(list((tmp_path / "kept").rglob("*.nbi"))) == 2
