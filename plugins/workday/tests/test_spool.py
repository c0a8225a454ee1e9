"""Rows put aside until they are all there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_hub_workday import spool as spool_module
from echo_hub_workday.spool import WorkerSpool


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "", None]), st.text(max_size=5)), max_size=30))
def test_every_row_comes_back_once_with_its_worker(rows: list[tuple[str | None, str]]) -> None:
    with WorkerSpool() as spool:
        for worker, text in rows:
            spool.add(worker, {"text": text})
        groups = list(spool.groups())
        assert len(groups) == len(spool)
        again = [(worker, row["text"]) for worker, group in groups for row in group]
        assert sorted(again, key=str) == sorted([(worker or None, text) for worker, text in rows], key=str)
        assert spool.of("a") == [row for worker, group in groups if worker == "a" for row in group]
        named = [worker for worker, _ in groups if worker]
        assert named == list(dict.fromkeys(worker for worker, _ in rows if worker))
        assert all(len(group) == 1 for worker, group in groups if worker is None)


def test_rows_of_nobody_lie_evenly_between_the_workers() -> None:
    with WorkerSpool() as spool:
        for number in range(1_000):
            spool.add(f"w{number}", {})
        for _ in range(10):
            spool.add(None, {})
        order = [worker for worker, _ in spool.groups()]
    places = [place for place, worker in enumerate(order) if worker is None]
    assert len(order) == 1_010
    assert len(places) == 10
    assert all(after - before <= 101 for before, after in pairwise(places))


def test_rows_survive_the_move_from_memory_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "MEMORY_BYTES", 200)
    with WorkerSpool() as spool:
        for number in range(100):
            spool.add(f"w{number % 10}", {"number": number, "text": "Ünïcode\n" * 3})
        assert [row["number"] for row in spool.of("w3")] == list(range(3, 100, 10))
        spool.add("w3", {"number": 1_000})
        assert spool.of("w3")[-1] == {"number": 1_000}
        assert spool.of("nobody") == spool.of(None) == []


def test_nothing_is_left_after_the_block() -> None:
    def closed() -> Any:
        with WorkerSpool() as spool:
            spool.add("a", {"x": 1})
        return spool

    with pytest.raises(ValueError, match="closed"):
        closed().of("a")
