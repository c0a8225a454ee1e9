"""Half of all rows of every vendor broken at random: each costs itself alone. The long run is a benchmark."""

from __future__ import annotations

import pytest

from benchmarks.fuzz import run


@pytest.mark.thorough
def test_broken_rows_of_every_vendor_stop_no_list_no_snapshot_and_no_page(tmp_path, new_database_url, monkeypatch):
    monkeypatch.setenv("ECHO_HUB_DATABASE_URL", new_database_url())
    state = run(tmp_path, each=1, rounds=1, seed=20_261_128)
    assert state["wrong"] == []
    assert sum(state["rows"].values()) > 1_000
    assert state["quarantined"] > 100
    assert state["written"] > 100


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_broken_depends_on_the_seed_alone(seed):
    import random

    from benchmarks.fuzz import mutated

    row = {"id": 1, "name": "N", "inner": {"a": ["b", {"c": 2}]}}
    first, second = (repr(mutated(row, random.Random(seed))) for _ in range(2))  # noqa: S311, nothing secret
    assert first == second != repr(row)
    assert row == {"id": 1, "name": "N", "inner": {"a": ["b", {"c": 2}]}}, "the sandbox keeps its own"
