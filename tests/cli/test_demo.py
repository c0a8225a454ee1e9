"""The demo, end to end: four imitated systems over real HTTP, one list; on a bad day, the same list."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest


def demo(*options: str) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "echo_hub", "demo", "--once", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    assert "Traceback" not in done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return demo()


def test_every_stream_of_four_systems_is_synced(shown: dict[str, Any]) -> None:
    runs = {(run["connection"], run["stream"]): run for run in shown["runs"]}
    assert {connection for connection, _ in runs} == {"backstage", "greenhouse", "lxp", "workday"}
    assert {run["outcome"] for run in runs.values()} == {"done"}
    assert runs["workday", "workers"]["read"] == 1_225
    assert runs["greenhouse", "jobs"]["excluded"] > 0
    assert all(run["read"] == run["written"] + run["excluded"] for run in runs.values())
    assert all(run["quarantined"] == 0 for run in runs.values())


def test_the_list_holds_all_four_kinds_with_reasons_that_sum_to_the_score(shown: dict[str, Any]) -> None:
    found = shown["opportunities"]
    assert {row["kind"] for row in found} == {"job", "project", "mentorship", "learning_path"}
    for row in found:
        assert {"id", "kind", "title", "score", "reasons", "gaps", "source", "source_url"} <= row.keys()
        assert sum(reason["contribution"] for reason in row["reasons"]) == pytest.approx(row["score"], abs=1e-9)
        assert row["reasons"][0]["text"]
        assert row["id"].startswith(f"{row['source']}:")
    scores = [row["score"] for row in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.thorough
def test_a_bad_day_at_every_vendor_changes_nothing_in_the_list(shown: dict[str, Any]) -> None:
    bad_day = demo("--fault")
    assert sum(run["retries"] for run in bad_day["runs"]) > 0
    assert bad_day["opportunities"] == shown["opportunities"]
    assert bad_day["person"] == shown["person"]
    for key in ("read", "written", "excluded", "quarantined", "removed", "outcome"):
        assert [run[key] for run in bad_day["runs"]] == [run[key] for run in shown["runs"]]
