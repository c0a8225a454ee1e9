"""Every command against a company synced from the sandboxes, as a person would call it; each as one call of `main`."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from echo_hub.application import Hub
from echo_hub.services.actors import act_as
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.store.runs import RunReport
from echo_hub.surfaces.cli.operations import exit_code

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def demo(new_demo: Callable[[], Any]) -> Any:
    """A settings file whose four systems are up, synced once."""
    return new_demo()


@pytest.fixture(scope="module")
def call(demo: Any, run_command: Call) -> Call:
    return partial(run_command, demo.file)


@pytest.fixture(scope="module")
def who(demo: Any) -> str:
    number: str = demo.number
    return number


def test_a_second_sync_reads_everything_and_writes_nothing(call: Call) -> None:
    runs: list[dict[str, Any]] = json.loads(call("sync", "--json").stdout)
    assert {run["outcome"] for run in runs} == {"done"}
    assert sum(run["written"] + run["removed"] for run in runs) == 0


def test_a_dry_run_leaves_no_trace(call: Call) -> None:
    before = json.loads(call("runs", "--json", "--limit", "500").stdout)
    assert "workers" in call("sync", "workday", "--dry-run").stdout
    assert json.loads(call("runs", "--json", "--limit", "500").stdout) == before


def test_an_unknown_connection_is_told_with_the_nearest(call: Call) -> None:
    assert "did you mean 'workday'" in call("sync", "wrkday", code=1).stderr


def test_runs_can_be_listed_for_one_connection(call: Call) -> None:
    found = json.loads(call("runs", "greenhouse", "--json").stdout)
    assert {run["connection"] for run in found} == {"greenhouse"}
    assert "departments" in call("runs", "greenhouse").stdout


def test_the_list_of_a_person_can_be_filtered_and_every_id_pasted_back(call: Call, who: str) -> None:
    shown = json.loads(call("match", who, "--kind", "job", "--kind", "project", "--json").stdout)
    assert {card["kind"] for card in shown["cards"]} == {"job", "project"}
    card = shown["cards"][0]
    why = json.loads(call("explain", who, card["id"], "--json").stdout)
    assert why["score"] == pytest.approx(card["score"], abs=1e-12)
    assert sum(reason["contribution"] for reason in why["card"]["reasons"]) == pytest.approx(why["score"], abs=1e-9)
    assert card["title"] in call("explain", shown["person"]["id"], card["id"]).stdout


def test_the_points_of_an_explanation_add_up_to_the_score_as_printed(call: Call, who: str) -> None:
    cards = json.loads(call("match", who, "--json").stdout)["cards"]
    for card in cards[:8]:
        told = call("explain", who, card["id"]).stdout
        points = [float(found.replace("−", "-")) for found in re.findall(r"^ +([+−][\d.]+)  ", told, re.MULTILINE)]
        (score,) = re.findall(r"^ +([\d.]+)  the score", told, re.MULTILINE)
        assert len(points) == len(card["reasons"])
        assert round(sum(points), 1) == float(score)
        assert f": {score}%\n" in told


def test_every_facet_of_the_company_counts_what_its_filter_shows(demo: Any, who: str) -> None:
    with Hub.open(demo.file, lenient=True) as hub:
        snapshot = hub.fresh_snapshot()
        person = act_as(hub, who, came_by="command line").id
    for ask in (partial(search, snapshot, ""), partial(for_you, snapshot, person)):
        facets = ask(Filters(), limit=1).facets
        assert sum(map(len, facets.values())) > 50
        for name, values in facets.items():
            for one in values:
                assert ask(Filters(**{name: (one.value,)}), limit=1).total == one.count, (name, one)


def test_search_finds_by_word_and_narrows(call: Call) -> None:
    found = json.loads(call("search", "kubernetes", "--json").stdout)
    assert found["total"] > 3
    fewer = json.loads(call("search", "kubernetes", "--kind", "learning_path", "--json").stdout)
    assert 0 < fewer["total"] < found["total"]
    assert "No opportunity" in call("search", "zzzyx").stdout


def test_people_are_found_by_id_mail_and_name(call: Call, who: str) -> None:
    (person,) = json.loads(call("people", who, "--json").stdout)
    assert json.loads(call("people", person["work_email"], "--json").stdout)[0]["id"] == person["id"]
    assert person["id"] in [found["id"] for found in json.loads(call("people", person["name"], "--json").stdout)]
    assert "There is no person 'nobody-here'" in call("match", "nobody-here", code=1).stderr


def test_accounts_that_fit_nobody_are_reported_with_the_reason(call: Call) -> None:
    found = json.loads(call("people", "--unmatched", "--json").stdout)
    assert {issue["reason"] for issue in found} >= {"no_key", "mail_on_several_accounts"}
    assert "neither an employee id nor a work e-mail" in call("people", "--unmatched").stdout


def test_a_filter_that_cannot_be_is_one_sentence(call: Call, who: str) -> None:
    assert "--kind jobs: Input should be 'job'" in call("match", who, "--kind", "jobs", code=2).stderr
    assert "There is no country 'ZZ' to filter by." in call("search", "--country", "ZZ", code=1).stderr
    assert "There is no skill 'warp drives'" in call("match", who, "--skill", "warp drives", code=1).stderr


def test_skills_are_linked_spotted_and_queued(call: Call) -> None:
    assert "Kubernetes" in call("skills", "link", "k8s").stdout
    assert "No skill is near enough" in call("skills", "link", "flux capacitor tuning", code=1).stdout
    spotted = json.loads(call("skills", "spot", "We use Python and PostgreSQL every day.", "--json").stdout)
    assert {one["text"] for one in spotted} == {"Python", "PostgreSQL"}
    assert json.loads(call("skills", "queue", "--json").stdout) == []
    assert "valid: esco, onet, starter, company, crosswalk" in call("skills", "import", "linkedin", code=2).stderr
    assert "say where" in call("skills", "import", "esco", code=2).stderr


def test_a_missing_taxonomy_file_is_named(call: Call, tmp_path: Path) -> None:
    assert "skills_en.csv" in call("skills", "import", "esco", str(tmp_path), code=1).stderr


def test_schedules_are_set_listed_paused_and_resumed(call: Call) -> None:
    assert (
        "Europe/Stockholm"
        in call("schedule", "set", "workday", "--cron", "0 5 * * 1-5", "--time-zone", "Europe/Stockholm").stdout
    )
    (schedule,) = json.loads(call("schedule", "list", "--json").stdout)
    assert (schedule["connection"], schedule["paused"]) == ("workday", False)
    call("schedule", "pause", "workday")
    assert json.loads(call("schedule", "list", "--json").stdout)[0]["paused"]
    assert "paused" in call("connections", "list").stdout
    call("schedule", "resume", "workday")
    assert "no such connection" in call("schedule", "set", "nothing", "--every", "1h", code=1).stderr


def test_a_schedule_shows_its_next_five_runs_before_it_is_saved(call: Call) -> None:
    options = ("--cron", "30 2 * * *", "--time-zone", "Asia/Kolkata", "--blackout", "sat 00:00-24:00", "--jitter", "5m")
    shown = call("schedule", "set", "lxp", *options, "--dry-run")
    head, *runs = shown.stdout.splitlines()
    assert "Asia/Kolkata" in head
    assert len(runs) == 5
    assert all(re.search(r", 02:3[0-5] IST +\S+ 21:0[0-5] UTC$", run) for run in runs if not run.startswith("Sun"))
    assert not any(run.startswith("Sat") for run in runs)
    assert "lxp" not in call("schedule", "list").stdout
    assert call("schedule", "set", "lxp", *options).stdout.splitlines()[:6] == [head, *runs]
    (schedule,) = (row for row in json.loads(call("schedule", "list", "--json").stdout) if row["connection"] == "lxp")
    assert (schedule["runs_after"], schedule["jitter_s"]) == ("workday", 300)
    assert "never comes" in call("schedule", "set", "lxp", "--cron", "0 0 30 2 *", code=1).stderr


@pytest.mark.parametrize(("answer", "code", "saved"), [("n", 1, []), ("y", 0, ["backstage"])])
def test_a_terminal_is_asked_before_a_schedule_is_saved(
    call: Call, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, saved: list[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    asked = call("schedule", "set", "backstage", "--every", "6h", code=code)
    assert "Let backstage sync like this?" in asked.stderr
    rows = json.loads(call("schedule", "list", "--json").stdout)
    assert [row["connection"] for row in rows if row["connection"] == "backstage"] == saved


def test_connections_are_checked_and_what_is_wrong_is_said_with_advice(call: Call) -> None:
    found = json.loads(call("connections", "check", "greenhouse", "--json").stdout)
    assert all(line["ok"] for line in found)
    # The fictional Backstage holds one date nobody can read; the check says which.
    told = call("connections", "check", "backstage", code=1).stdout
    assert "start-date" in told


def test_nothing_waits_and_nothing_is_in_quarantine(call: Call) -> None:
    assert "Nothing waits" in call("holds", "list").stdout
    assert json.loads(call("holds", "list", "--json").stdout) == []
    assert "Nothing is in quarantine" in call("quarantine").stdout
    assert "hold" in call("holds", "confirm", "99", code=1).stderr.lower()


def test_an_owner_sees_who_fits_and_who_else_may(call: Call, who: str) -> None:
    shown = json.loads(call("match", who, "--kind", "job", "--json").stdout)
    job = shown["cards"][0]["id"]
    found = json.loads(call("candidates", job, "--top", "3", "--json").stdout)
    assert len(found["candidates"]) == 3
    text = call("candidates", job, "--top", "3").stdout
    first = found["candidates"][0]
    assert text.index(first["have"][0]["text"]) < text.index("match ")
    rest = json.loads(call("candidates", job, "--top", "3", "--also", "--json").stdout)
    assert rest["total"] == found["eligible"] - 3
    assert "in no order of merit" in call("candidates", job, "--also").stdout
    assert "no listed opportunity" in call("candidates", "nonsense", code=1).stderr


def test_an_explanation_can_say_what_would_raise_it(call: Call, who: str) -> None:
    shown = json.loads(call("match", who, "--kind", "job", "--json").stdout)
    job = next(card["id"] for card in shown["cards"] if card["gaps"])
    raises = json.loads(call("explain", who, job, "--what-if", "--json").stdout)["raises"]
    assert all(one["score_after"] > one["score_before"] for one in raises)
    text = call("explain", who, job, "--what-if").stdout
    assert all(one["text"] in text for one in raises)
    assert "What would raise it" not in call("explain", who, job).stdout


def test_a_rematch_holds_what_each_person_is_shown(
    call: Call, who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echo_hub.snapshot.ranker.compiled", lambda: False)  # compiling takes half a minute
    answer = call("rematch", "--out", str(tmp_path / "all.jsonl"), "--top", "5", "--json")
    assert "echo-hub[batch]" in answer.stderr
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert json.loads(answer.stdout)["matches"] == len(lines)
    shown = json.loads(call("match", who, "--limit", "5", "--json").stdout)
    mine = [line for line in lines if line["person"] == shown["person"]["id"]]
    assert [(line["opportunity"], line["rank"]) for line in mine] == [(c["id"], c["rank"]) for c in shown["cards"]]
    assert [line["score"] for line in mine] == pytest.approx([card["score"] for card in shown["cards"]], abs=1e-9)


def test_a_rematch_into_a_folder_that_is_not_there_says_so(call: Call, tmp_path: Path) -> None:
    assert "there is no folder" in call("rematch", "--out", str(tmp_path / "none" / "all.csv"), code=2).stderr


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (("done", "skipped"), 0),
        (("done", "held"), 4),
        (("held", "paused"), 3),
        (("paused", "stopped"), 130),
        (("done", "held", "stopped", "failed"), 1),
    ],
)
def test_a_sync_that_failed_was_stopped_is_partial_or_on_hold_does_not_exit_as_done(
    outcomes: tuple[Any, ...], code: int
) -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    reports = [RunReport("hr", "people", moment, moment, outcome=outcome) for outcome in outcomes]
    assert exit_code(reports) == code
