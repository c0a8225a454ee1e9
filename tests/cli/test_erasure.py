"""`echo-hub erase`: asks first, says what stays and why, and leaves an event that names nobody."""

from __future__ import annotations

import io
import json

import pytest


@pytest.fixture(scope="module")
def demo(new_demo):
    return new_demo()


def test_nothing_goes_until_somebody_agrees(demo, run_command, monkeypatch):
    run_command(demo.file, "corrections", "level", demo.number, "Python", "2")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    refused = run_command(demo.file, "erase", demo.number, code=130)
    assert "Goes: their corrections (1)." in refused.stderr
    assert "(workday:person:" in refused.stderr
    assert refused.stdout == ""
    assert json.loads(run_command(demo.file, "corrections", "list", demo.number, "--json").stdout)


def test_erasing_says_what_stays_and_leaves_an_event_that_leads_to_nobody(demo, run_command):
    run_command(demo.file, "match", demo.number, "--receipt")
    erased = json.loads(run_command(demo.file, "erase", demo.number, "--yes", "--json").stdout)
    assert erased["removed"].keys() >= {"receipt", "receipt_input", "person_key"}
    assert set(erased["listed"]) >= {"workday"}
    assert json.loads(run_command(demo.file, "receipts", "list", "--json").stdout) == []
    assert json.loads(run_command(demo.file, "events", "--person", demo.number, "--json").stdout) == []
    (event,) = json.loads(run_command(demo.file, "events", "--limit", "1", "--json").stdout)
    assert (event["intent"], event["actor"], event["object_kind"]) == ("erasure.run", "operator", "erased person")
    assert event["object_id"].startswith("p-")
    assert run_command(demo.file, "events", "verify").stdout.startswith("Whole: ")
    again = run_command(demo.file, "erase", demo.number, "--yes").stdout
    assert "Records that their systems still list stay" in again
    assert "Backups" in again


def test_only_hr_operations_erase_and_nobody_unknown(demo, run_command):
    refused = run_command(demo.file, "--as", demo.number, "erase", demo.number, "--yes", code=1)
    assert "may not erase somebody; HR operations may" in refused.stderr
    assert "There is no person" in run_command(demo.file, "erase", "workday:person:unknown", "--yes", code=1).stderr
