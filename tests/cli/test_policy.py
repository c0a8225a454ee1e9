"""`echo-hub policy` and `echo-hub matching`: saying no on the command line."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def demo(new_demo):
    return new_demo()


def test_a_kind_is_switched_off_for_a_country_listed_and_taken_back(demo, run_command):
    (made,) = json.loads(
        run_command(
            *(demo.file, "policy", "off", "job", "--country", "Netherlands", "--reason", "Later.", "--json"),
        ).stdout
    )
    assert (made["what"], made["value"], made["whom"], made["off"]) == ("job", "NL", "Netherlands", True)
    assert made["people"] > 0
    assert "Netherlands" in run_command(demo.file, "policy", "list").stdout
    kinds = {
        card["kind"] for card in json.loads(run_command(demo.file, "match", demo.number, "--json").stdout)["cards"]
    }
    assert "job" not in kinds
    run_command(demo.file, "policy", "undo", str(made["id"]))
    assert run_command(demo.file, "policy", "list").stdout.startswith("Nothing is switched off.")
    assert [each["counts"] for each in json.loads(run_command(demo.file, "policy", "history", "--json").stdout)] == [
        False
    ]


def test_for_whom_is_said_once_and_why_always(demo, run_command):
    for wrong in ((), ("--everybody", "--country", "NL")):
        refused = run_command(demo.file, "policy", "off", "job", "--reason", "x", *wrong, code=2)
        assert "--country, --unit or --everybody, one of them" in refused.stderr
    assert "Say why" in run_command(demo.file, "policy", "off", "job", "--everybody", "--reason", " ", code=1).stderr


def test_a_person_opts_out_and_in_and_reads_it_with_their_list(demo, run_command):
    me = (demo.file, "--as", demo.number)
    assert json.loads(run_command(*me, "matching", "opt-out", "--json").stdout)["opted_out"]
    own = run_command(*me, "match", "--limit", "3")
    assert "You have opted out of matching" in own.stderr
    assert "%" not in own.stdout
    answer = json.loads(run_command(*me, "match", "--receipt", "--limit", "3", "--json").stdout)
    assert "No receipt is kept" in answer["receipt"]["problem"]
    refused = run_command(*me, "explain", demo.number, answer["cards"][0]["id"], code=1)
    assert "You have opted out of matching" in refused.stderr
    assert "opt-in" in run_command(*me, "matching", "status").stdout
    assert "is matched" in run_command(*me, "matching", "opt-in").stdout
    assert "%" in run_command(*me, "match", "--limit", "3").stdout


def test_nobody_takes_a_colleague_out_of_matching(demo, run_command):
    people = json.loads(run_command(demo.file, "people", "--limit", "3", "--json").stdout)
    other = next(each["employee_id"] for each in people if each["employee_id"] != demo.number)
    refused = run_command(demo.file, "--as", demo.number, "matching", "opt-out", other, code=1)
    assert "may not take somebody else out of matching" in refused.stderr
