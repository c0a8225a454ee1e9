"""A mentoring round of the demo company on the command line, from the draft to live pairs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., str]


@pytest.fixture(scope="module")
def call(new_demo: Callable[[], Any], run_command: Callable[..., Any]) -> Call:
    """Runs a command against the demo company, synced once; answers what it prints."""
    file = new_demo().file

    def run(*arguments: str, code: int = 0) -> str:
        answer = run_command(file, "mentoring", *arguments, code=code)
        return str(answer.stdout + (answer.stderr if code else ""))

    return run


@pytest.mark.thorough
def test_a_round_goes_from_draft_to_live_pairs(call: Call) -> None:
    assert "No mentoring round yet" in call("list")
    drafted: dict[str, Any] = json.loads(call("draft", "--title", "Spring", "--json"))
    number = str(drafted["round"]["id"])
    pairs = drafted["pairs"]
    places = {one["mentor"]["id"]: one["free"] for one in json.loads(call("capacity", "--json"))}
    used = Counter(one["mentor"]["id"] for one in pairs)
    assert all(count <= places[mentor] for mentor, count in used.items())
    assert len({one["mentee"]["id"] for one in pairs}) == len(pairs) > 100
    assert drafted["unassigned"]
    assert all(one["reason"]["text"].startswith("No mentor ") for one in drafted["unassigned"])
    for one in pairs:
        assert sum(part["contribution"] for part in one["reasons"]) == pytest.approx(one["score"], abs=1e-9)

    again = json.loads(call("draft", "--title", "Spring", "--json"))
    assert [(one["mentor"], one["mentee"], one["score"]) for one in again["pairs"]] == [
        (one["mentor"], one["mentee"], one["score"]) for one in pairs
    ]
    assert "withdrawn" in call("withdraw", str(again["round"]["id"]))

    kept, dropped = str(pairs[0]["id"]), str(pairs[1]["id"])
    assert "is pinned" in call("pin", kept)
    assert "is removed" in call("remove", dropped)
    rerun = json.loads(call("draft", "--again", number, "--json"))
    assert [one["mentee"]["id"] for one in rerun["pairs"] if one["pinned"]] == [pairs[0]["mentee"]["id"]]
    assert "Mentee without a mentor" in call("show", number)

    assert "pairs are live" in call("publish", number)
    listed = {str(one["id"]): one["state"] for one in json.loads(call("list", "--json"))}
    assert listed == {number: "published", str(again["round"]["id"]): "withdrawn"}
    after = {one["mentor"]["id"]: one for one in json.loads(call("capacity", "--json"))}
    assert all(one["over"] == 0 and one["live"] + one["free"] == places[mentor] for mentor, one in after.items())

    live = next(one for one in json.loads(call("show", number, "--json"))["pairs"] if one["state"] == "active")
    mentor = live["mentor"]["id"]
    assert "too few" in call("capacity", mentor, "0", code=1)
    assert "has ended" in call("end", str(live["id"]))
    assert json.loads(call("capacity", mentor, "--json"))[0]["live"] == after[mentor]["live"] - 1
    assert "was published by" in call("publish", number, code=1)


def test_what_does_not_exist_is_told_in_a_sentence(call: Call) -> None:
    assert "There is no mentoring round 99" in call("show", "99", code=1)
    assert "no proposed pair 9999" in call("pin", "9999", code=1)
