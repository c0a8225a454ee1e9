"""Every pass over free text ends soon: the passes and the texts are those of `benchmarks/text_growth.py`."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.thorough

_LONG = 60_000
_CPU_SECONDS = 5.0
"""Generous: the slowest needs one on a quiet machine. The quadratic passes there were needed a quarter of a minute."""


def _bench() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "text_growth.py"
    spec = importlib.util.spec_from_file_location("text_growth", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_BENCH = _bench()


@pytest.mark.parametrize("name", sorted(set(_BENCH.PASSES) - {"windows, German"}))
def test_a_pass_over_a_very_long_text_of_any_shape_ends_within_seconds(name: str) -> None:
    work = _BENCH.PASSES[name]
    work("We know Python and SQL.")  # what is built at first need is not the text's
    slow = {}
    for shape, text in _BENCH.SHAPES.items():
        began = time.process_time()
        work(text(_LONG))
        if (spent := time.process_time() - began) > _CPU_SECONDS:
            slow[shape] = spent
    assert not slow
