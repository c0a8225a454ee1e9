"""`--as`: a command acts as a person, with that person's rights; without it the operator acts."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def demo(new_demo):
    return new_demo()


def test_a_person_sees_their_own_list_and_is_refused_anothers_in_a_sentence(demo, run_command):
    own = json.loads(run_command(demo.file, "--as", demo.number, "match", "--limit", "1", "--json").stdout)
    assert own["person"]["employee_id"] == demo.number
    others = json.loads(run_command(demo.file, "people", "--limit", "3", "--json").stdout)
    other = next(one["employee_id"] for one in others if one["employee_id"] != demo.number)
    refused = run_command(demo.file, "--as", demo.number, "match", other, code=1)
    assert "may not see somebody else's list" in refused.stderr
    assert "[access.forbidden]" in refused.stderr


def test_the_table_of_access_marks_what_whoever_reads_may(demo, run_command):
    table = json.loads(run_command(demo.file, "--as", demo.number, "access", "--json").stdout)
    yours = {rule["intent"]: rule["yours"] for subject in table["subjects"] for rule in subject["rules"]}
    assert (yours["profile.read"], yours["event.read"]) == (["own"], [])
    assert "See a person's list" in run_command(demo.file, "access").stdout


def test_the_operator_has_no_list_and_decides_under_a_name_of_nobody(demo, run_command):
    assert "say whose data is meant" in run_command(demo.file, "match", code=1).stderr
    made = json.loads(run_command(demo.file, "skills", "queue", "reject", "Invented name", "--json").stdout)
    assert [one["decided_by"] for one in made] == ["operator"]


def test_the_timeline_tells_what_the_operator_did_and_that_nobody_changed_it(demo, run_command):
    run_command(demo.file, "skills", "queue", "reject", "Another invented name")
    (event,) = json.loads(run_command(demo.file, "events", "--limit", "1", "--json").stdout)
    assert (event["actor"], event["intent"], event["came_by"]) == ("operator", "queue.decide", "command line")
    assert run_command(demo.file, "events", "verify").stdout.startswith("Whole: ")
    assert "may not read the timeline" in run_command(demo.file, "--as", demo.number, "events", code=1).stderr


def test_every_run_has_the_event_of_who_started_it(demo, run_command):
    runs = {str(run["run_id"]) for run in json.loads(run_command(demo.file, "runs", "--json").stdout)}
    events = json.loads(run_command(demo.file, "events", "--limit", "100", "--json").stdout)
    started = [event for event in events if event["intent"] == "sync.run"]
    assert sorted(event["object_id"] for event in started) == sorted(runs)
    assert {(event["actor"], event["object_kind"]) for event in started} == {("operator", "run")}
    assert all(event["details"].keys() == {"connection", "stream", "full"} for event in started)
